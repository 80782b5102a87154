"""Plans of routes as entries: a baseline frozen before anything is driven, and plans compared with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from importlib.metadata import version
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.errors import ClaimError
from ledger.footprint.amount import exact_text
from ledger.log.entry import Entry
from ledger.planning.executed import Carried, Journey, Verified, verify
from ledger.planning.routes.plan import Plan, Route
from ledger.planning.routes.rates import Rates
from ledger.ports import EntryStore, Projections, Receipt
from ledger.records.record import decode_body
from ledger.records.route_plan import PlannedRoute, PlannedStop, RoutePlan
from ledger.services.capture import Capturing, Submission, capture_one
from ledger.services.corrections import withdrawal_of
from ledger.services.plan_rates import rated_vehicles, unlike, vehicle_of
from ledger.units import GramMetres, Grams, Metres

AT_ONCE: Final = 500
"""Entries in one read."""
Packed = tuple[int, int]
"""An order's packaging [g], inside its mass, and its packed volume [cm3]."""


class Planned(Protocol):
    """What lists of plans need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore: ...
    @property
    def projections(self) -> Projections: ...


class RoutePlanAbsent(ClaimError):
    """A recorded plan of routes that is not there."""

    code = "claim.route-plan-absent"
    plan: str
    en = "there is no recorded plan of routes {plan}"
    zh = "没有已记录的线路计划 {plan}"
    fix_en = "Compare the id with the list of entries, or record the plan with `ledger plan routes --record`"
    fix_zh = "请与条目列表核对编号，或用 `ledger plan routes --record` 记录计划"


class Statement(NamedTuple):
    """What a person says of a plan: its id, the day, where its rates come from, what it is compared with."""

    id: str
    day: date
    rates_source: str
    baseline: str | None
    """``None`` makes the plan itself a baseline."""
    factor_set: str | None = None
    """The hash of the set that rates and packaging are computed with, pinned."""


class PlanHead(msgspec.Struct, frozen=True):
    """What a list needs of a plan; its routes are not read."""

    id: str
    day: date
    baseline: str | None = None


class _Headed(msgspec.Struct):
    record: PlanHead


_HEADS: Final = msgspec.json.Decoder(_Headed)


def plan_record(plan: Plan, said: Statement, at: datetime) -> RoutePlan:
    """The entry of a plan."""
    searched = any(route.method != "stated" for route in plan.routes)
    return RoutePlan(
        baseline=said.baseline,
        day=said.day,
        factor_set=said.factor_set,
        id=said.id,
        iterations=plan.iterations if searched else None,
        kind="route_plan",
        left_out=tuple(dict.fromkeys(refusal.name for refusal in plan.refused)),
        occurred_at=at,
        rated=rated_vehicles(plan),
        rates_source=said.rates_source,
        role="baseline" if said.baseline is None else "plan",
        routes=tuple(_route(route) for route in plan.routes),
        search=f"pyvrp {version('pyvrp')}" if searched else None,
        seed=plan.seed if searched else None,
        version=1,
    )


def record_plan(ledger: Capturing, submission: Submission, plan: Plan, said: Statement) -> Receipt:
    """
    A plan as an entry, its baseline being one already.

    Raises ``RoutePlanAbsent`` without that, ``FactorSetsDiffer``, ``RatesUnlike``, and why the record was not taken.
    """
    record = plan_record(plan, said, ledger.clock.now())
    if said.baseline is not None:
        for fault in unlike(record, find_plan(ledger.entries, submission.tenant, said.baseline)):
            raise fault
    return capture_one(ledger, submission, record)


def newest_plans(ledger: Planned, tenant: str, limit: int, before: int | None = None) -> list[tuple[int, RoutePlan]]:
    """Plans and baselines that were not withdrawn, newest entry first, of entries below ``before``."""
    entries = _newest(ledger, tenant, limit, before)
    return [(entry.index, _record(entry.body)) for entry in entries]


def newest_baselines(ledger: Planned, tenant: str, limit: int) -> list[PlanHead]:
    """The baselines among so many of the newest plans and baselines."""
    heads = (_HEADS.decode(entry.body).record for entry in _newest(ledger, tenant, limit))
    return [head for head in heads if head.baseline is None]


def _newest(ledger: Planned, tenant: str, limit: int, before: int | None = None) -> list[Entry]:
    facts = ledger.projections.last_facts(tenant, "route_plan", before=before, limit=limit)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [entries[at] for at in sorted(entries, reverse=True)]


def plans_of(ledger: Planned, tenant: str, days: Sequence[str]) -> list[tuple[int, PlanHead]]:
    """Plans and baselines of these days (2026-07-01) that were not withdrawn, in the order of the log."""
    facts = ledger.projections.facts_of(tenant, "route_plan", days)
    found = []
    for start in range(0, len(facts), AT_ONCE):
        entries = ledger.entries.gathered([fact.seq for fact in facts[start : start + AT_ONCE]])
        found += [(index, _HEADS.decode(entries[index].body).record) for index in sorted(entries)]
    return found


def plans_at(ledger: Planned, indexes: Sequence[int]) -> dict[int, tuple[Entry, RoutePlan]]:
    """Plans and baselines by the indexes of their entries, read together."""
    return {index: (entry, _record(entry.body)) for index, entry in ledger.entries.gathered(indexes).items()}


def _record(body: bytes) -> RoutePlan:
    record = decode_body(body, "route_plan")
    assert isinstance(record, RoutePlan)
    return record


def journeys(record: RoutePlan, packed: Mapping[str, Packed] = MappingProxyType({})) -> tuple[Journey, ...]:
    """The routes of an entry, what they carry over each leg worked out from their stops; by order how it is packed."""
    return tuple(_journey(route, packed) for route in record.routes)


def find_plan(entries: EntryStore, tenant: str, name: str) -> RoutePlan:
    """A recorded plan by its id, if it was not withdrawn. Raises ``RoutePlanAbsent``."""
    return plan_entry(entries, tenant, name)[1]


def plan_entry(entries: EntryStore, tenant: str, name: str) -> tuple[Entry, RoutePlan]:
    """The same with its entry."""
    entry = entries.find(tenant, name)
    gone = withdrawal_of(entries, tenant, name, "route_plan") is not None
    kind = None if entry is None or gone else msgspec.json.decode(entry.body, type=_Body).record.kind
    if entry is None or kind != "route_plan":
        raise RoutePlanAbsent(plan=name)
    return entry, _record(entry.body)


class _Kind(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Kind


def compare(entries: EntryStore, tenant: str, name: str, driven: Sequence[Journey] = ()) -> Verified:
    """
    A recorded plan beside its baseline, and what is shown to have been driven, if anything.

    Raises ``RoutePlanAbsent``, also of a baseline that the plan does not name.
    """
    plan = find_plan(entries, tenant, name)
    baseline = find_plan(entries, tenant, plan.baseline or name)
    return verify(journeys(baseline), journeys(plan), driven)


def _route(route: Route) -> PlannedRoute:
    stops = tuple(
        PlannedStop(
            direction=stop.order.direction,
            mass_g=stop.order.mass_g,
            metres=stop.metres,
            order=stop.order.name,
            place=stop.order.place,
        )
        for stop in route.stops
    )
    return PlannedRoute(
        back_metres=route.metres - sum(stop.metres for stop in route.stops),
        depot=route.depot.name,
        empty_g_per_km=exact_text(route.fleet.rates.empty),
        loaded_g_per_tkm=exact_text(route.fleet.rates.loaded),
        stops=stops,
        vehicle=vehicle_of(route),
    )


def _journey(route: PlannedRoute, packed: Mapping[str, Packed]) -> Journey:
    metres = route.back_metres + sum(stop.metres for stop in route.stops)
    way, activity, wrapping = 0, 0, 0
    carried = []
    for stop in route.stops:
        way += stop.metres
        on_board = way if stop.direction == "delivery" else metres - way
        packaging_g, cm3 = packed.get(stop.order, (0, 0))
        activity += stop.mass_g * on_board
        wrapping += packaging_g * on_board
        carried.append(Carried(stop.order, Grams(stop.mass_g), Grams(packaging_g), cm3))
    return Journey(rates_of_route(route), Metres(metres), GramMetres(activity), tuple(carried), GramMetres(wrapping))


def rates_of_route(route: PlannedRoute) -> Rates:
    """What its vehicle emits."""
    return Rates(Fraction(route.empty_g_per_km), Fraction(route.loaded_g_per_tkm))
