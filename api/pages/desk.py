"""The desk: requests for footprints with the days left, footprints as they stand, reviews and their statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.downloads import download
from api.faults import ParameterRefused
from api.names import declared_names
from api.pages.catalogue import translator
from api.pages.desk_views import (
    ROWS,
    Boards,
    Known,
    desk_view,
    footprint_page,
    footprints_view,
    request_view,
    statement_view,
)
from api.pages.pcf_file import suppliers_of
from api.pages.pins import pin_view
from api.pages.shell import page
from api.pages.words import segment
from api.paging import After, Before, place_of
from api.parties import party_names, party_of
from api.permissions import may
from api.scope import Scope
from api.statements import review_view
from api.wire import reply
from ledger.errors import LedgerError
from ledger.ports.letters import Letter
from ledger.records.epcis.reading import located
from ledger.records.pcf_request import Step
from ledger.records.pcf_review import Finding
from ledger.records.product_footprint import DecimalText
from ledger.services.drafts import drafts_of
from ledger.services.pcf_requests import Wanted, ask, board, board_counted, request_named, take_step
from ledger.services.pcf_reviews import (
    Examined,
    footprint_seen,
    footprints_page,
    footprints_seen,
    queue,
    review,
    statement,
)
from ledger.services.reminders import calendar_for

router = APIRouter(include_in_schema=False)
LONGEST: Final = 2_000
MOST_LINES: Final = 200
KNOWN: Final = 200
"""Declared products that the form names, by code."""
_DECLARED: Final = ("product_footprint",)
As = Annotated[Literal["json", "pdf"] | None, Query(alias="as")]
Shown = Annotated[Literal["all", "review"], Query()]


@router.get("/desk")
def desk(request: Request, scope: ScopeDep, after: After = None, ended: After = None) -> Response:
    """Requests: all of the house, or those to the reader's organisation; two lists, each page by page."""
    t, ledger, party = translator(locale_for(request)), scope.ledger, party_of(scope.principal)
    boards = Boards(
        board_counted(ledger, party, _today(scope)),
        board(ledger, party, place_of(after), part="open"),
        board(ledger, party, place_of(ended), part="ended"),
    )
    asking = may(scope.principal, "pcf.ask")
    known = Known({}, 0)
    if asking:
        products = ledger.projections.subjects(scope.tenant, _DECLARED, limit=KNOWN)
        total = ledger.projections.subject_count(scope.tenant, _DECLARED)
        known = Known(declared_names(ledger, scope.tenant, products), total)
    parties = party_names(ledger, scope.tenant)
    suppliers = [(one.id, one.name) for one in ledger.organisations.listed(scope.tenant) if one.kind == "supplier"]
    drafts = drafts_of(ledger, scope.tenant, scope.principal.id)
    view = desk_view(boards, _today(scope), parties, known, suppliers if asking else [], may_ask=asking, drafts=drafts)
    return page(request, "desk.html", view, crumbs=((t("nav.desk"), ""),))


@router.post("/desk/requests")
async def ask_for(request: Request, scope: ScopeDep) -> Response:
    """A round of requests; who is wrong comes back as a page of its own, and nothing else is lost."""
    said = await _form(request)
    suppliers = [str(one)[:200] for one in (await request.form()).getlist("suppliers")][:MOST_LINES]
    if not suppliers:
        raise ParameterRefused(name="suppliers", why=f"1 - {MOST_LINES}")
    products = [_product(line) for line in _lines(said, "products")]
    wanted = Wanted(suppliers, products, _day(said, "due"), int(_whole(said, "grace_days")), said.get("words", ""))
    for outcome in await run_in_threadpool(ask, scope.ledger, party_of(scope.principal), wanted):
        if isinstance(outcome, LedgerError):
            raise outcome
    return RedirectResponse("/desk#waiting", 303)


