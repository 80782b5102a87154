"""Incentives of suppliers: what each earned in a year, by which test, and what was decided otherwise and why."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import Translate, translator
from api.pages.editions import publish
from api.pages.shell import page
from api.pages.words import figure
from api.parties import party_names, party_of
from api.permissions import may
from ledger.errors import Locale
from ledger.programme.example_incentives import example_incentives
from ledger.programme.incentives import Checked, Earned, EarnedState
from ledger.services.incentives import incentives_of

router = APIRouter(include_in_schema=False)
PAGE: Final = 20


class CheckRow(NamedTuple):
    """A test in words, the value it was held against, and whether it holds."""

    text: str
    value: str
    holds: bool


class EarnedRow(NamedTuple):
    """An incentive of a supplier's year; ``entry`` of what was decided otherwise, 0 without."""

    key: str
    name: str
    benefit: str
    state: EarnedState
    tests: list[CheckRow]
    reason: str
    entry: int


class SupplierRow(NamedTuple):
    """A supplier's year."""

    id: str
    name: str
    earned: list[EarnedRow]


class IncentivesView(NamedTuple):
    """A page of suppliers. ``next`` begins the next one."""

    title: str
    basis: str
    edition: int
    rules_entry: int
    year: int
    years: list[int]
    day: str
    rows: list[SupplierRow]
    next: int
    may_publish: bool


@router.get("/incentives")
def incentives(
    request: Request,
    scope: ScopeDep,
    year: Annotated[int | None, Query(ge=2000, le=2200)] = None,
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Every supplier of the house, or the reader's organisation alone."""
    locale = locale_for(request)
    t, found = translator(locale), incentives_of(scope.ledger, party_of(scope.principal), year, after, PAGE)
    names, rules = party_names(scope.ledger, scope.tenant), found.rules[1] if found.rules else None
    this = scope.ledger.clock.now().year
    view = IncentivesView(
        title=_worded(rules.name_zh, rules.name_en, locale) if rules else "",
        basis=rules.basis if rules else "",
        edition=rules.edition if rules else 0,
        rules_entry=found.rules[0] if found.rules else 0,
        year=found.year,
        years=sorted({this, this - 1, this - 2, found.year}, reverse=True),
        day=found.day.isoformat(),
        rows=[
            SupplierRow(
                one.supplier,
                names.get(one.supplier, one.supplier),
                [_row(each, t, locale) for each in one.incentives],
            )
            for one in found.suppliers
        ],
        next=after + PAGE if after + PAGE < found.found else 0,
        may_publish=may(scope.principal, "incentives.write"),
    )
    return page(request, "incentives.html", view, crumbs=((t("nav.incentives"), ""),))


@router.post("/incentives/example")
async def publish_example(scope: ScopeDep) -> Response:
    """Publish the example as it is shipped; again, it is there already."""
    await run_in_threadpool(publish, scope, example_incentives())
    return RedirectResponse("/incentives", 303)


def _row(one: Earned, t: Translate, locale: Locale) -> EarnedRow:
    said = one.incentive
    return EarnedRow(
        key=said.key,
        name=_worded(said.zh, said.en, locale),
        benefit=t(f"incentives.benefit.{said.benefit}", amount=said.amount),
        state=one.state,
        tests=[_test(each, t) for each in one.checked],
        reason=one.exception[1].reason if one.exception else "",
        entry=one.exception[0] if one.exception else 0,
    )


def _test(one: Checked, t: Translate) -> CheckRow:
    text = t(f"incentives.measure.{one.test.measure}", value=one.test.at_least)
    return CheckRow(text, _value(one.value), one.holds)


def _value(value: Fraction | None) -> str:
    if value is None:
        return "–"
    return str(value) if value.denominator == 1 else figure(value).shown


def _worded(zh: str, en: str, locale: Locale) -> str:
    return zh if locale == "zh-CN" else en
