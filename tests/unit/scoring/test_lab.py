"""The formula lab on published cases: what a cover bid does to a mean, and an absent loser to the lowest price."""

from __future__ import annotations

from fractions import Fraction

from ledger.scoring.formulas import FORMULAS
from ledger.scoring.lab import Absence, Cover, suggested, trials
from tests.unit.scoring.tender import bid, criterion, scheme

MEAN = {"deduction": Fraction(1), "factor": Fraction(1)}


def test_a_cover_bid_moves_the_winner_of_a_mean() -> None:
    """Procurement notes 2.4, mean_benchmark(+cover): 100/110/120 -> 110 wins; with 150 it is 120."""
    of = scheme(criterion("price", "100", "mean-benchmark", parameters=MEAN))
    bids = [bid("A", "100"), bid("B", "110"), bid("C", "120")]
    found = {one.formula.key: one for one in trials(of, bids, "price")}
    mean = found["mean-benchmark"]
    assert mean.own
    assert mean.evaluation is not None
    assert mean.evaluation.winner == "B"
    # the least of the covers that does it: 6/5 of 120 is 144, the mean 118.5, and 120 is nearest
    assert mean.cover == Cover(Fraction(144), "C")
    assert found["lowest-price"].cover is None
    assert found["absolute-linear"].cover is None


def test_a_losers_absence_moves_the_winner_of_a_relative_formula() -> None:
    """exclude_before_normalise: A(100, q60) B(125, q70) C(50, q20); B wins with 58 points, without C A with 76."""
    of = scheme(
        criterion("price", "40", "lowest-price"),
        criterion(
            "quality", "60", "absolute-linear", "higher", parameters={"best": Fraction(100), "worst": Fraction(0)}
        ),
    )
    marks = {"A": "60", "B": "70", "C": "20"}
    prices = {"A": "100", "B": "125", "C": "50"}
    bids = [bid(name, prices[name], quality={"quality": Fraction(marks[name])}) for name in marks]
    found = {one.formula.key: one for one in trials(of, bids, "price")}
    lowest = found["lowest-price"]
    assert lowest.evaluation is not None
    assert lowest.evaluation.winner == "B"
    assert {one.bidder: one.points for one in lowest.evaluation.totals}["B"] == 58
    assert lowest.absences == (Absence("C", "A"),)
    assert found["absolute-linear"].absences == ()


def test_every_formula_has_parameters_to_try_it_with() -> None:
    for formula in FORMULAS:
        for direction in formula.directions:
            field = [Fraction(90), Fraction(100), Fraction(100)]
            assert not list(formula.faults(direction, suggested(formula, field, direction))), formula.key
            assert not list(formula.faults(direction, suggested(formula, field[1:], direction))), formula.key


def test_a_formula_without_an_answer_says_why_and_the_others_go_on() -> None:
    of = scheme(criterion("certified", "100", "green-points", "higher"))
    bids = [bid("A", "1", quality={"certified": Fraction(2)}), bid("B", "1", quality={"certified": Fraction(1, 2)})]
    found = {one.formula.key: one for one in trials(of, bids, "certified")}
    assert found["green-points"].refused is not None
    assert found["best-ratio"].evaluation is not None
