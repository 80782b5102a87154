"""Facts from outside first: worked examples printed at, or computed by hand from, the sources named in the vectors."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.scoring.abnormally_low import AbnormallyLow, low_test
from ledger.scoring.award import score
from ledger.scoring.bid import NO_FOOTPRINT
from ledger.scoring.data_quality import scored_footprint
from ledger.scoring.gate import Gate
from ledger.scoring.robustness import flip_price
from tests.unit.scoring.tender import RULE, bid, criterion, footprint, scheme

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "procurement_examples.json").read_text("utf-8"))


def of_100(weight: str) -> Any:
    """A quality criterion worth its marks out of 100."""
    return criterion(
        "quality",
        weight,
        "absolute-linear",
        "higher",
        parameters={"best": Fraction(100), "worst": Fraction(0)},
        unit="marks",
    )


def test_low_bid_ratio_totals_are_those_printed_by_negometrix() -> None:
    """Quality plus 70 points of lowest price over price gives 146 and 144."""
    vector = VECTORS["low_bid_ratio"]
    rules = scheme(of_100("100"), criterion("price", vector["price_points"], "lowest-price"), points=Fraction(170))
    sheet = score(
        rules, [bid(k, v["price"], quality={"quality": Fraction(v["quality"])}) for k, v in vector["bids"].items()]
    )
    assert {t.bidder: t.points for t in sheet.totals} == {k: Fraction(v["total"]) for k, v in vector["bids"].items()}
    assert sheet.winner == "A"


@pytest.mark.parametrize("year", VECTORS["cbam_markup"]["years"])
def test_a_default_footprint_is_marked_up_as_cbam_marks_up(year: str) -> None:
    """A missing footprint is the default value plus 10, 20, 30 percent by year, and 30 from then on."""
    vector = VECTORS["cbam_markup"]
    rule = type(RULE)(default=Fraction(vector["default"]), default_source="CBAM", markups=RULE.markups)
    closing = datetime.fromisoformat(f"{year}-06-30T17:00:00+08:00")
    assert scored_footprint("A", NO_FOOTPRINT, rule, closing).scored == Fraction(vector["years"][year])


@pytest.mark.parametrize("case", VECTORS["cn_price"]["cases"])
def test_lowest_price_points_are_those_of_order_87(case: dict[str, Any]) -> None:
    """The benchmark price over the price, times the points, shown to two places."""
    points = Fraction(case["points"])
    rules = scheme(criterion("price", case["points"], "lowest-price"), points=points)
    sheet = score(rules, [bid(price, price) for price in case["shown"]])
    assert {cell.bidder: cell.shown for cell in sheet.cells} == case["shown"]


@pytest.mark.parametrize("case", VECTORS["mean_benchmark"]["cases"])
def test_a_cover_bid_moves_the_winner_of_a_mean_benchmark(case: dict[str, Any]) -> None:
    """Points by distance from the mean, with and without the cover bid of 150."""
    parameters = {name: Fraction(VECTORS["mean_benchmark"][name]) for name in ("deduction", "factor")}
    rules = scheme(criterion("price", "100", "mean-benchmark", parameters=parameters))
    sheet = score(rules, [bid(price, price) for price in case["shown"]])
    assert {cell.bidder: cell.shown for cell in sheet.cells} == case["shown"]


def test_the_scottish_test_catches_the_low_price() -> None:
    """Adjusted mean 965,000, limit 820,250, margin 10,000: only 800,000 is abnormally low."""
    vector = VECTORS["alt_scotland"]
    numbers = {name: Fraction(vector[name]) for name in ("below_mean", "proximity", "margin_min", "margin_max")}
    prices = [Fraction(price) for price in vector["prices"]]
    test = low_test(AbnormallyLow(subject="price", **numbers), prices)
    assert test is not None
    for name in ("adjusted_mean", "limit", "lowest_qualifying", "margin"):
        assert getattr(test, name) == Fraction(vector[name])
    assert [p for p in prices if test.catches(p)] == [Fraction(p) for p in vector["low"]]


def test_the_flip_price_is_100_per_tonne() -> None:
    """30,000 more for 300 t less: above 100 per tonne the cleaner bid is the cheaper one."""
    vector = VECTORS["shadow_tipping"]
    first, second = vector["first"], vector["second"]
    flip = flip_price(
        "A",
        "B",
        (Fraction(first["price"]), Fraction(second["price"])),
        (Fraction(first["tonnes"]) * 1000, Fraction(second["tonnes"]) * 1000),
    )
    assert flip.per_tonne == Fraction(vector["flip_per_tonne"])
    assert flip.cheaper_above == "B"


def test_an_excluded_bid_sets_no_benchmark() -> None:
    """With C compared B wins 58 to 56; with C set aside by a gate A wins 76 to 74."""
    vector = VECTORS["exclude_before_normalise"]
    criteria = (criterion("price", "40", "lowest-price"), of_100("60"))
    bids = [
        bid(name, v["price"], quality={"quality": Fraction(v["quality"])}, signature=None if name == "C" else "key")
        for name, v in vector["bids"].items()
    ]
    open_sheet = score(scheme(*criteria), bids)
    gated_sheet = score(scheme(*criteria, gates=(Gate(kind="signature"),)), bids)
    assert {t.bidder: t.points for t in open_sheet.totals} == {k: Fraction(v) for k, v in vector["with_C"].items()}
    assert {t.bidder: t.points for t in gated_sheet.totals} == {k: Fraction(v) for k, v in vector["without_C"].items()}
    assert (open_sheet.winner, gated_sheet.winner) == ("B", "A")
    assert list(gated_sheet.excluded) == ["C"]


def test_verified_is_scored_as_declared_and_unverified_never_gains() -> None:
    """Declaring less without verification changes nothing below the default value."""
    closing = datetime.fromisoformat("2026-06-30T17:00:00+08:00")
    assert scored_footprint("A", footprint("60"), RULE, closing).scored == 60
    for declared in ("1", "60", "100"):
        assert scored_footprint("A", footprint(declared, "unverified"), RULE, closing).scored == 110
    assert scored_footprint("A", footprint("150", "unverified"), RULE, closing).scored == 165
