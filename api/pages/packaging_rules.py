"""A form for an edition of the house's rules of green packaging, filled with the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, get_args

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.editions import converted, day_in, next_edition, publish
from api.pages.shell import page
from api.scope import Scope
from ledger.packaging.criteria import CRITERIA
from ledger.packaging.example import example_packaging_rules
from ledger.records.packaging import MATERIALS, CountedBy, PackagingRules, packaging_rules_id
from ledger.services.packaging import editions_of, today
from ledger.services.project import catch_up

router = APIRouter(include_in_schema=False)
MOST: Final = 10
"""Conditions that the form has room for."""


class RulesForm(NamedTuple):
    """The next edition; ``after`` is the last one's number, 0 before there is any. Rows are (kind, need, value)."""

    edition: int
    after: int
    basis: str
    counted_by: str
    bases: tuple[str, ...]
    target_pct: str
    valid_from: str
    kinds: list[str]
    materials: tuple[str, ...]
    rows: list[tuple[str, str, str]]


@router.get("/packaging/rules")
def rules_form(request: Request, scope: ScopeDep) -> Response:
    """The last edition, or the example, to be changed and published as the next one."""
    t, last = translator(locale_for(request)), _last(scope)
    filled = last or example_packaging_rules()
    rows = [(one.kind, one.need, one.value) for one in filled.criteria]
    edition = last.edition + 1 if last else 1
    view = RulesForm(
        edition=edition,
        after=edition - 1,
        basis=filled.basis,
        counted_by=filled.counted_by,
        bases=get_args(CountedBy),
        target_pct=filled.target_pct,
        valid_from=today(scope.ledger).isoformat(),
        kinds=list(CRITERIA),
        materials=MATERIALS,
        rows=[*rows, *[("", "all", "")] * (MOST - len(rows))],
    )
    crumbs = ((t("nav.packaging"), "/packaging"), (t("packaging.edit"), ""))
    return page(request, "packaging-rules.html", view, crumbs=crumbs)


@router.post("/packaging/rules")
async def publish_rules(request: Request, scope: ScopeDep) -> Response:
    """Publish the next edition. Raises ``ParameterRefused`` at the field, and when that edition is there already."""
    said = {key: str(value).strip()[:201] for key, value in (await request.form()).items()}
    await run_in_threadpool(lambda: publish(scope, _edition(scope, said)))
    return RedirectResponse("/packaging", 303)


def _last(scope: Scope) -> PackagingRules | None:
    catch_up(scope.ledger.entries, scope.ledger.projections)
    return max((one for _, one in editions_of(scope.ledger, scope.tenant)), key=lambda one: one.edition, default=None)


def _edition(scope: Scope, said: Mapping[str, str]) -> PackagingRules:
    edition = next_edition(said, _last(scope))
    made = {
        "basis": said.get("basis"),
        "counted_by": said.get("counted_by"),
        "criteria": [_criterion(said, number) for number in range(MOST) if said.get(f"kind_{number}")],
        "edition": edition,
        "id": packaging_rules_id(edition),
        "kind": "packaging_rules",
        "occurred_at": scope.ledger.clock.now(),
        "target_pct": said.get("target_pct"),
        "valid_from": day_in(said, "valid_from"),
        "version": 1,
    }
    rules: PackagingRules = converted(made, PackagingRules, "criteria")
    return rules


def _criterion(said: Mapping[str, str], number: int) -> dict[str, str]:
    """A row; where it is about a material, that is chosen."""
    kind = said[f"kind_{number}"]
    value = said.get(f"{'material' if kind == 'without' else 'value'}_{number}", "")
    return {"kind": kind, "need": said.get(f"need_{number}", ""), "value": value}
