"""
A recorded plan as EPCIS 2.0 events that have not happened: a document of its own, whose events nobody can capture.

Each route departs with its orders and reaches every stop; times are by the start and the speed that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Final
from urllib.parse import quote

from ledger.lifecycle.vocabulary import OWN
from ledger.log.canonical import canonical_bytes
from ledger.planning.errors import AmountImpossible
from ledger.records.epcis import record_of
from ledger.records.epcis.context import GS1_CONTEXT
from ledger.records.epcis.planned import PLANNED
from ledger.records.epcis.reading import read_event
from ledger.records.record import check
from ledger.records.route_plan import PlannedRoute, RoutePlan
from ledger.services.driven_evidence import order_uri

PLACE: Final = "urn:onecode:place:"
"""Before a place's name, percent-encoded, in read points."""
MOST_KMH: Final = 150


def planned_document(record: RoutePlan, start: datetime, kmh: Fraction) -> dict[str, object]:
    """
    The document of a plan whose vehicles leave at ``start`` and drive ``kmh`` on average.

    Raises ``AmountImpossible`` for a speed that no vehicle has, and what checking raises.
    """
    if not 0 < kmh <= MOST_KMH:
        raise AmountImpossible(what="speed [km/h]", name=record.id, value=str(kmh), rule=f"0 < v <= {MOST_KMH}")
    events = [
        event
        for number, route in enumerate(record.routes, 1)
        for event in _route(f"{PLANNED}{quote(record.id, safe='')}:{number}", route, start, kmh)
    ]
    for event in events:
        check(record_of(read_event(canonical_bytes(event), {"onecode": OWN})))
    return {
        "@context": [GS1_CONTEXT, {"onecode": OWN}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": record.occurred_at.isoformat(),
        "onecode:planned": f"nothing of this has happened: it is the plan {record.id} / 尚未发生：此为计划 {record.id}",
        "epcisBody": {"eventList": events},
    }


def _route(name: str, route: PlannedRoute, start: datetime, kmh: Fraction) -> Iterator[dict[str, object]]:
    """Leaving the depot with what is delivered, each stop, and back with what is fetched."""
    out = [stop.order for stop in route.stops if stop.direction == "delivery"]
    back = [stop.order for stop in route.stops if stop.direction == "return"]
    if out:
        yield _event(f"{name}:0", "departing", out, route.depot, start)
    metres = 0
    for number, stop in enumerate(route.stops, 1):
        metres += stop.metres
        step = "unloading" if stop.direction == "delivery" else "loading"
        yield _event(f"{name}:{number}", step, [stop.order], stop.place, start + _driving(metres, kmh))
    if back:
        home = start + _driving(metres + route.back_metres, kmh)
        yield _event(f"{name}:{len(route.stops) + 1}", "arriving", back, route.depot, home)


def _event(name: str, step: str, orders: Sequence[str], place: str, at: datetime) -> dict[str, object]:
    moment = at.isoformat(timespec="seconds")
    return {
        "action": "OBSERVE",
        "bizStep": step,
        "bizTransactionList": [{"type": "po", "bizTransaction": order_uri(order)} for order in orders],
        "epcList": [order_uri(order) for order in orders],
        "eventID": name,
        "eventTime": moment,
        "eventTimeZoneOffset": "+00:00" if moment.endswith("Z") else moment[-6:],
        "onecode:planned": "true",
        "readPoint": {"id": f"{PLACE}{quote(place, safe='')}"},
        "type": "ObjectEvent",
    }


def _driving(metres: int, kmh: Fraction) -> timedelta:
    """At that speed, without stops; whole seconds."""
    return timedelta(seconds=ceil(Fraction(metres * 18, 5) / kmh))
