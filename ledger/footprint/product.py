"""The footprint of a product as delivered: declared, transport and hub stages, in total and per unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.footprint.activity import Declared
from ledger.footprint.amount import exact_text, total
from ledger.footprint.calculate import Calculation
from ledger.footprint.emission import Emission, Gap, market_total
from ledger.footprint.errors import UnitsMissing
from ledger.footprint.factor import FactorSet
from ledger.footprint.quality import DataQuality, quality_of
from ledger.records.product_footprint import ProductFootprint

STAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("declared", "Made and packed (declared by the supplier)", "生产与包装（供应商声明）"),
    ("transport", "Transport", "运输"),
    ("hub", "Hubs", "仓储与中转"),
)
"""(code, English, Chinese) of the stages, in the order of the product's life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTotal:
    """
    One stage of a product [kg CO2e], exact. ``counted`` is false for a stage that the declared figure holds already.

    A cradle-to-grave declaration includes delivery; adding the measured transport would count it twice.
    """

    stage: str
    wtw: Fraction
    counted: bool
    rows: tuple[Emission, ...]

    def to_record(self, units: int, whole: Fraction) -> dict[str, object]:
        """JSON-able: in total, per unit, and the share of the product's total."""
        share = exact_text(self.wtw / whole) if self.counted and whole else None
        return {
            "stage": self.stage,
            "wtw_kg": exact_text(self.wtw),
            "wtw_kg_per_unit": exact_text(self.wtw / units),
            "counted": self.counted,
            "share": share,
            "rows": [row.to_record() for row in self.rows],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTotal:
    """
    A product's footprint over ``units`` pieces [kg CO2e], exact: per unit times units is the total.

    ``declared`` is the supplier's record behind the first stage, ``None`` when there is none: then the figure covers
    transport and hubs alone, and ``covers_production`` is false. ``gaps`` name what is missing from the sums.
    """

    product: str
    units: int
    declared: ProductFootprint | None
    stages: tuple[StageTotal, ...]
    quality: DataQuality
    gaps: tuple[Gap, ...]
    factors: FactorSet

    @property
    def wtw(self) -> Fraction:
        """All counted stages [kg CO2e]."""
        return total(stage.wtw for stage in self.stages if stage.counted)

    @property
    def market(self) -> Fraction | None:
        """The same with market-based electricity [kg CO2e], ``None`` without certificates; never added."""
        return market_total(row for stage in self.stages if stage.counted for row in stage.rows)

    @property
    def per_unit(self) -> Fraction:
        """[kg CO2e per piece]."""
        return self.wtw / self.units

    @property
    def covers_production(self) -> bool:
        """Whether a declared footprint stands behind the goods themselves."""
        return self.declared is not None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps

    def to_record(self) -> dict[str, object]:
        """JSON-able: figures as exact text, stages with their trail, gaps with their reasons."""
        record = self.declared
        return {
            "product": self.product,
            "units": self.units,
            "wtw_kg": exact_text(self.wtw),
            "wtw_kg_per_unit": exact_text(self.per_unit),
            "market_based_wtw_kg": None if self.market is None else exact_text(self.market),
            "declared": None
            if record is None
            else {
                "id": record.id,
                "supplier": record.supplier,
                "boundary": record.boundary,
                "declared_unit": record.declared_unit,
                "pcf_kg_co2e": record.pcf_kg_co2e,
                "valid": {"from": record.valid_from.isoformat(), "to": record.valid_to.isoformat()},
                "verified_by": record.verified_by,
            },
            "covers_production": self.covers_production,
            "stages": [stage.to_record(self.units, self.wtw) for stage in self.stages],
            "quality": self.quality.to_record(),
            "complete": self.complete,
            "gaps": [gap.to_record() for gap in self.gaps],
            "factor_set": {"id": self.factors.id, "hash": self.factors.hash},
        }


def declared_on(records: Iterable[tuple[int, ProductFootprint]], on: date) -> dict[str, tuple[int, ProductFootprint]]:
    """Per product the declaration valid on a day; of several the one entered last. (entry index, record) pairs."""
    found: dict[str, tuple[int, ProductFootprint]] = {}
    for entry, record in records:
        if record.valid_from <= on <= record.valid_to and entry >= found.get(record.product, (-1, record))[0]:
            found[record.product] = (entry, record)
    return found


def product_footprints(done: Calculation, units: Mapping[str, int]) -> dict[str, ProductTotal]:
    """
    The products named in ``units`` that the calculation has activity of; others in the cube are left alone.

    ``units`` are the pieces a product's consignments held, each consignment counted once however many legs it rode.
    Fastest on a cube rolled up by product. Raises ``UnitsMissing`` for a number below one, ``GwpMismatch``.
    """
    rows: dict[str, list[Emission]] = defaultdict(list)
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for row in done.rows:
        if row.product in units:
            rows[row.product].append(row)
    for gap in done.gaps:
        if gap.product in units:
            gaps[gap.product].append(gap)
    return {
        product: product_total(product, units[product], rows.get(product, ()), gaps.get(product, ()), done.factors)
        for product in sorted(rows.keys() | gaps.keys())
    }


def product_total(
    product: str, units: int, rows: Sequence[Emission], gaps: Sequence[Gap], factors: FactorSet
) -> ProductTotal:
    """The sums over one product's rows. Raises ``UnitsMissing``."""
    if units <= 0:
        raise UnitsMissing(product=product)
    declared = next((row.cell.record for row in rows if isinstance(row.cell, Declared)), None)
    inside = declared is not None and declared.boundary == "cradle_to_grave"
    stages = tuple(
        StageTotal(stage=code, wtw=total(row.wtw for row in own), counted=code == "declared" or not inside, rows=own)
        for code, _, _ in STAGES
        if (own := tuple(row for row in rows if row.stage == code))
    )
    counted = [row for stage in stages if stage.counted for row in stage.rows]
    return ProductTotal(
        product=product,
        units=units,
        declared=declared,
        stages=stages,
        quality=quality_of(counted),
        gaps=tuple(gaps),
        factors=factors,
    )
