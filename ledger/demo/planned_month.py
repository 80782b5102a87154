"""
A month of the demonstration warehouse planned, driven and booked: routes and cartons, by simulated legs and rounds.

Every working day's orders are frozen as they are driven today, planned anew in the cartons that the month's mix asks
for, driven with small detours, verified and booked. One day is planned and never driven, on another an order stays
behind: both are refused. Seeded: the same seed gives the same month. Customers, masses, goods and vehicles are made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from random import Random
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from ledger.demo.catalogue import PRODUCTS
from ledger.errors import LedgerError
from ledger.planning.cartons.carton import Carton, Parcel, slotted_board
from ledger.planning.cartons.choose import choose
from ledger.planning.loads.stowage import Box
from ledger.planning.routes.plan import Route, plan, stated
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates
from ledger.records.driven_saving import PackagingChange, PackedOrder, StatedDoubt
from ledger.records.epcis import record_of
from ledger.records.epcis.reading import read_event
from ledger.records.record import Record, check, decode
from ledger.services.book_saving import book
from ledger.services.capture import Submission, capture_one
from ledger.services.driven_evidence import order_uri
from ledger.services.plan_savings import Asked
from ledger.services.route_plans import Statement, record_plan
from ledger.services.savings_wall import MOST_ROWS, Wall, savings_wall
from ledger.units import Grams
from ledger.wiring import Ledger

SEED: Final = 7
FIRST: Final = date(2026, 6, 1)
WORKING_DAYS: Final = 22
ITERATIONS: Final = 150
ZONE: Final = timezone(timedelta(hours=8))
BOARD: Final = "DEFRA25-19_506_5156_15_1"
DOUBT: Final = StatedDoubt(activity="0.02", making="0.1", rates="0.05")
"""Assumed, and stated in every claim."""
KEPT: Final = 3
"""Cartons of the plan."""
_PLACES: Final = 14
_DEPOT: Final = "溧水"
_VAN: Final = Rates(Fraction(260), Fraction(45))
_LORRY: Final = Rates(Fraction(480), Fraction(32))
_HOLD: Final = 14_000_000
_PAYLOAD: Final = 2_000_000
_THINGS: Final = ((180, 120, 60, 900), (300, 220, 100, 2_400), (420, 300, 160, 6_000), (560, 380, 300, 11_000))
"""Sides [mm] and mass [g] of what is sent."""
_MOST: Final = (60, 36, 24, 12)
"""Pieces of each in an order."""
_CARTONS: Final = ((200, 140, 80), (240, 200, 100), (320, 240, 120), (380, 300, 160), (440, 320, 180), (600, 400, 320))
_TODAY: Final = {0: 3, 1: 3, 2: 4, 3: 5}
"""The carton of each thing today."""


class Outcome(NamedTuple):
    """A day: its plan, and the claim or the reason why there is none."""

    day: date
    plan: str
    claim: str | None
    fault: LedgerError | None


class Played(NamedTuple):
    """The month: what became of each day, and the wall of savings over all of it."""

    outcomes: tuple[Outcome, ...]
    wall: Wall


@dataclass
class SetClock:
    """A clock that the month sets; each look at it is a second later."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment."""
        self.moment += timedelta(seconds=1)
        return self.moment


class _Sent(NamedTuple):
    """An order of a day: goods [g], how many of which thing."""

    name: str
    place: str
    goods_g: int
    counts: Mapping[int, int]


class _Boxes(NamedTuple):
    """The carton of each thing, by the thing's number, before and after."""

    before: Mapping[int, Carton]
    after: Mapping[int, Carton]


class _World(NamedTuple):
    """What stays the same all month."""

    places: tuple[str, ...]
    distances: Distances
    boxes: _Boxes
    random: Random
    mishaps: Mishaps


class Mishaps(NamedTuple):
    """Working days, counted from 1: whose plan stays in the drawer; on which an order is loaded and not delivered."""

    not_driven: int = 9
    one_missed: int = 14


AS_TOLD: Final = Mishaps()


def play(
    ledger: Ledger,
    *,
    days: int = WORKING_DAYS,
    seed: int = SEED,
    mishaps: Mishaps = AS_TOLD,
    told: Callable[[int, int], None] = lambda *_: None,
) -> Played:
    """The first working days of the month on a ledger of its own, whose clock is set to them."""
    clock = SetClock()
    found = replace(ledger, clock=clock)
    world = _world(Random(seed), mishaps)  # noqa: S311 - a made-up month
    outcomes = []
    working = _working_days(days)
    for number, day in enumerate(working, 1):
        told(number - 1, days)
        outcomes.append(_day(found, clock, world, number, day))
    return Played(tuple(outcomes), _whole(found, working[0], working[-1]))


