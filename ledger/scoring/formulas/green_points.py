"""Bonus points for certified green products."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working
from ledger.scoring.rational import plain


class GreenPoints(Formula):
    """Share = the value itself: the certified part of the offer, 0 to 1. The weight is the bonus, 1 to 5 points."""

    key = "green-points"
    title_en = "Bonus points for certified products"
    title_zh = "节能环保产品加分"
    algebra = "share of the offer that is certified"
    source = "财库〔2019〕9号 as applied by 粤财采购〔2019〕1号: 优先采购产品加 1 至 5 分"
    directions = ("higher",)
    relative = False

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Working:
        """The certified share."""
        if not 0 <= value <= 1:
            raise Undefined(plain(value))
        return Working(value, plain(value))
