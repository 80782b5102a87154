"""The example day, handed in and planned; and two recorded plans, of which one was driven and booked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api import plan_work
from api.carton_example import example_mix
from api.plan_example import example_day
from ledger.records.record import Record
from ledger.services.book_saving import book
from ledger.services.capture import Submission, capture_one
from ledger.services.plan_drafts import Asked, begin, day_of
from ledger.services.plan_savings import Asked as Booking
from ledger.services.plan_savings import doubt_of
from ledger.services.project import catch_up
from ledger.wiring import Ledger
from tests.driven import AFTER, BEFORE, driven_leg, driven_round, route_plan


def plan_day(ledger: Ledger, packed: int) -> tuple[str, str, str]:
    """
    Ids of the day, of its first searched plan and of a mix of orders.

    ``packed`` of the day's orders are laid in, which takes time.
    """
    tenant = ledger.settings.tenant
    searched = {"iterations": "30"}
    asked = [Asked("", {"today": "1"}), Asked("", searched), Asked("", searched | {"carbon_price": "5"})]
    first = begin(ledger, (tenant, "仓库"), "routes", ("七月一日.xlsx", example_day(packed)), asked)
    mix = begin(ledger, (tenant, "仓库"), "cartons", ("订单组合.xlsx", example_mix()), [Asked("")])
    while plan_work.work(ledger, lambda: False):
        pass
    return first.day, day_of(ledger, tenant, first.day)[1].id, mix.id


def drive(ledger: Ledger) -> None:
    """Plans of two days after their baselines were recorded: the first driven and booked, the second not driven."""
    submission = Submission(ledger.settings.tenant, "仓库")
    days = [str(ledger.clock.now().date() + timedelta(days=number)) for number in (2, 3)]
    records: list[Record] = []
    for day in days:
        records += [
            route_plan(f"基准 {day}", BEFORE, day=day),
            route_plan(f"计划 {day}", AFTER, f"基准 {day}", day=day),
        ]
    at: dict[str, Any] = {"occurred_at": f"{days[0]}T08:00:00+08:00"}
    legs = [("a", 20_000), ("b", 100_000)]
    records += [driven_leg(order, metres, arrived_at=f"{days[0]}T18:00:00+08:00", **at) for order, metres in legs]
    records.append(driven_round("ab", returned_at=f"{days[0]}T18:00:00+08:00", **at))
    for record in records:
        capture_one(ledger, submission, record)
    catch_up(ledger.entries, ledger.projections)
    book(ledger, submission, Booking(f"计划 {days[0]}", doubt_of("0.02", "0.05")))
    catch_up(ledger.entries, ledger.projections)
