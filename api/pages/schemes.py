"""Schemes of tenders: the list, and the designer of a draft until it is published as an entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.scheme_views import faults_at, scheme_view
from api.pages.shell import page
from api.pages.tender_views import title_of
from api.pages.words import at, moment, segment
from api.paging import AfterName
from api.permissions import may
from api.scope import Scope
from api.wire import reply
from ledger.ports.drafts import Draft
from ledger.scoring.draft.reading import Read, read
from ledger.scoring.draft.rows import GROUPS, added, brought_back, moved_up, numbers, removed
from ledger.scoring.equipment import CARBON_LINE, EQUIPMENT, TEST_LINE, begun, equipment
from ledger.scoring.rational import plain
from ledger.services.drafts import discard
from ledger.services.scheme_drafts import (
    DESK,
    anew,
    begin_scheme,
    keep_scheme,
    next_version,
    publish_draft,
    scheme_draft,
    scheme_drafts,
)
from ledger.services.tender_desk import Desk
from ledger.services.tenders import schemes_page

router = APIRouter(include_in_schema=False)
LONGEST: Final = 2_000
MOST_FIELDS: Final = 2_000
_KEY: Final = re.compile(r"[a-z_]{1,20}(\.[A-Za-z0-9_-]{1,60}){0,4}", re.ASCII)
_LAB: Final = ("bids.", "lab.", "gone.")
"""Fields that stand on the lab's page, or on none."""
NEW_ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "criteria": TEST_LINE | {"direction": "higher", "weight": ""},
    "amounts": {
        "rule": "shadow-price",
        "unit": "CNY",
        "i.price": "price",
        "i.footprint": "footprint",
        "i.quantity": "quantity",
    },
    "gates": {"kind": "certificate", "name": ""},
    "markups": {"year": "", "share": ""},
}
"""What a row begins with."""


class DraftRow(NamedTuple):
    """A draft in the list."""

    id: str
    title: str
    tender: str
    changed: str
    discarded: bool


class SchemeRow(NamedTuple):
    """A published scheme."""

    tender: str
    title: str
    version: int
    closes: str
    entry: int


class SchemesView(NamedTuple):
    """Drafts, and a page of what is published; templates by key and name."""

    drafts: list[DraftRow]
    schemes: list[SchemeRow]
    next: str
    templates: list[tuple[str, str]]
    may_design: bool


@router.get("/schemes")
def schemes(request: Request, scope: ScopeDep, after: AfterName = "") -> Response:
    """Drafts, what is published, and what a new one can begin from."""
    locale, zh = locale_for(request), locale_for(request) == "zh-CN"
    may_design = may(scope.principal, "schemes.design")
    found, more = schemes_page(desk_of(scope), after)
    view = SchemesView(
        drafts=[_draft_row(one, zh=zh) for one in scheme_drafts(scope.ledger, scope.tenant)] if may_design else [],
        schemes=[
            SchemeRow(one.id, title_of(one, locale), one.version, moment(one.closes_at), entry) for entry, one in found
        ],
        next=f"/schemes?after={segment(more)}#published" if more else "",
        templates=[(one.key, one.zh if zh else one.en) for one in EQUIPMENT],
        may_design=may_design,
    )
    return page(request, "schemes.html", view, crumbs=((translator(locale)("nav.schemes"), ""),))


@router.post("/schemes")
async def begin(request: Request, scope: ScopeDep) -> Response:
    """A new draft: from a template, from a published scheme to make its next version, or from nothing."""
    form = await request.form()
    template, tender = str(form.get("template", ""))[:60], str(form.get("tender", ""))[:200]

    def begins() -> str:
        said = anew(desk_of(scope), tender) if tender else begun(equipment(template))
        return begin_scheme(scope.ledger, scope.ledger.random, scope.tenant, said).id

    return RedirectResponse(f"/schemes/{await run_in_threadpool(begins)}", 303)


