"""The six commitments, and how a pledge to one stands: its line, its values, exact; computed, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from ledger.records.pledge import CommitmentName, Pledge, PledgeValue

PledgeState = Literal["reached", "on_path", "behind", "no_value"]
STATES: Final[tuple[PledgeState, ...]] = ("reached", "on_path", "behind", "no_value")


class Commitment(NamedTuple):
    """A commitment as the initiative has it, in short."""

    name: CommitmentName
    zh: str
    en: str


COMMITMENTS: Final = (
    Commitment("carbon", "提升碳管理水平", "Better carbon management"),
    Commitment("energy", "降低能源消耗", "Less energy used"),
    Commitment("manufacturing", "实施绿色制造", "Green manufacturing"),
    Commitment("packaging", "推广绿色包装", "Green packaging"),
    Commitment("logistics", "推行绿色物流", "Green logistics"),
    Commitment("recycling", "开展回收再利用", "Take-back and reuse"),
)


class Pledged(NamedTuple):
    """A pledge with its entry, and the values that count by year, each with its entry."""

    entry: int
    pledge: Pledge
    values: Mapping[int, tuple[int, PledgeValue]]

    def line(self, year: int) -> Fraction:
        """Where the straight line from base to target is at a year; before and after it stays as at its ends."""
        one = self.pledge
        base, target = Fraction(one.base_value), Fraction(one.target_value)
        passed = min(max(year - one.base_year, 0), one.target_year - one.base_year)
        return base + (target - base) * Fraction(passed, one.target_year - one.base_year)

    @property
    def latest(self) -> tuple[int, Fraction] | None:
        """The last year with a value, and the value; what lies before the base year does not count."""
        years = [year for year in self.values if year >= self.pledge.base_year]
        return (max(years), Fraction(self.values[max(years)][1].value)) if years else None

    @property
    def state(self) -> PledgeState:
        """
        By the last year with a value, against that year's point of the line.

        ``reached`` the target, ``on_path`` on the line or beyond, ``behind`` it; ``no_value`` when none was stated.
        """
        if self.latest is None:
            return "no_value"
        year, value = self.latest
        target = Fraction(self.pledge.target_value)
        down = target < Fraction(self.pledge.base_value)
        if value <= target if down else value >= target:
            return "reached"
        line = self.line(year)
        return "on_path" if (value <= line if down else value >= line) else "behind"

    @property
    def way(self) -> Fraction | None:
        """Share of the way from base to target that the last value is; below zero when it went the other way."""
        if self.latest is None:
            return None
        base, target = Fraction(self.pledge.base_value), Fraction(self.pledge.target_value)
        return (self.latest[1] - base) / (target - base)


def counted(entry: int, pledge: Pledge, said: Iterable[tuple[int, Any]]) -> Pledged:
    """
    A pledge with the values that count, of all values that name it, in the order of the log.

    A value counts that its pledge's own supplier stated, in the pledge's unit; of one year the one entered last.
    """
    values = {
        value.year: (at, value)
        for at, value in said
        if isinstance(value, PledgeValue) and (value.supplier, value.unit) == (pledge.supplier, pledge.unit)
    }
    return Pledged(entry, pledge, values)
