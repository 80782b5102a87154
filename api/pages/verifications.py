"""Internal verification: plans with their progress, and one sample entry by entry with the forms for its steps."""

from __future__ import annotations

from datetime import UTC, date
from fractions import Fraction
from typing import Annotated, Any, Final, NamedTuple, get_args

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import figure, segment
from api.parties import party_of
from api.permissions import GRANTS, may
from api.scope import Scope
from api.verifying import RESTATES, SIGNS, step_taken
from ledger.programme.verification import Item, ItemState, PlanState, StratumResult, Verification
from ledger.records.internal_verification import SampledKind, VerificationAct
from ledger.services.access import require
from ledger.services.internal_verification import Planned, draw, plan, verification, verifications

router = APIRouter(include_in_schema=False)
PAGE: Final = 50
LONGEST: Final = 2_000
KINDS: Final[tuple[SampledKind, ...]] = get_args(SampledKind)


class PlanRow(NamedTuple):
    """A plan in the list."""

    id: str
    title: str
    state: PlanState
    drawn: int
    checked: int
    errors: int
    overdue: int


class PlansView(NamedTuple):
    """The list; ``next`` is the entry behind which the next page begins, -1 without one."""

    rows: list[PlanRow]
    next: int
    may_plan: bool
    kinds: tuple[SampledKind, ...]


class StratumRow(NamedTuple):
    """A kind's counts; what is wrong as a share [%] and in the population, ``–`` before anything was checked."""

    result: StratumResult
    rate: str
    extrapolated: str


class ItemRow(NamedTuple):
    """A sampled entry."""

    item: Item
    state: ItemState


class VerificationView(NamedTuple):
    """One verification. ``next`` begins the next page, 0 without one."""

    row: PlanRow
    one: Verification
    strata: list[StratumRow]
    items: list[ItemRow]
    next: int
    may_sign: bool
    may_restate: bool


@router.get("/verifications")
def plans(request: Request, scope: ScopeDep, after: Annotated[int, Query(ge=-1)] = -1) -> Response:
    """Every plan, oldest first."""
    found = verifications(scope.ledger, party_of(scope.principal), after, PAGE)
    day = _today(scope)
    view = PlansView(
        rows=[_plan_row(one, day) for one in found],
        next=found[-1].entry if len(found) == PAGE else -1,
        may_plan=may(scope.principal, SIGNS),
        kinds=KINDS,
    )
    crumbs = ((translator(locale_for(request))("nav.verifications"), ""),)
    return page(request, "verifications.html", view, crumbs=crumbs)


@router.post("/verifications")
async def planned(request: Request, scope: ScopeDep) -> Response:
    """State a plan."""
    form = await request.form()
    kinds = tuple(str(one) for one in form.getlist("kinds"))
    if not kinds or not set(kinds) <= set(KINDS):
        raise ParameterRefused(name="kinds", why=", ".join(KINDS))
    said = Planned(
        _text(form, "title", 200),
        msgspec.convert(kinds, tuple[SampledKind, ...]),
        _whole(form, "confidence_pct"),
        _whole(form, "tolerable_pct"),
    )
    made, _ = await run_in_threadpool(plan, scope.ledger, party_of(scope.principal), said)
    return RedirectResponse(f"/verifications/{segment(made.id)}", 303)


@router.get("/verifications/{verification_id}")
def one_verification(
    request: Request,
    verification_id: str,
    scope: ScopeDep,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """One sample with what was found."""
    one, day = verification(scope.ledger, party_of(scope.principal), verification_id), _today(scope)
    items = one.items
    view = VerificationView(
        row=_plan_row(one, day),
        one=one,
        strata=[_stratum(each) for each in one.results],
        items=[ItemRow(each, each.state(day)) for each in items[after : after + PAGE]],
        next=after + PAGE if after + PAGE < len(items) else 0,
        may_sign=may(scope.principal, SIGNS),
        may_restate=may(scope.principal, RESTATES),
    )
    t = translator(locale_for(request))
    crumbs = ((t("nav.verifications"), "/verifications"), (one.plan.title, ""))
    return page(request, "verification.html", view, crumbs=crumbs)


@router.post("/verifications/{verification_id}")
async def step(request: Request, verification_id: str, scope: ScopeDep) -> Response:
    """Draw the sample, or a step of checking it."""
    form, party = await request.form(), party_of(scope.principal)

    def take() -> None:
        if form.get("step") == "draw":
            require(scope.principal, SIGNS, GRANTS[SIGNS])
            draw(scope.ledger, party, verification_id)
            return
        try:
            taken: VerificationAct = msgspec.convert(form.get("step"), VerificationAct)
        except msgspec.ValidationError:
            raise ParameterRefused(name="step", why=str(form.get("step"))[:100]) from None
        step_taken(scope.ledger, scope.principal, verification_id, taken, _says(form, taken))

    await run_in_threadpool(take)
    return RedirectResponse(f"/verifications/{segment(verification_id)}", 303)


def _says(form: FormData, taken: VerificationAct) -> dict[str, Any]:
    words = {"words": str(form.get("words") or "").strip()[:LONGEST]}
    if taken == "closed":
        return words
    says: dict[str, Any] = words | {"entry": _whole(form, "entry")}
    if taken == "restated":
        return says | {"replaced_by": _text(form, "replaced_by", 200)}
    if taken == "found_error":
        severity = str(form.get("severity"))
        if severity not in {"critical", "major", "minor"}:
            raise ParameterRefused(name="severity", why="critical, major, minor")
        return says | {"severity": severity, "due": _day(form, "due")}
    return says


def _plan_row(one: Verification, day: date) -> PlanRow:
    results = one.results
    return PlanRow(
        id=one.plan.id,
        title=one.plan.title,
        state=one.state,
        drawn=sum(each.drawn for each in results),
        checked=sum(each.checked for each in results),
        errors=sum(each.errors for each in results),
        overdue=sum(each.state(day) == "overdue" for each in one.items),
    )


def _stratum(one: StratumResult) -> StratumRow:
    rate, whole = one.rate, one.extrapolated
    return StratumRow(one, "–" if rate is None else f"{_plain(rate * 100)} %", "–" if whole is None else _plain(whole))


def _plain(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else figure(value).shown


def _whole(form: FormData, name: str) -> int:
    text = str(form.get(name) or "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ParameterRefused(name=name, why="0, 1, 2 …")
    return int(text)


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
