"""What the pages of plans of routes show of drafts: how far each is, what is otherwise about it, what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.charts.course import Against, against, course
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure
from api.plan_asks import FLEET
from ledger.errors import Locale
from ledger.ports.plan_drafts import PlanDraft
from ledger.services.plan_drafts import CLAIM
from ledger.units import shown

_SECOND: Final = 1_000_000
TONNE_KM: Final = 10**9


class Going(NamedTuple):
    """Work under way: what is done, how far, how fast, how long still; the best so far and its course."""

    doing: str
    done: int
    total: int
    percent: int
    rate: int | None
    left: int | None
    best: str
    course: str
    stalled: bool
    ending: bool


class Totals(NamedTuple):
    """What a finished plan comes to; ``change`` is against the first finished one [%]."""

    kg: Figure
    change: str
    km: str
    tkm: str
    cost: str
    routes: str
    stops: str
    late: str
    ended: bool
    iterations: str
    least: bool


class DraftRow(NamedTuple):
    """One draft among those of its day."""

    id: str
    name: str
    changes: list[str]
    stage: str
    going: Going | None
    totals: Totals | None
    fault: str
    fix: str
    refused: int
    recorded: str
    entry: int
    discarded: bool


class PointView(NamedTuple):
    """A draft's place on the curve between cost and grams."""

    name: str
    said: str


class CurveView(NamedTuple):
    """Grams against cost, where at least two drafts have come out."""

    chart: Against
    points: list[PointView]
    across: list[str]
    down: list[str]


def draft_rows(drafts: Sequence[PlanDraft], at: int, t: Translate, locale: Locale) -> list[DraftRow]:
    """Drafts of a day in their order."""
    done = [one for one in drafts if one.stage == "done" and not one.discarded_at]
    grams = [Fraction(one.figures["grams"]) for one in done]
    first, least = (grams[0], min(grams)) if grams else (Fraction(0), Fraction(0))
    return [
        DraftRow(
            id=one.id,
            name=draft_name(one, number, t),
            changes=changes_of(one, t),
            stage=one.stage,
            going=going(one, at) if one.open else None,
            totals=_totals(one, first, least, t) if one.stage == "done" else None,
            fault=one.fault.reason[locale] if one.fault else "",
            fix=one.fault.fix[locale] if one.fault else "",
            refused=one.refused,
            recorded=one.recorded,
            entry=one.entry,
            discarded=one.discarded_at > 0,
        )
        for number, one in enumerate(drafts, 1)
    ]


def draft_name(draft: PlanDraft, number: int, t: Translate) -> str:
    """The name a person gave, else what it is."""
    if draft.name:
        return draft.name
    return t("plan.today") if draft.said.get("today") == "1" else t("plan.draft", number=number)


def changes_of(draft: PlanDraft, t: Translate, *, search: bool = True) -> list[str]:
    """What is otherwise about a draft, in words; ``search`` is whether seed and steps are told."""
    said = draft.said
    found = [
        t(f"plan.otherwise.{key}", value=said[key])
        for key in ("carbon_price", "closes", *(("seed", "iterations") if search else ()))
        if said.get(key)
    ]
    if said.get("windows") == "none":
        found.append(t("plan.otherwise.windows"))
    for key, value in sorted(said.items()):
        if key.startswith(FLEET) and value:
            name, _, field = key.removeprefix(FLEET).rpartition(".")
            found.append(t(f"plan.otherwise.fleet.{field}", name=name, value=value))
    return found


def going(draft: PlanDraft, at: int) -> Going:
    """How far a draft is; the time left follows from what was done since it was taken up."""
    rate = left = None
    spent = draft.beat_at - draft.started_at
    if draft.stage == "working" and draft.done and spent > 0:
        rate = draft.done * _SECOND // spent
        left = max(draft.total - draft.done, 0) * spent // (draft.done * _SECOND)
    points = [(done, Fraction(best)) for done, best in draft.curve]
    return Going(
        doing=draft.doing if draft.stage == "working" and draft.doing else "waiting",
        done=draft.done,
        total=draft.total,
        percent=min(100, draft.done * 100 // draft.total) if draft.total else 0,
        rate=rate,
        left=left,
        best=_best(draft, points),
        course=course(points),
        stalled=at - max(draft.beat_at, draft.created_at) > 2 * CLAIM,
        ending=draft.ending,
    )


def _best(draft: PlanDraft, points: list[tuple[int, Fraction]]) -> str:
    if not points:
        return ""
    value = points[-1][1]
    return f"{shown(value, 0)}" if draft.said.get("carbon_price") else f"{figure(value / 1000).shown} kg CO₂e"


def _totals(draft: PlanDraft, first: Fraction, least: Fraction, t: Translate) -> Totals:
    exact = {key: Fraction(text) for key, text in draft.figures.items()}
    change = (exact["grams"] - first) * 100 / first if first else Fraction(0)
    late = t("plan.late.none")
    if exact["late"]:
        late = t("plan.late", count=int(exact["late"]), minutes=shown(exact["late_seconds"] / 60, 0))
    return Totals(
        kg=figure(exact["grams"] / 1000),
        change=f"{'+' if change > 0 else '−' if change < 0 else '±'}{shown(abs(change), 1)} %",
        km=figure(exact["metres"] / 1000, 1).shown,
        tkm=figure(exact["gram_metres"] / TONNE_KM, 1).shown,
        cost=figure(exact["cost"], 0).shown,
        routes=str(exact["routes"]),
        stops=str(exact["stops"]),
        late=late,
        ended=not exact["complete"],
        iterations=f"{int(exact['iterations']):,}",
        least=exact["grams"] == least,
    )


def curve_view(drafts: Sequence[PlanDraft], t: Translate) -> CurveView | None:
    """Cost and grams of all finished drafts; nothing where there is no cost or nothing to compare."""
    shown_ones = [(number, one) for number, one in enumerate(drafts, 1) if one.stage == "done" and not one.discarded_at]
    points = [(Fraction(one.figures["cost"]), Fraction(one.figures["grams"]) / 1000) for _, one in shown_ones]
    if len(set(points)) < 2 or not any(cost for cost, _ in points):
        return None
    chart = against(points)
    return CurveView(
        chart,
        [
            PointView(draft_name(one, number, t), t("plan.curve.point", cost=shown(cost, 0), kg=figure(kg).shown))
            for (number, one), (cost, kg) in zip(shown_ones, points, strict=True)
        ],
        [figure(tick.value, 0).shown for tick in chart.across],
        [figure(tick.value, 1).shown for tick in chart.down],
    )
