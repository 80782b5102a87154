"""All bills of a day as one product graph: what each product emits itself, and how much it needs of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

import numpy as np

from ledger.footprint.amount import total
from ledger.footprint.bill.reader import GATE, At, BillReader, Line, Missing, shared, units_in
from ledger.footprint.bill.supply import Billed, Supply
from ledger.footprint.factor import FactorSet
from ledger.footprint.graph import Plan, ProductGraph, plan, roll_up
from ledger.footprint.iso14083.hierarchy import Choice
from ledger.records.bill_of_materials import BillInput


@dataclass(frozen=True, slots=True)
class Network:
    """
    Bills valid on a day, from cradle to gate per declared unit [kg CO2e].

    ``own`` is what each adds to what it needs of others in ``bills``. ``missing`` are the lines that could not be
    computed, by the entry of their bill; a product that needs one of these is short of it as well.
    """

    bills: tuple[Billed, ...]
    own: tuple[Fraction, ...]
    edges: tuple[tuple[int, int, Fraction], ...]
    missing: dict[int, tuple[Missing, ...]]

    def plan(self) -> Plan:
        """The order of the graph. Raises ``GraphUnsolvable``, ``CircleTooWide``."""
        return plan(ProductGraph.of(len(self.bills), self.edges))

    def rolled_up(self) -> dict[int, Fraction]:
        """Every bill's footprint by its entry, circles solved [kg CO2e per declared unit]. Raises as ``plan``."""
        common = lcm(*(value.denominator for value in self.own))
        whole = [value.numerator * (common // value.denominator) for value in self.own]
        values = roll_up(self.plan(), np.array(whole, object), common).values()
        return {entry: value for (entry, _), value in zip(self.bills, values, strict=True)}

    def short(self) -> set[int]:
        """Entries of the bills that lack a line, of their own or of what they need: their figures are incomplete."""
        needed_by = defaultdict[int, list[int]](list)
        for parent, child, amount in self.edges:
            if amount:
                needed_by[self.bills[child][0]].append(self.bills[parent][0])
        found, waiting = set(self.missing), list(self.missing)
        while waiting:
            more = set(needed_by[waiting.pop()]) - found
            found |= more
            waiting += more
        return found


def network(supply: Supply, factors: FactorSet, day: date) -> Network:
    """The graph of every maker's bills; parts that are declared, or stand on a default, are the product's own."""
    reader = _Edges(supply, factors, day)
    billed = supply.billed_on(day)
    own, missing = list[Fraction](), dict[int, tuple[Missing, ...]]()
    for entry, record in billed:
        lines = [line for line in reader.lines(entry, record) if line.stage in GATE]
        own.append(total(line.rated.split.total for line in lines if isinstance(line, Line)))
        gone = tuple(line for line in lines if isinstance(line, Missing))
        if gone:
            missing[entry] = gone
    number = {entry: at for at, (entry, _) in enumerate(billed)}
    edges = tuple((number[parent], number[child], amount) for parent, child, amount in reader.edges)
    return Network(billed, tuple(own), edges, missing)


class _Edges(BillReader):
    """Reads one tier: a part with a bill of its own is an edge, not a figure."""

    def __init__(self, supply: Supply, factors: FactorSet, day: date) -> None:
        super().__init__(supply, factors, day)
        self.edges: list[tuple[int, int, Fraction]] = []

    def _tier(
        self,
        at: At,
        line: BillInput,
        amount: Fraction,
        billed: Billed,
        choice: Choice[object],  # noqa: ARG002
    ) -> Iterator[Line | Missing]:
        entry, own = billed
        if at.stage in GATE:
            units = units_in(line, own.declared_unit, own.declared_units_per_piece)
            self.edges.append((at.cell.entry, entry, amount * units * shared(at)))
        yield from ()
