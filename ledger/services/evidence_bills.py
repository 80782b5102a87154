"""
Bills of materials for a run's evidence: each line as products of figures that stand in records and factors.

A line is a sum of *terms*, a term the product of its items, and an item one of::

    ["is", entry, pointer]      the figure at a JSON pointer of that entry's record; "over": one divided by it
    ["more", entry, pointer]    1 + it / 100; "pct": it / 100; "rest": 1 - it / 100
    ["factor", id]              a factor of the set [kg CO2e]
    ["class", name, field]      a figure of a transport class of the set
    ["gate", bill]              another bill of these, up to its factory gate
    ["say", figure]             a conversion of units

A line without terms could not be computed and says why. Every line of a bill is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Final, TypeVar

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube
from ledger.footprint.amount import exact_text
from ledger.footprint.bill.errors import BillCycle, BillTooDeep, ComponentUnknown
from ledger.footprint.bill.rated import factor_for, moved
from ledger.footprint.bill.reader import DEEPEST, SHARED, units_in
from ledger.footprint.bill.supply import Supply
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.factor import FactorSet
from ledger.footprint.methods.product_bill import declared_units
from ledger.identity import canonical
from ledger.records.bill_of_materials import (
    BillInput,
    BillOfMaterials,
    DirectEmission,
    InboundMove,
    PackagingItem,
    Treatment,
)
from ledger.records.transport_operation import EnergyAmount

Item = tuple[str | int, ...]
Items = tuple[Item, ...]
Terms = list[Items]
Line = tuple[str, str, Callable[[], Terms]]
"""Its stage, its pointer in the bill, and how its terms are found. Raises ``FootprintError``."""
_KM_KG: Final = exact_text(Fraction(1, 1000))
_M_KG: Final = exact_text(Fraction(1, 10**6))


def bill_workings(cube: ActivityCube, factors: FactorSet) -> Iterator[dict[str, Any]]:
    """Every bill that a product of the cube rests on, those it needs first, then the products with their bill."""
    days: dict[date, _Bills] = {}
    for made in cube.made:
        bills = days.setdefault(made.day, _Bills(cube.supply, factors, made.day))
        yield from bills.written(made.entry, made.record)
    for made in cube.made:
        try:
            declared_units(made)
        except FootprintError:
            continue
        pieces = made.record.declared_unit == "piece"
        per: list[Item] = [] if pieces else [("is", made.entry, "/declared_units_per_piece")]
        yield {"view": "product", "of": made.product, "stage": "bill", "bill": _named(made.entry, made.day), "per": per}


def per_unit(factors: FactorSet, ids: Sequence[str], wtw: Fraction) -> str:
    """What one unit of these factors is of the unit that ``wtw`` [kg CO2e] is of, as exact text."""
    stated = sum((Fraction(factors.factors[name].wtw) for name in ids), Fraction(0))
    return exact_text(wtw / stated) if stated else "1"


def _named(entry: int, day: date) -> str:
    """A bill as it is read for a day: the day decides which declarations and factors hold."""
    return f"{entry} {day.isoformat()}"


class _Bills:
    """Bills of a day in the order of ``BillReader``, each written once."""

    def __init__(self, supply: Supply, factors: FactorSet, day: date) -> None:
        self._supply, self._factors, self._day = supply, factors, day
        self._done: set[int] = set()
        self._path: list[tuple[int, str]] = []
        self._below: list[dict[str, Any]] = []

    def written(self, entry: int, record: BillOfMaterials) -> Iterator[dict[str, Any]]:
        """The bill and what it needs; nothing when it was written before."""
        self._write(entry, record)
        held, self._below = self._below, []
        yield from held

    def _write(self, entry: int, record: BillOfMaterials) -> None:
        if entry in self._done:
            return
        entries = [one for one, _ in self._path]
        if entry in entries:
            raise BillCycle(path=(*(name for _, name in self._path[entries.index(entry) :]), canonical(record.product)))
        if len(self._path) == DEEPEST:
            raise BillTooDeep(product=self._path[0][1], limit=DEEPEST)
        self._path.append((entry, canonical(record.product)))
        said = [self._said(entry, record, line) for line in self._lines(entry, record)]
        self._path.pop()
        self._done.add(entry)
        self._below += said

    def _said(self, entry: int, record: BillOfMaterials, line: Line) -> dict[str, Any]:
        stage, pointer, find = line
        name = {"view": "bill", "of": _named(entry, self._day), "entry": entry, "stage": stage, "line": pointer}
        try:
            terms = find()
        except FootprintError as error:
            return {**name, "gap": error.code}
        if record.allocation is not None and stage in SHARED:
            terms = [(*term, ("is", entry, "/allocation/share")) for term in terms]
        return {**name, "terms": terms}

    def _lines(self, entry: int, record: BillOfMaterials) -> Iterator[Line]:
        """Every line, in the order of ``BillReader``: so that a circle is cut at the same place."""
        for at, line in _numbered("/inputs", record.inputs):
            yield "raw", at, partial(self._input, entry, at, line)
        for at, used in _numbered("/energy", record.energy):
            yield "manufacture", at, partial(self._energy, entry, at, used)
        for at, emitted in _numbered("/direct", record.direct):
            yield "manufacture", at, partial(_direct, entry, at, emitted)
        for at, item in _numbered("/packaging", record.packaging):
            yield "packaging", at, partial(self._packed, entry, at, item)
        for at, move in _numbered("/inbound", record.inbound):
            yield "inbound", at, partial(self._moved, entry, at, move)
        yield from self._after(entry, record)

    def _after(self, entry: int, record: BillOfMaterials) -> Iterator[Line]:
        for at, line in _numbered("/use/inputs", record.use.inputs if record.use else ()):
            yield "use", at, partial(self._input, entry, at, line)
        for at, used in _numbered("/use/energy", record.use.energy if record.use else ()):
            yield "use", at, partial(self._energy, entry, at, used)
        for at, ended in _numbered("/end_of_life", record.end_of_life):
            mass = (("is", entry, f"{at}/mass_kg"),)
            yield "end_of_life", at, partial(self._treated, entry, f"{at}/treatments", ended.treatments, mass)
        for at, item in _numbered("/packaging", record.packaging):
            if item.end_of_life:
                ends = f"{at}/end_of_life"
                yield (
                    "end_of_life",
                    ends,
                    partial(self._treated, entry, ends, item.end_of_life, _by_use(entry, at, item)),
                )

    def _input(self, entry: int, at: str, line: BillInput) -> Terms:
        lost = (("more", entry, f"{at}/loss_pct"),) if Fraction(line.loss_pct) else ()
        amount = (("is", entry, f"{at}/amount"), *lost)
        if line.product is None:
            return self._material(entry, at, line, amount, line.unit)
        product, supplier = canonical(line.product), line.supplier or ""
        stated, _ = self._supply.declaration(product, supplier, self._day)
        if stated is not None:
            told, declared = stated
            units_in(line, declared.declared_unit, None)
            return [(*amount, ("is", told, "/pcf_kg_co2e"))]
        billed, _ = self._supply.bill(product, supplier, self._day)
        if billed is not None:
            own, made = billed
            per_piece = units_in(line, made.declared_unit, made.declared_units_per_piece) != 1
            self._write(own, made)
            units = (("is", own, "/declared_units_per_piece"),) if per_piece else ()
            return [(*amount, *units, ("gate", _named(own, self._day)))]
        if line.factor is None:
            raise ComponentUnknown(component=line.name, supplier=supplier, day=self._day.isoformat())
        if line.default_amount is not None:
            amount = (("is", entry, f"{at}/default_amount"), *lost)
            return self._material(entry, at, line, amount, self._factors.factor(line.factor).per)
        return self._material(entry, at, line, amount, line.unit)

    def _material(self, entry: int, at: str, line: BillInput | PackagingItem, amount: Items, unit: str) -> Terms:
        assert line.factor is not None
        virgin, _ = factor_for(self._factors, line.factor, unit, self._day)
        if line.recycled_factor is None:
            return [(*amount, ("factor", virgin.id))]
        recycled, _ = factor_for(self._factors, line.recycled_factor, unit, self._day)
        share = f"{at}/recycled_pct"
        return [
            (*amount, ("rest", entry, share), ("factor", virgin.id)),
            (*amount, ("pct", entry, share), ("factor", recycled.id)),
        ]

    def _packed(self, entry: int, at: str, item: PackagingItem) -> Terms:
        return self._material(entry, at, item, _by_use(entry, at, item), "kg")

    def _energy(self, entry: int, at: str, used: EnergyAmount) -> Terms:
        factor, _ = carrier_factor(self._factors, used.carrier, used.unit, used.region, (self._day, self._day))
        per = ("say", per_unit(self._factors, factor.ids, factor.ghg.wtw))
        return [(("is", entry, f"{at}/amount"), per, ("factor", name)) for name in factor.ids]

    def _moved(self, entry: int, at: str, move: InboundMove) -> Terms:
        (factor,) = moved(self._factors, move, self._day).factors
        name = self._factors.transport_class(move.vehicle, move.mode).name
        mass, rate = ("is", entry, f"{at}/mass_kg"), ("factor", factor)
        return [
            (mass, ("is", entry, f"{at}/distance_km"), ("class", name, "daf_scale"), ("say", _KM_KG), rate),
            (mass, ("class", name, "daf_offset_m"), ("say", _M_KG), rate),
        ]

    def _treated(self, entry: int, at: str, treatments: Sequence[Treatment], mass: Items) -> Terms:
        used = [factor_for(self._factors, one.factor, "kg", self._day)[0].id for one in treatments]
        return [(*mass, ("is", entry, f"{at}/{no}/share"), ("factor", name)) for no, name in enumerate(used)]


def _by_use(entry: int, at: str, item: PackagingItem) -> Items:
    mass = ("is", entry, f"{at}/mass_kg")
    return (mass, ("over", entry, f"{at}/uses")) if item.uses != 1 else (mass,)


def _direct(entry: int, at: str, emitted: DirectEmission) -> Terms:
    sign = (("say", "-1"),) if emitted.part == "removal" else ()
    return [(("is", entry, f"{at}/kg_co2e"), *sign)]


Part = TypeVar("Part")


def _numbered(at: str, parts: Sequence[Part]) -> Iterator[tuple[str, Part]]:
    return ((f"{at}/{number}", part) for number, part in enumerate(parts))
