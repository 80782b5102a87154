"""The measures of an index. A new one is one file with one class, one line here, and its name in ``MeasureName``."""

from __future__ import annotations

from typing import Final

from ledger.lifecycle.kpi import IDLE_AFTER
from ledger.programme.warehouse.measures.base import Line, Measure, Measured, Observable
from ledger.programme.warehouse.measures.electric_handling import ElectricHandling
from ledger.programme.warehouse.measures.energy_intensity import EnergyIntensity
from ledger.programme.warehouse.measures.fill import Fill
from ledger.programme.warehouse.measures.green_power import GreenPower
from ledger.programme.warehouse.measures.idle_stock import IdleStock
from ledger.programme.warehouse.measures.packaging_return import PackagingReturn
from ledger.programme.warehouse.measures.reuse import Reuse
from ledger.programme.warehouse.measures.solar import Solar
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import IndexNode, MeasureName

MEASURES: Final[tuple[Measure, ...]] = (
    EnergyIntensity(),
    Solar(),
    GreenPower(),
    ElectricHandling(),
    Fill(),
    IdleStock(),
    Reuse(),
    PackagingReturn(),
)
_BY_NAME: Final = {one.name: one for one in MEASURES}
_OBSERVABLE: Final[dict[MeasureName, Observable]] = {one.name: one for one in (IdleStock(), PackagingReturn(), Reuse())}
IDLE_DAYS: Final = IDLE_AFTER
"""Days after which stock counts as idle where an edition sets none: for showing alone, never for a score."""


def measure(name: MeasureName) -> Measure:
    """The measure of that name."""
    return _BY_NAME[name]


def counted(node: IndexNode, year: SiteYear) -> Measured:
    """An indicator from events, whatever its edition takes. Raises ``ProgrammeError``; ``KeyError`` of another one."""
    assert node.measure is not None
    return _OBSERVABLE[node.measure].counted(year, node.idle_days or IDLE_DAYS)


def taken(node: IndexNode, year: SiteYear) -> Measured:
    """An indicator from what its edition takes it from. Raises ``ProgrammeError``."""
    assert node.measure is not None
    return counted(node, year) if node.takes == "events" else measure(node.measure).of(year)


def other(node: IndexNode, year: SiteYear) -> Measured:
    """The same from what its edition does not take it from. Raises ``ProgrammeError``."""
    assert node.measure is not None
    return measure(node.measure).of(year) if node.takes == "events" else counted(node, year)


__all__ = ["MEASURES", "Line", "Measure", "Measured", "counted", "measure", "other", "taken"]
