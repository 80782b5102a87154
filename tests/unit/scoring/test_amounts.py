"""Amounts and formulas: worked examples from outside, then what must hold for any figures."""

from __future__ import annotations

import json
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.scoring.amount import Amount
from ledger.scoring.amounts import AMOUNT_RULES, amount_rule
from ledger.scoring.amounts.environmental_cost import PRICES_A1
from ledger.scoring.amounts.ladder_discount import sanction
from ledger.scoring.award import replay, score
from ledger.scoring.bid_errors import FormulaUndefined, InputAbsent
from ledger.scoring.formulas import FORMULAS, formula
from ledger.scoring.logarithm import log_ratio
from ledger.scoring.scheme_errors import SchemeRefused
from ledger.units import shown
from tests.unit.scoring.tender import RULE, bid, criterion, footprint, full_scheme, scheme

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "scoring_formulas.json").read_text("utf-8"))


def worked(
    rule: str, figures: dict[str, str], parameters: dict[str, str], field: list[dict[str, str]] | None = None
) -> Fraction:
    """The amount of one bid among a field."""
    found = amount_rule(rule)
    assert found is not None
    numbers = {name: Fraction(value) for name, value in parameters.items()}
    assert list(found.faults(numbers)) == []
    everyone = [{k: Fraction(v) for k, v in one.items()} for one in field or [figures]]
    return found.work({k: Fraction(v) for k, v in figures.items()}, found.benchmark(everyone, numbers), numbers).value


def amount(key: str, rule: str, inputs: dict[str, str], **parameters: str) -> Amount:
    """An amount of a scheme."""
    return Amount(
        key=key,
        title_en=key,
        title_zh=key,
        rule=rule,
        unit="CNY",
        inputs=inputs,
        parameters={name: Fraction(value) for name, value in parameters.items()},
    )


def test_ladder_discount_and_sanction_are_those_of_skao() -> None:
    """Three levels of 5 %, and one and a half times what was not achieved."""
    vector = VECTORS["ladder"]
    for level, discount in vector["discounts"].items():
        figures = {"price": vector["price"], "level": level}
        compared = worked("ladder-discount", figures, {"step": vector["step"], "levels": "3"})
        assert Fraction(vector["price"]) - compared == Fraction(discount)
    promised, achieved = Fraction(vector["promised"]), Fraction(vector["achieved"])
    assert sanction(promised, achieved) == Fraction(vector["sanction"])
    assert sanction(achieved, promised) == 0


def test_marks_are_worth_what_rijkswaterstaat_says() -> None:
    """From 200,000 down to a surcharge of 100,000."""
    vector = VECTORS["rws_scale"]
    for mark, value in vector["value"].items():
        compared = worked("quality-value", {"price": "1000000", "mark": mark}, {"maximum": vector["maximum"]})
        assert 1_000_000 - compared == Fraction(value)


def test_environmental_cost_rows_and_total() -> None:
    """The printed rows sum to the printed total, a row is its product, and the row that is off by ten is found."""
    vector = VECTORS["mki_rows"]
    assert Fraction(vector["quantity"]) * Fraction(vector["unit_cost"]) == Fraction(vector["row"])
    assert sum(map(Fraction, vector["rows"])) == Fraction(vector["total"])
    wrong = VECTORS["mki_row_off_by_ten"]
    assert prod(map(Fraction, wrong["factors"])) == Fraction(wrong["right"]) == Fraction(wrong["printed"]) / 10
    impacts = dict.fromkeys(PRICES_A1, "0") | {"GWP": "1000", "AP": "2"}
    assert worked("environmental-cost-a1", impacts, {}) == 58


def test_environmental_discount_lies_between_reference_and_lower_limit() -> None:
    """Nothing at the reference, half in the middle, no more than all of it below the limit."""
    rules = {"reference": "100", "lower": "50", "maximum": "1000"}
    for cost, compared in {"120": 9000, "100": 9000, "75": 8500, "50": 8000, "10": 8000}.items():
        assert worked("environmental-discount", {"price": "9000", "cost": cost}, rules) == compared


def test_life_cycle_cost_is_price_and_annuity() -> None:
    """Ten years of 1,000 at 5 % are 7,721.73; end of life is discounted over all years."""
    vector = VECTORS["lcc_npv"]
    rules = {"years": vector["years"], "rate": vector["rate"]}
    value = worked("life-cycle-cost", {"price": "500", "yearly": vector["yearly"], "end": "0"}, rules)
    assert shown(value - 500, 2) == vector["shown"]
    ended = worked("life-cycle-cost", {"price": "0", "yearly": "0", "end": "121"}, {"years": "2", "rate": "0.1"})
    assert ended == 100


def test_shadow_price_is_level_at_the_flip_price() -> None:
    """1.00M with 900 t and 1.03M with 600 t cost the same at 100 per tonne."""
    rules = {"per_tonne": "100"}
    first = worked("shadow-price", {"price": "1000000", "footprint": "900000", "quantity": "1"}, rules)
    assert first == worked("shadow-price", {"price": "1030000", "footprint": "600", "quantity": "1000"}, rules)


@pytest.mark.parametrize(
    ("key", "rule", "result"), [("worldbank", "rated-criteria", "score"), ("utility", "utility", "index")]
)
def test_relative_amounts_are_those_of_their_formulas(key: str, rule: str, result: str) -> None:
    """Combined scores by hand."""
    vector = VECTORS[key]
    rules = (
        {"cost_weight": vector["cost_weight"]} if key == "worldbank" else {"quality_weight": "1", "price_weight": "1"}
    )
    field = [{k: v for k, v in one.items() if k != result} for one in vector["bids"].values()]
    for figures, one in zip(field, vector["bids"].values(), strict=True):
        assert shown(worked(rule, figures, rules, field), 2) == one[result]


