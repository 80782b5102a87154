"""Price plus the price of the emissions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import EMISSIONS_ROLE, PRICE_ROLE, Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain


class ShadowPrice(AmountRule):
    """P + p x E: ``per_tonne`` p in currency per t CO2e, E = footprint x quantity in kg."""

    key = "shadow-price"
    title_en = "Price plus carbon shadow price"
    title_zh = "报价加碳影子价格"
    algebra = "P + p x footprint x quantity / 1000"
    source = "Shadow price of carbon in tendering; cost rates: Umweltbundesamt, Methodenkonvention (about 250 EUR/t)"
    roles = (PRICE_ROLE, EMISSIONS_ROLE, Role("quantity", "declared units", "quantity bought", "采购数量"))
    parameters = (Parameter("per_tonne", "currency/t CO2e", "carbon price", "碳价", least=Fraction(0)),)

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """Price and carbon price of the whole quantity."""
        price, kg, units, rate = figures["price"], figures["footprint"], figures["quantity"], parameters["per_tonne"]
        text = f"{plain(price)} + {plain(rate)} x {plain(kg)} x {plain(units)} / 1000"
        return Amounted(price + rate * kg * units / 1000, text)
