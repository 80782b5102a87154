"""Categories 1, 5 and 12 of scope 3: goods that were bought, waste, and what becomes of products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.errors import FootprintError
from ledger.footprint.activity import day_of
from ledger.footprint.bill.reader import BillReader
from ledger.footprint.bill.reader import Line as BillLineFigure
from ledger.footprint.bill.reader import Missing as BillMissing
from ledger.footprint.bill.supply import Made
from ledger.footprint.errors import BoundaryMismatch, DeclaredUnitMismatch
from ledger.footprint.factor import FactorSet
from ledger.footprint.inventory.errors import (
    CountsDelivery,
    EndOfLifeUnknown,
    NothingDeclared,
    PurchasesNotStated,
    TreatmentNotStated,
)
from ledger.footprint.inventory.line import Found, Line, Missing, joined
from ledger.footprint.inventory.recorded import Pieces, Recorded
from ledger.footprint.methods.product_bill import declared_units
from ledger.footprint.product import declared_on
from ledger.footprint.quality import NOT_STATED
from ledger.identity import canonical
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.product_footprint import ProductFootprint


def goods_lines(recorded: Recorded) -> Iterator[Found]:
    """Category 1: pieces of each product times the supplier's footprint that was valid when they moved."""
    if recorded.boundary.purchased == "nothing":
        return
    if recorded.boundary.purchased is None:
        if recorded.pieces:
            yield Missing("3.1", "-", PurchasesNotStated(), joined(map(_entries, recorded.pieces)))
        return
    stated: dict[str, list[tuple[int, ProductFootprint]]] = defaultdict(list)
    for entry, record in recorded.declared:
        stated[canonical(record.product)].append((entry, record))
    held: dict[tuple[str, int], list[Pieces]] = defaultdict(list)
    records: dict[int, ProductFootprint] = {}
    for pieces in recorded.pieces:
        day = date.fromisoformat(day_of(pieces.last_at))
        valid = next(iter(declared_on(stated.get(pieces.product, ()), day).values()), None)
        problem = _unfit(pieces, None if valid is None else valid[1])
        if problem is not None or valid is None:
            assert problem is not None
            yield Missing("3.1", pieces.product, problem, _entries(pieces))
            continue
        held[pieces.product, valid[0]].append(pieces)
        records[valid[0]] = valid[1]
    for (product, entry), moved in held.items():
        yield _bought(product, entry, records[entry], moved)


def _unfit(pieces: Pieces, record: ProductFootprint | None) -> FootprintError | None:
    if record is None:
        return NothingDeclared(product=pieces.product, pieces=str(pieces.units))
    if record.boundary == "cradle_to_grave":
        return CountsDelivery(product=pieces.product)
    if record.declared_unit != "piece":
        return DeclaredUnitMismatch(product=pieces.product, declared_unit=record.declared_unit)
    return None


def _bought(product: str, entry: int, record: ProductFootprint, moved: list[Pieces]) -> Line:
    units = Fraction(sum(pieces.units for pieces in moved))
    share = Fraction(record.primary_data_share_pct or "0") / 100
    return Line(
        scope="3.1",
        subject=product,
        what=record.name,
        kg=units * Fraction(record.pcf_kg_co2e),
        gases="CO2e",
        amount=units,
        unit="piece",
        formula="goods",
        factors=(),
        entries=joined([(1, entry, entry), *map(_entries, moved)]),
        gwp_set=NOT_STATED,
        category="primary" if share else "default",
        primary=share,
        verification="verified" if record.verified_by else "recorded",
        flags=() if record.primary_data_share_pct else ("primary-share-not-stated",),
    )


def waste_lines(recorded: Recorded, factors: FactorSet) -> Iterator[Found]:
    """Category 5: mass times the factor of its treatment."""
    sites = set(recorded.boundary.sites)
    for entry, record in recorded.waste:
        entries = (1, entry, entry)
        if record.site not in sites:
            continue
        try:
            if record.factor is None:
                raise TreatmentNotStated(material=record.material)
            factor = factors.factor(record.factor)
            if factor.per != "kg" or factor.gas_scope != "CO2e":
                raise BoundaryMismatch(factor=factor.id, expected="kg CO2e/kg", got=factor.unit)
        except FootprintError as error:
            yield Missing("3.5", record.site, error, entries)
            continue
        mass = Fraction(record.mass_kg)
        yield Line(
            scope="3.5",
            subject=record.site,
            what=f"{record.material} ({record.treatment})",
            kg=mass * Fraction(factor.wtw),
            gases="CO2e",
            amount=mass,
            unit="kg",
            formula="waste",
            factors=(factor.id,),
            entries=entries,
            gwp_set=factor.gwp_set,
            flags=("energy-factor-default",),
        )


def end_of_life_lines(recorded: Recorded, factors: FactorSet) -> Iterator[Found]:
    """Category 12: pieces times the end of life in the bill of materials that is valid when they moved."""
    readers: dict[date, BillReader] = {}
    held: dict[tuple[str, int], list[tuple[Pieces, Made]]] = defaultdict(list)
    for pieces in recorded.pieces:
        day = date.fromisoformat(day_of(pieces.last_at))
        billed, _ = recorded.supply.bill(pieces.product, None, day)
        if billed is None or not _ends(billed[1]):
            yield Missing("3.12", pieces.product, EndOfLifeUnknown(product=pieces.product), _entries(pieces))
            continue
        made = Made(product=pieces.product, entry=billed[0], record=billed[1], units=pieces.units, day=day)
        held[pieces.product, billed[0]].append((pieces, made))
    for moved in held.values():
        for pieces, made in moved:
            reader = readers.setdefault(made.day, BillReader(recorded.supply, factors, made.day))
            try:
                lines, units = reader.lines(made.entry, made.record), declared_units(made)
            except FootprintError as error:
                yield Missing("3.12", made.product, error, _entries(pieces))
                continue
            for line in lines:
                if line.stage == "end_of_life":
                    yield _ended(line, units, pieces, made)


def _ends(record: BillOfMaterials) -> bool:
    return bool(record.end_of_life) or any(item.end_of_life for item in record.packaging)


def _ended(line: BillLineFigure | BillMissing, units: Fraction, pieces: Pieces, made: Made) -> Found:
    entries = joined([(1, made.entry, made.entry), _entries(pieces)])
    if isinstance(line, BillMissing):
        return Missing("3.12", made.product, line.error, entries)
    rated = line.rated
    return Line(
        scope="3.12",
        subject=made.product,
        what=line.cell.name,
        kg=rated.split.total * units,
        gases="CO2e",
        amount=units,
        unit=made.record.declared_unit,
        formula="end-of-life",
        factors=rated.factors,
        entries=entries,
        gwp_set=rated.gwp_set,
        category=rated.category,
        primary=rated.primary,
        verification="verified" if line.verified else "recorded",
        flags=rated.flags,
    )


def _entries(pieces: Pieces) -> tuple[int, int, int]:
    return pieces.rows, pieces.first_entry, pieces.last_entry
