"""The footprint of a route: activity, TTW, WTT, WTW, hubs, intensity, by class of transport and by hub."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.footprint.activity import HubCell, TransportCell, day_of
from ledger.footprint.amount import exact_text, total
from ledger.footprint.calculate import Calculation
from ledger.footprint.emission import Emission, Gap, market_total
from ledger.footprint.factor import FactorSet
from ledger.footprint.quality import DataQuality, quality_of
from ledger.units import GRAM_METRES_PER_TONNE_KM


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One class of transport or one hub in a route: summed rows of one subject."""

    subject: str
    stage: str
    rows: tuple[Emission, ...]

    @property
    def wtw(self) -> Fraction:
        """[kg CO2e]."""
        return total(row.wtw for row in self.rows)

    @property
    def gram_metres(self) -> int:
        """Transport activity on the standard's distance [g m]; 0 for a hub."""
        return sum(row.cell.gram_metres for row in self.rows if isinstance(row.cell, TransportCell))

    def to_record(self) -> dict[str, object]:
        """JSON-able, with every row's trail."""
        return {
            "stage": self.stage,
            "subject": self.subject,
            "wtw_kg": exact_text(self.wtw),
            "tonne_km": exact_text(Fraction(self.gram_metres, GRAM_METRES_PER_TONNE_KM)),
            "rows": [row.to_record() for row in self.rows],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFootprint:
    """
    Everything emitted on a route in a period [kg CO2e], exact.

    ``tonne_km`` rests on the standard's distance; ``driven_tonne_km`` on the driven one, ``None`` unless every leg
    stated it. ``intensity`` [kg CO2e per t km] is transport WTW alone, ``None`` without activity. All of these are
    location-based; ``market`` is WTW with market-based electricity, ``None`` without certificates, and never added.
    ``gaps`` name what is missing from the sums.
    """

    route: str
    legs: int
    period: tuple[int, int]
    tonne_km: Fraction
    driven_tonne_km: Fraction | None
    ttw: Fraction
    wtt: Fraction
    hub: Fraction
    market: Fraction | None
    parts: tuple[Part, ...]
    quality: DataQuality
    gaps: tuple[Gap, ...]
    factors: FactorSet

    @property
    def transport(self) -> Fraction:
        """Transport, well to wheel [kg CO2e]."""
        return self.ttw + self.wtt - self.hub

    @property
    def wtw(self) -> Fraction:
        """Transport and hubs, well to wheel [kg CO2e]."""
        return self.ttw + self.wtt

    @property
    def intensity(self) -> Fraction | None:
        """Transport WTW per t km on the standard's distance [kg CO2e/(t km)]."""
        return self.transport / self.tonne_km if self.tonne_km else None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps

    def to_record(self) -> dict[str, object]:
        """JSON-able: figures as exact text, parts with their trail, gaps with their reasons."""
        figures = {
            "tonne_km": self.tonne_km,
            "driven_tonne_km": self.driven_tonne_km,
            "ttw_kg": self.ttw,
            "wtt_kg": self.wtt,
            "wtw_kg": self.wtw,
            "transport_wtw_kg": self.transport,
            "hub_wtw_kg": self.hub,
            "market_based_wtw_kg": self.market,
            "intensity_kg_per_tonne_km": self.intensity,
        }
        return {
            "route": self.route,
            "legs": self.legs,
            "period": {"first": day_of(self.period[0]), "last": day_of(self.period[1])},
            **{name: None if value is None else exact_text(value) for name, value in figures.items()},
            "parts": [part.to_record() for part in self.parts],
            "quality": self.quality.to_record(),
            "complete": self.complete,
            "gaps": [gap.to_record() for gap in self.gaps],
            "factor_set": {"id": self.factors.id, "hash": self.factors.hash},
        }


def route_footprints(done: Calculation, only: Container[str] | None = None) -> dict[str, RouteFootprint]:
    """
    Every route of a calculation, or those in ``only``. Fastest on a cube rolled up by route. Raises ``GwpMismatch``.

    A cube of one route still holds the hub cells of all (a hub's energy is shared over its whole throughput): name
    the route in ``only``, or the others come out with their hubs alone.
    """
    rows: dict[str, list[Emission]] = defaultdict(list)
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for row in done.rows:
        if row.stage != "declared" and (only is None or row.route in only):
            rows[row.route].append(row)
    for gap in done.gaps:
        if gap.stage != "declared" and (only is None or gap.route in only):
            gaps[gap.route].append(gap)
    return {
        route: route_footprint(route, rows.get(route, ()), gaps.get(route, ()), done.factors)
        for route in sorted(rows.keys() | gaps.keys())
    }


def route_footprint(route: str, rows: Sequence[Emission], gaps: Sequence[Gap], factors: FactorSet) -> RouteFootprint:
    """The sums over one route's rows."""
    cells = [row.cell for row in rows] + [gap.cell for gap in gaps]
    moves = [cell for cell in cells if isinstance(cell, TransportCell)]
    timed = [cell for cell in cells if isinstance(cell, TransportCell | HubCell)]
    legs = sum(cell.count for cell in moves)
    driven = Fraction(sum(cell.driven_gram_metres for cell in moves), GRAM_METRES_PER_TONNE_KM)
    computed = sum(row.cell.gram_metres for row in rows if isinstance(row.cell, TransportCell))
    return RouteFootprint(
        route=route,
        legs=legs,
        period=(min(c.first_at for c in timed), max(c.last_at for c in timed)),
        tonne_km=Fraction(computed, GRAM_METRES_PER_TONNE_KM),
        driven_tonne_km=driven if legs and sum(cell.driven_legs for cell in moves) == legs else None,
        ttw=total(row.ttw or Fraction(0) for row in rows),
        wtt=total(row.wtt or Fraction(0) for row in rows),
        hub=total(row.wtw for row in rows if row.stage == "hub"),
        market=market_total(rows),
        parts=parts_of(rows),
        quality=quality_of(rows),
        gaps=tuple(gaps),
        factors=factors,
    )


def parts_of(rows: Iterable[Emission]) -> tuple[Part, ...]:
    """Rows gathered by stage and subject, in the order of their names."""
    found: dict[tuple[str, str], list[Emission]] = defaultdict(list)
    for row in rows:
        found[row.stage, row.subject].append(row)
    return tuple(
        Part(stage=s, subject=n, rows=tuple(found[s, n])) for s, n in sorted(found, key=lambda k: (k[0], k[1]))
    )
