"""Double counting: certain by the thing that is counted, suspected by the same figure."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.claims.overlap import Counted, overlaps

YEAR = (date(2023, 1, 1), date(2023, 12, 31))


def _counted(name: str, *things: str, period: tuple[date | None, date | None] = YEAR, value: int | None = None) -> Any:
    return Counted(
        id=name,
        things=frozenset(things),
        start=period[0],
        end=period[1],
        value=None if value is None else Fraction(value),
        dimension=(("kWh", 1),),
    )


def test_one_meter_counted_twice() -> None:
    """The same meter in overlapping periods is certain; in other years it is not counted twice."""
    other = (date(2024, 1, 1), date(2024, 12, 31))
    (pair,) = overlaps([_counted("b", "m1", "m2"), _counted("a", "m1"), _counted("c", "m1", period=other)])
    assert (pair.first, pair.second, pair.shared, pair.certainty) == ("a", "b", ("m1",), "certain")


def test_the_same_figure_is_a_suspicion() -> None:
    """A PUE fall of 4.5 % printed twice; two figures that rest on different meters are told apart."""
    (pair,) = overlaps([_counted("a", value=45), _counted("b", value=45, period=(None, None))])
    assert pair.certainty == "suspected"
    assert not overlaps([_counted("a", "m1", value=45), _counted("b", "m2", value=45)])
    assert not overlaps([_counted("a", value=45), _counted("b", value=46)])


@given(st.permutations(range(6)))
def test_order_does_not_matter(order: list[int]) -> None:
    """The same pairs, whatever the order of the statements."""
    made = [_counted(str(n), f"m{n % 2}", f"x{n % 3}", value=n % 2) for n in range(6)]
    assert overlaps([made[n] for n in order]) == overlaps(made)


@pytest.mark.parametrize("period", [YEAR, (None, None), (date(2023, 12, 31), None)])
def test_open_periods_overlap(period: tuple[date | None, date | None]) -> None:
    """A period that is left open may be any."""
    assert overlaps([_counted("a", "m"), _counted("b", "m", period=period)])
