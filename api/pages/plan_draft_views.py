"""What the page of one plan shows: figures beside today's, both maps, vehicles, stops, and rows that were left out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from api.charts.rounds import Frame, Position, Round, RoundsMap, rounds_map, tone
from api.pages.catalogue import Translate
from api.pages.plan_views import TONNE_KM, changes_of
from api.pages.words import Figure, figure, segment
from api.planned_day import DAY, Day
from ledger.adapters.files.plan_tables import assumed, fleets_of
from ledger.errors import LedgerError, Locale
from ledger.footprint.amount import exact_text
from ledger.planning.refusal import Refusal
from ledger.planning.routes.kept import late
from ledger.planning.routes.plan import Plan, Route
from ledger.planning.routes.problem import Fleet, clock
from ledger.planning.routes.rated import UsedFactor
from ledger.ports.plan_drafts import PlanDraft
from ledger.units import decimal_text, shown

MOST_ROUTES: Final = 300
"""Vehicles that a page lists."""
MOST_REFUSED: Final = 200


class FigureRow(NamedTuple):
    """One figure of the plan beside today's; ``change`` is empty where there is no other."""

    key: str
    before: str
    after: str
    exact: str
    change: str


class RouteRow(NamedTuple):
    """One vehicle's day; ``number`` is its place among those of the plan, from 1."""

    number: int
    vehicle: str
    tone: int
    dashed: bool
    stops: int
    km: str
    tkm: str
    kg: Figure
    gained: str
    leaves: str
    back: str
    mass: str
    cube: str


class StopRow(NamedTuple):
    """One stop of the vehicle that is looked at."""

    order: str
    place: str
    returned: bool
    times: str
    window: str
    late: bool
    km: str
    load: str
    kg: Figure


class RateRow(NamedTuple):
    """Where a fleet's rates come from; ``factors`` are (id, address, what it says)."""

    vehicle: str
    empty: Figure
    loaded: Figure
    named: str
    edition: str
    factors: list[tuple[str, str, str]]
    assumed: str


class RefusedRow(NamedTuple):
    """One row of the file that is no part of the plan: where it stands, what it said, the rule, what to do."""

    name: str
    sheet: str
    row: str
    column: str
    value: str
    rule: str
    reason: str
    fix: str


class DraftView(NamedTuple):
    """The page of a draft."""

    id: str
    day: str
    name: str
    changes: list[str]
    stated: bool
    ended: bool
    iterations: str
    seed: int
    figures: list[FigureRow]
    compared: bool
    before: RoundsMap | None
    after: RoundsMap | None
    routes: list[RouteRow]
    more_routes: int
    vehicle: int
    packed: bool
    stops: list[StopRow]
    rates: list[RateRow]
    rated: bool
    """Every vehicle's rates follow from the factor set."""
    planned_for: str
    refused: list[RefusedRow]
    more_refused: int
    recorded: str
    entry: int
    baselines: list[tuple[str, str]]
    may_plan: bool
    fault: str
    fix: str
    said: Mapping[str, str]


class Shown(NamedTuple):
    """A draft with what came of it, and what came of the day as it is driven today, where that is stated."""

    draft: PlanDraft
    name: str
    day: Day
    plan: Plan
    before: Plan | None
    positions: Mapping[str, Position]


class Asking(NamedTuple):
    """Who looks, at which vehicle; what a refused form said, and why it was."""

    vehicle: int
    may_plan: bool
    baselines: list[tuple[str, str]]
    said: Mapping[str, str]
    fault: LedgerError | None


def draft_view(one: Shown, asking: Asking, t: Translate, locale: Locale) -> DraftView:
    """The page of a draft that something came of."""
    plan, fault = one.plan, asking.fault
    looked_at = asking.vehicle if asking.vehicle <= len(plan.routes) else 0
    left_out = one.day.left_out(plan)
    before, after = _maps(one, looked_at)
    return DraftView(
        id=one.draft.id,
        day=one.draft.day,
        name=one.name,
        changes=changes_of(one.draft, t, search=False),
        stated=one.draft.said.get("today") == "1",
        ended=not plan.complete,
        iterations=f"{plan.iterations:,}",
        seed=plan.seed,
        figures=_figures(plan, one.before, t),
        compared=one.before is not None,
        before=before,
        after=after,
        routes=[_route(route, number) for number, route in enumerate(plan.routes[:MOST_ROUTES])],
        more_routes=max(len(plan.routes) - MOST_ROUTES, 0),
        vehicle=looked_at,
        packed=bool(one.day.book.boxes),
        stops=_stops(plan.routes[looked_at - 1]) if looked_at else [],
        rates=[_rate(fleet, locale) for fleet in fleets_of(plan)],
        rated=all(route.fleet.origin for route in plan.routes),
        planned_for=one.draft.said.get(DAY, ""),
        refused=[refused_row(row, locale) for row in left_out[:MOST_REFUSED]],
        more_refused=max(len(left_out) - MOST_REFUSED, 0),
        recorded=one.draft.recorded,
        entry=one.draft.entry,
        baselines=asking.baselines,
        may_plan=asking.may_plan,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
        said=asking.said,
    )


def _rate(fleet: Fleet, locale: Locale) -> RateRow:
    origin = fleet.origin
    return RateRow(
        fleet.name,
        figure(fleet.rates.empty),
        figure(fleet.rates.loaded),
        origin.named if origin else "",
        f"{origin.factor_set} ({origin.edition})" if origin else "",
        [] if origin is None else [_factor(origin.factor_set, one) for one in origin.factors],
        assumed(origin, locale),
    )


