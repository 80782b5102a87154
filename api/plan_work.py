"""Takes up plans one after the other: reads, measures, searches, and tells how far it is twice a second."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

import msgspec

from api.carton_work import choose_cartons
from api.plan_asks import ask_of
from api.planned_day import KeptDraft, measure, open_day, problem_of
from api.planned_loads import load_all
from ledger.errors import LedgerError, StoreError
from ledger.planning.routes.kept import kept, late
from ledger.planning.routes.plan import Plan, plan, stated
from ledger.planning.routes.search import Progress
from ledger.ports.plan_drafts import Kind
from ledger.services.intake_errors import IntakeFailed
from ledger.services.plan_drafts import CLAIM, ClaimLost, HeldPlan, now
from ledger.wiring import Ledger

_LOG: Final = logging.getLogger("onecode.plans")
_BETWEEN: Final = 0.4
"""Seconds between two words of progress."""


def work(ledger: Ledger, stopped: Callable[[], bool]) -> bool:
    """Take up the oldest plan that waits, or whose process fell silent; whether there was one."""
    at = now(ledger)
    draft = None if stopped() else ledger.plans.claim(ledger.random.token(8).hex(), at, at + CLAIM)
    if draft is None:
        return False
    held = HeldPlan(ledger, draft, stopped)
    try:
        WORK[draft.kind](ledger, held)
    except ClaimLost:
        _LOG.info("plan %s is no longer this process's", draft.id)
    except StoreError:
        raise  # the claim runs out, and the work begins again then
    except Exception as error:  # noqa: BLE001 - logged, and told to who waits for the plan
        _LOG.exception("plan %s failed", draft.id)
        held.failed(error if isinstance(error, LedgerError) else IntakeFailed())
    return True


class Pace:
    """Lets a word of progress through when the last one is a while ago; between them work goes on."""

    def __init__(self) -> None:
        self._next = 0.0

    def due(self) -> bool:
        """Whether it is time for the next word."""
        if monotonic() < self._next:
            return False
        self._next = monotonic() + _BETWEEN
        return True


def _routes(ledger: Ledger, held: HeldPlan) -> None:
    pace = Pace()

    def measuring(done: int, total: int) -> None:
        if pace.due():
            held.told("measuring", done, total)

    held.told("reading", 0, 0)
    table = measure(ledger, held.draft, measuring)
    if table != held.draft.table:
        held.measured(table)
    day, ask = open_day(ledger, held.draft), ask_of(held.draft.said)
    problem = problem_of(day, held.draft)

    def watch(at: Progress) -> bool:
        last = at.iterations >= at.of
        if not last and not pace.due():
            return True
        return held.told("searching", at.iterations, at.of, None if at.best is None else str(at.best))

    held.told("searching", 0, 0 if ask.today else ask.iterations)
    if ask.today:
        found = stated(problem, day.book.today)
    else:
        found = plan(problem, seed=ask.seed, iterations=ask.iterations, watch=watch, carbon_price=ask.carbon_price)
    held.told("searching", found.iterations, ask.iterations)

    def loading(done: int) -> bool:
        return not pace.due() or held.told("loading", done, len(found.routes))

    loads = load_all(day, found, loading) if day.book.boxes else ()
    result = msgspec.json.encode(KeptDraft(kept(found), loads))
    held.came(figures_of(found), len(day.left_out(found)), result)


def figures_of(found: Plan) -> dict[str, str]:
    """What plans of one day are compared by, exact."""
    delays = late(found)
    return {
        "grams": str(found.grams),
        "gained": str(found.gained),
        "metres": str(found.metres),
        "gram_metres": str(found.gram_metres),
        "cost": str(found.cost),
        "routes": str(len(found.routes)),
        "stops": str(sum(len(route.stops) for route in found.routes)),
        "late": str(len(delays)),
        "late_seconds": str(sum(delays)),
        "iterations": str(found.iterations),
        "complete": str(int(found.complete)),
    }


WORK: Final[Mapping[Kind, Callable[[Ledger, HeldPlan], None]]] = {"routes": _routes, "cartons": choose_cartons}
