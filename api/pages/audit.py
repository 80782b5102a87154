"""What was done that concerns security: who, what, when, whether it was let be, and the entry that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import at
from ledger.ports.audit import AuditLine, WantedDeeds
from ledger.records.audit import ACTS, AUDIT_OUTCOMES, NOBODY
from ledger.records.record import microseconds
from ledger.services.audit import OPERATOR
from ledger.services.deeds import deeds
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Query(max_length=200)]
Index = Annotated[int | None, Query(ge=1, le=2**53 - 1)]
ROWS: Final = 50
_EXPORTED: Final = 10_000
_NAMELESS: Final = frozenset({NOBODY, OPERATOR})
_LATEST: Final = date(9999, 12, 30)


class DeedRow(NamedTuple):
    """A deed with the names that its parties have today, empty where they have none."""

    line: AuditLine
    who: str
    about: str
    first_at: datetime
    last_at: datetime


class AuditView(NamedTuple):
    """Deeds, newest first, what was asked for, what can be, and where the rest is."""

    rows: list[DeedRow]
    asked: dict[str, str]
    acts: tuple[str, ...]
    outcomes: tuple[str, ...]
    older: str
    exported: dict[str, str]
    """Addresses of what is shown, as files."""


@router.get("/audit")
def audit(
    request: Request,
    ledger: LedgerDep,
    principal: PrincipalDep,
    *,
    who: Annotated[Text, Query(alias="principal")] = "",
    act: Text = "",
    outcome: Text = "",
    since: Text = "",
    until: Text = "",
    before: Index = None,
) -> Response:
    """The reader's tenant's; an empty choice is no choice."""
    asked = {"principal": who.strip(), "act": act, "outcome": outcome, "since": since, "until": until}
    for name, text, known in (("act", act, ACTS), ("outcome", outcome, AUDIT_OUTCOMES)):
        if text and text not in known:
            raise ParameterRefused(name=name, why=text[:60])
    first, last = _day("since", since), _day("until", until)
    end = last + timedelta(days=1) if last else None
    since_at, until_at = (microseconds(day) if day else None for day in (first, end))
    wanted = WantedDeeds(asked["principal"], act, outcome, since_at, until_at)
    found = deeds(ledger, principal.tenant, wanted, before, ROWS)
    said = {name: text for name, text in asked.items() if text}
    older = urlencode(said | {"before": found[ROWS - 1].seq}) if len(found) > ROWS else ""
    span = {"since": first.isoformat() if first else "", "until": end.isoformat() if end else ""}
    sent = {name: text for name, text in (asked | span).items() if text} | {"limit": str(_EXPORTED)}
    files = {form: f"/api/v1/audit?{urlencode(sent | {'format': form})}" for form in ("csv", "json")}
    rows = _rows(ledger, principal.tenant, found[:ROWS])
    view = AuditView(rows, asked, ACTS, AUDIT_OUTCOMES, f"/audit?{older}" if older else "", files)
    return page(request, "audit.html", view, crumbs=((translator(locale_for(request))("nav.audit"), ""),))


def _rows(ledger: Ledger, tenant: str, lines: list[AuditLine]) -> list[DeedRow]:
    names = {each.id: each.name for each in ledger.principals.of_tenant(tenant)}
    names |= {each.id: each.name for each in ledger.organisations.listed(tenant)}
    names = {id_: name for id_, name in names.items() if name != id_}
    return [
        DeedRow(
            line,
            "" if line.principal in _NAMELESS else names.get(line.principal, ""),
            names.get(line.object, ""),
            at(line.first_at),
            at(line.last_at),
        )
        for line in lines
    ]


def _day(name: str, text: str) -> datetime | None:
    """The first moment of a day, UTC; ``None`` where none is given."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if day > _LATEST:
        raise ParameterRefused(name=name, why="2026-12-31")
    return datetime.combine(day, time(), UTC)
