"""
The lines of a product's bill, each with its figure, down through the tiers of its suppliers.

A part takes, in this order: what its supplier declares, valid on the day; its supplier's own bill, read the same way;
the default factor of the line, with the reason why; nothing, and the line says what is missing. A product that turns
out to be its own part is refused, with the way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final, Literal, NamedTuple

import msgspec

from ledger.errors import FootprintError
from ledger.footprint.bill.errors import (
    BillCycle,
    BillTooDeep,
    ComponentIncomplete,
    ComponentUnitMismatch,
    ComponentUnknown,
)
from ledger.footprint.bill.rated import Rated, direct, energy, material, moved, together, treated
from ledger.footprint.bill.supply import Billed, BillLine, Supply
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.hierarchy import Choice, Level
from ledger.footprint.iso14083.working import Step
from ledger.footprint.split import Split
from ledger.identity import canonical
from ledger.records.bill_of_materials import BillInput, BillOfMaterials, PackagingItem
from ledger.records.product_footprint import ProductFootprint
from ledger.records.transport_operation import EnergyAmount

DEEPEST: Final = 100
"""Tiers that are followed."""
BillStage = Literal["raw", "manufacture", "packaging", "inbound", "use", "end_of_life"]
GATE: Final = ("raw", "manufacture", "packaging", "inbound")
"""Stages up to the factory gate, which is what a part brings into the product it goes into."""
SHARED: Final = frozenset({"raw", "manufacture", "inbound"})
"""Stages of a process with co-products; packaging, use and end of life are the product's own."""
_DECLARED_IN: Final = {"piece": "piece", "kilogram": "kg", "kilometre": "km", "kilowatt_hour": "kWh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    One line of one declared unit. Per unit, not yet times the units.

    ``evidence`` is the entry that a part's figure stands in. ``verified`` says whether a named verifier checked it.
    """

    stage: BillStage
    cell: BillLine
    rated: Rated
    verified: bool
    choice: Choice[object] | None = None
    evidence: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A line, or something below it, that cannot be computed."""

    stage: BillStage
    cell: BillLine
    error: FootprintError


Lines = tuple[Line | Missing, ...]


class At(NamedTuple):
    """Where a line stands: its stage and name, and the bill that it is in."""

    stage: BillStage
    cell: BillLine
    record: BillOfMaterials


class BillReader:
    """Reads bills for one day with one factor set; what was read once is kept."""

    def __init__(self, supply: Supply, factors: FactorSet, day: date) -> None:
        self._supply, self._factors, self._day = supply, factors, day
        self._read: dict[int, Lines] = {}
        self._path: list[tuple[int, str]] = []

    def lines(self, entry: int, record: BillOfMaterials) -> Lines:
        """Every line of one declared unit, in the order of the stages. Raises ``BillCycle``, ``BillTooDeep``."""
        known = self._read.get(entry)
        if known is not None:
            return known
        product = canonical(record.product)
        entries = [one for one, _ in self._path]
        if entry in entries:
            names = [name for _, name in self._path[entries.index(entry) :]]
            raise BillCycle(path=(*names, product))
        if len(self._path) == DEEPEST:
            raise BillTooDeep(product=self._path[0][1], limit=DEEPEST)
        self._path.append((entry, product))
        try:
            found = tuple(self._lines(entry, record, product))
        finally:
            self._path.pop()
        self._read[entry] = found
        return found

    def _lines(self, entry: int, record: BillOfMaterials, product: str) -> Iterator[Line | Missing]:
        def at(stage: BillStage, name: str) -> At:
            return At(stage, BillLine(product=product, entry=entry, name=name), record)

        for line in record.inputs:
            yield from self._input(at("raw", line.name), line)
        for stage, name, rate in self._made(record):
            yield _rated(at(stage, name), rate)
        for line in record.use.inputs if record.use else ():
            yield from self._input(at("use", line.name), line)
        for stage, name, rate in self._after(record):
            yield _rated(at(stage, name), rate)

    def _made(self, record: BillOfMaterials) -> Iterator[tuple[BillStage, str, Callable[[], Rated]]]:
        """Everything up to the gate beside the inputs."""
        day, factors, measured = self._day, self._factors, record.amounts == "measured"
        for used in record.energy:
            yield "manufacture", _energy_name(used), partial(energy, factors, used, day, measured=measured)
        for emitted in record.direct:
            yield "manufacture", emitted.source, partial(direct, emitted, measured=measured)
        for item in record.packaging:
            yield "packaging", item.name, partial(_packed, factors, item, day)
        for move in record.inbound:
            yield "inbound", move.name, partial(moved, factors, move, day)

    def _after(self, record: BillOfMaterials) -> Iterator[tuple[BillStage, str, Callable[[], Rated]]]:
        """Use by its scenario, and what becomes of product and packaging."""
        day, factors = self._day, self._factors
        for used in record.use.energy if record.use else ():
            yield "use", _energy_name(used), partial(_supposed, factors, used, day)
        for ended in record.end_of_life:
            mass = Fraction(ended.mass_kg)
            yield "end_of_life", ended.name, partial(treated, factors, ended.treatments, mass, day)
        for item in record.packaging:
            if item.end_of_life:
                mass = Fraction(item.mass_kg) / item.uses
                yield "end_of_life", item.name, partial(treated, factors, item.end_of_life, mass, day)

    def _input(self, at: At, line: BillInput) -> Iterator[Line | Missing]:
        amount = Fraction(line.amount) * (1 + Fraction(line.loss_pct) / 100)
        if line.product is None:
            yield _rated(at, partial(_lost, self._factors, line, amount, self._day))
            return
        at = at._replace(cell=msgspec.structs.replace(at.cell, component=canonical(line.product)))
        try:
            yield from self._component(at, line, amount)
        except FootprintError as error:
            yield Missing(at.stage, at.cell, error)

    def _component(self, at: At, line: BillInput, amount: Fraction) -> Iterator[Line | Missing]:
        supplier = line.supplier or ""
        stated, why = self._supply.declaration(at.cell.component, supplier, self._day)
        if stated is not None:
            entry, record = stated
            rated = _times(declared(record), units_in(line, record.declared_unit, None), amount)
            yield _done(at, rated, record.verified_by is not None, Choice("supplied", None, why, ()), entry)
            return
        passed: tuple[tuple[Level, str], ...] = (("supplied", why),)
        billed, why = self._supply.bill(at.cell.component, supplier, self._day)
        if billed is not None:
            yield from self._tier(at, line, amount, billed, Choice("modelled", None, why, passed))
            return
        if line.factor is None:
            raise ComponentUnknown(component=line.name, supplier=supplier, day=self._day.isoformat())
        choice = Choice[object]("default", None, "default-factor", (*passed, ("modelled", why)))
        rated = self._default(line, line.factor, amount)
        yield _done(at, rated, at.record.verified_by is not None, choice)

    def _default(self, line: BillInput, factor_id: str, amount: Fraction) -> Rated:
        """The default of a part that nobody told anything of; in the factor's own unit where the line says how much."""
        if line.default_amount is None:
            rated = material(self._factors, line, amount, line.unit, self._day)
        else:
            lost = Fraction(line.default_amount) * (1 + Fraction(line.loss_pct) / 100)
            rated = material(self._factors, line, lost, self._factors.factor(factor_id).per, self._day)
        return replace(rated, flags=(*rated.flags, "default-for-component"))

    def _tier(
        self, at: At, line: BillInput, amount: Fraction, billed: Billed, choice: Choice[object]
    ) -> Iterator[Line | Missing]:
        """A part by its own bill, up to its factory gate. What is missing below is said, what is there is counted."""
        entry, own = billed
        units = units_in(line, own.declared_unit, own.declared_units_per_piece)
        below = [found for found in self.lines(entry, own) if found.stage in GATE]
        rated = together(found.rated for found in below if isinstance(found, Line))
        rated = replace(rated, category="modelled", working=())
        yield _done(at, _times(rated, units, amount), own.verified_by is not None, choice, entry)
        for found in below:
            if isinstance(found, Missing):
                yield Missing(at.stage, at.cell, _incomplete(at.cell, found.error))
                return


def declared(record: ProductFootprint) -> Rated:
    """A declaration's figure per declared unit, by kind where it states the kinds."""
    primary = Fraction(record.primary_data_share_pct or 0) / 100
    return Rated(
        split=declared_split(record),
        category="primary" if primary == 1 else "modelled",
        primary=primary,
        flags=() if record.primary_data_share_pct is not None else ("primary-share-not-stated",),
        working=(
            Step("pcf", Fraction(record.pcf_kg_co2e), f"kg CO2e/{_DECLARED_IN[record.declared_unit]}", record.id),
        ),
    )


def declared_split(record: ProductFootprint) -> Split:
    """The kinds that a declaration states; what it leaves in one sum stays there."""
    stated = {
        "fossil": record.fossil_kg_co2e,
        "biogenic": record.biogenic_emissions_kg_co2e,
        "removals": record.biogenic_removals_kg_co2e,
        "land_use_change": record.land_use_change_kg_co2e,
        "aviation": record.aviation_kg_co2e,
    }
    known = Split(**{name: Fraction(value) for name, value in stated.items() if value is not None})
    return replace(known, unsplit=Fraction(record.pcf_kg_co2e) - known.total)


def _incomplete(cell: BillLine, error: FootprintError) -> FootprintError:
    """Why a part is incomplete: a circle is told as it is, everything else as the part's own affair."""
    if isinstance(error, BillCycle | BillTooDeep | ComponentIncomplete):
        return error
    return ComponentIncomplete(component=cell.name, why=error.message("en"))


def units_in(line: BillInput, declared_unit: str, per_piece: str | None) -> Fraction:
    """Declared units in one unit of the line. Raises ``ComponentUnitMismatch``."""
    if _DECLARED_IN[declared_unit] == line.unit:
        return Fraction(1)
    if line.unit == "piece" and per_piece is not None:
        return Fraction(per_piece)
    raise ComponentUnitMismatch(component=line.name, expected=declared_unit, got=line.unit)


def _rated(at: At, rate: Callable[[], Rated]) -> Line | Missing:
    try:
        return _done(at, rate(), at.record.verified_by is not None)
    except FootprintError as error:
        return Missing(at.stage, at.cell, error)


def _done(
    at: At, rated: Rated, verified: bool, choice: Choice[object] | None = None, evidence: int | None = None
) -> Line:
    """The line with its product's share of the process, where the process makes something else as well."""
    share = shared(at)
    if at.record.allocation is not None and share != 1:
        step = Step("allocation", share, "1", at.record.allocation.rule)
        rated = replace(
            rated, split=rated.split * share, flags=(*rated.flags, "allocated"), working=(*rated.working, step)
        )
    return Line(stage=at.stage, cell=at.cell, rated=rated, verified=verified, choice=choice, evidence=evidence)


def shared(at: At) -> Fraction:
    """The product's share of the process that a line belongs to; less than one where it makes something else too."""
    told = at.record.allocation
    return Fraction(told.share) if told is not None and at.stage in SHARED else Fraction(1)


def _lost(factors: FactorSet, line: BillInput, amount: Fraction, day: date) -> Rated:
    """A material with what is lost of it."""
    rated = material(factors, line, amount, line.unit, day)
    return replace(rated, working=(*rated.working, Step("loss", Fraction(line.loss_pct), "%", "q x (1 + loss)")))


def _packed(factors: FactorSet, item: PackagingItem, day: date) -> Rated:
    """Packaging by use: its mass over the times it serves."""
    rated = material(factors, item, Fraction(item.mass_kg) / item.uses, "kg", day)
    return replace(rated, working=(*rated.working, Step("uses", Fraction(item.uses), "1", "mass / uses")))


def _supposed(factors: FactorSet, used: EnergyAmount, day: date) -> Rated:
    """Energy of a use phase: nobody measured it."""
    rated = energy(factors, used, day, measured=False)
    return replace(rated, flags=(*rated.flags, "scenario"))


def _times(rated: Rated, units: Fraction, amount: Fraction) -> Rated:
    """A part's figure for the amount that goes in."""
    step = Step("amount", amount * units, "declared unit", "q x (1 + loss)")
    return replace(rated, split=rated.split * (amount * units), working=(*rated.working, step))


def _energy_name(used: EnergyAmount) -> str:
    return f"{used.carrier} {used.region}" if used.region else used.carrier
