"""A tender between closing and award: the panel's marks before prices, then scoring with rulings on low bids."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.bidding import desk_of
from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.comparison_views import criterion_title
from api.pages.shell import page
from api.pages.tender_views import title_of
from api.pages.words import moment, segment
from api.permissions import may
from ledger.errors import LedgerError, Locale
from ledger.footprint.amount import exact_text
from ledger.scoring.bid import Bid, Ruling
from ledger.scoring.panel_marks import HIGHEST, PanelMark
from ledger.scoring.rational import parse_rational
from ledger.scoring.scheme import Scheme
from ledger.services.panel import Given, Panel, give_marks, panel_seen
from ledger.services.tenders import score_tender

router = APIRouter(include_in_schema=False)
LONGEST: Final = 2000


class Field(NamedTuple):
    """One mark to give: the name it is sent by, what it is of, and what was given or typed."""

    key: str
    title: str
    mark: str
    reason: str


class BidRow(NamedTuple):
    """A bid as the panel sees it: everything but its price, its lines and its footprint."""

    bidder: str
    pledges: str
    certificates: str
    stated: str
    fields: list[Field]


class PanelPage(NamedTuple):
    """The page."""

    id: str
    title: str
    bids: list[BidRow]
    given: Given | None
    at: str
    highest: int
    may_mark: bool
    fault: str
    fix: str


@router.get("/tenders/{tender_id:path}/panel")
def panel(request: Request, tender_id: str, scope: ScopeDep) -> Response:
    """The opened bids without their prices, and the marks."""
    seen = panel_seen(desk_of(scope.ledger, scope.principal), tender_id)
    return _page(request, seen, may_mark=may(scope.principal, "panel.mark"), said={}, fault=None)


@router.post("/tenders/{tender_id:path}/panel")
async def mark(request: Request, tender_id: str, scope: ScopeDep) -> Response:
    """Record the marks, once; wrong ones come back with what is wrong."""
    form = await request.form()
    said = {name: value.strip()[:LONGEST] for name, value in form.items() if isinstance(value, str)}

    def take() -> Response | None:
        desk = desk_of(scope.ledger, scope.principal)
        seen = panel_seen(desk, tender_id)
        try:
            give_marks(desk, tender_id, _marks(seen, said))
        except LedgerError as error:
            return _page(request, seen, may_mark=True, said=said, fault=error)
        return None

    refused = await run_in_threadpool(take)
    return refused or RedirectResponse(f"/tenders/{segment(tender_id)}/panel", 303)


@router.post("/tenders/{tender_id:path}/score")
async def score(request: Request, tender_id: str, scope: ScopeDep) -> Response:
    """Score the tender with the rulings of the form, and record the sheet."""
    form = await request.form()
    rulings = list(_rulings(form, scope.principal.name))
    await run_in_threadpool(lambda: score_tender(desk_of(scope.ledger, scope.principal), tender_id, rulings))
    desk_of(scope.ledger, scope.principal)
    return RedirectResponse(f"/tenders/{segment(tender_id)}", 303)


def _page(
    request: Request, seen: Panel, *, may_mark: bool, said: dict[str, str], fault: LedgerError | None
) -> Response:
    locale = locale_for(request)
    t, tender = translator(locale), seen.scheme.id
    given = {(m.bidder, m.name): m for m in (seen.given.marks if seen.given else ())}
    rows = []
    for i, bid in enumerate(seen.bids):
        fields = []
        for j, name in enumerate(seen.scheme.panel_names):
            key, found = f"{i}.{j}", given.get((bid.bidder, name))
            typed = (said.get(f"m{key}", ""), said.get(f"r{key}", ""))
            shown = (exact_text(found.mark), found.reason) if found else typed
            fields.append(Field(key, _title(seen.scheme, name, locale), *shown))
        rows.append(_row(bid, seen.scheme, fields))
    view = PanelPage(
        id=tender,
        title=title_of(seen.scheme, locale),
        bids=rows,
        given=seen.given,
        at=moment(seen.given.recorded_at) if seen.given else "",
        highest=HIGHEST,
        may_mark=may_mark and seen.given is None,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((t("nav.tenders"), "/tenders"), (tender, f"/tenders/{segment(tender)}"), (t("panel.title"), ""))
    return page(request, "tender-panel.html", view, crumbs=crumbs, status=422 if fault else 200)


def _row(bid: Bid, scheme: Scheme, fields: list[Field]) -> BidRow:
    own = {name: value for name, value in bid.quality.items() if name not in scheme.panel_names}
    return BidRow(
        bidder=bid.bidder,
        pledges=", ".join(bid.pledges),
        certificates=", ".join(f"{c.scheme} {c.number}" for c in bid.certificates),
        stated=", ".join(f"{name} {exact_text(value)}" for name, value in own.items()),
        fields=fields,
    )


def _title(scheme: Scheme, name: str, locale: Locale) -> str:
    """The criterion that reads a mark, with its unit; the mark's own name where an amount reads it."""
    found = next((c for c in scheme.criteria if c.reads == name), None)
    return f"{criterion_title(found, locale)} [{found.unit}]" if found else name


def _marks(seen: Panel, said: dict[str, str]) -> list[PanelMark]:
    """What the form says; an empty field is no mark. Raises ``ParameterRefused`` for what is no number."""
    found = []
    for i, bid in enumerate(seen.bids):
        for j, name in enumerate(seen.scheme.panel_names):
            text = said.get(f"m{i}.{j}", "")
            if not text:
                continue
            try:
                mark_ = parse_rational(text[:20])
            except ValueError as error:
                raise ParameterRefused(name=f"{bid.bidder}: {name}", why=str(error)) from None
            found.append(PanelMark(bidder=bid.bidder, name=name, mark=mark_, reason=said.get(f"r{i}.{j}", "")))
    return found


def _rulings(form: FormData, name: str) -> list[Ruling]:
    """Rulings of the form: ``bidder``, ``subject``, ``ruling`` and ``reason`` repeated in step."""
    columns = [[str(value) for value in form.getlist(key)] for key in ("bidder", "subject", "ruling", "reason")]
    found = []
    for bidder, subject, ruling, reason in zip(*columns, strict=False):
        if ruling not in {"accepted", "refused"} or subject not in {"price", "footprint"}:
            continue
        if not reason.strip():
            raise ParameterRefused(name="reason", why=bidder[:100])
        found.append(
            Ruling(
                bidder=bidder[:200],
                subject="price" if subject == "price" else "footprint",
                accepted=ruling == "accepted",
                reason=reason.strip()[:LONGEST],
                decided_by=name,
            )
        )
    return found