@router.get("/desk/requests/{request_id}")
def one_request(request: Request, request_id: str, scope: ScopeDep) -> Response:
    """A request with its steps, and the steps that the reader can take."""
    t, party = translator(locale_for(request)), party_of(scope.principal)
    state = request_named(scope.ledger, party, request_id)
    found = [] if party.is_house else footprints_seen(scope.ledger, party, party.organisation)
    own = [one.stated for one in found if one.stated.supplier == party.organisation]
    may_step = may(scope.principal, "pcf.step")
    view = request_view(
        state,
        _today(scope),
        party_names(scope.ledger, scope.tenant),
        own,
        house=party.is_house and may_step,
        holder=party.organisation,
        letters=_undelivered(scope, request_id),
    )
    return page(request, "desk-request.html", view, crumbs=((t("nav.desk"), "/desk"), (t("desk.request"), "")))


@router.post("/desk/requests/{request_id}")
async def step(request: Request, request_id: str, scope: ScopeDep) -> Response:
    """A step of a request."""
    said = await _form(request)
    try:
        name = msgspec.convert(said.get("step"), Step)
    except msgspec.ValidationError:
        raise ParameterRefused(name="step", why=said.get("step", "")[:100]) from None
    says: dict[str, Any] = {key: said[key] for key in ("organisation", "pcf", "person", "reason") if said.get(key)}
    if said.get("due"):
        says["due"] = _day(said, "due")
    await run_in_threadpool(lambda: take_step(scope.ledger, party_of(scope.principal), request_id, name, **says))
    return RedirectResponse(f"/desk/requests/{segment(request_id)}", 303)


@router.get("/pcf")
def footprints(
    request: Request, scope: ScopeDep, shown: Shown = "all", before: Before = None, after: After = None
) -> Response:
    """Footprints as they stand; a verifier is shown what waits for a review first."""
    t, party = translator(locale_for(request)), party_of(scope.principal)
    if shown == "review":
        found, place = queue(scope.ledger, party, place_of(after))
        more = None if place is None else f"/pcf?shown=review&after={place.text}"
    else:
        found, older = footprints_page(scope.ledger, party, before)
        more = None if older is None else f"/pcf?before={older}"
    view = footprints_view(
        found,
        party_names(scope.ledger, scope.tenant),
        shown=shown,
        may_review=may(scope.principal, "pcf.review"),
        more=more,
    )
    return page(request, "desk-footprints.html", view, crumbs=((t("nav.desk-footprints"), ""),))


@router.get("/pcf/{pcf_id:path}")
def one_footprint(request: Request, pcf_id: str, scope: ScopeDep) -> Response:
    """A footprint: how it stands and why, its versions, what was said of it; a form for a verifier's statement."""
    t, party = translator(locale_for(request)), party_of(scope.principal)
    one = footprint_seen(scope.ledger, party, pcf_id)
    said = one.stated
    found = footprints_seen(scope.ledger, party, said.supplier, said.product)
    others = [each for each in found if each.stated.product == said.product]
    may_review = may(scope.principal, "pcf.review") and one.stated.supplier != party.organisation
    stating = dict(suppliers_of(scope.ledger, scope.principal)) if may(scope.principal, "capture") else {}
    view = footprint_page(
        one,
        others,
        party_names(scope.ledger, scope.tenant),
        may_review=may_review,
        may_state=one.stated.supplier in stating,
        may_share=may(scope.principal, "pcf.share") and one.stated.supplier == party.organisation,
        whole=scope.shows(one.stated.entry),
    )
    crumbs = ((t("nav.desk-footprints"), "/pcf"), (one.stated.name, ""))
    return page(request, "desk-footprint.html", view, crumbs=crumbs)


@router.post("/statements")
async def state_review(request: Request, scope: ScopeDep) -> Response:
    """A verifier's statement."""
    said = await _form(request)
    examined = Examined(
        provider=_text(said, "provider"),
        scope=_text(said, "scope"),
        level=_one_of(said, "level", Literal["limited", "reasonable"]),
        materiality_pct=_one_of(said, "materiality_pct", DecimalText),
        verdict=_one_of(said, "verdict", Literal["returned", "verified", "verified_with_remarks"]),
        findings=_findings(said),
        reasons=said.get("reasons", ""),
        valid_until=_day(said, "valid_until") if said.get("valid_until") else None,
    )
    party, pcf = party_of(scope.principal), _text(said, "pcf")
    made, _ = await run_in_threadpool(review, scope.ledger, party, pcf, examined)
    return RedirectResponse(f"/statements/{segment(made.id)}", 303)


