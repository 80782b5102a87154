"""
The report of a transport chain (ISO 14083:2023, reporting): emissions, intensities, data quality.

Hubs are told by the goods that left them [t], transport by its activity [t km] on the distance that is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from ledger.footprint.activity import HubCell, TransportCell
from ledger.footprint.amount import total
from ledger.footprint.emission import Emission
from ledger.footprint.report import Bar, Item, Report, Said, Section, bar
from ledger.footprint.report_data import activity_days, calculation, data, missing
from ledger.footprint.route import RouteFootprint
from ledger.units import GRAM_METRES_PER_TONNE_KM

_KG: Final = "kg CO₂e"
_PER_TKM: Final = "kg CO₂e/(t km)"
_GRAMS_PER_TONNE: Final = 10**6


def route_report(found: RouteFootprint) -> Report:
    """Every item of the standard; a bar for each mode and each hub."""
    rows = [row for part in found.parts for row in part.rows]
    modes, hubs = _by_mode(rows), _by_hub(rows)
    return Report(
        kind="route",
        subject=found.route,
        name="",
        whole=found.wtw,
        complete=found.complete,
        bars=_bars(modes, hubs, found.wtw),
        sections=(
            _chain(found, rows, modes, hubs),
            _figures(found, modes, hubs),
            Section("method", calculation(rows, found.factors, found.quality)),
            data(rows, found.factors, found.quality),
            Section("reading", (missing(found.gaps), Item("change"), Item("review"))),
        ),
    )


def _by_mode(rows: Iterable[Emission]) -> dict[str, list[Emission]]:
    held = defaultdict[str, list[Emission]](list)
    for row in rows:
        if isinstance(row.cell, TransportCell):
            held[row.cell.mode].append(row)
    return dict(sorted(held.items()))


def _by_hub(rows: Iterable[Emission]) -> dict[str, list[Emission]]:
    held = defaultdict[str, list[Emission]](list)
    for row in rows:
        if isinstance(row.cell, HubCell):
            held[row.cell.hub].append(row)
    return dict(sorted(held.items()))


def _sum(rows: Iterable[Emission]) -> Fraction:
    return total(row.wtw for row in rows)


def _bars(modes: dict[str, list[Emission]], hubs: dict[str, list[Emission]], whole: Fraction) -> tuple[Bar, ...]:
    return (
        *(bar(f"mode-{mode}", "", _sum(rows), whole) for mode, rows in modes.items()),
        *(bar("hub", hub, _sum(rows), whole) for hub, rows in hubs.items()),
    )


def _chain(found: RouteFootprint, rows: Sequence[Emission], modes: Iterable[str], hubs: Iterable[str]) -> Section:
    cells = [row.cell for row in rows] + [gap.cell for gap in found.gaps]
    bases = sorted({cell.distance_basis for cell in cells if isinstance(cell, TransportCell)})
    return Section(
        "chain",
        (
            Item("chains", (Said(text=found.route), Said("legs", value=Fraction(found.legs)))),
            Item("modes", tuple(Said(code=f"mode-{mode}") for mode in modes)),
            Item("hubs", tuple(Said(text=hub) for hub in hubs) or (Said(code="none"),)),
            Item("period", activity_days(cells)),
            Item("distance", tuple(Said(code=f"distance-{basis}") for basis in bases)),
        ),
    )


def _figures(found: RouteFootprint, modes: dict[str, list[Emission]], hubs: dict[str, list[Emission]]) -> Section:
    market, driven, intensity = found.market, found.driven_tonne_km, found.intensity
    per_mode = [_mode(mode, rows) for mode, rows in modes.items()]
    return Section(
        "results",
        (
            Item("total-wtw", (Said(value=found.wtw, unit=_KG),)),
            Item("operation", (Said(value=found.ttw, unit=_KG),)),
            Item("provision", (Said(value=found.wtt, unit=_KG),)),
            Item("activity", (Said(value=found.tonne_km, unit="t km"),)),
            Item("driven", () if driven is None else (Said(value=driven, unit="t km"),)),
            Item("intensity", () if intensity is None else (Said(value=intensity, unit=_PER_TKM),)),
            Item("per-mode", tuple(said for pair in per_mode for said in pair)),
            Item("per-hub", tuple(said for hub, rows in hubs.items() for said in _hub(hub, rows))),
            Item("market", () if market is None else (Said(value=market, unit=_KG),)),
        ),
    )


def _mode(mode: str, rows: Sequence[Emission]) -> tuple[Said, ...]:
    """A mode's emissions, and their intensity where there is activity."""
    code, amount = f"mode-{mode}", _sum(rows)
    moved = sum(row.cell.gram_metres for row in rows if isinstance(row.cell, TransportCell))
    said = Said(code, value=amount, unit=_KG)
    return (
        (said, Said(code, value=amount / Fraction(moved, GRAM_METRES_PER_TONNE_KM), unit=_PER_TKM))
        if moved
        else (said,)
    )


def _hub(hub: str, rows: Sequence[Emission]) -> tuple[Said, ...]:
    """A hub's emissions, and per tonne that left it."""
    amount = _sum(rows)
    grams = sum(row.cell.grams for row in rows if isinstance(row.cell, HubCell))
    said = Said(text=hub, value=amount, unit=_KG)
    return (
        (said, Said(text=hub, value=amount / Fraction(grams, _GRAMS_PER_TONNE), unit="kg CO₂e/t")) if grams else (said,)
    )
