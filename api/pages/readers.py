"""Fixed RFID readers: where they stand, when they last spoke, what they saw, and tags nobody knows."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep, locale_for
from api.pages.catalogue import messages, translator
from api.pages.shell import page
from api.pages.words import at
from ledger.errors import IdentityError, Locale
from ledger.identity import parse
from ledger.ports import ReaderState, Stray

router = APIRouter(include_in_schema=False)
STRAYS: Final = 200


class ReaderRow(NamedTuple):
    """One reader."""

    state: ReaderState
    place: str
    step: str
    latest: datetime | None
    received: datetime | None


class StrayRow(NamedTuple):
    """A tag that names nothing, or another company's thing."""

    stray: Stray
    label: str
    first: datetime
    last: datetime


class ReadersView(NamedTuple):
    """All of them."""

    rows: list[ReaderRow]
    strays: list[StrayRow]


@router.get("/readers")
def readers(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The tenant's readers and the strange tags they saw."""
    locale = locale_for(request)
    rows = [_row(state, locale) for state in ledger.reads.readers(principal.tenant)]
    strays = [
        StrayRow(stray, _label(stray.tag), at(stray.first_at), at(stray.last_at))
        for stray in ledger.reads.strays(principal.tenant, STRAYS)
    ]
    crumbs = ((translator(locale)("nav.readers"), ""),)
    return page(request, "readers.html", ReadersView(rows, strays), crumbs=crumbs)


def _row(state: ReaderState, locale: Locale) -> ReaderRow:
    step = state.reader.biz_step
    return ReaderRow(
        state,
        _label(state.reader.read_point),
        messages(locale).get(f"step.{step}", step),
        at(state.latest_read) if state.latest_read else None,
        at(state.received_at) if state.received_at else None,
    )


def _label(text: str) -> str:
    try:
        return parse(text).element_string()
    except IdentityError:
        return text
