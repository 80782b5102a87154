"""The formulas. A new one is one file with one class, and one line here; nothing registers itself."""

from __future__ import annotations

from ledger.scoring.formulas.absolute_linear import AbsoluteLinear
from ledger.scoring.formulas.base import Direction, Formula, Undefined, Working
from ledger.scoring.formulas.best_ratio import BestRatio
from ledger.scoring.formulas.lowest_price import LowestPrice
from ledger.scoring.formulas.mean_benchmark import MeanBenchmark
from ledger.scoring.formulas.min_max import MinMax

FORMULAS: tuple[Formula, ...] = (
    AbsoluteLinear(),
    LowestPrice(),
    BestRatio(),
    MinMax(),
    MeanBenchmark(),
)

DEFAULT = FORMULAS[0].key
"""The formula to offer first: no bid changes another bid's points."""


def formula(key: str) -> Formula | None:
    """The formula of that key, or ``None``."""
    return next((f for f in FORMULAS if f.key == key), None)


__all__ = ["DEFAULT", "FORMULAS", "Direction", "Formula", "Undefined", "Working", "formula"]