def _factor(factor_set: str, one: UsedFactor) -> tuple[str, str, str]:
    load = "" if one.load is None else f", {one.load} %"
    said = f"{decimal_text(one.kg)} kg CO₂e/{one.per}{load}; {one.source}"
    return one.id, f"/factors/{segment(factor_set)}/{segment(one.id)}", said


def _figures(plan: Plan, before: Plan | None, t: Translate) -> list[FigureRow]:
    """Mass over distance, grams, cost, distance, vehicles, and how late stops begin."""
    first = before or plan

    def row(key: str, old: Fraction, new: Fraction, places: int) -> FigureRow:
        change = ""
        if before is not None and old:
            percent = (new - old) * 100 / old
            change = f"{'+' if percent > 0 else '−' if percent < 0 else '±'}{shown(abs(percent), 1)} %"
        return FigureRow(key, _figure(old, places), _figure(new, places), exact_text(new), change)

    return [
        row("kg", first.grams / 1000, plan.grams / 1000, 2),
        row("tkm", Fraction(first.gram_metres, TONNE_KM), Fraction(plan.gram_metres, TONNE_KM), 1),
        row("km", Fraction(first.metres, 1000), Fraction(plan.metres, 1000), 1),
        row("cost", first.cost, plan.cost, 0),
        row("vehicles", Fraction(len(first.routes)), Fraction(len(plan.routes)), 0),
        FigureRow("late", _late(first, t), _late(plan, t), "", ""),
    ]


def _figure(value: Fraction, places: int) -> str:
    """A count has no decimals, however small it is."""
    return figure(value, places).shown if places else f"{int(shown(value, 0)):,}"


def _late(plan: Plan, t: Translate) -> str:
    found = late(plan)
    if not found:
        return t("plan.late.none")
    return t("plan.late", count=len(found), minutes=shown(Fraction(sum(found), 60), 0))


def _maps(one: Shown, looked_at: int) -> tuple[RoundsMap | None, RoundsMap | None]:
    """Both maps in one frame; the other one's vehicles are other journeys, so none of them is looked at."""
    plans = [plan for plan in (one.before, one.plan) if plan is not None]
    rounds = [[_round(route) for route in plan.routes] for plan in plans]
    places = {place for drawn in rounds for way in drawn for place in way.places}
    frame = Frame.around(one.positions[place] for place in sorted(places) if place in one.positions)
    if frame is None:
        return None, None
    after = rounds_map(rounds[-1], one.positions, frame, looked_at)
    return (rounds_map(rounds[0], one.positions, frame) if one.before is not None else None), after


def _round(route: Route) -> Round:
    home = route.depot.place
    return Round(f"{route.fleet.name} {route.number}", (home, *(stop.order.place for stop in route.stops), home))


def _route(route: Route, index: int) -> RouteRow:
    line = tone(index)
    heaviest, fullest = _most_on_board(route)
    return RouteRow(
        number=index + 1,
        vehicle=f"{route.fleet.name} {route.number}",
        tone=line[0],
        dashed=line[1],
        stops=len(route.stops),
        km=figure(Fraction(route.metres, 1000), 1).shown,
        tkm=figure(Fraction(route.gram_metres, TONNE_KM), 1).shown,
        kg=figure(route.grams / 1000),
        gained=figure(route.gained / 1000).shown if route.gained else "",
        leaves=clock(route.leaves),
        back=clock(route.back),
        mass=shown(Fraction(100 * heaviest, route.fleet.capacity_g), 0),
        cube=shown(Fraction(100 * fullest, route.fleet.capacity_cm3), 0) if route.fleet.capacity_cm3 else "",
    )


def _most_on_board(route: Route) -> tuple[int, int]:
    """The most mass [g] and volume [cm3] on board between two stops."""
    orders = [stop.order for stop in route.stops]
    mass: int = sum(order.mass_g for order in orders if order.direction == "delivery")
    cube = sum(order.volume_cm3 for order in orders if order.direction == "delivery")
    heaviest, fullest = mass, cube
    for order in orders:
        sign = -1 if order.direction == "delivery" else 1
        mass, cube = mass + sign * order.mass_g, cube + sign * order.volume_cm3
        heaviest, fullest = max(heaviest, mass), max(fullest, cube)
    return heaviest, fullest


def _stops(route: Route) -> list[StopRow]:
    return [
        StopRow(
            order=stop.order.name,
            place=stop.order.place,
            returned=stop.order.direction == "return",
            times=f"{clock(stop.begins)} – {clock(stop.leaves)}",
            window=_window(stop.order.opens, stop.order.closes),
            late=stop.begins > stop.order.closes,
            km=figure(Fraction(stop.metres, 1000), 1).shown,
            load=figure(Fraction(stop.load_g, 1000), 0).shown,
            kg=figure(stop.grams / 1000),
        )
        for stop in route.stops
    ]


def _window(opens: int, closes: int) -> str:
    return f"{clock(opens)} – {clock(closes)}" if opens or closes < 24 * 3600 else ""


def refused_row(refusal: Refusal, locale: Locale) -> RefusedRow:
    """A row that was left out, in words."""
    error = refusal.error
    place = error.place
    return RefusedRow(
        name=refusal.name,
        sheet=(place and place.sheet) or "",
        row=str(place.row) if place and place.row else "",
        column=(place and place.column) or "",
        value=refusal.stated,
        rule=error.code,
        reason=error.sentence(locale),
        fix=error.fix(locale),
    )