def _day(ledger: Ledger, clock: SetClock, world: _World, number: int, day: date) -> Outcome:
    random = world.random
    who = Submission(ledger.settings.tenant, "planner", manages=True)
    sent = _orders(world, random, day)
    orders = tuple(_order(one, world.boxes.before) for one in sent)
    problem = Problem((Depot(_DEPOT, _DEPOT),), _fleets(), orders, world.distances)
    base, name = f"base:{day}", f"plan:{day}"
    clock.moment = datetime.combine(day, time(18), ZONE) - timedelta(days=1)
    factors = ledger.factors.current().hash
    said = Statement(base, day, "made-up consumption of the demonstration's vehicles", None, factors)
    record_plan(ledger, who, stated(problem, _today(sent)), said)
    smaller = tuple(_order(one, world.boxes.after) for one in sent)
    planned = plan(problem._replace(orders=smaller), seed=number, iterations=ITERATIONS)
    record_plan(ledger, who, planned, said._replace(id=name, baseline=base))
    if number != world.mishaps.not_driven:
        clock.moment = datetime.combine(day, time(19), ZONE)
        missed = {planned.routes[0].stops[-1].order.name} if number == world.mishaps.one_missed else set()
        after = {one.name: one.goods_g + _packed(one, world.boxes.after)[0] for one in sent}
        for route in planned.routes:
            for record in _driven(route, day, after, missed, random):
                capture_one(ledger, who, record)
    clock.moment = datetime.combine(day, time(21), ZONE)
    try:
        claim = book(ledger, who, Asked(name, DOUBT, _change(sent, world.boxes))).claim.id
    except LedgerError as fault:
        return Outcome(day, name, None, fault)
    return Outcome(day, name, claim, None)


def _working_days(count: int) -> list[date]:
    days = (FIRST + timedelta(days=number) for number in range(7 * count))
    return [day for day in days if day.weekday() < 5][:count]


