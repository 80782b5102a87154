"""Where a supplier's people start: what is open for their organisation, and what they can do."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.supplier_tasks import open_tasks
from ledger.services.organisations import Organisation

router = APIRouter(include_in_schema=False)


class TaskRow(NamedTuple):
    """A task in the reader's words; ``days`` left, negative when it is late, ``None`` without a date."""

    said: str
    href: str
    due: str
    days: int | None


class StartView(NamedTuple):
    """The organisation and what is open."""

    organisation: Organisation | None
    name: str
    tasks: list[TaskRow]


@router.get("/supplier")
def start(request: Request, scope: ScopeDep) -> Response:
    """The start page of a supplier."""
    t = translator(locale_for(request))
    ledger, who = scope.ledger, scope.principal
    today = ledger.clock.now().date()
    rows = [
        TaskRow(
            t(task.message, **task.values),
            task.href,
            task.due.isoformat() if task.due else "",
            (task.due - today).days if task.due else None,
        )
        for task in open_tasks(scope)
    ]
    party = ledger.organisations.get(who.tenant, who.organisation) if who.organisation else None
    return page(request, "supplier.html", StartView(party, who.name, rows))
