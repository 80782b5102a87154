"""
The formulas, from one value to points. A new one is one file with one class, and one line here.

What needs several figures of a bid (price and footprint, price and quality) is an amount first: ``scoring.amounts``.
"""

from __future__ import annotations

from ledger.scoring.formulas.absolute_linear import AbsoluteLinear
from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working
from ledger.scoring.formulas.best_ratio import BestRatio
from ledger.scoring.formulas.green_points import GreenPoints
from ledger.scoring.formulas.interval_benchmark import IntervalBenchmark
from ledger.scoring.formulas.logarithmic import Logarithmic
from ledger.scoring.formulas.lowest_price import LowestPrice
from ledger.scoring.formulas.mean_benchmark import MeanBenchmark
from ledger.scoring.formulas.min_max import MinMax

FORMULAS: tuple[Formula, ...] = (
    AbsoluteLinear(),
    LowestPrice(),
    BestRatio(),
    MinMax(),
    Logarithmic(),
    GreenPoints(),
    MeanBenchmark(),
    IntervalBenchmark(),
)

DEFAULT = FORMULAS[0].key
"""The formula to offer first: no bid changes another bid's points."""

_BY_KEY = {f.key: f for f in FORMULAS}


def formula(key: str) -> Formula | None:
    """The formula of that key, or ``None``."""
    return _BY_KEY.get(key)


__all__ = ["DEFAULT", "FORMULAS", "Benchmark", "Direction", "Formula", "Undefined", "Working", "formula"]
