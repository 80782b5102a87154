"""
What the log holds on the orders of some plans: legs by consignment, rounds by day, scans by business transaction.

Read for many plans at once, by keys; a scan is looked for only where leg and round leave a delivery open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote

from ledger.ports import EntryStore, EventIndex, Projections
from ledger.ports.event_index import EventQuery, Named, typed
from ledger.ports.shipments import Shipments
from ledger.records.epcis import EpcisEvent
from ledger.records.event_words import named
from ledger.records.record import decode_body, microseconds
from ledger.records.route_plan import RoutePlan
from ledger.records.transport_leg import TransportLeg
from ledger.records.vehicle_round import VehicleRound

ORDER: Final = "urn:onecode:order:"
"""Before an order's name, percent-encoded, in the business transactions of events."""
TYPES: Final = ("", "bol", "desadv", "po")
"""Business transactions that an order's name may stand in."""
DELIVERED: Final = frozenset({"accepting", "arriving", "installing", "receiving", "unloading"})
LEFT: Final = frozenset({"departing", "loading", "shipping", "staging_outbound"})
AT_ONCE: Final = 500
"""Entries, or names of orders, in one read."""
MOST_SCANS: Final = 5_000


class Executing(Protocol):
    """What looking at driven plans needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Plans and rounds by day."""
        ...

    @property
    def shipments(self) -> Shipments:
        """Legs by consignment."""
        ...

    @property
    def events(self) -> EventIndex:
        """Scans by business transaction."""
        ...


class Seen(NamedTuple):
    """A scan of an order: entry, business step, moment."""

    entry: int
    step: str
    at: datetime


@dataclass(slots=True)
class Evidence:
    """Entries with their records; what corrections withdrew is not in it."""

    legs: dict[str, list[tuple[int, TransportLeg]]] = field(default_factory=dict)
    rounds: dict[date, list[tuple[int, VehicleRound]]] = field(default_factory=dict)
    scans: dict[str, list[Seen]] = field(default_factory=dict)

    def legs_of(self, order: str, day: date) -> list[tuple[int, TransportLeg]]:
        """Those that departed on the day, by their own clock."""
        return [(at, leg) for at, leg in self.legs.get(order, ()) if leg.occurred_at.date() == day]

    def rounds_of(self, orders: Collection[str], day: date) -> list[tuple[int, VehicleRound]]:
        """The day's rounds that serve one of the orders, in the order of the log."""
        wanted = set(orders)
        return [(at, one) for at, one in self.rounds.get(day, ()) if not wanted.isdisjoint(one.orders)]


def order_uri(order: str) -> str:
    """How an event names an order."""
    return f"{ORDER}{quote(order, safe='')}"


def evidence_of(ledger: Executing, tenant: str, plans: Iterable[RoutePlan]) -> Evidence:
    """Legs and rounds of the plans' orders and of what their rounds served beside them; scans where both are silent."""
    asked: dict[date, set[str]] = {}
    for plan in plans:
        asked.setdefault(plan.day, set()).update(stop.order for route in plan.routes for stop in route.stops)
    found = Evidence()
    _take_rounds(ledger, tenant, sorted(asked), found)
    for day, orders in asked.items():
        for _, one in found.rounds_of(frozenset(orders), day):
            orders.update(one.orders)
    _take_legs(ledger, tenant, asked, found)
    for day, orders in asked.items():
        served = {order for _, one in found.rounds_of(orders, day) for order in one.orders}
        open_ = sorted(order for order in orders if order not in served or not found.legs_of(order, day))
        _take_scans(ledger, tenant, day, open_, found)
    return found


def _take_rounds(ledger: Executing, tenant: str, days: Sequence[date], found: Evidence) -> None:
    facts = ledger.projections.facts_of(tenant, "vehicle_round", [day.isoformat() for day in days])
    for start in range(0, len(facts), AT_ONCE):
        entries = ledger.entries.gathered([fact.seq for fact in facts[start : start + AT_ONCE]])
        for index in sorted(entries):
            record = decode_body(entries[index].body, "vehicle_round")
            assert isinstance(record, VehicleRound)
            found.rounds.setdefault(record.occurred_at.date(), []).append((index, record))


def _take_legs(ledger: Executing, tenant: str, asked: Mapping[date, set[str]], found: Evidence) -> None:
    days = set(asked)
    orders = sorted({order for of_day in asked.values() for order in of_day})
    for start in range(0, len(orders), AT_ONCE):
        by_order = ledger.shipments.entries(tenant, orders[start : start + AT_ONCE])
        indexes = sorted(index for held in by_order.values() for index in held)
        for first in range(0, len(indexes), AT_ONCE):
            entries = ledger.entries.gathered(indexes[first : first + AT_ONCE])
            for index in sorted(entries):
                if b'"kind":"transport_leg"' in entries[index].body:
                    record = decode_body(entries[index].body, "transport_leg")
                    assert isinstance(record, TransportLeg)
                    if record.occurred_at.date() in days:
                        found.legs.setdefault(record.consignment, []).append((index, record))


def _take_scans(ledger: Executing, tenant: str, day: date, orders: Sequence[str], found: Evidence) -> None:
    """Of the day by the clock of the place, wherever on Earth that is."""
    noon = datetime.combine(day, time(12), UTC)
    since, before = (microseconds(noon + timedelta(hours=hours)) for hours in (-26, 26))
    for start in range(0, len(orders), AT_ONCE // len(TYPES)):
        names = {named(order_uri(order)): order for order in orders[start : start + AT_ONCE // len(TYPES)]}
        texts = tuple(typed(type_, name) for type_ in TYPES for name in names)
        query = EventQuery(event_from=since, event_before=before, conditions=(Named("bizTransaction", texts),))
        hits = ledger.events.find(tenant, query, MOST_SCANS)
        gone = ledger.projections.withdrawn(tenant) if hits else {}
        entries = ledger.entries.gathered([hit.seq for hit in hits if hit.seq not in gone])
        for index in sorted(entries):
            record = decode_body(entries[index].body, "epcis_event")
            assert isinstance(record, EpcisEvent)
            event = record.event
            if event.error_declaration is not None or event.event_time.date() != day:
                continue
            for said in event.biz_transaction_list or ():
                order = names.get(named(said.biz_transaction))
                if order is not None:
                    found.scans.setdefault(order, []).append(Seen(index, event.biz_step or "", event.event_time))
