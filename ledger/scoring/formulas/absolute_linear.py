"""Linear between two bounds that are published before any bid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Working, cut_off, must
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import between, plain
from ledger.scoring.scheme_errors import SchemeFault


class AbsoluteLinear(Formula):
    """
    Share = (P - worst) / (best - worst), cut off at 0 and 1. The default.

    ``best`` and ``worst`` are in the criterion's unit and fixed by the scheme, so no bid changes another's points.
    """

    key = "absolute-linear"
    title_en = "Linear between published bounds"
    title_zh = "预设区间线性法"
    algebra = "(P - worst) / (best - worst), at least 0, at most 1"
    source = "Absolute scoring on bounds fixed in the tender documents"
    parameters = (
        Parameter("best", "the criterion's", "value worth all points", "得满分的数值"),
        Parameter("worst", "the criterion's", "value worth none", "得零分的数值"),
    )
    relative = False

    def _range_faults(self, direction: Direction, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
        best, worst = parameters["best"], parameters["worst"]
        if direction == "lower" and best >= worst:
            yield must(self.key, parameters, "best below worst, since lower is better", "best 小于 worst（越低越优）")
        if direction == "higher" and best <= worst:
            yield must(self.key, parameters, "best above worst, since higher is better", "best 大于 worst（越高越优）")

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],
    ) -> Working:
        """Share of ``value`` between the bounds; the other bids play no part."""
        best, worst = parameters["best"], parameters["worst"]
        share, cut = cut_off(between(value, worst, best))
        return Working(share, f"({plain(value)} - {plain(worst)}) / ({plain(best)} - {plain(worst)}){cut}")
