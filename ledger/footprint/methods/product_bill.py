"""
Products by their bill of materials: materials, making, packaging, inbound, use and end of life (ISO 14067:2018).

CFP = raw + manufacture + packaging + inbound + use + end of life per declared unit, times the units; transport to the
customer and hubs come from their own methods.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube
from ledger.footprint.bill.reader import BillReader, Line, Missing
from ledger.footprint.bill.supply import Made
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.errors import DeclaredUnitMismatch
from ledger.footprint.factor import FactorSet


class ProductBill:
    """Each line of the bill: amount x factor, or the part's own footprint valid on the day, times the units."""

    name = "product_bill"
    version = 1
    en = "amounts of the bill x factors, or the parts' own footprints valid on the day, x number of units"
    zh = "物料清单用量 × 因子（或部件自身在当日有效的碳足迹）× 数量"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per line of every bill in use; a gap for each line that cannot be computed."""
        readers: dict[date, BillReader] = {}
        for made in cube.made:
            reader = readers.get(made.day)
            if reader is None:
                reader = readers[made.day] = BillReader(cube.supply, factors, made.day)
            for line in reader.lines(made.entry, made.record):
                yield self._row(line, made, factors)

    def _row(self, line: Line | Missing, made: Made, factors: FactorSet) -> Emission | Gap:
        if isinstance(line, Missing):
            return Gap(line.stage, line.cell, line.error)
        try:
            units = declared_units(made)
        except FootprintError as error:
            return Gap(line.stage, line.cell, error)
        rated, split = line.rated, line.rated.split * units
        trail = Trail(
            factors=rated.factors,
            factor_set=factors.hash,
            method=self.name,
            version=self.version,
            category=rated.category,
            primary=rated.primary,
            verification="verified" if line.verified else "recorded",
            gwp_set=rated.gwp_set,
            flags=rated.flags,
            evidence=None if line.evidence is None else (1, line.evidence, line.evidence),
            choice=line.choice,
            working=rated.working,
        )
        return Emission(line.stage, line.cell, None, None, split.total, trail, split=split)


def declared_units(made: Made) -> Fraction:
    """Declared units in all pieces. Raises ``DeclaredUnitMismatch`` when a piece does not say how many it holds."""
    record = made.record
    if record.declared_unit == "piece":
        return Fraction(made.units)
    if record.declared_units_per_piece is None:
        raise DeclaredUnitMismatch(product=made.product, declared_unit=record.declared_unit)
    return made.units * Fraction(record.declared_units_per_piece)
