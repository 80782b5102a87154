"""
Targets against figures of a printed report (中国移动 2023 年可持续发展报告, recomputed by hand), then properties.

Five years at 4 % a year; savings of 197.7亿度 of 400亿度 after three of five years; 15 % and 20 %; 4.6亿元 / 6.8亿度;
PUE 1.70 to 1.36.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.footprint.targets.actual import Actual, covered, of_year, stated
from ledger.footprint.targets.anomaly import anomalies, median
from ledger.footprint.targets.errors import NoScenario
from ledger.footprint.targets.pace import pace
from ledger.footprint.targets.path import compounded, goal, is_behind, on_path, rate_for, root
from ledger.footprint.targets.register import measures, saved_kwh
from ledger.footprint.targets.scenario import rooms
from ledger.footprint.targets.tasks import tasks_of
from ledger.footprint.targets.trading import cost_of, positions
from ledger.records.emission_trading import EtsQuarter
from ledger.records.energy_measure import EnergyMeasure
from ledger.records.record import check
from ledger.records.target import Scenario, Target, TargetActual, Task
from ledger.units import shown

AT = datetime(2024, 3, 21, tzinfo=UTC)
COMMON: dict[str, Any] = {"id": "x", "occurred_at": AT, "version": 1}


def target(**changes: Any) -> Target:
    """20 % off an intensity of 100 from 2020 to 2025."""
    plain = {
        "kind": "target",
        "base_value": "100",
        "base_year": 2020,
        "boundary": "all",
        "metric": "intensity",
        "owner": "能源管理办公室",
        "path": "linear",
        "reduction_pct": "20",
        "target_year": 2025,
        "unit": "kgce/万元",
    }
    made = Target(**{**COMMON, **plain, **changes})
    check(made)
    return made


def saving() -> Target:
    """400亿度 in 2021 to 2025."""
    return target(metric="saving", base_value=None, reduction_pct=None, total="400", unit="亿度")


def actual(first: str, last: str, value: str, **changes: Any) -> TargetActual:
    fields = {"kind": "target_actual", "source": "report", "target": "x", "unit": "u"}
    return TargetActual(**{**COMMON, **fields, "first": first, "last": last, "value": value, **changes})


def held(*rows: TargetActual) -> dict[tuple[int, int], Actual]:
    return stated(list(enumerate(rows)))


def test_four_percent_a_year_is_not_twenty() -> None:
    """Compounded 18.46 %; the equal rate for 20 % is 4.365 %; on a straight line 4 points a year give 20 %."""
    assert shown(compounded(Fraction(4, 100), 5) * 100, 2) == "18.46"
    assert shown(rate_for(Fraction(20, 100), 5) * 100, 3) == "4.365"
    assert [on_path(target(), 2020 + n) for n in range(6)] == [100, 96, 92, 88, 84, 80]
    assert shown(on_path(target(path="compound"), 2023), 2) == "87.47"
    assert on_path(target(path="compound"), 2025) == 80


def test_the_reading_decides_who_is_behind() -> None:
    """88 in 2023 is on the straight line and above the path of an equal rate."""
    assert not is_behind(target(), 2023, Fraction(88))
    assert is_behind(target(path="compound"), 2023, Fraction(88))
    assert not is_behind(target(path="compound", behind_pct="1"), 2023, Fraction(88))


def test_pace_of_a_saving() -> None:
    """B9: 49.4 % at 60 % of the time is behind; 202.3亿 are left, 101.15亿 a year, 12.5 % more than in 2023."""
    found = pace(saving(), held(actual("2021-01", "2022-12", "107.8"), actual("2023-01", "2023-12", "89.9")))
    assert found is not None
    assert (found.year, found.value.value, found.left) == (2023, Fraction("197.7"), Fraction("202.3"))
    assert (shown(found.progress * 100, 1), shown(found.time * 100, 1)) == ("49.4", "60.0")
    assert found.behind
    assert found.needed == Fraction("101.15")
    assert found.against_last is not None
    assert shown(found.against_last * 100, 1) == "12.5"


def test_pace_of_a_reduction() -> None:
    """Half the way at 60 % of the time: what is left by the year, and by an equal rate; nothing once it is reached."""
    found = pace(target(), held(actual("2023-01", "2023-12", "90")))
    assert found is not None
    assert (found.progress, found.time, found.behind, found.needed) == (Fraction(1, 2), Fraction(3, 5), True, 5)
    equal = pace(target(path="compound"), held(actual("2023-01", "2023-12", "90")))
    assert equal is not None
    assert equal.needed_rate is not None
    assert shown(equal.needed_rate * 100, 3) == "5.719"  # 1 - sqrt(80 / 90)
    done = pace(target(), held(actual("2023-01", "2023-12", "79")))
    assert done is not None
    assert (done.behind, done.left, done.needed) == (False, 0, None)
    assert pace(target(), {}) is None


def test_a_year_is_what_was_stated_or_all_of_its_months() -> None:
    """Eleven months are no year; intensities do not add up; the last statement on the same months counts."""
    months = [actual(f"2023-{n:02}", f"2023-{n:02}", "1") for n in range(1, 13)]
    whole = of_year(held(*months), 2023, adds_up=True)
    assert whole is not None
    assert (whole.value, len(whole.entries)) == (12, 12)
    assert of_year(held(*months[:-1]), 2023, adds_up=True) is None
    assert of_year(held(*months), 2023, adds_up=False) is None
    later = held(*months, actual("2023-01", "2023-01", "5", verified_by="CQC"))
    assert later[2023 * 12, 2023 * 12].value == 5
    assert later[2023 * 12, 2023 * 12].standing == "verified"
    overlapping = held(actual("2021-01", "2022-06", "1"), actual("2022-01", "2022-12", "1"))
    assert covered(overlapping, 2021 * 12, 2022 * 12 + 11) is None


def test_a_month_out_of_line() -> None:
    """Median 10, MAD 1: 14 is 4 MADs off, 13 is exactly 3 and no warning; the same month of other years goes first."""
    months = {24000 + n: value for n, value in enumerate((9, 10, 11, 9, 10, 11, 10))}
    one = lambda value: Actual(0, 0, Fraction(value), (0,))  # noqa: E731
    base = {month: one(value) for month, value in months.items()}
    (found,) = anomalies(base | {24007: one(14)}, Fraction(3))
    assert (found.month, found.median, found.mad, found.multiples, found.like) == (24007, 10, 1, 4, "months_before")
    assert not anomalies(base | {24007: one(13)}, Fraction(3))
    summers = {24000 + 12 * year: one(30 + year % 3) for year in range(5)}
    (hot,) = anomalies(summers | {24060: one(40)}, Fraction(3))
    assert (hot.month, hot.like, hot.compared) == (24060, "same_month", 5)
    assert not anomalies({24000: one(1), 24001: one(100)}, Fraction(3))
    (equal,) = anomalies({24000 + n: one(5) for n in range(6)} | {24006: one(6)}, Fraction(3))
    assert equal.multiples is None


def test_needed_savings_under_two_reductions() -> None:
    """B10: indices 0.85 and 0.80; of an intensity the allowed amount grows with the activity."""
    plan = Scenario(
        **COMMON,
        kind="scenario",
        forecast="830",
        activity="10",
        reductions_pct=("15", "20"),
        source="plan",
        target="x",
        year=2025,
    )
    own, ministry = rooms(target(), plan)[::-1]
    assert (ministry.left, own.left) == (Fraction("0.85"), Fraction("0.80"))
    assert (ministry.allowed, ministry.needed) == (850, -20)
    assert (own.allowed, own.needed) == (800, 30)
    with pytest.raises(NoScenario):
        rooms(saving(), plan)
    with pytest.raises(NoScenario):
        rooms(target(metric="energy", unit="tce"), plan)


def quarter(**changes: Any) -> EtsQuarter:
    plain = {
        "kind": "ets_quarter",
        "allocation_t": "1000",
        "emissions_t": "1200.5",
        "installation": "南京数据中心",
        "price_cny": "68.15",
        "quarter": "2023-Q1",
        "scheme": "全国碳市场",
        "verified_by": "CQC",
    }
    made = EtsQuarter(**{**COMMON, **plain, **changes})
    check(made)
    return made


def test_cost_of_allowances() -> None:
    """max(0, verified - allocation) x price; what is not verified costs nothing yet; a surplus pays for no other."""
    rows = [
        quarter(),
        quarter(quarter="2023-Q2", emissions_t="900"),
        quarter(quarter="2023-Q3", verified_by=None),
        quarter(quarter="2023-Q4", price_cny=None),
        quarter(quarter="2024-Q1", emissions_t=None, verified_by=None),
        quarter(quarter="2023-Q1", emissions_t="1100"),
    ]
    found = positions(list(enumerate(rows)))
    notices = [one.notice for one in found]
    assert notices == ["short", "long", "not_verified", "short_unpriced", "not_reported"]
    assert found[0].entry == 5
    assert (found[0].position, found[0].cost) == (-100, 6815)
    assert (found[1].position, found[1].cost) == (100, 0)
    assert cost_of(found) == 6815
    with pytest.raises(LedgerError):
        quarter(emissions_t=None)


def measure(**changes: Any) -> EnergyMeasure:
    plain = {
        "kind": "energy_measure",
        "measure": "AI 节能",
        "owner": "网络部",
        "period_end": date(2023, 12, 31),
        "period_start": date(2023, 1, 1),
        "saved_cny": "460000000",
        "saved_kwh": "680000000",
        "site": "全国",
        "stage": "planned",
    }
    made = EnergyMeasure(**{**COMMON, **plain, **changes})
    check(made)
    return made


def test_a_plan_is_no_saving() -> None:
    """B11: 0.676 元/kWh; B12: PUE 1.70 to 1.36 is -20.0 %; a plan counts nothing, verified goes before executed."""
    (planned,) = measures([(0, measure())])
    assert planned.saving is None
    assert planned.stages["planned"].cny_per_kwh == Fraction("4.6") / Fraction("6.8")
    assert shown(Fraction(planned.stages["planned"].cny_per_kwh or 0), 3) == "0.676"
    found = measures(
        [
            (0, measure()),
            (1, measure(stage="executed", saved_kwh="600000000")),
            (2, measure(stage="verified", saved_kwh="550000000", verified_by="CQC")),
            (3, measure(measure="福州", stage="executed", saved_kwh="1", pue_before="1.7", pue_after="1.36")),
        ]
    )
    assert [one.saving[0] for one in found if one.saving] == ["verified", "executed"]
    assert found[1].stages["executed"].pue_change == Fraction(-1, 5)
    assert (saved_kwh(found, "planned"), saved_kwh(found, "verified")) == (680000000, 550000000)
    for wrong in (
        {"stage": "verified"},
        {"verified_by": "CQC"},
        {"pue_before": "1.7"},
        {"period_end": date(2022, 1, 1)},
    ):
        with pytest.raises(LedgerError):
            measure(**wrong)


def test_steps_of_a_task() -> None:
    """Opened, answered twice, closed; what comes before or after is left over and changes nothing."""
    step = lambda at, name: (  # noqa: E731
        at,
        Task(
            **COMMON, kind="task", owner="o", step=name, target="x", task="task:x:behind:2023", warning="w", words="w"
        ),
    )
    steps = ("answered", "opened", "answered", "answered", "closed", "answered", "opened")
    (task,), left = tasks_of([step(at, name) for at, name in enumerate(steps)])
    assert [entry for entry, _ in task.steps] == [1, 2, 3, 4]
    assert not task.is_open
    assert [entry for entry, _, _ in left] == [0, 5, 6]


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_year": 2020},
        {"reduction_pct": None},
        {"reduction_pct": "0"},
        {"reduction_pct": "101"},
        {"total": "5"},
        {"part": "1"},
        {"metric": "saving"},
        {"path": "compound", "reduction_pct": "100"},
        {"behind_pct": "100"},
        {"id": "x" * 151},
    ],
)
def test_what_is_no_target(wrong: dict[str, Any]) -> None:
    """It lasts, it has what its metric needs and nothing else."""
    with pytest.raises(LedgerError):
        target(**wrong)


@given(st.fractions(0, 10**6, max_denominator=10**6), st.integers(1, 40))
def test_a_root_is_the_nearest(value: Fraction, degree: int) -> None:
    """Within half of the last place, by powers; a perfect power has its root."""
    half = Fraction(1, 2 * 10**12)
    found = root(value, degree)
    assert max(Fraction(0), found - half) ** degree <= value < (found + half) ** degree
    assert root(Fraction(7, 5) ** degree, degree) == Fraction(7, 5)


@given(st.integers(1, 99), st.integers(1, 30), st.data())
def test_paths_fall_from_base_to_goal(reduction: int, years: int, data: st.DataObject) -> None:
    """Both start at the base and end at the goal; in between an equal rate is never above the straight line."""
    both = [target(path=p, reduction_pct=str(reduction), target_year=2020 + years) for p in ("linear", "compound")]
    year = 2020 + data.draw(st.integers(0, years))
    straight, equal = (on_path(one, year) for one in both)
    assert equal <= straight + Fraction(1, 10**9)
    assert [on_path(one, 2020) for one in both] == [100, 100]
    assert [on_path(one, 2020 + years) for one in both] == [goal(both[0])] * 2


@given(st.lists(st.fractions(), min_size=1))
def test_a_median_has_half_on_each_side(values: list[Fraction]) -> None:
    """No more than half lie above it, none more than half below."""
    middle = median(values)
    assert 2 * sum(value > middle for value in values) <= len(values)
    assert 2 * sum(value < middle for value in values) <= len(values)
