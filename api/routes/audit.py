"""What was done that concerns security, as recorded in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.downloads import MEDIA, download
from api.faults import ParameterRefused
from api.schemas.audit import DeedPage, DeedView
from api.wire import instant, reply
from ledger.adapters.files.written_table import WrittenTable, delimited
from ledger.ports.audit import AuditLine, WantedDeeds
from ledger.records.audit import Act, AuditOutcome
from ledger.records.record import microseconds
from ledger.services.deeds import deeds

router = APIRouter(tags=["audit"])
HEADINGS: Final = tuple(DeedView.__struct_fields__)
Text = Annotated[str, Query(max_length=200)]
Index = Annotated[int | None, Query(ge=1, le=2**53 - 1)]


@router.get("/api/v1/audit", **gives(DeedPage, or_text="text/csv"))
def list_deeds(
    ledger: LedgerDep,
    principal: PrincipalDep,
    *,
    who: Annotated[Text, Query(alias="principal", description="Id of a key or a person")] = "",
    act: Act | None = None,
    outcome: AuditOutcome | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: Index = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Recorded deeds of the tenant, newest first: each is an entry with a proof."""
    wanted = WantedDeeds(who, act or "", outcome or "", _moment("since", since), _moment("until", until))
    found = deeds(ledger, principal.tenant, wanted, before, limit)
    shown, more = [_view(line) for line in found[:limit]], len(found) > limit
    if form == "csv":
        rows = [[getattr(deed, name) for name in HEADINGS] for deed in shown]
        return download(delimited(WrittenTable("audit", HEADINGS, rows)), MEDIA["csv"], "audit.csv")
    return reply(DeedPage(deeds=shown, next_before=shown[-1].entry if more else None))


def _moment(name: str, at: datetime | None) -> int | None:
    """Raises ``ParameterRefused`` without an offset."""
    if at is not None and at.tzinfo is None:
        raise ParameterRefused(name=name, why="the offset is missing, as in 2026-01-31T08:00:00+08:00")
    return None if at is None else microseconds(at)


def _view(line: AuditLine) -> DeedView:
    fields = line._asdict() | {"first_at": instant(line.first_at), "last_at": instant(line.last_at)}
    return DeedView(entry=fields.pop("seq"), **fields)
