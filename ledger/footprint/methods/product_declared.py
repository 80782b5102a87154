"""Product footprints as suppliers declare them (ISO 14067:2018; PACT methodology): declared value times units."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, Declared
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.errors import DeclaredUnitMismatch
from ledger.footprint.factor import Category, FactorSet


class ProductDeclared:
    """The supplier's stated footprint per declared unit, times the declared units in the goods."""

    name = "product_declared"
    version = 1
    en = "supplier's declared footprint per unit x number of units"
    zh = "供应商声明的单位产品碳足迹 × 数量"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per declaration in use."""
        for cell in cube.declared:
            try:
                yield self.emission(cell, factors)
            except FootprintError as error:
                yield Gap("declared", cell, error)

    def emission(self, cell: Declared, factors: FactorSet) -> Emission:
        """The row of one declaration. Raises ``DeclaredUnitMismatch``."""
        record = cell.record
        kg = Fraction(record.pcf_kg_co2e) * declared_units_per_piece(cell) * cell.units
        primary = Fraction(record.primary_data_share_pct or 0) / 100
        category: Category = "primary" if primary == 1 else "modelled"
        unstated = ("primary-share-not-stated",) if record.primary_data_share_pct is None else ()
        trail = Trail(
            factors=(),
            factor_set=factors.hash,
            method=self.name,
            version=self.version,
            category=category,
            primary=primary,
            verification="verified" if record.verified_by else "recorded",
            gwp_set="not stated",
            flags=unstated,
        )
        return Emission("declared", cell, None, None, kg, trail)


def declared_units_per_piece(cell: Declared) -> Fraction:
    """How many declared units one piece holds: one for pieces, else as stated. Raises ``DeclaredUnitMismatch``."""
    if cell.declared_units_per_piece is not None:
        return Fraction(cell.declared_units_per_piece)
    if cell.record.declared_unit == "piece":
        return Fraction(1)
    raise DeclaredUnitMismatch(product=cell.product, declared_unit=cell.record.declared_unit)
