"""The price deduction for certified green products in Chinese government procurement."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark, Undefined
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain


class GreenDeduction(AmountRule):
    """P x (1 - deduction x share): the price as compared; ``share`` is the certified part of the price, 0 to 1."""

    key = "green-deduction"
    title_en = "Price deduction for certified products"
    title_zh = "节能环保产品价格扣除"
    algebra = "P x (1 - deduction x share)"
    source = "财库〔2019〕9号 as applied by 粤财采购〔2019〕1号: 价格扣除 1 % 至 5 %; 6 % in local practice"
    roles = (PRICE_ROLE, Role("share", "1", "certified part of the price", "认证产品金额占比"))
    parameters = (Parameter("deduction", "1", "deduction", "扣除比例", least=Fraction(1, 100), most=Fraction(6, 100)),)

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """The price less the deduction on its certified part."""
        price, share, deduction = figures["price"], figures["share"], parameters["deduction"]
        if not 0 <= share <= 1:
            raise Undefined(plain(share))
        text = f"{plain(price)} x (1 - {plain(deduction)} x {plain(share)})"
        return Amounted(price * (1 - deduction * share), text)
