"""A criterion: what is read from a bid, which way is better, by which formula, for how many points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from ledger.scoring.form import Value
from ledger.scoring.formulas import FORMULAS, Benchmark, Direction, Formula, formula
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import AmountNotPositive, FormulaUnknown, SchemeFault, TextAbsent

PRICE = "price"
FOOTPRINT = "footprint"
QUANTITY = "quantity"


class Criterion(Value, frozen=True, kw_only=True):
    """
    One line of the scheme.

    ``reads`` is ``price`` [the scheme's currency], ``footprint`` [kg CO2e per declared unit, after the data-quality
    adjustment], the key of one of the scheme's amounts, or the name of a recorded test result or mark in
    ``Bid.quality`` [``unit``].
    ``weight`` is in points.
    """

    key: str
    title_en: str
    title_zh: str
    reads: str
    unit: str
    direction: Direction
    weight: Fraction
    formula: str
    parameters: dict[str, Fraction] = msgspec.field(default_factory=dict)

    @property
    def rule(self) -> Formula:
        """The formula itself."""
        found = formula(self.formula)
        if found is None:
            raise FormulaUnknown(formula=self.formula, known=", ".join(f.key for f in FORMULAS))
        return found

    def share(self, value: Fraction, benchmark: Benchmark) -> Fraction:
        """The share of the points for a value of the field that set the benchmark. Raises ``Undefined``."""
        return self.rule.work(value, benchmark, self.direction, self.parameters).share

    def faults(self) -> Iterator[SchemeFault]:
        """What is wrong with this criterion on its own."""
        for name in ("key", "title_en", "title_zh", "reads", "unit"):
            if not getattr(self, name).strip():
                yield TextAbsent(field=name)
        if self.weight <= 0:
            yield AmountNotPositive(field="weight", value=plain(self.weight))
        try:
            yield from self.rule.faults(self.direction, self.parameters)
        except FormulaUnknown as fault:
            yield fault
