"""The example day, handed in and planned: as it is driven today, and two plans beside it."""

from __future__ import annotations

from api import plan_work
from api.plan_example import example_day
from ledger.services.plan_drafts import Asked, begin, day_of
from ledger.wiring import Ledger


def plan_day(ledger: Ledger, packed: int) -> tuple[str, str]:
    """Ids of the day and of its first searched plan; ``packed`` of its orders are laid in, which takes time."""
    tenant = ledger.settings.tenant
    searched = {"iterations": "30"}
    asked = [Asked("", {"today": "1"}), Asked("", searched), Asked("", searched | {"carbon_price": "5"})]
    first = begin(ledger, (tenant, "仓库"), "routes", ("七月一日.xlsx", example_day(packed)), asked)
    while plan_work.work(ledger, lambda: False):
        pass
    return first.day, day_of(ledger, tenant, first.day)[1].id
