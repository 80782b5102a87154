"""Uncertainty: textbook figures, correlation, savings, and simulations that a seed gives again."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.footprint.activity import cube_of
from ledger.footprint.calculate import emissions_of
from ledger.footprint.errors import UncertaintyUnusable
from ledger.footprint.monte_carlo import LEAST_DRAWS, simulate
from ledger.footprint.rating import Rating, rating_of
from ledger.footprint.uncertainty import Term, combined, lognormal_interval, terms_of, uncertainty_of

Make = Callable[..., Any]
D = Decimal


def term(kg: int, own: str = "0", factor: str = "f", shared: str = "0") -> Term:
    return Term(Fraction(kg), D(own), factor, D(shared))


def test_a_product_of_parts() -> None:
    """3 % and 4 % make 5 %."""
    assert combined(D("0.03"), D("0.04")) == D("0.05")


def test_independent_parts_in_quadrature() -> None:
    """100 +/- 30 and 100 +/- 40 make 200 +/- 50, a quarter; 95 % is 1.96 times that."""
    found = uncertainty_of([term(100, "0.3", "a"), term(100, "0.4", "b")])
    assert (found.standard, found.relative) == (50, D("0.25"))
    assert found.to_record()["low_95_kg"] == "102.001800773"
    assert found.to_record()["high_95_kg"] == "297.998199227"


def test_parts_of_one_factor_add_linearly() -> None:
    """Two legs on one factor of 10 % are 20 of 200; on two factors of 10 % they are 14.1."""
    together = uncertainty_of([term(100, factor="f", shared="0.1"), term(100, factor="f", shared="0.1")])
    apart = uncertainty_of([term(100, factor="f", shared="0.1"), term(100, factor="g", shared="0.1")])
    assert together.standard == 20
    assert math.isclose(apart.standard, 10 * math.sqrt(2), rel_tol=1e-11)


def test_a_shared_factor_cancels_in_a_saving() -> None:
    """1,000 less 900 on one factor of 50 %: the saving of 100 is uncertain by half, not by 673."""
    found = uncertainty_of([term(1000, shared="0.5"), term(-900, shared="0.5")])
    assert (found.kg, found.standard, found.relative) == (100, 50, D("0.5"))


def test_a_lognormal_interval() -> None:
    """GSD^2 of 1.2 and 1.5 together: exp(2 sqrt(ln^2 1.2 + ln^2 1.5))."""
    spread = math.exp(2 * math.sqrt(math.log(1.2) ** 2 + math.log(1.5) ** 2))
    low, high = lognormal_interval(Fraction(100), [D("1.2"), D("1.5")])
    assert math.isclose(low, 100 / spread, rel_tol=1e-10)
    assert math.isclose(high, 100 * spread, rel_tol=1e-10)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=6))
def test_the_order_of_terms_is_nothing(rows: list[tuple[int, int, int]]) -> None:
    """And a sum is never more uncertain, relatively, than its most uncertain term."""
    terms = [Term(Fraction(kg), D(own) / 100, f"f{shared}", D(shared) / 100) for kg, own, shared in rows]
    found = uncertainty_of(terms)
    assert found == uncertainty_of(terms[::-1])
    assert found.relative is not None
    assert found.relative <= max(combined(t.own, t.shared) for t in terms) + D("1e-11")


def test_simulation_meets_the_analytic_figure() -> None:
    """Correlated and own parts together, within the error of 40,000 draws; no float comes out."""
    terms = [term(100, "0.05", "f", "0.1"), term(300, "0.02", "f", "0.1"), term(50, "0.1", "g", "0.2")]
    exact = uncertainty_of(terms)
    for distribution in ("normal", "lognormal"):
        found = simulate(terms, 7, 40_000, distribution)  # type: ignore[arg-type]
        assert abs(found.mean - 450) < 3 * exact.standard / 200
        assert abs(found.standard / exact.standard - 1) < D("0.02")
        assert all(isinstance(value, (str, int)) for value in found.to_record().values())


def test_a_seed_gives_its_draws_again() -> None:
    """The same record from the same seed, another from another; these digits are fixed for all time."""
    terms = [term(100, "0.05", "f", "0.1")]
    first = simulate(terms, 2025)
    assert first == simulate(terms, 2025)
    assert first.mean != simulate(terms, 2026).mean
    assert first.draws == LEAST_DRAWS
    assert [str(figure) for figure in (first.mean, first.low, first.high)] == ["99.9898", "79.4793", "123.258"]


def test_simulated_savings_keep_the_shared_factor() -> None:
    """With nothing but the shared factor uncertain, a saving's spread is its own and never the plans'."""
    found = simulate([term(1000, shared="0.1"), term(-900, shared="0.1")], 1)
    assert abs(found.standard - 10) < D("0.5")


@pytest.mark.parametrize(
    "bad",
    [
        lambda: uncertainty_of([term(1, "-0.1")]),
        lambda: uncertainty_of([term(1, "NaN")]),
        lambda: uncertainty_of([term(1, shared="0.1"), term(1, shared="0.2")]),
        lambda: lognormal_interval(Fraction(1), [D("0.9")]),
        lambda: simulate([term(1)], 1, 100),
        lambda: simulate([term(1)], -1),
        lambda: combined(D(-1)),
        lambda: Rating(technology=0, time=1, geography=1, completeness=1, reliability=1),
        lambda: Rating(technology=1, time=1, geography=6, completeness=1, reliability=1),
    ],
)
def test_what_cannot_be_used(bad: Callable[[], object]) -> None:
    """Negative, missing, contradictory or off the scale."""
    with pytest.raises(UncertaintyUnusable):
        bad()


def test_terms_of_computed_rows(make_leg: Make, make_set: Make) -> None:
    """Legs of one factor are one group; a factor without a stated uncertainty is refused."""
    rows = emissions_of(cube_of([(0, make_leg()), (1, make_leg(product="q"))]), make_set())
    found = uncertainty_of(terms_of(rows, {"f": D("0.1")}, D(0)))
    assert found.relative == D("0.1")
    with pytest.raises(UncertaintyUnusable):
        terms_of(rows, {}, D(0))


def test_ratings_weigh_by_emissions() -> None:
    """Scores 1 and 3 over 300 and 100 kg give 1.5; the record says which end is best."""
    good = Rating(technology=1, time=1, geography=1, completeness=1, reliability=1)
    fair = Rating(technology=3, time=3, geography=3, completeness=3, reliability=3)
    record = rating_of([(Fraction(300), good), (Fraction(-100), fair)]).to_record()
    assert record["dqr"] == "1.5"
    assert record["scale"] == {"best": 1, "worst": 5}
    assert rating_of([(Fraction(0), good)]).score is None
