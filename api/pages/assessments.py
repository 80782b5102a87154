"""Assessments of suppliers: who is asked, what each answered, what it was found worth, corrective actions."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.assessing import ANSWERS, SCORES, seen_as, step_taken
from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.assessment_views import (
    AssessmentsView,
    Reader,
    assessment_page,
    assessment_row,
    scheme_rows,
    worded,
)
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import segment
from api.paging import After, place_of, text_of
from api.parties import party_names, party_of
from api.permissions import may
from api.scope import Scope
from ledger.programme.errors import AssessmentSchemeUnknown
from ledger.programme.example_assessment import NAME, example
from ledger.records.assessment import Answer, AssessmentAct, Mark
from ledger.records.assessment_scheme import scheme_id as id_of
from ledger.services.assessments import (
    Opened,
    assessment_seen,
    assessments_counted,
    assessments_page,
    open_assessment,
    publish,
    schemes,
    shown,
)
from ledger.services.project import catch_up

router = APIRouter(include_in_schema=False)
LONGEST: Final = 2_000


@router.get("/assessments")
def assessments(request: Request, scope: ScopeDep, after: After = None) -> Response:
    """All of the house, or the reader's organisation's own; the newest period first, page by page."""
    locale, ledger, party = locale_for(request), scope.ledger, party_of(scope.principal)
    names = party_names(ledger, scope.tenant)
    found, more = assessments_page(ledger, party, place_of(after))
    may_open = may(scope.principal, "assessments.open")
    view = AssessmentsView(
        counted=assessments_counted(ledger, party),
        rows=[assessment_row(one, names, _today(scope)) for one in found],
        more=text_of(more),
        schemes=scheme_rows(schemes(ledger, scope.tenant), locale),
        may_open=may_open,
        suppliers=[(one.id, one.name) for one in ledger.organisations.listed(scope.tenant) if one.kind == "supplier"]
        if may_open
        else [],
    )
    return page(request, "assessments.html", view, crumbs=((translator(locale)("nav.assessments"), ""),))


@router.post("/assessments")
async def opened(request: Request, scope: ScopeDep) -> Response:
    """Ask one supplier for its answers."""
    form, party = await request.form(), party_of(scope.principal)
    wanted = Opened(
        _text(form, "supplier", 200),
        _text(form, "scheme", 200),
        _day(form, "period_start"),
        _day(form, "period_end"),
        _day(form, "due"),
    )
    made, _ = await run_in_threadpool(open_assessment, scope.ledger, party, wanted)
    return RedirectResponse(f"/assessments/{segment(made.id)}", 303)


@router.post("/assessments/example")
async def publish_example(scope: ScopeDep) -> Response:
    """Publish the example as it is shipped; again, it is there already."""

    def take() -> None:
        catch_up(scope.ledger.entries, scope.ledger.projections)
        if id_of(NAME, 1) not in {one.id for _, one in schemes(scope.ledger, scope.tenant)}:
            publish(scope.ledger, party_of(scope.principal), example(scope.ledger.clock.now()))

    await run_in_threadpool(take)
    return RedirectResponse(f"/assessments/schemes/{segment(id_of(NAME, 1))}", 303)


@router.get("/assessments/schemes/{scheme_id}")
def scheme(request: Request, scheme_id: str, scope: ScopeDep) -> Response:
    """A published edition: axes, questions, weights, levels, sources."""
    locale = locale_for(request)
    t = translator(locale)
    catch_up(scope.ledger.entries, scope.ledger.projections)
    found = next((each for each in schemes(scope.ledger, scope.tenant) if each[1].id == scheme_id), None)
    if found is None:
        raise AssessmentSchemeUnknown(scheme=scheme_id[:200])
    entry, one = found
    name = worded(one, locale)
    view = {
        "entry": entry,
        "scheme": one,
        "name": name,
        "levels": [(each.points, worded(each, locale)) for each in one.levels],
        "axes": [(axis, worded(axis, locale), [(q, worded(q, locale)) for q in axis.questions]) for axis in one.axes],
    }
    crumbs = ((t("nav.assessments"), "/assessments"), (name, ""))
    return page(request, "assessment-scheme.html", view, crumbs=crumbs)


@router.get("/assessments/{assessment_id}")
def assessment(request: Request, assessment_id: str, scope: ScopeDep) -> Response:
    """One assessment question by question, with the forms for what the reader can do."""
    locale, party = locale_for(request), party_of(scope.principal)
    one = assessment_seen(scope.ledger, party, assessment_id)
    can = seen_as(scope, one)
    names = party_names(scope.ledger, scope.tenant)
    reader = Reader(locale, _today(scope), names, answers=ANSWERS in can, scores=SCORES in can)
    view = assessment_page(one, shown(scope.ledger, scope.tenant, one), reader)
    crumbs = ((translator(locale)("nav.assessments"), "/assessments"), (view.row.supplier, ""))
    return page(request, "assessment.html", view, crumbs=crumbs)


@router.post("/assessments/{assessment_id}")
async def step(request: Request, assessment_id: str, scope: ScopeDep) -> Response:
    """A step of an assessment."""
    form, party = await request.form(), party_of(scope.principal)
    try:
        taken: AssessmentAct = msgspec.convert(form.get("step"), AssessmentAct)
    except msgspec.ValidationError:
        raise ParameterRefused(name="step", why=str(form.get("step"))[:100]) from None

    def take() -> None:
        one = assessment_seen(scope.ledger, party, assessment_id)
        says = _says(form, taken, list(one.scheme.questions))
        step_taken(scope.ledger, scope.principal, assessment_id, taken, says)

    await run_in_threadpool(take)
    return RedirectResponse(f"/assessments/{segment(assessment_id)}", 303)


def _says(form: FormData, taken: AssessmentAct, questions: list[str]) -> dict[str, Any]:
    try:
        if taken == "answered":
            return {"answers": tuple(_answer(form, key) for key in questions)}
        if taken == "scored":
            marks = tuple(_mark(form, key) for key in questions)
            return {"judged": _text(form, "judged", 200), "marks": marks}
    except msgspec.ValidationError as error:
        raise ParameterRefused(name="step", why=str(error)[:200]) from None
    says: dict[str, Any] = {"words": _text(form, "words", LONGEST)}
    if taken == "action_asked":
        return says | {"due": _day(form, "due"), "question": _text(form, "question", 40)}
    says["action"] = _text(form, "action", 40)
    if taken == "action_answered":
        return says | {"evidence": _several(form, "evidence")}
    return says | {"judged": _text(form, "judged", 200)}


def _answer(form: FormData, key: str) -> Answer:
    told = {
        "certificates": _several(form, f"certificates-{key}"),
        "evidence": _several(form, f"evidence-{key}"),
        "points": _points(form, key),
        "question": key,
        "words": str(form.get(f"words-{key}") or "").strip() or None,
    }
    return msgspec.convert(told, Answer)


def _mark(form: FormData, key: str) -> Mark:
    told = {"points": _points(form, key), "question": key, "reason": _text(form, f"reason-{key}", LONGEST)}
    return msgspec.convert(told, Mark)


def _points(form: FormData, key: str) -> int:
    text = str(form.get(f"points-{key}") or "")
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ParameterRefused(name=f"points-{key}", why="0 - 100")
    return int(text)


def _several(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(one)[:200] for one in form.getlist(name)))


def _text(form: FormData, name: str, most: int) -> str:
    text = str(form.get(name) or "").strip()
    if not 0 < len(text) <= most:
        raise ParameterRefused(name=name, why=f"1 - {most}")
    return text


def _day(form: FormData, name: str) -> date:
    try:
        return date.fromisoformat(str(form.get(name) or ""))
    except ValueError:
        raise ParameterRefused(name=name, why="2026-12-31") from None


def _today(scope: Scope) -> date:
    return scope.ledger.clock.now().astimezone(UTC).date()