@router.get("/statements/{review_id}")
def one_review(request: Request, review_id: str, scope: ScopeDep, form: As = None) -> Response:
    """A signed statement, as page, PDF or JSON."""
    locale, party = locale_for(request), party_of(scope.principal)
    t = translator(locale)
    entry, made = statement(scope.ledger, party, review_id)
    if form == "json":
        return reply(review_view(entry, made))
    view = statement_view(entry, made, t)
    if form == "pdf":
        from api.report_pdf import paged, report_pdf  # slow to load, and most requests draw nothing

        data = report_pdf(view, locale, paged(t), pin_view(scope.ledger, t))
        return download(data, "application/pdf", f"{view.title} {made.pcf}.pdf")
    crumbs = ((t("nav.desk-footprints"), "/pcf"), (view.name, view.back), (view.title, ""))
    return page(request, "report.html", view, crumbs=crumbs)


def _undelivered(scope: Scope, request_id: str) -> list[tuple[Letter, str]]:
    """Letters about a request that did not come through, each with its reader's name."""
    failed = {"refused", "doubtful"}
    found = [one for one in scope.ledger.letters.listed(scope.tenant, MOST_LINES, request_id) if one.state in failed]
    readers = {one.person: scope.ledger.people.by_id(one.person) for one in found}
    return [(one, known.person.name if (known := readers[one.person]) else "") for one in found]


async def _form(request: Request) -> dict[str, str]:
    return {key: str(value).strip()[: LONGEST * 10] for key, value in (await request.form()).items()}


def _text(said: Mapping[str, str], name: str, most: int = LONGEST) -> str:
    text = said.get(name, "")
    if not 0 < len(text) <= most:
        raise ParameterRefused(name=name, why=f"1 - {most}")
    return text


def _one_of(said: Mapping[str, str], name: str, kind: Any) -> Any:
    try:
        return msgspec.convert(said.get(name), kind)
    except msgspec.ValidationError as error:
        raise ParameterRefused(name=name, why=str(error)[:200]) from None


def _day(said: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(said.get(name, ""))
    except ValueError:
        raise ParameterRefused(name=name, why="2026-12-31") from None


def _whole(said: Mapping[str, str], name: str) -> int:
    text = said.get(name) or "0"
    if not (text.isascii() and text.isdigit() and int(text[:4]) <= 365 and len(text) <= 3):
        raise ParameterRefused(name=name, why="0 - 365")
    return int(text)


def _lines(said: Mapping[str, str], name: str) -> list[str]:
    """One a line, or apart by semicolons, as people paste them."""
    found = [part.strip() for part in said.get(name, "").replace("；", "\n").replace(";", "\n").splitlines()]
    lines = list(dict.fromkeys(filter(None, found)))
    if not 0 < len(lines) <= MOST_LINES:
        raise ParameterRefused(name=name, why=f"1 - {MOST_LINES}")
    return lines


def _product(line: str) -> tuple[str, str]:
    code, _, name = line.partition(" ")
    return code, name.strip()[:200]


def _findings(said: Mapping[str, str]) -> list[Finding]:
    found = []
    for number in range(ROWS):
        words = said.get(f"words_{number}", "")
        if not words:
            continue
        given = {"words": words, "about": said.get(f"about_{number}") or "–"}
        given |= {key: said.get(f"{key}_{number}", "") for key in ("severity", "state")}
        if said.get(f"effect_{number}"):
            given["effect_kg_co2e"] = said[f"effect_{number}"]
        try:
            found.append(msgspec.convert(given, Finding))
        except msgspec.ValidationError as error:
            raise located(f"{error}") from None
    return found


def _today(scope: Scope) -> date:
    return calendar_for(scope.ledger, scope.tenant).today(scope.ledger.clock.now())
