"""Pace: what is reached against the share of time that is gone, and what each year left must bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ledger.footprint.amount import exact_text
from ledger.footprint.targets.actual import Actual, covered, of_year
from ledger.footprint.targets.path import goal, is_behind, on_path, rate_for
from ledger.records.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """
    A target at the end of its last year with a value. Shares are 0 to 1; amounts are in the target's unit.

    ``value`` is that year's, of a saving what has added up. ``needed`` is what each year left must take off, of a
    saving what it must bring; ``needed_rate`` the equal rate of a compound path, rounded. ``against_last`` compares a
    saving's ``needed`` with the last year: 0.125 is 12.5 % more. They are ``None`` when nothing is left to do.
    """

    year: int
    value: Actual
    path: Fraction
    progress: Fraction
    time: Fraction
    behind: bool
    years_left: int
    left: Fraction
    needed: Fraction | None
    needed_rate: Fraction | None
    against_last: Fraction | None

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as exact text."""
        shares = {"needed": self.needed, "needed_rate": self.needed_rate, "against_last_year": self.against_last}
        return {
            "year": self.year,
            "value": exact_text(self.value.value),
            "standing": self.value.standing,
            "origin": self.value.origin,
            "entries": list(self.value.entries),
            "inventory_gaps": self.value.gaps,
            "path": exact_text(self.path),
            "progress": exact_text(self.progress),
            "time": exact_text(self.time),
            "behind": self.behind,
            "years_left": self.years_left,
            "left": exact_text(self.left),
            **{name: None if share is None else exact_text(share) for name, share in shares.items()},
        }


def yearly(target: Target, held: Mapping[tuple[int, int], Actual]) -> dict[int, Actual]:
    """Values by year, for the years from the base year to the target year that have one; of a saving, what added up."""
    years = range(target.base_year + 1, target.target_year + 1)
    if target.metric == "saving":
        start = (target.base_year + 1) * 12
        found = {year: covered(held, start, year * 12 + 11) for year in years}
    else:
        adds_up = target.metric != "intensity"
        found = {year: of_year(held, year, adds_up=adds_up) for year in years}
    return {year: value for year, value in found.items() if value is not None}


def pace(target: Target, held: Mapping[tuple[int, int], Actual]) -> Pace | None:
    """The pace at the last year with a value; ``None`` before the first."""
    values = yearly(target, held)
    if not values:
        return None
    year = max(values)
    value, aim = values[year], goal(target)
    years, left_years = target.target_year - target.base_year, target.target_year - year
    needed = needed_rate = against = None
    if target.metric == "saving":
        left = aim - value.value
        progress = value.value / aim
        if left > 0 and left_years:
            needed = left / left_years
            last = of_year(held, year, adds_up=True)
            against = needed / last.value - 1 if last and last.value else None
    else:
        base = Fraction(target.base_value or 0)
        left = value.value - aim
        progress = (base - value.value) / (base - aim)
        if left > 0 and left_years:
            needed = left / left_years
            needed_rate = rate_for(left / value.value, left_years) if target.path == "compound" else None
    return Pace(
        year=year,
        value=value,
        path=on_path(target, year),
        progress=progress,
        time=Fraction(year - target.base_year, years),
        behind=is_behind(target, year, value.value),
        years_left=left_years,
        left=max(left, Fraction(0)),
        needed=needed,
        needed_rate=needed_rate,
        against_last=against,
    )
