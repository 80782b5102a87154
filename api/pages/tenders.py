"""Tenders: the list, and the bid table of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Final, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.downloads import download, tables_file
from api.pages.award_files import award_report, award_tables, card_table
from api.pages.catalogue import Translate, translator
from api.pages.pins import pin_view
from api.pages.shell import page
from api.pages.tender_card_views import card_page
from api.pages.tender_views import tender_view, title_of
from api.pages.words import figure, moment, segment
from api.paging import AfterName
from api.permissions import may
from api.scope import Scope
from ledger.claims.paper import MOST_SHEETS, USUAL_SHEETS
from ledger.errors import LedgerError, Locale
from ledger.footprint.activity import CHINA
from ledger.log.proof import record_of
from ledger.scoring.award import replay
from ledger.scoring.pipeline import flagged
from ledger.scoring.scheme import Scheme
from ledger.services.paperless import Basis, paper_saved
from ledger.services.tender_desk import Desk, scheme_of
from ledger.services.tender_examination import card_known, evaluated
from ledger.services.tenders import schemes_page, sheets_of

router = APIRouter(include_in_schema=False)
Sheets = Annotated[int, Query(ge=0, le=MOST_SHEETS)]
_BIDS: Final = ("bid", "sealed_bid")
As = Annotated[Literal["pdf", "xlsx"] | None, Query(alias="as")]


class TenderRow(NamedTuple):
    """A tender in the list."""

    id: str
    title: str
    closes: str
    bids: int


class PaperView(NamedTuple):
    """Paper that was not needed: an estimate, with everything it rests on."""

    projects: int
    sheets_each: int
    most: int
    sheets: int
    per_sheet: str
    kg: str
    basis: str
    factor: str
    """Address of the factor; empty where it rests on the statement."""
    source: str


class TendersView(NamedTuple):
    """A page of the list, of ``total`` tenders in all. ``next`` is the address of the next one; empty at the end."""

    rows: list[TenderRow]
    total: int
    next: str
    paper: PaperView


class LowRow(NamedTuple):
    """A bid that is abnormally low, for the panel to rule on before scoring."""

    bidder: str
    subject: str
    text: str


class UnscoredView(NamedTuple):
    """A tender whose bids were not scored yet; ``ready`` to be, or what keeps it, with what to do."""

    id: str
    title: str
    basis: str
    closes: str
    bids: int
    scheme: int
    panel: bool
    ready: bool
    low: list[LowRow]
    waits: str
    fix: str
    may_score: bool


@router.get("/tenders")
def tenders(
    request: Request,
    scope: ScopeDep,
    sheets: Sheets = USUAL_SHEETS,
    basis: Basis = "material",
    after: AfterName = "",
) -> Response:
    """Tenders of the reader's tenant, page by page, and the paper they did not need."""
    locale = locale_for(request)
    found, more = schemes_page(_desk(scope), after)
    view = TendersView(
        rows=_rows(scope, [scheme for _, scheme in found], locale),
        total=scope.ledger.projections.subject_count(scope.tenant, ("scheme",)),
        next=f"/tenders?{urlencode({'sheets': sheets, 'basis': basis, 'after': more})}" if more else "",
        paper=_paper(scope, sheets, basis),
    )
    return page(request, "tenders.html", view, crumbs=((translator(locale)("nav.tenders"), ""),))


@router.get("/tenders/{tender_id:path}")
def tender(request: Request, tender_id: str, scope: ScopeDep, form: As = None) -> Response:
    """The bid table, replayed from the recorded score sheet; also to print, and as tables."""
    desk, locale = _desk(scope), locale_for(request)
    t, scheme, sheets = translator(locale), scheme_of(desk, tender_id), sheets_of(desk, tender_id)
    crumbs = ((t("nav.tenders"), "/tenders"), (tender_id, ""))
    if not sheets:
        return page(request, "tender-unscored.html", _unscored(scope, desk, scheme, locale), crumbs=crumbs)
    sheet = replay(sheets[-1][1])
    view = tender_view(sheet, _entries(scope, tender_id, t), t, locale)
    known = card_known(desk, tender_id) if form else None
    card = card_page(known, sheet, t, locale) if known else None
    if form == "xlsx":
        tables = award_tables(sheet, view, t) + ([card_table(card, t)] if card else [])
        return tables_file(tables, form, tender_id)
    if form == "pdf":
        from api.report_pdf import paged, report_pdf  # slow to load, and most requests draw nothing

        made = scope.ledger.clock.now().astimezone(CHINA).date()
        report = award_report(view, card, made, t, f"/tenders/{segment(tender_id)}")
        data = report_pdf(report, locale, paged(t), pin_view(scope.ledger, t))
        return download(data, "application/pdf", f"{tender_id}.pdf")
    return page(request, "tender.html", view, crumbs=crumbs)


def _paper(scope: Scope, sheets: int, basis: Basis) -> PaperView:
    ledger = scope.ledger
    saved = paper_saved(ledger.projections, ledger.factors, scope.tenant, sheets, basis)
    count, factor = saved.saved, saved.factor
    return PaperView(
        projects=count.projects,
        sheets_each=count.sheets_per_project,
        most=MOST_SHEETS,
        sheets=count.sheets,
        per_sheet=figure(count.g_per_sheet).shown,
        kg=figure(count.grams / 1000).shown,
        basis=saved.basis,
        factor=f"/factors/{segment(saved.set)}/{segment(factor.id)}" if factor else "",
        source=factor.source if factor else "",
    )


def _desk(scope: Scope) -> Desk:
    return Desk.of(scope.ledger, scope.tenant, scope.principal.name)


def _rows(scope: Scope, schemes: Sequence[Scheme], locale: Locale) -> list[TenderRow]:
    bids = Counter[str]()
    for (_, name), count in scope.ledger.projections.tally(scope.tenant, _BIDS, [one.id for one in schemes]).items():
        bids[name] += count
    return [TenderRow(one.id, title_of(one, locale), moment(one.closes_at), bids[one.id]) for one in schemes]


def _unscored(scope: Scope, desk: Desk, scheme: Scheme, locale: Locale) -> UnscoredView:
    (row,) = _rows(scope, [scheme], locale)
    index = scope.ledger.projections.facts(scope.tenant, "scheme", scheme.id)[-1].seq
    waits: LedgerError | None = None
    low: list[LowRow] = []
    try:
        judged = evaluated(desk, scheme.id)
        flags = flagged(scheme, judged.bids)
        low = [LowRow(r.bidder, subject, r.zh if locale == "zh-CN" else r.en) for subject, r in flags]
    except LedgerError as error:
        waits = error
    return UnscoredView(
        id=scheme.id,
        title=row.title,
        basis=scheme.basis,
        closes=row.closes,
        bids=row.bids,
        scheme=index,
        panel=bool(scheme.panel_names),
        ready=waits is None,
        low=low,
        waits=waits.message(locale) if waits else "",
        fix=waits.fix(locale) if waits else "",
        may_score=may(scope.principal, "tenders.score"),
    )


def _entries(scope: Scope, tender: str, t: Translate) -> list[tuple[str, int]]:
    """Where in the log scheme, bids and score sheet stand."""
    found = []
    for kind in ("scheme", "bid", "panel_marks", "score_sheet"):
        for fact in scope.ledger.projections.facts(scope.tenant, kind, tender):
            bidder = record_of(scope.ledger.entries.entry(fact.seq))["content"].get("bidder")
            label = t("tender.entry.bid", name=bidder) if bidder else t(f"kind.{kind}")
            found.append((label, fact.seq))
    return found