@router.get("/schemes/{draft_id}")
def draft(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """The designer of a draft."""
    return _shown(request, scope, scheme_draft(scope.ledger, scope.tenant, draft_id))


@router.post("/schemes/{draft_id}/check")
async def check(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """What is wrong with a draft as it stands in the browser: data for the page."""
    said, _ = await _sent(request, scope, draft_id)
    found = await run_in_threadpool(_read, scope, said)
    level = found.weights == found.points
    weights = {"weights": plain(found.weights), "points": plain(found.points), "level": level}
    return reply({"faults": faults_at(found.faults, locale_for(request)), **weights})


@router.post("/schemes/{draft_id}/draft")
async def keep_draft(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """Keep what is filled in so far: data for the page."""
    said, seen = await _sent(request, scope, draft_id)
    kept = await run_in_threadpool(keep_scheme, scope.ledger, scope.tenant, draft_id, said, seen)
    return reply({"seen": str(kept.changed_at), "at": at(kept.changed_at).isoformat()})


@router.post("/schemes/{draft_id}/discard")
async def discard_draft(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """Discard a draft, or take that back."""
    undo = (await request.form()).get("undo") == "yes"
    await run_in_threadpool(lambda: discard(scope.ledger, scope.tenant, DESK, draft_id, undo=undo))
    return RedirectResponse("/schemes", 303)


@router.post("/schemes/{draft_id}")
async def act(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """Keep the form, with a row added, moved or removed; check it; or publish it."""
    said, seen = await _sent(request, scope, draft_id)
    asked = str((await request.form()).get("act", ""))[:60]
    changed, spot = _changed(said, asked)
    kept = await run_in_threadpool(keep_scheme, scope.ledger, scope.tenant, draft_id, changed, seen)
    if asked == "lab":
        return RedirectResponse(f"/schemes/{draft_id}/lab", 303)
    if asked not in {"check", "publish"}:
        return RedirectResponse(f"/schemes/{draft_id}#{spot}", 303)
    found = await run_in_threadpool(_read, scope, kept.said)
    if asked == "check" or found.scheme is None:
        return _shown(request, scope, kept, told=True)
    scheme = found.scheme
    await run_in_threadpool(lambda: publish_draft(scope.ledger, desk_of(scope), draft_id, scheme))
    return RedirectResponse(f"/tenders/{segment(scheme.id)}", 303)


def desk_of(scope: Scope) -> Desk:
    """The desk of the reader's tenant, in the reader's name."""
    return Desk.of(scope.ledger, scope.tenant, scope.principal.name)


def fields_of(form: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form that are a draft's. Raises ``ParameterRefused`` beyond ``MOST_FIELDS``."""
    found = {
        key: str(value)[:LONGEST]
        for key, value in form.items()
        if _KEY.fullmatch(key) and (str(value) or key.partition(".")[0] in GROUPS)
    }
    if len(found) > MOST_FIELDS:
        raise ParameterRefused(name="fields", why=f"at most {MOST_FIELDS}")
    return {key: value for key, value in found.items() if key not in {"act", "seen", "csrf_token"}}


def seen_of(form: Mapping[str, Any]) -> int:
    """When the draft that the form goes on from was kept; nothing says so that is no number."""
    text = str(form.get("seen", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 1


async def _sent(request: Request, scope: Scope, draft_id: str) -> tuple[dict[str, str], int]:
    """The form, and what of the draft stands on other pages."""
    form = await request.form()
    kept = await run_in_threadpool(scheme_draft, scope.ledger, scope.tenant, draft_id)
    elsewhere = {key: value for key, value in kept.said.items() if key.startswith(_LAB)}
    own = {key: value for key, value in fields_of(form).items() if not key.startswith(_LAB)}
    return own | elsewhere, seen_of(form)


def _read(scope: Scope, said: Mapping[str, str]) -> Read:
    return read(said, next_version(desk_of(scope), said.get("id", "").strip()))


def _changed(said: Mapping[str, str], asked: str) -> tuple[dict[str, str], str]:
    """The draft after what was asked for, and where on the page that is seen."""
    act, _, of = asked.partition(":")
    group, _, number = of.partition(".")
    if act == "undo":
        return brought_back(said), "design"
    if act == "add" and group in NEW_ROWS:
        return added(said, group, _fresh(said, group)), group
    row: Callable[[Mapping[str, str], str, int], dict[str, str]] | None = {"remove": removed, "up": moved_up}.get(act)
    if row is not None and group in NEW_ROWS and number.isascii() and number.isdigit() and len(number) < 5:
        return row(said, group, int(number)), group
    return dict(said), of or "design"


def _fresh(said: Mapping[str, str], group: str) -> dict[str, str]:
    """A new row; one that is named by a key gets one that no other has."""
    fields = dict(NEW_ROWS[group])
    if group in {"criteria", "amounts"}:
        taken = {said.get(f"{one}.{number}.key") for one in ("criteria", "amounts") for number in numbers(said, one)}
        fields["key"] = next(key for count in range(1, 200) if (key := f"{group[0]}{count}") not in taken)
    if group == "criteria" and "footprint" not in {said.get(f"criteria.{n}.source") for n in numbers(said, group)}:
        fields |= dict(CARBON_LINE) | {"key": fields["key"], "unit": f"kg CO2e/{said.get('declared_unit', '')}"}
    return fields


def _shown(request: Request, scope: Scope, kept: Draft, *, told: bool = False) -> Response:
    locale = locale_for(request)
    t = translator(locale)
    version = next_version(desk_of(scope), kept.said.get("id", "").strip())
    found = read(kept.said, version)
    view = scheme_view(kept, found, version, t, locale)
    if not told:  # what nobody asked to check is not held against who has just begun
        view = view._replace(faults=[], at={})
    crumbs = ((t("nav.schemes"), "/schemes"), (kept.said.get("id", "") or t("scheme.new"), ""))
    return page(request, "scheme.html", view, crumbs=crumbs, status=422 if told and found.faults else 200)


def _draft_row(one: Draft, *, zh: bool) -> DraftRow:
    title = one.said.get("title_zh" if zh else "title_en", "") or one.said.get("title_zh", "")
    return DraftRow(one.id, title, one.said.get("id", ""), moment(at(one.changed_at)), bool(one.discarded_at))
