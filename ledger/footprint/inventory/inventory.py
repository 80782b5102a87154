"""The inventory of a period: lines and what is missing, totals by scope, and their quality."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from ledger.footprint.amount import exact_text, total
from ledger.footprint.errors import GwpMismatch
from ledger.footprint.factor import FactorSet
from ledger.footprint.inventory.goods import end_of_life_lines, goods_lines, waste_lines
from ledger.footprint.inventory.line import Found, Line, Missing
from ledger.footprint.inventory.recorded import Recorded
from ledger.footprint.inventory.sites import site_lines
from ledger.footprint.inventory.transport import fleet_lines, hub_lines, transport_lines
from ledger.footprint.quality import NOT_STATED
from ledger.footprint.rating import DataQualityRating, Rating, rating_of
from ledger.footprint.uncertainty import Term, Uncertainty, uncertainty_of
from ledger.records.inventory_boundary import SCOPES, Judgement, Scope

T = TypeVar("T")
METHOD: Final = ("inventory", 1)
"""Name and version: another result for the same entries means another version."""
NOT_COMPUTED: Final = (
    ("3.2", "capital goods", "资本货物"),
    ("3.3", "fuel- and energy-related activities", "燃料与能源相关活动"),
    ("3.6", "business travel", "商务差旅"),
    ("3.7", "employee commuting", "员工通勤"),
    ("3.8", "upstream leased assets", "上游租赁资产"),
    ("3.10", "processing of sold products", "售出产品的加工"),
    ("3.11", "use of sold products", "售出产品的使用"),
    ("3.13", "downstream leased assets", "下游租赁资产"),
    ("3.14", "franchises", "特许经营"),
    ("3.15", "investments", "投资"),
)
"""Categories that the ledger's records say nothing of; every inventory lists them as left out."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """
    Emissions of a company in the months ``first`` to ``last`` [kg], exact.

    Scope 2 has two figures that are never added; ``total_kg`` says which it holds. Corporate electricity is CO2 alone,
    everything else CO2e.
    """

    recorded: Recorded
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    factors: FactorSet

    def scope(self, scope: Scope) -> Fraction:
        """A scope's or category's sum, location-based [kg]."""
        return total(line.kg for line in self.lines if line.scope == scope)

    @property
    def market(self) -> Fraction:
        """Scope 2, market-based [kg]."""
        parts = ((line.kg if line.market is None else line.market) for line in self.lines if line.scope == "2")
        return total(parts)

    def total_kg(self, *, market: bool) -> Fraction:
        """Everything, with one of the two figures of scope 2 [kg]."""
        rest = total(line.kg for line in self.lines if line.scope != "2")
        return rest + (self.market if market else self.scope("2"))

    @property
    def primary_by_emissions(self) -> Fraction | None:
        """Primary share weighted by emissions, 0 to 1."""
        whole = total(line.kg for line in self.lines)
        return total(line.kg * line.primary for line in self.lines) / whole if whole else None

    @property
    def primary_by_activity(self) -> Fraction | None:
        """Primary share of transport weighted by t km, 0 to 1."""
        whole = sum(line.gram_metres for line in self.lines)
        return total(line.gram_metres * line.primary for line in self.lines) / whole if whole else None

    @property
    def gwp_sets(self) -> tuple[str, ...]:
        """The sets of warming potentials behind the lines."""
        return tuple(sorted({line.gwp_set for line in self.lines}))

    @property
    def unjudged(self) -> tuple[Scope, ...]:
        """Scopes with emissions of whose data nobody states a judgement."""
        judged = {one.scope for one in self.recorded.boundary.judgements}
        return tuple(scope for scope in SCOPES if scope not in judged and any(ln.scope == scope for ln in self.lines))

    @property
    def rating(self) -> DataQualityRating | None:
        """DQR over all lines; ``None`` while a scope is not judged."""
        if self.unjudged or not self.lines:
            return None
        held = {one.scope: _rating(one) for one in self.recorded.boundary.judgements}
        return rating_of((line.kg, held[line.scope]) for line in self.lines)

    @property
    def uncertainty(self) -> Uncertainty | None:
        """Of the location-based total; lines of a scope that share a factor move together. ``None`` as ``rating``."""
        if self.unjudged or not self.lines:
            return None
        held = {one.scope: one for one in self.recorded.boundary.judgements}
        terms = []
        for line in self.lines:
            judged = held[line.scope]
            factor = f"{line.scope}:{'+'.join(line.factors) or line.subject}"
            own, shared = Decimal(judged.activity_pct) / 100, Decimal(judged.factor_pct) / 100
            terms.append(Term(line.kg, own, factor, shared))
        return uncertainty_of(terms)

    def to_record(self) -> dict[str, object]:
        """JSON-able: figures as exact text, every line with its trail, everything left out with its reason."""
        boundary, rating, spread = self.recorded.boundary, self.rating, self.uncertainty
        shares = {
            "primary_share_by_emissions": self.primary_by_emissions,
            "primary_share_by_activity": self.primary_by_activity,
        }
        scopes = {scope: exact_text(self.scope(scope)) for scope in SCOPES}
        return {
            "company": boundary.company,
            "approach": boundary.approach,
            "boundary": {"id": boundary.id, "entry": self.recorded.boundary_entry},
            "period": {"first": month_text(self.recorded.first), "last": month_text(self.recorded.last)},
            "unit": "kg CO2e (corporate electricity: kg CO2)",
            "scopes_location_based_kg": scopes,
            "scope_2_market_based_kg": exact_text(self.market),
            "total_location_based_kg": exact_text(self.total_kg(market=False)),
            "total_market_based_kg": exact_text(self.total_kg(market=True)),
            "standing": "recorded",
            "lines": [line.to_record() for line in self.lines],
            "missing": [one.to_record() for one in self.missing],
            "exclusions": [{"what": one.what, "reason": one.reason} for one in boundary.exclusions],
            "not_computed": [{"scope": scope, "en": en, "zh": zh} for scope, en, zh in NOT_COMPUTED],
            **{name: None if share is None else exact_text(share) for name, share in shares.items()},
            "data_quality_rating": rating.to_record() if rating else None,
            "uncertainty": spread.to_record() if spread else None,
            "scopes_without_judgement": list(self.unjudged),
            "gwp_sets": list(self.gwp_sets),
            "electricity_series": boundary.series,
            "method": {"name": METHOD[0], "version": METHOD[1]},
            "factor_set": {"id": self.factors.id, "hash": self.factors.hash},
        }


def inventory(recorded: Recorded, factors: FactorSet) -> Inventory:
    """
    The inventory of what was recorded. The same entries and factors give the same digits.

    Raises ``GwpMismatch`` when lines rest on two stated sets of warming potentials: they have no sum.
    """
    found = [
        *site_lines(recorded, factors),
        *fleet_lines(recorded, factors),
        *goods_lines(recorded),
        *transport_lines(recorded, factors),
        *hub_lines(recorded, factors),
        *waste_lines(recorded, factors),
        *end_of_life_lines(recorded, factors),
    ]
    lines = tuple(sorted(_of(found, Line), key=lambda ln: (SCOPES.index(ln.scope), ln.subject, ln.what, ln.entries)))
    missing = sorted(_of(found, Missing), key=lambda m: (SCOPES.index(m.scope), m.subject, m.error.code))
    stated = sorted({line.gwp_set for line in lines} - {NOT_STATED, "none"})
    if len(stated) > 1:
        raise GwpMismatch(sets=tuple(stated))
    return Inventory(recorded, lines, tuple(missing), factors)


def month_text(month: int) -> str:
    """A month as ``2023-05``."""
    return f"{month // 12}-{month % 12 + 1:02}"


def _of(found: Iterable[Found], kind: type[T]) -> list[T]:
    return [one for one in found if isinstance(one, kind)]


def _rating(one: Judgement) -> Rating:
    return Rating(
        technology=one.technology,
        time=one.time,
        geography=one.geography,
        completeness=one.completeness,
        reliability=one.reliability,
    )