def test_deduction_and_quality_per_price() -> None:
    """6 % off the certified half; 80 marks for 4,000."""
    assert worked("green-deduction", {"price": "1000", "share": "0.5"}, {"deduction": "0.06"}) == 970
    assert worked("quality-per-price", {"price": "4000", "quality": "80"}, {"scale": "100"}) == 2


@pytest.mark.parametrize("case", VECTORS["log"]["cases"])
def test_logarithmic_shares_to_twelve_places(case: dict[str, str]) -> None:
    """Exact where the logarithm is rational, otherwise the digits of any table of logarithms."""
    f = formula("logarithmic")
    assert f is not None
    parameters = {"multiple": Fraction(case["multiple"])}
    benchmark = f.benchmark([Fraction(1), Fraction(case["ratio"])], "lower", parameters)
    assert f.work(Fraction(case["ratio"]), benchmark, "lower", parameters).share == Fraction(case["share"])


@given(st.fractions(1, 1000, max_denominator=1000), st.fractions(1, 1000, max_denominator=1000))
def test_logarithms_add_up(x: Fraction, y: Fraction) -> None:
    """log xy = log x + log y to the roundings of three results; never decreasing."""
    base = Fraction(10)
    assert abs(log_ratio(x * y, base) - log_ratio(x, base) - log_ratio(y, base)) <= Fraction(3, 2 * 10**12)
    assert (log_ratio(x, base) <= log_ratio(y, base)) or x > y


def test_the_saving_of_the_taxi_example() -> None:
    """Five years at 620 instead of 603.05 t a year."""
    vector = VECTORS["ocp_taxi"]
    assert (Fraction(vector["first"]) - Fraction(vector["second"])) * int(vector["years"]) == Fraction(vector["saved"])


def test_amounts_are_read_by_later_amounts_and_by_criteria_and_replay() -> None:
    """Life-cycle cost, its carbon on top, compared by the lowest: every step is on the sheet."""
    amounts = (
        amount("whole", "life-cycle-cost", {"price": "price", "yearly": "energy", "end": "end"}, years="2", rate="0"),
        amount(
            "with carbon",
            "shadow-price",
            {"price": "whole", "footprint": "footprint", "quantity": "quantity"},
            per_tonne="100",
        ),
    )
    rules = scheme(
        criterion("cost", "100", "lowest-price", reads="with carbon"),
        amounts=amounts,
        quantity=Fraction(1000),
        footprint_rule=RULE,
        gates=tuple(g for g in full_scheme().gates if g.kind == "footprint-comparable"),
    )
    quality = {"energy": Fraction(100), "end": Fraction(-50)}
    bids = [
        bid("A", "1000", quality=quality, footprint=footprint("60")),
        bid("B", "1000", quality=quality, footprint=footprint("60", "unverified")),
    ]
    sheet = score(rules, bids)
    assert [(f.bidder, f.amount, f.value) for f in sheet.figures] == [
        ("A", "whole", 1150),
        ("B", "whole", 1150),
        ("A", "with carbon", 1150 + 6000),
        ("B", "with carbon", 1150 + 11000),
    ]
    assert sheet.figures[2].working == "1150 + 100 x 60 x 1000 / 1000"
    assert replay(sheet.to_record()).to_record() == sheet.to_record()
    with pytest.raises(InputAbsent):
        score(rules, [bid("A", "1", footprint=footprint("60"))])


def test_amounts_of_a_scheme_are_checked() -> None:
    """Unknown rules, missing roles, later amounts, keys taken, ranges: each named at its place."""
    price = criterion("price", "100", "lowest-price")
    cases: list[tuple[Amount, str]] = [
        (amount("x", "unknown", {}), "scoring.formula-unknown"),
        (amount("x", "green-deduction", {"price": "price"}, deduction="0.05"), "scoring.amount-inputs"),
        (amount("x", "green-deduction", {"price": "x", "share": "s"}, deduction="0.05"), "scoring.amount-inputs"),
        (amount("x", "green-deduction", {"price": "price", "share": "s"}, deduction="0.5"), "scoring.bounds"),
        (amount("x", "green-deduction", {"price": "price", "share": "s"}), "scoring.parameters"),
        (amount("price", "green-deduction", {"price": "cost", "share": "s"}, deduction="0.05"), "scoring.key-repeated"),
    ]
    for wrong, code in cases:
        with pytest.raises(SchemeRefused) as caught:
            scheme(price, amounts=(wrong,))
        assert [f.code for f in caught.value.faults] == [code]


def test_a_mark_the_rule_does_not_know_is_refused_with_the_bidder() -> None:
    """A level that does not exist has no discount."""
    rules = scheme(
        criterion("cost", "100", "lowest-price", reads="fictitious"),
        amounts=(
            amount("fictitious", "ladder-discount", {"price": "price", "level": "level"}, step="0.05", levels="3"),
        ),
    )
    with pytest.raises(FormulaUndefined) as caught:
        score(rules, [bid("A", "100", quality={"level": Fraction(4)})])
    assert (caught.value.bidder, caught.value.value) == ("A", "4")


def test_every_formula_and_amount_says_what_a_reader_needs() -> None:
    """Titles in both languages, algebra and source; a relative one warns in both."""
    every: list[Any] = [*FORMULAS, *AMOUNT_RULES]
    assert len({one.key for one in every}) == len(every)
    for one in every:
        assert one.title_en
        assert one.title_zh
        assert one.algebra
        assert one.source
        assert bool(one.warning_en) == bool(one.warning_zh)
        assert one.warning_en or not one.relative
        assert all(p.en and p.zh and p.unit for p in one.parameters)
