"""Forms for incentives: an edition of the house's own, from the one before it, and a decision otherwise, with why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple, get_args

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.editions import converted, day_in, next_edition, publish
from api.pages.shell import page
from api.scope import Scope
from ledger.programme.example_incentives import example_incentives
from ledger.programme.incentives import MEASURES
from ledger.records.incentive import (
    Benefit,
    Incentive,
    IncentiveException,
    IncentiveRules,
    incentive_rules_id,
)
from ledger.services.incentives import rule_editions
from ledger.services.organisations import organisation_of
from ledger.services.project import catch_up

router = APIRouter(include_in_schema=False)
MORE: Final = 3
"""Empty rows that the form offers."""
MOST: Final = 40
HEAD: Final = ("name_zh", "name_en", "basis")


class RuleRow(NamedTuple):
    """An incentive as the form shows it: what is asked of each measure, empty where nothing is."""

    key: str
    zh: str
    en: str
    benefit: str
    amount: str
    asks: list[tuple[str, str]]


class RulesForm(NamedTuple):
    """The next edition, filled with the last one; ``after`` is that one's number, 0 before there is any."""

    edition: int
    after: int
    head: Mapping[str, str]
    valid_from: str
    rows: list[RuleRow]
    benefits: tuple[str, ...]


@router.get("/incentives/rules")
def rules_form(request: Request, scope: ScopeDep) -> Response:
    """The last edition, or the example, to be changed and published as the next one."""
    t, last = translator(locale_for(request)), _last(scope)
    filled = last or example_incentives()
    rows = [
        RuleRow(
            one.key, one.zh, one.en, one.benefit, one.amount, _asks({each.measure: each.at_least for each in one.tests})
        )
        for one in filled.incentives
    ]
    rows += [RuleRow("", "", "", "", "", _asks({}))] * min(MORE, MOST - len(rows))
    edition = last.edition + 1 if last else 1
    begins = date(scope.ledger.clock.now().year + (1 if last else 0), 1, 1)
    head = {name: str(getattr(filled, name)) for name in HEAD}
    view = RulesForm(edition, edition - 1, head, begins.isoformat(), rows, get_args(Benefit))
    crumbs = ((t("nav.incentives"), "/incentives"), (t("incentives.edit"), ""))
    return page(request, "incentive-rules.html", view, crumbs=crumbs)


@router.post("/incentives/rules")
async def publish_rules(request: Request, scope: ScopeDep) -> Response:
    """Publish the next edition. Raises ``ParameterRefused`` at the field, and when that edition is there already."""
    said = {key: str(value).strip()[:200] for key, value in (await request.form()).items()}
    await run_in_threadpool(lambda: publish(scope, _edition(scope, said)))
    return RedirectResponse("/incentives", 303)


@router.post("/incentives/exceptions")
async def decide_otherwise(request: Request, scope: ScopeDep) -> Response:
    """Grant or withhold one incentive of one supplier in a year, for a reason."""
    said = {key: str(value).strip()[:2_001] for key, value in (await request.form()).items()}

    def take() -> None:
        organisation_of(scope.ledger.organisations, scope.tenant, said.get("supplier", "")[:200])
        known = {one.key for _, rules in rule_editions(scope.ledger, scope.tenant) for one in rules.incentives}
        if said.get("incentive") not in known:
            raise ParameterRefused(name="incentive", why=", ".join(sorted(known))[:200])
        made = {
            "decision": said.get("decision"),
            "id": f"incentive-exception:{scope.ledger.random.token(12).hex()}",
            "incentive": said["incentive"],
            "kind": "incentive_exception",
            "occurred_at": scope.ledger.clock.now(),
            "reason": said.get("reason"),
            "supplier": said["supplier"],
            "version": 1,
            "year": _year(said.get("year", "")),
        }
        publish(scope, converted(made, IncentiveException, "reason"))

    await run_in_threadpool(take)
    return RedirectResponse(f"/incentives?year={_year(said.get('year', ''))}", 303)


def _asks(tests: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(measure, tests.get(measure, "")) for measure in MEASURES]


def _last(scope: Scope) -> IncentiveRules | None:
    catch_up(scope.ledger.entries, scope.ledger.projections)
    return max((one for _, one in rule_editions(scope.ledger, scope.tenant)), key=lambda one: one.edition, default=None)


def _edition(scope: Scope, said: Mapping[str, str]) -> IncentiveRules:
    number, begins = next_edition(said, _last(scope)), day_in(said, "valid_from")
    kept = [_incentive(said, number) for number in range(MOST) if any(said.get(f"{n}_{number}") for n in ("zh", "en"))]
    made = {
        "edition": number,
        "id": incentive_rules_id(number),
        "incentives": _named(kept),
        "kind": "incentive_rules",
        "occurred_at": scope.ledger.clock.now(),
        "valid_from": begins,
        "version": 1,
        **{name: said.get(name) for name in HEAD},
    }
    edition: IncentiveRules = converted(made, IncentiveRules, "incentives")
    return edition


def _incentive(said: Mapping[str, str], number: int) -> dict[str, Any]:
    tests = [
        {"measure": measure, "at_least": said[f"{measure}_{number}"]}
        for measure in MEASURES
        if said.get(f"{measure}_{number}")
    ]
    told = {name: said.get(f"{name}_{number}") for name in ("key", "zh", "en", "benefit", "amount")}
    converted(told | {"key": "key", "tests": tests}, Incentive, f"{number + 1}")
    return told | {"tests": tests}


def _named(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that were there keep their names, by which decisions know them; new ones get names of their own."""
    taken = {one["key"] for one in kept if one["key"]}
    free = (name for number in range(1, 2 * MOST + 1) if (name := f"incentive-{number}") not in taken)
    return [one if one["key"] else one | {"key": next(free)} for one in kept]


def _year(text: str) -> int:
    if not (len(text) == 4 and text.isascii() and text.isdigit() and 1990 <= int(text) <= 2100):
        raise ParameterRefused(name="year", why="1990 - 2100")
    return int(text)
