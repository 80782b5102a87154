"""Who sees what of a footprint: a supplier's switches, their history, and what a reader is shown as they stand."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.desk_views import FootprintRow, footprint_row
from api.pages.shell import page
from api.pages.words import segment
from api.parties import party_names, party_of
from api.sharing import Reader, reader_name, seen_by, switches_of, turned
from ledger.log.proof import record_of
from ledger.records.pcf_share import Reach
from ledger.services.pcf_reviews import footprint_seen
from ledger.services.pcf_sight import Turned

router = APIRouter(include_in_schema=False)
REACHES: Final[tuple[Reach, ...]] = ("nobody", "total", "whole")
Name = Annotated[str, Query(max_length=300)]


class Turn(NamedTuple):
    """A turn of a switch, with what its reader is called."""

    turned: Turned
    name: str


class SharesView(NamedTuple):
    """Every reader with its switch."""

    row: FootprintRow
    readers: list[Reader]
    reaches: tuple[Reach, ...]
    turns: list[Turn]


class PreviewView(NamedTuple):
    """What one reader is shown: nothing, the total, or the record."""

    row: FootprintRow
    reader: Reader
    record: str


@router.get("/pcf/shares")
def shares(request: Request, scope: ScopeDep, pcf: Name) -> Response:
    """The switches of one of the reader's own footprints."""
    t, ledger = translator(locale_for(request)), scope.ledger
    found = switches_of(ledger, scope.principal, pcf)
    turns = [Turn(one, reader_name(ledger, scope.tenant, one.share.reader)) for one in found.turns]
    row = _row(scope, pcf)
    crumbs = ((t("nav.desk-footprints"), "/pcf"), (row.name, f"/pcf/{segment(pcf)}"), (t("pcf.shares"), ""))
    return page(request, "pcf-shares.html", SharesView(row, found.readers, REACHES, turns), crumbs=crumbs)


@router.post("/pcf/shares")
async def turn_switches(request: Request, scope: ScopeDep) -> Response:
    """Turn what was changed; each is an entry."""
    form = await request.form()
    pcf = str(form.get("pcf", ""))[:300]
    said = {str(key)[3:]: str(value) for key, value in form.items() if str(key).startswith("to_")}

    def turn_all() -> None:
        for one in switches_of(scope.ledger, scope.principal, pcf).readers:
            if one.reader in said:
                try:
                    reach: Any = msgspec.convert(said[one.reader], Reach)
                except msgspec.ValidationError:
                    raise ParameterRefused(name="reach", why=", ".join(REACHES)) from None
                turned(scope.ledger, scope.principal, pcf, one.reader, reach)

    await run_in_threadpool(turn_all)
    return RedirectResponse(f"/pcf/shares?pcf={segment(pcf)}", 303)


@router.get("/pcf/shares/preview")
def preview(request: Request, scope: ScopeDep, pcf: Name, reader: Name) -> Response:
    """What this reader is shown of it, no more and no less."""
    t, ledger = translator(locale_for(request)), scope.ledger
    found = switches_of(ledger, scope.principal, pcf)
    one = next((each for each in found.readers if each.reader == reader), None)
    if one is None:
        raise ParameterRefused(name="reader", why=reader[:100])
    reach = seen_by(ledger, scope.tenant, found.subject, reader)
    record = ""
    if reach == "whole":
        record = json.dumps(record_of(ledger.entries.entry(found.subject.entry)), ensure_ascii=False, indent=2)
    row = _row(scope, pcf)
    crumbs = (
        (t("nav.desk-footprints"), "/pcf"),
        (t("pcf.shares"), f"/pcf/shares?pcf={segment(pcf)}"),
        (t("pcf.shares.preview"), ""),
    )
    return page(request, "pcf-preview.html", PreviewView(row, one, record), crumbs=crumbs)


def _row(scope: ScopeDep, pcf: str) -> FootprintRow:
    stood = footprint_seen(scope.ledger, party_of(scope.principal), pcf)
    return footprint_row(stood, party_names(scope.ledger, scope.tenant))
