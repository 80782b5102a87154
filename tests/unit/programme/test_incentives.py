"""Incentives by rule: exact at their bounds, never without a value, decided otherwise only for a stated reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.errors import LedgerError
from ledger.programme.example_incentives import example_incentives
from ledger.programme.incentives import YearFacts, earned, rules_for
from ledger.records.incentive import IncentiveException
from ledger.records.record import check

RULES = example_incentives()
GOOD = YearFacts(points=Decimal(80), footprints=(2, 1), kept=1, products=(5, 3))
BONUS, LONGER, SOONER = 0, 1, 2


def said(decision: Any, incentive: str = "bonus") -> IncentiveException:
    """Something decided otherwise."""
    return IncentiveException(
        decision=decision,
        id=f"e:{decision}",
        incentive=incentive,
        kind="incentive_exception",
        occurred_at=datetime(2026, 5, 1, tzinfo=UTC),
        reason="看过",
        supplier="org-a",
        version=1,
        year=2026,
    )


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        (GOOD, ("earned", "earned", "earned")),
        (GOOD._replace(points=Decimal("79.999999999999")), ("not_earned", "earned", "earned")),
        (GOOD._replace(footprints=(3, 1)), ("not_earned", "earned", "earned")),
        (GOOD._replace(footprints=(0, 0)), ("not_earned", "earned", "earned")),
        (GOOD._replace(points=None), ("not_earned", "not_earned", "earned")),
        (GOOD._replace(kept=0), ("earned", "not_earned", "earned")),
        (GOOD._replace(products=(1_000_000, 599_999)), ("earned", "earned", "not_earned")),
        (YearFacts(), ("not_earned", "not_earned", "not_earned")),
    ],
)
def test_every_test_has_to_hold(facts: YearFacts, states: tuple[str, ...]) -> None:
    """At the bound it holds, anything below it does not; what has no value earns nothing."""
    assert tuple(one.state for one in earned(RULES, facts)) == states


def test_an_exception_names_itself_and_the_last_one_counts() -> None:
    """The tests stay to be read beside it; the order handed in decides nothing; others' incentives are untouched."""
    exceptions = [(9, said("withheld")), (7, said("granted"))]
    first, second, _ = earned(RULES, YearFacts(), exceptions)
    assert (first.state, second.state) == ("withheld", "not_earned")
    assert first.exception == (9, exceptions[0][1])
    assert [one.holds for one in first.checked] == [False, False]
    assert earned(RULES, YearFacts(), exceptions[1:])[BONUS].state == "granted"
    assert earned(RULES, GOOD, [(1, said("withheld", "sooner"))])[SOONER].state == "withheld"


def test_a_year_is_judged_by_the_edition_of_its_first_day() -> None:
    """Rules that begin amid a year are for the next one."""
    second = replace(RULES, edition=2, id="incentive-rules:2", valid_from=date(2026, 1, 2))
    editions = [(1, RULES), (2, second)]
    assert rules_for(editions, 2025) is None
    assert rules_for(editions, 2026) == (1, RULES)
    assert rules_for(editions, 2027) == (2, second)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "incentive-rules:2"}, "/id"),
        ({"incentives": (RULES.incentives[0], RULES.incentives[0])}, "/incentives"),
        (
            {"incentives": (replace(RULES.incentives[0], tests=RULES.incentives[0].tests[:1] * 2),)},
            "/incentives/0/tests",
        ),
    ],
)
def test_an_edition_that_contradicts_itself_is_refused(change: dict[str, Any], pointer: str) -> None:
    """Its number, an incentive twice, a measure twice."""
    check(RULES)
    with pytest.raises(LedgerError) as refused:
        check(replace(RULES, **change))
    assert refused.value.place is not None
    assert refused.value.place.pointer == pointer