def _world(random: Random, mishaps: Mishaps) -> _World:
    """Customers on a map of whole hundreds of metres, roads along its grid; cartons by the month's usual mix."""
    places = (_DEPOT, *(f"客户 {number:02}" for number in range(1, _PLACES + 1)))
    spots = [(0, 0), *((random.randint(-350, 350), random.randint(-350, 350)) for _ in places[1:])]
    metres = [[100 * (abs(a - c) + abs(b - d)) for c, d in spots] for a, b in spots]
    seconds = [[one * 9 // 100 for one in row] for row in metres]
    return _World(places, Distances.of(places, metres, seconds), _boxes(), random, mishaps)


def _boxes() -> _Boxes:
    cartons = [
        Carton(
            name=f"{a}x{b}x{c}", length=a, width=b, height=c, board_g=slotted_board(a, b, c, 600), most_g=Grams(25_000)
        )
        for a, b, c in _CARTONS
    ]
    parcels = [Parcel(name=str(number), things=(_thing(number),), count=4 - number) for number in range(len(_THINGS))]
    chosen = {int(one.parcel.name): one.carton for one in choose(parcels, cartons, KEPT).packed}
    return _Boxes({thing: cartons[number] for thing, number in _TODAY.items()}, chosen)


def _thing(number: int) -> Box:
    length, width, height, mass = _THINGS[number]
    return Box(name=str(number), length=length, width=width, height=height, mass_g=Grams(mass), stop=1)


def _orders(world: _World, random: Random, day: date) -> list[_Sent]:
    """One for each of some customers."""
    places = random.sample(world.places[1:], random.randint(8, 11))
    found = []
    for number, place in enumerate(places, 1):
        counts = {thing: random.randint(0, _MOST[thing]) for thing in range(len(_THINGS))}
        counts[0] += 1
        goods = sum(count * _THINGS[thing][3] for thing, count in counts.items())
        found.append(_Sent(f"SO-{day:%m%d}-{number:02}", place, goods, counts))
    return found


def _packed(sent: _Sent, boxes: Mapping[int, Carton]) -> tuple[int, int]:
    """Board [g] and volume [cm3] of an order's cartons, each thing in one of its own."""
    board = sum(count * boxes[thing].board_g for thing, count in sent.counts.items())
    return board, -(-sum(count * boxes[thing].volume for thing, count in sent.counts.items()) // 1000)


def _order(sent: _Sent, boxes: Mapping[int, Carton]) -> Order:
    board, volume = _packed(sent, boxes)
    return Order(name=sent.name, place=sent.place, mass_g=Grams(sent.goods_g + board), volume_cm3=volume)


def _fleets() -> tuple[Fleet, ...]:
    vans = Fleet(name="厢式车", depot=_DEPOT, count=4, capacity_g=Grams(_PAYLOAD), capacity_cm3=_HOLD, rates=_VAN)
    lorries = Fleet(
        name="卡车", depot=_DEPOT, count=2, capacity_g=Grams(8_000_000), capacity_cm3=40_000_000, rates=_LORRY
    )
    return vans, lorries


def _today(sent: Sequence[_Sent]) -> dict[str, tuple[str, int]]:
    """As they came in, on a van and a lorry in turn."""
    return {one.name: (("厢式车", "卡车")[number % 2], number) for number, one in enumerate(sent, 1)}


def _change(sent: Sequence[_Sent], boxes: _Boxes) -> PackagingChange:
    orders = []
    for one in sent:
        (board, volume), (less, smaller) = _packed(one, boxes.before), _packed(one, boxes.after)
        orders.append(
            PackedOrder(
                baseline_cm3=volume,
                baseline_packaging_g=board,
                order=one.name,
                packaging_g=less,
                volume_cm3=smaller,
            )
        )
    return PackagingChange(
        factor=BOARD,
        hold_cm3=_HOLD,
        orders=tuple(orders),
        payload_g=_PAYLOAD,
        source="carton list of the demonstration",
    )


def _driven(route: Route, day: date, masses: Mapping[str, int], missed: set[str], random: Random) -> Iterator[Record]:
    """Legs, scans and the round of one vehicle, each way up to 2 % longer than planned."""
    vehicle = f"{route.fleet.name} {route.number}"
    left = datetime.combine(day, time(7, 30), ZONE)
    way, served = 0, []
    for stop in route.stops:
        way += stop.metres * (1000 + random.randint(0, 20)) // 1000
        name = stop.order.name
        at = left + timedelta(seconds=way * 9 // 100)
        yield _scan(name, "loading", left)
        if name in missed:
            continue
        served.append(name)
        yield _scan(name, "unloading", at)
        yield _record(
            "transport_leg",
            f"leg:{name}",
            left,
            arrived_at=at.isoformat(),
            carrier="自有车队",
            consignment=name,
            destination=stop.order.place,
            distance_basis="sfd",
            distance_m=way,
            driven_m=way,
            mass_g=masses[name],
            mode="road",
            origin=_DEPOT,
            product=PRODUCTS[0].identity,
            quantity=1,
            route=f"{_DEPOT}-{stop.order.place}",
            vehicle="road.van.diesel.avg",
        )
    whole = way + (route.metres - sum(stop.metres for stop in route.stops))
    if served:
        yield _record(
            "vehicle_round",
            f"round:{day}:{vehicle}",
            left,
            depot=_DEPOT,
            driven_m=whole,
            measured_by="odometer (simulated)",
            orders=served,
            returned_at=(left + timedelta(seconds=whole * 9 // 100)).isoformat(),
            vehicle=vehicle,
        )


def _record(kind: str, name: str, at: datetime, **fields: Any) -> Record:
    whole = fields | {"kind": kind, "id": name, "occurred_at": at.isoformat(), "version": 1}
    return decode(json.dumps(whole).encode())


def _scan(order: str, step: str, at: datetime) -> Record:
    event = {
        "action": "OBSERVE",
        "bizStep": step,
        "bizTransactionList": [{"type": "po", "bizTransaction": order_uri(order)}],
        "quantityList": [{"epcClass": PRODUCTS[0].identity, "quantity": 1}],
        "eventID": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{order} {step}')}",
        "eventTime": at.isoformat(timespec="seconds"),
        "eventTimeZoneOffset": "+08:00",
        "type": "ObjectEvent",
    }
    record = record_of(read_event(json.dumps(event).encode()))
    check(record)
    return record


def _whole(ledger: Ledger, start: date, end: date) -> Wall:
    wall = savings_wall(ledger, ledger.settings.tenant, start, end, limit=MOST_ROWS)
    assert wall.next is None
    return wall
