"""Internal verification: sample sizes as published, a draw nobody chooses, exact rates, states by the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.errors import LedgerError
from ledger.programme.verification import Verification, drawn_of, sample_size
from ledger.records.internal_verification import Stratum, VerificationPlan, VerificationSample, VerificationStep
from ledger.records.record import check

AT = datetime(2026, 6, 1, tzinfo=UTC)
ROOT = bytes(range(32))
PLAN = VerificationPlan(
    by="house",
    confidence_pct=95,
    id="verification:1",
    kind="verification_plan",
    kinds=("energy_use", "transport_leg"),
    occurred_at=AT,
    title="2026",
    tolerable_pct=5,
    version=1,
)
SAMPLE = VerificationSample(
    id="verification-sample:1",
    kind="verification_sample",
    occurred_at=AT,
    plan=PLAN.id,
    root=ROOT.hex(),
    size=50,
    strata=(
        Stratum(drawn=(3, 4, 5), of_kind="energy_use", population=100),
        Stratum(drawn=(), of_kind="transport_leg", population=0),
    ),
    version=1,
)


def step(number: int, name: Any, **says: Any) -> tuple[int, VerificationStep]:
    """A step that is a record."""
    made = VerificationStep(
        by="house",
        id=f"s:{number}",
        kind="verification_step",
        occurred_at=AT,
        plan=PLAN.id,
        step=name,
        version=1,
        **says,
    )
    check(made)
    return 100 + number, made


WRONG = step(1, "found_error", entry=3, severity="major", due=date(2026, 7, 1), words="计量表读数不符")


def test_sizes_that_are_in_every_table() -> None:
    """59 for 5 % at 95 % and 299 for 1 % at 95 % of many (0.95^59, 0.99^299 < 5 %); all of a few; none of none."""
    assert sample_size(10**9, 95, 5) == 59
    assert sample_size(10**9, 95, 1) == 299
    assert sample_size(10**9, 90, 5) == 45
    assert (sample_size(0, 95, 5), sample_size(1, 95, 5), sample_size(10, 95, 5)) == (0, 1, 10)


@given(st.integers(1, 300), st.integers(50, 99), st.integers(1, 50))
def test_a_size_is_the_smallest_that_is_enough(population: int, confidence: int, tolerable: int) -> None:
    """Against combinations: the chance of missing every wrong one is small enough, and one entry less is not."""
    wrong = max(1, population * tolerable // 100)

    def missed(drawn: int) -> Fraction:
        return Fraction(comb(population - wrong, drawn), comb(population, drawn))

    size, allowed = sample_size(population, confidence, tolerable), Fraction(100 - confidence, 100)
    assert missed(size) <= allowed < missed(size - 1)


def test_the_root_draws_and_nothing_else() -> None:
    """The order in which entries come decides nothing; another root or kind draws others; each is drawn once."""
    drawn = drawn_of(ROOT, "transport_leg", range(1000), 59)
    assert drawn == drawn_of(ROOT, "transport_leg", reversed(range(1000)), 59)
    assert len(set(drawn)) == 59
    assert drawn != drawn_of(ROOT[::-1], "transport_leg", range(1000), 59)
    assert drawn != drawn_of(ROOT, "energy_use", range(1000), 59)
    assert drawn_of(ROOT, "transport_leg", range(3), 9) == (0, 1, 2)


def test_rates_are_exact_and_a_restated_error_still_counts() -> None:
    """One of three wrong of a hundred: 100/3, restated or not; a kind without entries has no rate."""
    steps = (WRONG, step(2, "found_in_order", entry=4), step(3, "found_in_order", entry=5))
    for told in (steps, (*steps, step(4, "restated", entry=3, replaced_by="leg-2"))):
        first, second = Verification(9, PLAN, (60, SAMPLE), told).results
        assert (first.checked, first.errors, first.rate, first.extrapolated) == (3, 1, Fraction(1, 3), Fraction(100, 3))
        assert (second.rate, second.extrapolated) == (None, None)


def test_an_error_is_overdue_until_it_is_restated() -> None:
    """Its deadline is still good; found again, it waits again."""

    def state(day: date, *steps: tuple[int, VerificationStep]) -> str:
        return Verification(9, PLAN, (60, SAMPLE), steps).items[0].state(day)

    restated = step(2, "restated", entry=3, replaced_by="leg-2")
    assert state(date(2026, 7, 1)) == "open"
    assert state(date(2026, 7, 1), WRONG) == "error"
    assert state(date(2026, 7, 2), WRONG) == "overdue"
    assert state(date(2026, 7, 2), WRONG, restated) == "restated"
    assert state(date(2026, 7, 2), WRONG, restated, (103, WRONG[1])) == "overdue"
    assert state(date(2026, 7, 2), WRONG, step(3, "found_in_order", entry=3)) == "in_order"
    assert [Verification(9, PLAN, None, ()).state, Verification(9, PLAN, (60, SAMPLE), ()).state] == [
        "planned",
        "checking",
    ]


@pytest.mark.parametrize(
    "change", [{"due": None}, {"severity": None}, {"words": None}, {"entry": None}, {"replaced_by": "leg-2"}]
)
def test_an_error_says_what_it_has_to(change: dict[str, Any]) -> None:
    """Nothing left out, nothing of another step."""
    with pytest.raises(LedgerError):
        check(replace(WRONG[1], **change))
    with pytest.raises(LedgerError):
        check(replace(PLAN, kinds=("transport_leg", "energy_use")))
