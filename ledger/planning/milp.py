"""
Whole-number programs: built here, solved by HiGHS, and believed only as far as whole numbers confirm.

HiGHS works in binary floats. Its values are rounded to whole numbers and every row is checked with them exactly; what a
plan states is computed from those. Its bound is a float too: as all costs are whole numbers, a value is called proven
when the bound, less a tolerance, rounds up to it; otherwise the gap is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, gcd, inf, isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.planning.installed import needed

if TYPE_CHECKING:
    from highspy import Highs, HighsLp

_TOLERANCE: Final = 1e-6
_RELATIVE: Final = 1e-9


class Row(NamedTuple):
    """``low`` <= sum of coefficient x column <= ``high``; ``None`` is no limit."""

    terms: Mapping[int, int]
    low: int | None = None
    high: int | None = None


class Column(NamedTuple):
    """A whole number from 0 to ``most``, at ``cost`` each."""

    cost: int
    most: int = 1


class Progress(NamedTuple):
    """The best value found and the bound below which none is; ``None`` while there is none."""

    best: int | None
    bound: int | None


Watch = Callable[[Progress], bool]
"""Told how far it is; says whether to go on."""


class Solved(NamedTuple):
    """Values of the columns, their exact cost, and what no solution is below."""

    values: tuple[int, ...]
    cost: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether nothing better exists."""
        return self.bound >= self.cost


def solve(columns: list[Column], rows: list[Row], *, seconds: int, watch: Watch | None = None) -> Solved | None:
    """
    The least cost, or the best found in so many seconds; ``None`` when nothing was found.

    One thread and a fixed seed: a program solved to the end gives the same values each time. Raises
    ``PlannerMissing``.
    """
    needed("highspy")
    from highspy import Highs

    solver = Highs()
    solver.silent()
    for option, value in (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.999)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("time_limit", float(seconds))
    solver.passModel(_model(columns, rows))
    if watch is not None:
        _watched(solver, watch)
    solver.run()
    found = solver.getSolution().col_value
    if len(found) != len(columns) or not isfinite(solver.getInfo().objective_function_value):
        return None
    values = tuple(round(value) for value in found)
    if not _keeps(values, columns, rows):
        return None
    cost = sum(column.cost * value for column, value in zip(columns, values, strict=True))
    return Solved(values, cost, min(cost, _whole(solver.getInfo().mip_dual_bound) or 0))


def _whole(bound: float) -> int | None:
    return ceil(bound - _TOLERANCE - _RELATIVE * abs(bound)) if isfinite(bound) else None


def _keeps(values: tuple[int, ...], columns: list[Column], rows: list[Row]) -> bool:
    if any(not 0 <= value <= column.most for value, column in zip(values, columns, strict=True)):
        return False
    for row in rows:
        total = sum(factor * values[number] for number, factor in row.terms.items())
        if (row.low is not None and total < row.low) or (row.high is not None and total > row.high):
            return False
    return True


def _model(columns: list[Column], rows: list[Row]) -> HighsLp:
    from highspy import HighsLp, HighsVarType, MatrixFormat

    rows = [_smaller(row) for row in rows]
    model = HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(rows)
    model.col_cost_ = [float(column.cost) for column in columns]
    model.col_lower_ = [0.0] * len(columns)
    model.col_upper_ = [float(column.most) for column in columns]
    model.integrality_ = [HighsVarType.kInteger] * len(columns)
    model.row_lower_ = [-inf if row.low is None else float(row.low) for row in rows]
    model.row_upper_ = [inf if row.high is None else float(row.high) for row in rows]
    model.a_matrix_.format_ = MatrixFormat.kRowwise
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row.terms))
    model.a_matrix_.start_ = starts
    model.a_matrix_.index_ = [number for row in rows for number in row.terms]
    model.a_matrix_.value_ = [float(factor) for row in rows for factor in row.terms.values()]
    return model


def _smaller(row: Row) -> Row:
    """The same row in the largest unit that keeps it whole: floats like small numbers."""
    common = gcd(*row.terms.values(), row.low or 0, row.high or 0) or 1
    low = None if row.low is None else row.low // common
    high = None if row.high is None else row.high // common
    return Row({number: factor // common for number, factor in row.terms.items()}, low, high)


def _watched(solver: Highs, watch: Watch) -> None:
    def told(event: object) -> None:
        data = event.data_out  # type: ignore[attr-defined]
        best = round(data.mip_primal_bound) if isfinite(data.mip_primal_bound) else None
        if not watch(Progress(best, _whole(data.mip_dual_bound))):
            event.interrupt()  # type: ignore[attr-defined]

    solver.cbMipInterrupt += told
