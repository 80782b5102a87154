"""Show a figure without the document behind it: the page, whose work is done in the browser."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.deps import ScopeDep, SessionDep, locale_for
from api.pages import shell
from api.pages.catalogue import translator, under
from ledger.records.field_commitment import FieldCommitment
from ledger.services.field_disclosure import commitments

router = APIRouter(include_in_schema=False)
MOST: Final = 500
"""Commitments listed, newest first."""
NAMES: Final = ("pcf_kg_co2e", "stage.raw", "stage.manufacture", "stage.transport")
"""Fields that the form begins with."""


class CommitmentRow(NamedTuple):
    """A commitment and how far its entry has come."""

    entry: int
    about: str
    supplier: str
    state: str


class DisclosureView(NamedTuple):
    """``entries`` are the entries by record id; ``supplier`` is empty for the house's own people."""

    token: str
    supplier: str
    names: tuple[str, ...]
    rows: list[CommitmentRow]
    entries: dict[str, int]


@router.get("/disclosures")
def disclosures(request: Request, scope: ScopeDep, session: SessionDep) -> Response:
    """What was committed to, and the two forms."""
    locale = locale_for(request)
    own = scope.principal.organisation
    held = list(commitments(scope.ledger, scope.tenant, own or None, MOST))
    rising = sorted(entry for entry, _ in held)
    states = dict(zip(rising, scope.states(rising), strict=True))
    view = DisclosureView(
        token=session.form_token if session else "",
        supplier=own,
        names=NAMES,
        rows=[_row(entry, record, states[entry]) for entry, record in held],
        entries={record.id: entry for entry, record in held},
    )
    crumbs = ((translator(locale)("disclose.title"), ""),)
    text = shell.text(request, "disclosures.html", view, crumbs=crumbs, messages=under(locale, "js."))
    return HTMLResponse(text, headers={"Content-Language": locale})


def _row(entry: int, record: FieldCommitment, state: str) -> CommitmentRow:
    return CommitmentRow(entry, record.about, record.supplier, state)
