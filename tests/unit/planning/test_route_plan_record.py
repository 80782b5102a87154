"""The record of a plan: what is refused, and that its legs give the plan's grams again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from ledger.log.canonical import struct_bytes
from ledger.planning.executed import journeys_of
from ledger.planning.routes.plan import Plan, stated
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates
from ledger.records.errors import FieldContradicts
from ledger.records.record import decode
from ledger.records.route_plan import RoutePlan
from ledger.services.route_plans import Statement, journeys, plan_record
from ledger.units import Grams

AT = datetime(2026, 7, 1, tzinfo=UTC)
PLACES = ["home", "x", "y"]
METRES = [[0, 10_000, 12_345], [10_000, 0, 5_000], [12_345, 5_000, 0]]


def planned(rates: Rates) -> Plan:
    orders = (
        Order(name="out", place="x", mass_g=Grams(1_000_001)),
        Order(name="back", place="y", mass_g=Grams(77), direction="return"),
    )
    lorry = Fleet(name="l", depot="home", count=1, capacity_g=Grams(3_000_000), capacity_cm3=0, rates=rates)
    asked = Problem((Depot("home", "home"),), (lorry,), orders, Distances.of(PLACES, METRES))
    return stated(asked, {"out": ("l", 1), "back": ("l", 2)})


def body(**changed: Any) -> bytes:
    said = Statement("p:1", date(2026, 7, 1), "fuel records", None)
    record = plan_record(planned(Rates(Fraction("260.5"), Fraction(45))), said, AT)
    return json.dumps(json.loads(struct_bytes(record)) | changed).encode()


def test_a_record_gives_the_grams_of_its_plan_again() -> None:
    """Deliveries are on board until their stop, returns from it on; nothing is rounded on the way."""
    record = decode(body())
    assert isinstance(record, RoutePlan)
    found = planned(Rates(Fraction("260.5"), Fraction(45)))
    assert journeys(record) == journeys_of(found)
    assert sum(one.grams for one in journeys(record)) == found.grams
    assert (record.role, record.search) == ("baseline", None)


def test_what_a_record_of_a_plan_must_not_say() -> None:
    stop = json.loads(body())["routes"][0]["stops"][0]
    route = json.loads(body())["routes"][0]
    for changed in (
        {"baseline": "p:0"},
        {"routes": [route | {"stops": [stop, stop]}]},
        {"seed": 1},
    ):
        with pytest.raises(FieldContradicts):
            decode(body(**changed))


def test_a_rate_that_is_no_decimal_is_recorded_as_the_fraction_it_is() -> None:
    """Consumption over a payload of 3 t has none; the grams follow from the entry to the last digit all the same."""
    said = Statement("p:1", date(2026, 7, 1), "fuel records", None)
    found = planned(Rates(Fraction(1, 3), Fraction(1)))
    record = decode(struct_bytes(plan_record(found, said, AT)))
    assert isinstance(record, RoutePlan)
    assert record.routes[0].empty_g_per_km == "1/3"
    assert sum(one.grams for one in journeys(record)) == found.grams
    for text in ("2/6", "1/2", "3/1"):
        route = json.loads(body())["routes"][0] | {"empty_g_per_km": text}
        with pytest.raises(FieldContradicts):
            decode(body(routes=[route]))
