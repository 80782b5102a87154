"""
What came of a recorded plan: every order of it matched to legs, rounds and scans, and the journeys that were driven.

A leg says what an order weighed and how far it was carried; a round says how far the vehicle went in all and whom it
served in which order. Where one of them is missing, the order is named with what it lacks; nothing is estimated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from ledger.errors import ClaimError, LedgerError, Place, PlanningError
from ledger.planning.errors import (
    OrderUnproven,
    PackagingIncomplete,
    RoundContradicts,
    VehicleWithoutRates,
    WayNotMeasured,
)
from ledger.planning.executed import Carried, Journey, Packing, Verified, some, verify
from ledger.planning.routes.rates import Rates
from ledger.records.driven_saving import PackagingChange
from ledger.records.route_plan import RoutePlan
from ledger.records.transport_leg import TransportLeg
from ledger.records.vehicle_round import VehicleRound
from ledger.services.driven_evidence import DELIVERED, LEFT, Evidence, Executing
from ledger.services.project import catch_up_all
from ledger.services.route_plans import Packed, journeys, plan_entry, rates_of_route
from ledger.units import GramMetres, Grams, Metres

Standing = Literal["as_planned", "otherwise", "unmeasured", "not_driven"]
STANDINGS: Final[tuple[Standing, ...]] = ("as_planned", "otherwise", "unmeasured", "not_driven")
"""Driven as planned; by another vehicle or in another order; delivered, nobody knows how far; not driven."""


class PlanIsBaseline(ClaimError):
    """A baseline asked for what came of it as a plan."""

    code = "claim.route-plan-alone"
    plan: str
    en = "{plan} is a baseline: it is compared with, and saves nothing itself"
    zh = "{plan} 是基准方案，只用于比较，本身不产生减排"
    fix_en = "Name a plan that was recorded with this baseline"
    fix_zh = "请指定以该基准记录的计划"


class Served(NamedTuple):
    """
    What became of one order of a plan.

    ``vehicle`` is the one that was planned, ``driven_by`` the one that came; ``metres`` [m] and ``mass_g`` [g] as its
    legs say; ``reason`` what it lacks, located in the plan. Entries of its legs, round and scans.
    """

    order: str
    place: str
    vehicle: str
    standing: Standing
    driven_by: str = ""
    mass_g: int | None = None
    metres: int | None = None
    legs: tuple[int, ...] = ()
    round: int | None = None
    scans: tuple[int, ...] = ()
    reason: PlanningError | None = None

    def to_record(self) -> dict[str, Any]:
        """JSON-able; entries by their numbers in the log."""
        return {
            "order": self.order,
            "place": self.place,
            "vehicle": self.vehicle,
            "standing": self.standing,
            "driven_by": self.driven_by,
            "mass_g": self.mass_g,
            "metres": self.metres,
            "entries": [*self.legs, *([] if self.round is None else [self.round]), *self.scans],
            "reason": None if self.reason is None else told(self.reason),
        }


class Ways(NamedTuple):
    """The journeys of the three sides."""

    baseline: tuple[Journey, ...]
    planned: tuple[Journey, ...]
    driven: tuple[Journey, ...]


class Executed(NamedTuple):
    """A plan with its baseline, both as entries; what became of its orders; the three sides compared."""

    plan: RoutePlan
    plan_entry: int
    baseline: RoutePlan
    baseline_entry: int
    baseline_at: int
    """When the baseline was recorded [microseconds]."""
    orders: tuple[Served, ...]
    verified: Verified
    ways: Ways
    rounds: tuple[tuple[int, VehicleRound], ...]
    entries: tuple[int, ...]
    """What it rests on: baseline, plan, then legs and rounds."""

    def counts(self) -> dict[Standing, int]:
        """Orders by what became of them."""
        return {one: sum(order.standing == one for order in self.orders) for one in STANDINGS}


class Sides(NamedTuple):
    """A plan and its baseline as entries: index, record, and when the baseline was recorded."""

    plan_entry: int
    plan: RoutePlan
    baseline_entry: int
    baseline: RoutePlan
    baseline_at: int


def sides(ledger: Executing, tenant: str, name: str) -> Sides:
    """A plan with its baseline. Raises ``RoutePlanAbsent``, ``PlanIsBaseline``."""
    entry, plan = plan_entry(ledger.entries, tenant, name)
    if plan.baseline is None:
        raise PlanIsBaseline(plan=name)
    before, baseline = plan_entry(ledger.entries, tenant, plan.baseline)
    return Sides(entry.index, plan, before.index, baseline, before.recorded_at)


def told(fault: LedgerError) -> dict[str, Any]:
    """JSON-able: what is wrong and what to do, in both languages, with its place in the plan."""
    return {
        "code": fault.code,
        "reason": {"en": fault.message("en"), "zh-CN": fault.message("zh-CN")},
        "fix": {"en": fault.fix("en"), "zh-CN": fault.fix("zh-CN")},
        "pointer": fault.place.pointer if fault.place else None,
    }


def bring_up_to_date(ledger: Executing) -> None:
    """Fold what the log has new into everything that is read here."""
    catch_up_all(ledger.entries, (ledger.projections, ledger.shipments, ledger.events))


def executed_by(
    found: Sides, evidence: Evidence, packaging: PackagingChange | None = None, making: Fraction = Fraction(0)
) -> Executed:
    """
    What came of a plan by its evidence; with a change of packaging, its ``making`` in g CO2e/g.

    What stands in the way of a saving is in ``verified.faults``.
    """
    plan, baseline = found.plan, found.baseline
    match = _Match(plan, baseline, evidence, packaging)
    orders = match.served()
    packed = {one.order: one for one in packaging.orders} if packaging else {}
    before = {order: (one.baseline_packaging_g, one.baseline_cm3) for order, one in packed.items()}
    after = {order: (one.packaging_g, one.volume_cm3) for order, one in packed.items()}
    ways = Ways(journeys(baseline, before), journeys(plan, after), match.journeys(after))
    unmeasured = sorted(one.order for one in orders if one.standing == "unmeasured")
    if unmeasured:
        match.faults.append(WayNotMeasured(count=len(unmeasured), orders=some(unmeasured)))
    verified = verify(
        *ways,
        packing=Packing(Grams(packaging.payload_g), packaging.hold_cm3, making) if packaging else None,
        faults=match.faults,
        named={*unmeasured, *match.without_rates},
    )
    cited = sorted({at for one in orders for at in one.legs} | {at for at, _ in match.rounds})
    return Executed(
        plan=plan,
        plan_entry=found.plan_entry,
        baseline=baseline,
        baseline_entry=found.baseline_entry,
        baseline_at=found.baseline_at,
        orders=orders,
        verified=verified,
        ways=ways,
        rounds=tuple(match.rounds),
        entries=(found.baseline_entry, found.plan_entry, *cited),
    )


class _Match:
    """One plan against its evidence."""

    def __init__(
        self, plan: RoutePlan, baseline: RoutePlan, evidence: Evidence, packaging: PackagingChange | None
    ) -> None:
        self.plan, self.baseline, self.evidence = plan, baseline, evidence
        self.faults: list[PlanningError] = []
        self.without_rates: set[str] = set()
        stops = [stop for record in (baseline, plan) for route in record.routes for stop in route.stops]
        self.returned = {stop.order for stop in stops if stop.direction == "return"}
        self.rounds = evidence.rounds_of({stop.order for stop in stops}, plan.day)
        self.served_by: dict[str, tuple[int, VehicleRound]] = {}
        for at, one in self.rounds:
            for order in one.orders:
                if order in self.served_by:
                    self._contradicts(one, f"{order} is in another round as well", f"{order} 也在另一行程中")
                self.served_by.setdefault(order, (at, one))
        self.rates = self._rates()
        if packaging:
            self._check_packaging(packaging)

    def served(self) -> tuple[Served, ...]:
        """What became of each order, in the order of the plan."""
        found = []
        for number, route in enumerate(self.plan.routes):
            before: list[str] = []
            for place, stop in enumerate(route.stops):
                served = self._order(stop.order, stop.place, route.vehicle, before)
                if served.reason is not None:
                    served.reason.at(Place(pointer=f"/routes/{number}/stops/{place}"))
                found.append(served)
                before.append(stop.order)
        return tuple(found)

    def _order(self, order: str, place: str, vehicle: str, before: Sequence[str]) -> Served:
        legs, scans = self.evidence.legs_of(order, self.plan.day), self.evidence.scans.get(order, ())
        at, one = self.served_by.get(order, (None, None))
        entries = tuple(index for index, _ in legs)
        seen = tuple(scan.entry for scan in scans)
        served = Served(order, place, vehicle, "not_driven", one.vehicle if one else "", None, None, entries, at, seen)
        if legs:
            served = served._replace(mass_g=sum(leg.mass_g for _, leg in legs), metres=_carried_over(legs))
        if one is not None and legs and served.metres is not None:
            standing: Standing = "as_planned" if _as_planned(order, one, vehicle, before) else "otherwise"
            return served._replace(standing=standing)
        came = one is not None or any(leg.arrived_at for _, leg in legs) or any(s.step in DELIVERED for s in scans)
        lacks = _lacking(legs=bool(legs), metres=served.metres is not None, round_=one is not None, came=came)
        if not came and any(scan.step in LEFT for scan in scans):
            lacks = ("it was loaded or left; nothing shows that it arrived", "已装车或出发，但无到达记录")
        reason = OrderUnproven(order=order, lacks=lacks[0], lacks_zh=lacks[1])
        return served._replace(standing="unmeasured" if came else "not_driven", reason=reason)

    def journeys(self, packed: Mapping[str, Packed]) -> tuple[Journey, ...]:
        """What was driven, as far as it was measured; faults say where it does not fit."""
        found = []
        for _, one in self.rounds:
            rates = self.rates.get(one.vehicle)
            if rates is None:
                fault = VehicleWithoutRates(vehicle=one.vehicle, round=one.id)
                self.faults.append(fault.at(Place(pointer="/vehicle")))
                self.without_rates.update(one.orders)
                continue
            found.append(self._journey(one, rates, packed))
        return tuple(found)

    def _journey(self, one: VehicleRound, rates: Rates, packed: Mapping[str, Packed]) -> Journey:
        carried, activity, wrapping, way = [], 0, 0, 0
        for order in one.orders:
            legs = self.evidence.legs_of(order, self.plan.day)
            metres = _carried_over(legs)
            if metres is None:
                continue
            mass = sum(leg.mass_g for _, leg in legs)
            packaging_g, cm3 = packed.get(order, (0, 0))
            carried.append(Carried(order, Grams(mass), Grams(packaging_g), cm3))
            activity += mass * metres
            wrapping += packaging_g * metres
            place = one.driven_m - metres if order in self.returned else metres
            if not way <= place <= one.driven_m:
                self._contradicts(
                    one,
                    f"{order} is served at {place} m, after {way} m of {one.driven_m} m",
                    f"{order} 位于 {place} 米处，而此前已行驶 {way} 米，全程 {one.driven_m} 米",
                )
            way = max(way, place)
        return Journey(rates, Metres(one.driven_m), GramMetres(activity), tuple(carried), GramMetres(wrapping))

    def _rates(self) -> dict[str, Rates]:
        """By vehicle, of those that baseline and plan state alike."""
        found: dict[str, set[Rates]] = {}
        for record in (self.baseline, self.plan):
            for route in record.routes:
                found.setdefault(route.vehicle, set()).add(rates_of_route(route))
        return {vehicle: next(iter(rates)) for vehicle, rates in found.items() if len(rates) == 1}

    def _check_packaging(self, packaging: PackagingChange) -> None:
        masses = {stop.order: stop.mass_g for route in self.baseline.routes for stop in route.stops}
        stated = Counter(one.order for one in packaging.orders)
        odd = sorted(set(masses) ^ set(stated)) or sorted(order for order, count in stated.items() if count > 1)
        if odd:
            self._unpacked(odd, "other orders than the baseline's", "订单与基准不一致")
        heavy = sorted(o.order for o in packaging.orders if o.baseline_packaging_g > masses.get(o.order, 0))
        if heavy:
            self._unpacked(heavy, "packaging heavier than the order", "包装重于订单")

    def _unpacked(self, orders: Sequence[str], problem: str, problem_zh: str) -> None:
        self.faults.append(
            PackagingIncomplete(count=len(orders), orders=some(orders), problem=problem, problem_zh=problem_zh)
        )

    def _contradicts(self, one: VehicleRound, problem: str, problem_zh: str) -> None:
        fault = RoundContradicts(round=one.id, problem=problem, problem_zh=problem_zh)
        self.faults.append(fault.at(Place(pointer="/orders")))


def _carried_over(legs: Sequence[tuple[int, TransportLeg]]) -> int | None:
    """How far an order was carried [m]; unknown without a leg, or where its lines say other things."""
    said = {(leg.origin, leg.destination, leg.driven_m) for _, leg in legs}
    return next(iter(said))[2] if len(said) == 1 else None


def _as_planned(order: str, one: VehicleRound, vehicle: str, before: Sequence[str]) -> bool:
    """By that vehicle, behind the same orders, as far as these are in the round."""
    earlier = one.orders[: one.orders.index(order)]
    return one.vehicle == vehicle and [name for name in before if name in one.orders] == list(earlier)


def _lacking(*, legs: bool, metres: bool, round_: bool, came: bool) -> tuple[str, str]:
    if not came:
        return "nothing shows that it was driven on the day", "没有当日执行的记录"
    if not legs:
        return "no leg says what it weighed and how far it was carried", "没有说明质量与距离的运输段"
    if not metres:
        return "its legs state no one distance that was driven", "运输段未给出一致的实际行驶距离"
    if not round_:
        return "no round says how far the vehicle went in all", "没有说明车辆全程的行程记录"
    return "no leg and round together measure it", "运输段与行程不完整"
