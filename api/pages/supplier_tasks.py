"""
What is open for a supplier's organisation, by source: ``SOURCES`` is all of them, each the first page of its list.

A source reads the ledger as its principal may see it and names what somebody has to do, by when, and where. A new
source is one function and one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, NamedTuple

from api.bidding import desk_of, is_open
from api.names import readable
from api.pages.words import segment
from api.parties import party_of
from api.permissions import may
from api.scope import Scope
from ledger.services.assessments import assessments_page
from ledger.services.pcf_requests import board
from ledger.services.sealed_bids import sealing_of
from ledger.services.tenders import sealed_open


class OpenTask(NamedTuple):
    """Something to do: a message of the catalogue with its values, where, and by which day, if there is one."""

    message: str
    values: dict[str, str]
    href: str
    due: date | None = None


Source = Callable[[Scope], Iterable[OpenTask]]


def first_record(scope: Scope) -> Iterable[OpenTask]:
    """Until anything was handed in: the way to begin."""
    if may(scope.principal, "work") and not scope.newest(scope.ledger.entries.size(), 1)[0]:
        yield OpenTask("supplier.task.first", {}, "/records/new")


def footprints_asked(scope: Scope) -> Iterable[OpenTask]:
    """Footprints that the house asked of the organisation, or that another handed on to it."""
    who = scope.principal
    for one in board(scope.ledger, party_of(who), part="open")[0] if may(who, "pcf.read") else ():
        if one.holder == who.organisation:
            product = one.request.product_name or readable(one.request.product)
            yield OpenTask(
                "supplier.task.pcf", {"product": product}, f"/desk/requests/{segment(one.request.id)}", one.due
            )


def assessments_asked(scope: Scope) -> Iterable[OpenTask]:
    """Assessments to answer, and corrective actions to show."""
    who, today = scope.principal, scope.ledger.clock.now().date()
    for one in assessments_page(scope.ledger, party_of(who))[0] if may(who, "assessments.answer") else ():
        href = f"/assessments/{segment(one.assessment.id)}"
        period = f"{one.assessment.period_start} – {one.assessment.period_end}"
        if one.status(today) in {"open", "late"}:
            yield OpenTask("supplier.task.assessment", {"period": period}, href, one.assessment.due)
        for action in one.actions:
            if action.status == "open":
                yield OpenTask("supplier.task.action", {"action": action.key}, f"{href}#{action.key}", action.due)


def tenders_open(scope: Scope) -> Iterable[OpenTask]:
    """Tenders that take sealed bids and have none of the organisation's."""
    who = scope.principal
    if not may(who, "bids.seal"):
        return
    desk = desk_of(scope.ledger, who)
    for name in sealed_open(desk):
        state = sealing_of(desk, name)
        if is_open(desk, state) and not any(row.bid.supplier == who.organisation for row in state.counted):
            closes = state.scheme.closes_at.date()
            yield OpenTask("supplier.task.bid", {"tender": name}, f"/bids/{segment(name)}", closes)


SOURCES: Final[tuple[Source, ...]] = (footprints_asked, assessments_asked, first_record, tenders_open)


def open_tasks(scope: Scope) -> list[OpenTask]:
    """All that is open, the nearest date first, what has no date last."""
    found = [task for source in SOURCES for task in source(scope)]
    return sorted(found, key=lambda task: task.due or date.max)
