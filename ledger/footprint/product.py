"""
The footprint of a product as delivered, stage by stage, in total and per unit (ISO 14067:2018; GB/T 24067-2024).

What a consumer (page, chart, report) reads of a ``ProductTotal``:

- ``stages``: the stages there are, in the order of the product's life. Each has its exact ``wtw`` [kg CO2e], ``split``
  (fossil, biogenic, removals, land-use change, aviation, and what the sources leave unsplit; they add up to ``wtw``),
  ``counted``, and ``rows``, one per line, leg class or hub, each with its own trail.
- ``wtw``, ``per_unit``, ``split``: sums over the counted stages alone. A stage that is not counted is there to be shown
  beside the sum, never in it: a declaration beside a complete bill, or transport that a declaration to the grave holds.
- ``rests_on``: whether the making of the goods comes from the ``bill``, the ``declared`` figure, or ``nothing``.
- ``gate``: the counted stages up to the factory gate; transport to the customer, hubs, use and end of life come after.
- ``gaps``: what is missing from the sums. A part that is itself a product has its code in the row's cell
  (``BillLine.component``), for a link to its own page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from ledger.footprint.activity import Declared, TransportCell
from ledger.footprint.amount import exact_text, total
from ledger.footprint.bill.reader import GATE, declared_split
from ledger.footprint.bill.supply import Made
from ledger.footprint.calculate import Calculation
from ledger.footprint.emission import Emission, Gap, market_total
from ledger.footprint.errors import UnitsMissing
from ledger.footprint.factor import FactorSet
from ledger.footprint.methods.product_declared import declared_units_per_piece
from ledger.footprint.quality import DataQuality, quality_of
from ledger.footprint.split import Split, summed
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.product_footprint import ProductFootprint

STAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("raw", "Raw materials and parts", "原材料与部件"),
    ("manufacture", "Manufacture", "生产制造"),
    ("packaging", "Packaging", "包装"),
    ("inbound", "Transport to the factory", "原料入厂运输"),
    ("declared", "Made and packed (declared by the supplier)", "生产与包装（供应商声明）"),
    ("transport", "Transport", "运输"),
    ("hub", "Hubs", "仓储与中转"),
    ("use", "Use", "使用"),
    ("end_of_life", "End of life", "寿命终止"),
)
"""(code, English, Chinese) of the stages, in the order of the product's life."""
BILLED: Final = frozenset({*GATE, "use", "end_of_life"})
"""Stages that come from the bill of materials."""
_AT_GATE: Final = frozenset({*GATE, "declared"})
RestsOn = Literal["bill", "declared", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTotal:
    """
    One stage of a product [kg CO2e], exact, and by kind of gas. ``counted`` is false for a stage shown beside the sum.

    A declaration beside a complete bill is a second figure for the same thing; a cradle-to-grave declaration includes
    delivery, and adding the measured transport would count it twice.
    """

    stage: str
    wtw: Fraction
    split: Split
    counted: bool
    rows: tuple[Emission, ...]

    def to_record(self, units: int, whole: Fraction) -> dict[str, object]:
        """JSON-able: in total, per unit, by kind, and the share of the product's total."""
        share = exact_text(self.wtw / whole) if self.counted and whole else None
        return {
            "stage": self.stage,
            "wtw_kg": exact_text(self.wtw),
            "wtw_kg_per_unit": exact_text(self.wtw / units),
            "split": self.split.to_record(),
            "counted": self.counted,
            "share": share,
            "rows": [row.to_record() for row in self.rows],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTotal:
    """
    A product's footprint over ``units`` pieces [kg CO2e], exact: per unit times units is the total.

    ``bill`` is the product's bill of materials and ``bill_entry`` where it stands, ``declared`` the supplier's figure;
    either may be ``None``. Without both the figure covers transport and hubs alone, and ``covers_production`` is false.
    ``gaps`` name what is missing from the sums.
    """

    product: str
    units: int
    declared: ProductFootprint | None
    stages: tuple[StageTotal, ...]
    quality: DataQuality
    gaps: tuple[Gap, ...]
    factors: FactorSet
    bill: BillOfMaterials | None = None
    bill_entry: int | None = None

    @property
    def wtw(self) -> Fraction:
        """All counted stages [kg CO2e]."""
        return total(stage.wtw for stage in self.stages if stage.counted)

    @property
    def market(self) -> Fraction | None:
        """The same with market-based electricity [kg CO2e], ``None`` without certificates; never added."""
        return market_total(row for stage in self.stages if stage.counted for row in stage.rows)

    @property
    def split(self) -> Split:
        """The counted stages by kind of gas [kg CO2e]."""
        return summed(stage.split for stage in self.stages if stage.counted)

    @property
    def gate(self) -> Fraction:
        """The counted stages from cradle to factory gate [kg CO2e]."""
        return total(stage.wtw for stage in self.stages if stage.counted and stage.stage in _AT_GATE)

    @property
    def per_unit(self) -> Fraction:
        """[kg CO2e per piece]."""
        return self.wtw / self.units

    @property
    def rests_on(self) -> RestsOn:
        """What the goods' making is computed from."""
        if any(stage.counted and stage.stage in BILLED for stage in self.stages):
            return "bill"
        return "nothing" if self.declared is None else "declared"

    @property
    def covers_production(self) -> bool:
        """Whether a bill or a declared footprint stands behind the goods themselves."""
        return self.rests_on != "nothing"

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
            "cradle_to_gate_kg": exact_text(self.gate),
            "split": self.split.to_record(),
            "rests_on": self.rests_on,
            "bill": None if self.bill is None else {"id": self.bill.id, "entry": self.bill_entry},
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


def product_footprints(
    done: Calculation, units: Mapping[str, int], made: Iterable[Made] = ()
) -> dict[str, ProductTotal]:
    """
    The products named in ``units`` that the calculation has activity of; others in the cube are left alone.

    ``units`` are the pieces a product's consignments held, each consignment counted once however many legs it rode.
    ``made`` are the cube's bills. Fastest on a cube rolled up by product. Raises ``UnitsMissing`` for a number below
    one, ``GwpMismatch``.
    """
    rows: dict[str, list[Emission]] = defaultdict(list)
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for row in done.rows:
        if row.product in units:
            rows[row.product].append(row)
    for gap in done.gaps:
        if gap.product in units:
            gaps[gap.product].append(gap)
    bills = {one.product: one for one in made}
    return {
        name: product_total(name, units[name], rows.get(name, ()), gaps.get(name, ()), done.factors, bills.get(name))
        for name in sorted(rows.keys() | gaps.keys())
    }


def product_total(  # noqa: PLR0917 - what a product is, and what was computed of it
    product: str,
    units: int,
    rows: Sequence[Emission],
    gaps: Sequence[Gap],
    factors: FactorSet,
    made: Made | None = None,
) -> ProductTotal:
    """
    The sums over one product's rows. Raises ``UnitsMissing``.

    The bill is taken when nothing of its making is missing, because its figure can be computed again line by line; the
    declaration then stands beside. Else the declaration is taken, and the bill stands beside; without a declaration,
    the bill with its gaps.
    """
    if units <= 0:
        raise UnitsMissing(product=product)
    declared = next((row.cell.record for row in rows if isinstance(row.cell, Declared)), None)
    short = any(gap.stage in BILLED for gap in gaps)
    billed = short or any(row.stage in BILLED for row in rows)
    by_bill = billed and (declared is None or not short)
    aside = BILLED if not by_bill else frozenset({"declared"})
    if not by_bill and declared is not None and declared.boundary == "cradle_to_grave":
        aside |= {"transport", "hub"}
    stages = tuple(
        _stage(code, own, code not in aside)
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
        gaps=tuple(gap for gap in gaps if gap.stage not in aside),
        factors=factors,
        bill=made.record if made else None,
        bill_entry=made.entry if made else None,
    )


def _stage(code: str, rows: tuple[Emission, ...], counted: bool) -> StageTotal:
    split = summed(split_of(row) for row in rows)
    return StageTotal(stage=code, wtw=total(row.wtw for row in rows), split=split, counted=counted, rows=rows)


def split_of(row: Emission) -> Split:
    """
    A row by kind of gas.

    Transport burns fossil fuel, by air as aircraft emissions; CO2 of burnt biofuel is not in it (GLEC v3.0). A
    declaration tells the kinds as far as it states them. A hub's grid factor comes in one sum.
    """
    if row.split is not None:
        return row.split
    match row.cell:
        case TransportCell(mode=mode):
            return Split(aviation=row.wtw) if mode == "air" else Split(fossil=row.wtw)
        case Declared() as stated:
            return declared_split(stated.record) * (declared_units_per_piece(stated) * stated.units)
        case _:
            return Split(unsplit=row.wtw)
