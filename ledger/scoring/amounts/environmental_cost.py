"""The environmental cost indicator of a product (MKI, ECI): impacts at a price each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark
from ledger.scoring.rational import plain

PRICES_A1: dict[str, tuple[str, Fraction]] = {
    "GWP": ("kg CO2 eq", Fraction("0.05")),
    "ODP": ("kg CFC-11 eq", Fraction(30)),
    "POCP": ("kg C2H4 eq", Fraction(2)),
    "AP": ("kg SO2 eq", Fraction(4)),
    "EP": ("kg PO4 eq", Fraction(9)),
    "HTP": ("kg 1,4-DB eq", Fraction("0.09")),
    "FAETP": ("kg 1,4-DB eq", Fraction("0.03")),
    "MAETP": ("kg 1,4-DB eq", Fraction("0.0001")),
    "TETP": ("kg 1,4-DB eq", Fraction("0.06")),
    "ADP": ("kg Sb eq", Fraction("0.16")),
}
"""EUR per unit, weight set A1. A later set is another rule: a published scheme must go on meaning what it meant."""


class EnvironmentalCost(AmountRule):
    """The sum of impact x price over the ten impacts of EN 15804+A1, in EUR."""

    key = "environmental-cost-a1"
    title_en = "Environmental cost indicator, weight set A1"
    title_zh = "环境成本指标（A1 权重）"
    algebra = "sum of impact_k x price_k"
    source = "Stichting Nationale Milieudatabase, Bepalingsmethode: shadow prices of set A1 (EN 15804+A1)"
    roles = tuple(Role(name, unit, name, name) for name, (unit, _) in PRICES_A1.items())

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """All impacts in money."""
        terms = [(figures[name], price) for name, (_, price) in PRICES_A1.items()]
        text = " + ".join(f"{plain(amount)} x {plain(price)}" for amount, price in terms)
        return Amounted(sum((amount * price for amount, price in terms), Fraction(0)), text)
