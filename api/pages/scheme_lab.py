"""The formula lab: a draft over invented bids, or those of a tender that was opened, by every formula side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import Translate, translator
from api.pages.scheme_views import Options, faults_at
from api.pages.schemes import desk_of, fields_of, seen_of
from api.pages.shell import page
from api.scope import Scope
from ledger.errors import LedgerError, Locale
from ledger.ports.drafts import Draft
from ledger.scoring.criterion import PRICE
from ledger.scoring.draft.bids import LabBids, invented, read_bids
from ledger.scoring.draft.reading import NAMED, OWN, read
from ledger.scoring.draft.rows import added, brought_back, numbers, removed
from ledger.scoring.lab import Trial, trials
from ledger.scoring.rational import plain, readable
from ledger.scoring.scheme import Scheme
from ledger.services.scheme_drafts import keep_scheme, next_version, scheme_draft
from ledger.services.tender_desk import scheme_of
from ledger.services.tenders import bids_of

router = APIRouter(include_in_schema=False)
_WIDTH: Final = 1000


class LabRow(NamedTuple):
    """One bid by one formula; ``width`` is its bar in thousandths of all points."""

    place: int
    bidder: str
    points: str
    share: str
    working: str
    width: int


class TrialView(NamedTuple):
    """One formula: the ranking, or why there is none; what it invites, in words."""

    key: str
    title: str
    algebra: str
    source: str
    own: bool
    parameters: str
    winner: str
    rows: list[LabRow]
    refused: str
    findings: list[str]
    warning: str


class LabView(NamedTuple):
    """The page. ``marks`` are the results that criteria read, by number of the criterion and name."""

    draft: str
    seen: int
    said: Mapping[str, str]
    faults: list[tuple[str, str]]
    bids: list[int]
    marks: list[tuple[int, str]]
    statuses: Options
    criteria: Options
    varied: str
    tenders: list[str]
    past: str
    trials: list[TrialView]
    winners: int
    undo: bool


@router.get("/schemes/{draft_id}/lab")
def lab(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """The draft by every formula, over the bids that were entered last, or ones that are invented for it."""
    kept = scheme_draft(scope.ledger, scope.tenant, draft_id)
    if not numbers(kept.said, "bids"):
        kept = keep_scheme(scope.ledger, scope.tenant, draft_id, dict(kept.said) | invented(kept.said), kept.changed_at)
    return _shown(request, scope, kept)


@router.post("/schemes/{draft_id}/lab")
async def act(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """Keep the bids, with a row added or removed, and try them."""
    form = await request.form()
    kept = await run_in_threadpool(scheme_draft, scope.ledger, scope.tenant, draft_id)
    own = {key: value for key, value in fields_of(form).items() if key.startswith(("bids.", "lab."))}
    rest = {key: value for key, value in kept.said.items() if not key.startswith(("bids.", "lab."))}
    said = _changed(rest | own, str(form.get("act", ""))[:60])
    await run_in_threadpool(keep_scheme, scope.ledger, scope.tenant, draft_id, said, seen_of(form))
    return RedirectResponse(f"/schemes/{draft_id}/lab", 303)


def _changed(said: Mapping[str, str], asked: str) -> dict[str, str]:
    act, _, of = asked.partition(":")
    group, _, number = of.partition(".")
    if asked == "add:bids":
        return added(said, "bids", {"bidder": f"{chr(65 + len(numbers(said, 'bids')) % 26)}", "status": "verified"})
    if act == "remove" and group == "bids" and number.isascii() and number.isdigit() and len(number) < 5:
        return removed(said, "bids", int(number))
    if act == "undo":
        return brought_back(said)
    if act == "invent":
        kept = {key: value for key, value in said.items() if not key.startswith(("bids.", "lab.past"))}
        return kept | invented(kept)
    return dict(said)


def _shown(request: Request, scope: Scope, kept: Draft) -> Response:
    locale = locale_for(request)
    t, said = translator(locale), kept.said
    found = read(said, next_version(desk_of(scope), said.get("id", "").strip()))
    faults = list(found.faults)
    past = said.get("lab.past", "")
    tried: list[TrialView] = []
    varied = said.get("lab.criterion", "")
    if found.scheme is not None:
        keys = [one.key for one in found.scheme.criteria]
        varied = varied if varied in keys else next((c.key for c in found.scheme.criteria if c.reads == PRICE), keys[0])
        entered = _of_past(scope, past) if past else read_bids(said, found.scheme)
        faults = list(entered.faults)
        if not faults and entered.bids:
            tried = [_view(one, found.scheme, varied, t, locale) for one in trials(found.scheme, entered.bids, varied)]
    marks = [
        (number, said.get(f"criteria.{number}.title_{'zh' if locale == 'zh-CN' else 'en'}", ""))
        for number in numbers(said, "criteria")
        if said.get(f"criteria.{number}.source") in {*NAMED, *OWN}
    ]
    view = LabView(
        draft=kept.id,
        seen=kept.changed_at,
        said=said,
        faults=[(at, words) for at, all_words in faults_at(faults, locale).items() for words in all_words],
        bids=numbers(said, "bids"),
        marks=marks,
        statuses=[(one, t(f"lab.status.{one}")) for one in ("verified", "unverified", "missing")],
        criteria=[(one.key, one.title_zh if locale == "zh-CN" else one.title_en) for one in found.scheme.criteria]
        if found.scheme
        else [],
        varied=varied,
        tenders=_opened(scope),
        past=past,
        trials=tried,
        winners=len({one.winner for one in tried if one.winner}),
        undo=any(key.startswith("gone.bids.") for key in said),
    )
    crumbs = (
        (t("nav.schemes"), "/schemes"),
        (said.get("id", "") or t("scheme.new"), f"/schemes/{kept.id}"),
        (t("scheme.lab"), ""),
    )
    return page(request, "scheme-lab.html", view, crumbs=crumbs)


def _opened(scope: Scope) -> list[str]:
    """Tenders of the tenant that have closed and were scored: their bids are known to procurement."""
    facts = scope.ledger.projections.last_facts(scope.tenant, "score_sheet", limit=200)
    scored = {fact.subject for fact in facts}
    published = scope.ledger.projections.tally(scope.tenant, ("scheme",), sorted(scored))
    return sorted(name for _, name in published)


def _of_past(scope: Scope, tender: str) -> LabBids:
    """The bids of a scored tender; none of one whose bids nobody may see yet."""
    if tender not in _opened(scope):
        return LabBids((), ())
    desk = desk_of(scope)
    try:
        return LabBids(tuple(bids_of(desk, scheme_of(desk, tender))), ())
    except LedgerError:
        return LabBids((), ())


def _view(one: Trial, scheme: Scheme, varied: str, t: Translate, locale: Locale) -> TrialView:
    zh = locale == "zh-CN"
    formula = one.formula
    winner = one.evaluation.winner or "" if one.evaluation else ""
    findings = []
    if one.cover:
        findings.append(t("lab.cover", price=plain(one.cover.price), winner=one.cover.winner))
    findings += [t("lab.absence", without=each.without, winner=each.winner) for each in one.absences]
    return TrialView(
        key=formula.key,
        title=formula.title_zh if zh else formula.title_en,
        algebra=formula.algebra,
        source=formula.source,
        own=one.own,
        parameters=", ".join(f"{name} = {plain(value)}" for name, value in one.parameters.items()),
        winner=winner,
        rows=_rows(one, scheme, varied),
        refused=one.refused.message(locale) if one.refused else "",
        findings=findings,
        warning=formula.warning_zh if zh else formula.warning_en,
    )


def _rows(one: Trial, scheme: Scheme, varied: str) -> list[LabRow]:
    if one.evaluation is None:
        return []
    totals = {each.bidder: each for each in one.evaluation.totals}
    cells = {each.bidder: each for each in one.evaluation.cells if each.criterion == varied}
    return [
        LabRow(
            place=each.rank,
            bidder=each.bidder,
            points=totals[each.bidder].shown,
            share=readable(cells[each.bidder].points),
            working=cells[each.bidder].working,
            width=int(totals[each.bidder].points / scheme.points * _WIDTH),
        )
        for each in one.evaluation.ranks
    ]
