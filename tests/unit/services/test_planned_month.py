"""The demonstration's month, three days of it: what is booked is what its legs and rounds say, counted anew by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeVar

import msgspec
import pytest

from ledger.demo.planned_month import Mishaps, Played, play
from ledger.planning.errors import PlanNotDriven
from ledger.records.record import decode_body
from ledger.records.route_plan import RoutePlan
from ledger.records.transport_leg import TransportLeg
from ledger.records.vehicle_round import VehicleRound
from ledger.services.capture import Submission
from ledger.services.claims import claim_named
from ledger.services.driven_claims import SavingOnCorrectedData
from ledger.services.savings_wall import savings_wall
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import TENANT, captured, opened

Kind = TypeVar("Kind")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, Played]]:
    """Three working days: the second is not driven, on the third an order stays behind."""
    with opened(tmp_path_factory.mktemp("month") / "home") as ledger:
        yield ledger, play(ledger, days=3, mishaps=Mishaps(not_driven=2, one_missed=3))


def records(ledger: Ledger, kind: type[Kind], name: str) -> list[Kind]:
    """All of a kind, out of the log itself."""
    entries = ledger.entries.gathered(range(ledger.entries.size()))
    named = f'"kind":"{name}"'.encode()
    found = [decode_body(entry.body, name) for entry in entries.values() if named in entry.body]
    return [record for record in found if isinstance(record, kind)]


def test_what_is_booked_is_what_was_recorded(month: tuple[Ledger, Played]) -> None:
    """One day of three counts; its km and t km are the baseline's less the recorded ones; causes sum to kilograms."""
    ledger, played = month
    first, second, third = played.outcomes
    assert first.claim is not None
    assert [type(one.fault) for one in (second, third)] == [PlanNotDriven] * 2
    assert [row.state for row in played.wall.rows] == ["booked", "not_driven", "not_driven"]
    assert [row.orders["not_driven"] for row in played.wall.rows][::2] == [0, 1]
    totals = played.wall.totals
    said = totals.to_record()
    assert abs(sum(map(Fraction, said["parts_kg"].values())) - totals.saved_kg) <= Fraction(1, 2 * 10**9)
    assert max(map(len, said["parts_kg"].values())) < 20
    assert (totals.plans, played.wall.plans) == (1, 3)
    assert sum(totals.parts.values()) == totals.saved_kg == totals.baseline_kg - totals.driven_kg > 0

    (baseline,) = (one for one in records(ledger, RoutePlan, "route_plan") if one.id == f"base:{first.day}")
    legs = [one for one in records(ledger, TransportLeg, "transport_leg") if one.occurred_at.date() == first.day]
    rounds = [one for one in records(ledger, VehicleRound, "vehicle_round") if one.occurred_at.date() == first.day]
    before_m = sum(route.back_metres + sum(stop.metres for stop in route.stops) for route in baseline.routes)
    assert totals.avoided_km == Fraction(before_m - sum(one.driven_m for one in rounds), 1000)
    before = sum(
        stop.mass_g * sum(each.metres for each in route.stops[: place + 1])
        for route in baseline.routes
        for place, stop in enumerate(route.stops)
    )
    after = sum(leg.mass_g * (leg.driven_m or 0) for leg in legs)
    assert totals.avoided_tonne_km == Fraction(before - after, 10**9)
    checked = claim_named(ledger, TENANT, first.claim)
    assert checked.finding is not None
    assert checked.finding.verdict == "reproduced"


def test_a_leg_that_changes_is_seen(month: tuple[Ledger, Played]) -> None:
    """Withdrawn and told otherwise: the claim says so, and the wall counts nothing."""
    ledger, played = month
    first = played.outcomes[0]
    (leg, *_) = (one for one in records(ledger, TransportLeg, "transport_leg") if one.occurred_at.date() == first.day)
    withdraw(ledger, Submission(TENANT, "owner", manages=True), leg.id, "weighed anew")
    captured(ledger, [msgspec.structs.replace(leg, id=f"{leg.id}:2", mass_g=leg.mass_g + 1)])
    assert isinstance(claim_named(ledger, TENANT, first.claim or "").fault, SavingOnCorrectedData)
    wall = savings_wall(ledger, TENANT, first.day, first.day)
    assert [(row.state, row.claim) for row in wall.rows] == [("corrected", first.claim)]
    assert (wall.totals.plans, wall.totals.saved_kg) == (0, 0)
