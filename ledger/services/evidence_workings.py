"""The workings of a run for its evidence: each cell of activity with the figures that give its emissions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from ledger.footprint.activity import ActivityCube, Declared, HubCell, TransportCell
from ledger.footprint.amount import exact_text
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.emission import Emission
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.distance import AIR
from ledger.footprint.iso14083.electricity import grid_factor
from ledger.footprint.iso14083.hierarchy import Choice
from ledger.footprint.methods.hub_energy import SiteUse
from ledger.footprint.methods.product_declared import declared_units_per_piece
from ledger.footprint.quality import FLAGS
from ledger.footprint.run import RunResult
from ledger.footprint.transport_data import Statements, days_of
from ledger.records.transport_operation import ELECTRICITY
from ledger.services.evidence_bills import bill_workings, per_unit
from ledger.units import GRAM_METRES_PER_TONNE_KM

_SAID: Final = {code: (en, zh) for code, en, zh in FLAGS}


def workings(result: RunResult, cube: ActivityCube) -> Iterator[dict[str, Any]]:
    """
    One object a meter of a hub, then one a line of each bill of materials, then one a cell of each view, computed or
    not.

    A hub's meter names its entry, its factors and ``per``, what one unit of theirs is of the reading's. A transport
    cell names the class it takes its factor from, or the intensity [kg CO2e/(t km)] that its operator's own data gave,
    which is stated, with the metres that its distance is extended by.
    """
    yield from _meters(result, cube)
    yield from bill_workings(cube, result.factors)
    for view, done in (("route", result.moved), ("product", result.made)):
        for row in done.rows:
            found = _working(row)
            if found:
                yield {"view": view, "of": getattr(row, view), "stage": row.stage, **found}
        for gap in done.gaps:
            if isinstance(gap.cell, TransportCell | HubCell):
                said = {"key": _key(gap.cell), "gap": gap.error.code}
                yield {"view": view, "of": getattr(gap, view), "stage": gap.stage, **said}


def trails(result: RunResult) -> Iterator[dict[str, Any]]:
    """Every row of both views with its whole trail: choice of data, intermediate figures, factors, entries."""
    for view, done in (("route", result.moved), ("product", result.made)):
        for row in done.rows:
            yield {"view": view, "of": getattr(row, view), **row.to_record()}


def gaps(result: RunResult) -> Iterator[dict[str, Any]]:
    """What could not be computed, in both views, with the reason in both languages."""
    for view, done in (("route", result.moved), ("product", result.made)):
        for gap in done.gaps:
            yield {"view": view, "of": getattr(gap, view), **gap.to_record()}


ASSUMED: Final = ("view", "of", "stage", "subject", "code", "en", "zh")


def assumptions(result: RunResult) -> Iterator[tuple[str, ...]]:
    """A row each flag of each figure, and each better level of data that was passed over; columns ``ASSUMED``."""
    for view, done in (("route", result.moved), ("product", result.made)):
        said: dict[tuple[str, ...], None] = {}
        for row in done.rows:
            where = (view, getattr(row, view), row.stage, row.subject)
            for code in row.trail.flags:
                said[(*where, code, *_SAID[code])] = None
            for level, reason in row.trail.choice.passed if row.trail.choice else ():
                en, zh = f"no {level} data taken: {reason}", f"未采用 {level} 级数据：{reason}"
                said[(*where, f"passed-over:{level}:{reason}", en, zh)] = None
        yield from said


def _meters(result: RunResult, cube: ActivityCube) -> Iterator[dict[str, Any]]:
    computed = {row.cell.hub for row in result.moved.rows if isinstance(row.cell, HubCell)}
    for hub, used in SiteUse.by_site(cube).items():
        if hub not in computed:
            continue
        for reading in used.readings:
            if reading.carrier == ELECTRICITY:
                factor, _ = grid_factor(result.factors, reading.region, reading.year)
            else:
                days = days_of(reading.start, reading.end)
                factor, _ = carrier_factor(result.factors, reading.carrier, reading.unit, None, days)
            yield _meter(hub, reading.entry, factor.ids, factor.ghg.wtw, result.factors)
        for loss in used.losses:
            factor, _ = carrier_factor(result.factors, loss.gas, "kg", None, days_of(loss.start, loss.end))
            yield _meter(hub, loss.entry, factor.ids, factor.ghg.wtw, result.factors)


def _meter(hub: str, entry: int, ids: tuple[str, ...], wtw: Fraction, factors: FactorSet) -> dict[str, Any]:
    per = per_unit(factors, ids, wtw)
    return {"view": "hub", "of": hub, "stage": "hub-energy", "entry": entry, "factors": list(ids), "per": per}


def _working(row: Emission) -> dict[str, Any] | None:
    match row.cell:
        case TransportCell() as cell:
            return {"key": _key(cell), "gap": None, "method": row.trail.method, **_intensity(row, cell)}
        case HubCell() as cell:
            return {"key": _key(cell), "gap": None, "method": row.trail.method}
        case Declared() as cell:
            return {"entry": cell.entry, "per_piece": exact_text(declared_units_per_piece(cell))}
        case _:
            return None


def _intensity(row: Emission, cell: TransportCell) -> dict[str, Any]:
    choice = row.trail.choice
    if row.trail.method == "tonne_km":
        return {"class": choice.data if choice and isinstance(choice.data, str) else cell.vehicle}
    offset = AIR.offset_m if cell.mode == "air" and _basis(choice) == "actual" else 0
    moved = Fraction(cell.gram_metres + offset * cell.grams, GRAM_METRES_PER_TONNE_KM)
    return {"class": None, "stated_per_tonne_km": exact_text(row.wtw / moved), "offset_m": offset}


def _basis(choice: Choice[Any] | None) -> str:
    """What distance the operator's intensity rests on; a model's is what was driven."""
    data = choice.data if choice else None
    return data.held[0].record.distance_basis if isinstance(data, Statements) else "actual"


def _key(cell: TransportCell | HubCell) -> list[str]:
    if isinstance(cell, TransportCell):
        return [cell.vehicle, cell.mode, cell.distance_basis]
    return [cell.hub, cell.operation, cell.temperature]
