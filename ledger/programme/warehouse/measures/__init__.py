"""The measures of an index. A new one is one file with one class, one line here, and its name in ``MeasureName``."""

from __future__ import annotations

from typing import Final

from ledger.programme.warehouse.measures.base import Line, Measure, Measured
from ledger.programme.warehouse.measures.electric_handling import ElectricHandling
from ledger.programme.warehouse.measures.energy_intensity import EnergyIntensity
from ledger.programme.warehouse.measures.fill import Fill
from ledger.programme.warehouse.measures.green_power import GreenPower
from ledger.programme.warehouse.measures.idle_stock import IdleStock
from ledger.programme.warehouse.measures.packaging_return import PackagingReturn
from ledger.programme.warehouse.measures.reuse import Reuse
from ledger.programme.warehouse.measures.solar import Solar
from ledger.records.index_scheme import MeasureName

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


def measure(name: MeasureName) -> Measure:
    """The measure of that name."""
    return _BY_NAME[name]


__all__ = ["MEASURES", "Line", "Measure", "Measured", "measure"]
