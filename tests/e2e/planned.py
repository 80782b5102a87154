"""The example day, handed in and planned: as it is driven today, and two plans beside it."""

from __future__ import annotations

from api import plan_work
from api.carton_example import example_mix
from api.plan_example import example_day
from ledger.services.plan_drafts import Asked, begin, day_of
from ledger.wiring import Ledger


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
