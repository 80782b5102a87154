"""Pledges to the commitments: the line, what counts as behind, exact to the last digit; and their workbooks."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.adapters.files.forms.pledge import PLEDGE as FORM
from ledger.adapters.files.forms.pledge import commitment
from ledger.errors import LedgerError
from ledger.programme.commitments import COMMITMENTS, Pledged
from ledger.records.pledge import Pledge, PledgeValue
from ledger.records.record import check

AT = datetime(2026, 2, 1, tzinfo=UTC)
DOWN = Pledge(
    base_value="310",
    base_year=2022,
    commitment="carbon",
    id="pledge:1",
    indicator="单位产值碳排放",
    kind="pledge",
    occurred_at=AT,
    supplier="org-a",
    target_value="248",
    target_year=2028,
    unit="kg/万元",
    version=1,
)
UP = replace(DOWN, base_value="40", target_value="80", unit="%")


def stands(pledge: Pledge, **values: str) -> Pledged:
    """A pledge with values by year (``y2025="1"``)."""
    told = {
        int(year[1:]): (
            9,
            PledgeValue(
                id=year,
                kind="pledge_value",
                occurred_at=AT,
                pledge=pledge.id,
                source="x",
                supplier=pledge.supplier,
                unit=pledge.unit,
                value=value,
                version=1,
                year=int(year[1:]),
            ),
        )
        for year, value in values.items()
    }
    return Pledged(1, pledge, told)


def test_the_six_are_those_of_the_initiative() -> None:
    """Their names as the initiative prints them, in its order."""
    names = "提升碳管理水平 降低能源消耗 实施绿色制造 推广绿色包装 推行绿色物流 开展回收再利用"
    assert [one.zh for one in COMMITMENTS] == names.split()


@pytest.mark.parametrize(
    ("pledge", "values", "state"),
    [
        (DOWN, {}, "no_value"),
        (DOWN, {"y2021": "200"}, "no_value"),
        (DOWN, {"y2025": "279"}, "on_path"),  # half of the way in half of the time: 310 - 31
        (DOWN, {"y2025": "279.000000001"}, "behind"),
        (DOWN, {"y2025": "248"}, "reached"),
        (DOWN, {"y2025": "100", "y2026": "300"}, "behind"),
        (DOWN, {"y2029": "249"}, "behind"),
        (UP, {"y2025": "60"}, "on_path"),
        (UP, {"y2025": "59.999999999"}, "behind"),
        (UP, {"y2025": "81"}, "reached"),
    ],
)
def test_how_a_pledge_stands_follows_from_its_last_value(pledge: Pledge, values: dict[str, str], state: str) -> None:
    """On the line is on its path, a digit off is behind; after the target year only the target is good enough."""
    assert stands(pledge, **values).state == state


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 60), st.integers(0, 70))
def test_the_line_leads_from_base_to_target(base: int, target: int, years: int, at: int) -> None:
    """It begins at the base, ends at the target and stays there, and each year takes an equal step."""
    one = Pledged(1, replace(DOWN, base_value=str(base), target_value=str(target), target_year=2022 + years), {})
    assert one.line(2022) == base
    assert one.line(2022 + years) == one.line(2200) == target
    step = one.line(2023 + at) - one.line(2022 + at)
    assert step == (Fraction(target - base, years) if at < years else 0)


def test_the_share_of_the_way_may_lie_below_zero() -> None:
    """A quarter of the way, and back from where it began."""
    assert stands(DOWN, y2025="294.5").way == Fraction(1, 4)
    assert stands(DOWN, y2025="372").way == -1


@pytest.mark.parametrize(
    "change", [{"target_year": 2022}, {"target_year": 2083}, {"target_value": "310"}, {"id": "p" * 151}]
)
def test_a_pledge_that_leads_nowhere_is_refused(change: dict[str, Any]) -> None:
    """It lasts, goes somewhere, and can be named."""
    check(DOWN)
    with pytest.raises(LedgerError):
        check(replace(DOWN, **change))


def test_a_row_names_its_commitment_in_either_language() -> None:
    """As printed; anything else is refused with the six named."""
    assert {commitment(one.zh) for one in COMMITMENTS} == {commitment(one.en.upper()) for one in COMMITMENTS}
    with pytest.raises(LedgerError, match="Better carbon management") as caught:
        commitment("绿色")
    assert "提升碳管理水平" in caught.value.message("zh-CN")
    row = {
        "supplier": "org-a",
        "commitment": "packaging",
        "indicator": "x",
        "measured_in": "%",
        "base_year": 2022,
        "base_value": "40",
        "target_year": 2028,
        "target_value": "80",
        "stated_at": AT,
    }
    made: Any = FORM.build(row)
    assert (made.unit, made.occurred_at, made.id) == ("%", AT, FORM.build(dict(row)).id)
    assert FORM.build(row | {"indicator": "y"}).id != made.id
