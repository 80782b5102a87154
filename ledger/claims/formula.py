"""
Formulas over stated figures: read once, evaluated exactly, with every step and the interval that rounding leaves.

Arithmetic is rational; ends of intervals too. A figure that a formula uses twice makes the interval wider than it needs
to be, never narrower: what is called not reproducible is so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.claims.errors import FigureMissing, FormulaUndefined, FormulaUnreadable, UnitsDisagree
from ledger.claims.unit import Dimension, reduced, times, unit_text

LONGEST: Final = 300
DEEPEST: Final = 20
HIGHEST_POWER: Final = 50
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,12})?)|(?P<name>[^\W\d]\w{0,39})|(?P<sign>[-+*/×÷^()]))"
)
_SAME: Final = {"×": "*", "÷": "/"}


class Amount(NamedTuple):
    """A number with what rounding leaves open, and its dimension."""

    value: Fraction
    low: Fraction
    high: Fraction
    dimension: Dimension = ()


class Step(NamedTuple):
    """One operation: ``text`` as the formula has it, its exact outcome in base units."""

    text: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read. ``names`` are the figures it uses, in order of first use."""

    text: str
    root: _Node

    @property
    def names(self) -> tuple[str, ...]:
        """The figures it uses."""
        return tuple(dict.fromkeys(self.root.names()))

    def evaluate(self, amounts: Mapping[str, Amount]) -> tuple[Amount, tuple[Step, ...]]:
        """The outcome and the steps to it. Raises ``FigureMissing``, ``FormulaUndefined``, ``UnitsDisagree``."""
        steps: list[Step] = []
        return self.root.evaluate(amounts, steps, self.text), tuple(steps)


@dataclass(frozen=True, slots=True)
class _Node:
    """An operation with its operands; a name or a number when it has none."""

    op: str
    text: str
    parts: tuple[_Node, ...] = ()

    def names(self) -> Iterator[str]:
        if self.op == "name":
            yield self.text
        for part in self.parts:
            yield from part.names()

    def evaluate(self, amounts: Mapping[str, Amount], steps: list[Step], whole: str) -> Amount:
        if self.op == "number":
            value = Fraction(self.text)
            return Amount(value, value, value)
        if self.op == "name":
            if self.text not in amounts:
                raise FigureMissing(name=self.text, stated=", ".join(amounts) or "-")
            return amounts[self.text]
        operands = [part.evaluate(amounts, steps, whole) for part in self.parts]
        done = _operate(self, operands, whole)
        steps.append(Step(self.text, done))
        return done


def formula(text: str) -> Formula:
    """Read a formula: names, numbers, ``+ - * / ^ ( )``. Raises ``FormulaUnreadable``."""
    if len(text) > LONGEST:
        raise FormulaUnreadable(formula=text[:LONGEST], character=LONGEST + 1)
    reader = _Reader(text)
    root = reader.sum(0)
    if reader.position < len(reader.tokens):
        raise reader.refuse()
    return Formula(text.strip(), root)


_Level = Callable[[int], _Node]


class _Reader:
    """Recursive descent, one method per level of precedence."""

    def __init__(self, text: str) -> None:
        self.text, self.position = text, 0
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise FormulaUnreadable(formula=text, character=at + 1)
            kind = found.lastgroup or ""
            token = found[kind]
            self.tokens.append((kind, _SAME.get(token, token), found.start(kind)))
            at = found.end()

    def refuse(self) -> FormulaUnreadable:
        at = self.tokens[self.position][2] if self.position < len(self.tokens) else len(self.text)
        return FormulaUnreadable(formula=self.text, character=at + 1)

    def sum(self, depth: int) -> _Node:
        return self._chain(self.product, "+-", depth)

    def product(self, depth: int) -> _Node:
        return self._chain(self.power, "*/", depth)

    def _chain(self, level: _Level, signs: str, depth: int) -> _Node:
        left = level(depth)
        while sign := self._take(signs):
            right = level(depth)
            left = _Node(sign, f"{_in(left, sign)} {sign} {_in(right, sign, right_hand=True)}", (left, right))
        return left

    def power(self, depth: int) -> _Node:
        base = self.atom(depth)
        if not self._take("^"):
            return base
        kind, token, _ = self._next()
        if kind != "number" or not token.isdigit() or not 1 <= int(token) <= HIGHEST_POWER:
            self.position -= 1
            raise self.refuse()
        return _Node("^", f"{_in(base, '^')}^{int(token)}", (base, _Node("number", str(int(token)))))

    def atom(self, depth: int) -> _Node:
        if depth > DEEPEST:
            raise self.refuse()
        if self._take("("):
            inside = self.sum(depth + 1)
            if not self._take(")"):
                raise self.refuse()
            return inside
        kind, token, _ = self._next()
        if kind not in {"number", "name"}:
            self.position -= 1
            raise self.refuse()
        return _Node(kind, token)

    def _next(self) -> tuple[str, str, int]:
        if self.position == len(self.tokens):
            raise self.refuse()
        self.position += 1
        return self.tokens[self.position - 1]

    def _take(self, signs: str) -> str:
        if self.position < len(self.tokens) and self.tokens[self.position][0] == "sign":
            token = self.tokens[self.position][1]
            if token in signs:
                self.position += 1
                return token
        return ""


_BINDING: Final = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3, "name": 4, "number": 4}


def _in(part: _Node, sign: str, *, right_hand: bool = False) -> str:
    """A part as it stands inside an operation, in brackets where it would read otherwise."""
    weaker = _BINDING[part.op] < _BINDING[sign] or (right_hand and _BINDING[part.op] == _BINDING[sign])
    return f"({part.text})" if weaker or (sign == "^" and part.op == "^") else part.text


def _operate(node: _Node, operands: list[Amount], whole: str) -> Amount:
    left, right = operands
    match node.op:
        case "+" | "-":
            if left.dimension != right.dimension:
                raise UnitsDisagree(left=_said(left), right=_said(right))
            if node.op == "+":
                return Amount(left.value + right.value, left.low + right.low, left.high + right.high, left.dimension)
            return Amount(left.value - right.value, left.low - right.high, left.high - right.low, left.dimension)
        case "*":
            return _product(left, right, times(left.dimension, right.dimension))
        case "/":
            if right.low <= 0 <= right.high:
                raise FormulaUndefined(formula=whole)
            inverse = Amount(1 / right.value, 1 / right.high, 1 / right.low)
            return _product(left, inverse, times(left.dimension, right.dimension, -1))
        case _:
            return _power(left, int(right.value))


def _product(left: Amount, right: Amount, dimension: Dimension) -> Amount:
    if left.low.numerator >= 0 and right.low.numerator >= 0:  # as printed figures are: the ends are known
        return Amount(left.value * right.value, left.low * right.low, left.high * right.high, dimension)
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Amount(left.value * right.value, min(corners), max(corners), dimension)


def _power(base: Amount, power: int) -> Amount:
    ends = sorted((base.low**power, base.high**power))
    low = Fraction(0) if power % 2 == 0 and base.low < 0 < base.high else ends[0]
    return Amount(base.value**power, low, ends[1], reduced({name: n * power for name, n in base.dimension}))


def _said(amount: Amount) -> str:
    return unit_text(amount.dimension) or "1"
