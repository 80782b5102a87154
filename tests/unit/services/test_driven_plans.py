"""A plan is driven, verified, booked, by hand-computed grams; not driven, told twice or corrected, it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from ledger.claims.errors import BaselineNotFrozen
from ledger.errors import LedgerError
from ledger.footprint.amount import exact_value
from ledger.planning.errors import GoodsDiffer, PlanNotDriven, RoundContradicts, WayNotMeasured
from ledger.ports import Receipt
from ledger.records.claim import Claim
from ledger.records.errors import MadeByLedger
from ledger.records.record import Record, decode_body
from ledger.services import book_saving
from ledger.services.book_saving import SavingBooked, book
from ledger.services.capture import Submission
from ledger.services.claims import claim_named, record_claims
from ledger.services.driven_claims import SavingOnCorrectedData
from ledger.services.executed_plans import PlanIsBaseline, bring_up_to_date
from ledger.services.plan_savings import Asked, Saved, SavingImplausible, saved_by
from ledger.services.savings_wall import PeriodTooLong, savings_wall
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import TENANT, SteppingClock, captured, opened, scan
from tests.driven import AFTER, BEFORE, DAY, DOUBT, MORNING, driven_leg, driven_round, packaging, route_plan

OWNER = Submission(TENANT, "owner", manages=True)
ASKED = Asked("plan:1", DOUBT)
DRIVEN = (driven_leg("a", 20_000), driven_leg("b", 100_000), driven_round("ab"))
FROZEN = (route_plan("base:1", BEFORE), route_plan("plan:1", AFTER, "base:1"))


@pytest.fixture
def day(ledger: Ledger) -> Ledger:
    """A ledger on the eve, with baseline and plan."""
    found = replace(ledger, clock=SteppingClock(datetime(2026, 3, 1, 4, tzinfo=UTC)))
    captured(found, FROZEN)
    return found


def saved(ledger: Ledger, *records: Record, asked: Asked = ASKED) -> Saved:
    captured(ledger, records)
    bring_up_to_date(ledger)
    return saved_by(ledger, TENANT, asked)


def faults(found: Saved) -> list[type[LedgerError]]:
    return [type(fault) for fault in found.faults]


def test_driven_as_planned_is_booked_once(day: Ledger) -> None:
    """32,400 - 27,600 = 4,800 g, all by load, 480 t km; the claim reproduces, counts once, and falls with its leg."""
    found = book(day, OWNER, ASKED) if saved(day, *DRIVEN) else None
    assert found is not None
    verified = found.saved.executed.verified
    assert (verified.baseline, verified.driven, verified.booked) == (32_400, 27_600, 4_800)
    assert {cause: part for cause, part in verified.parts.items() if part} == {"load": 4_800}
    assert [one.standing for one in found.saved.executed.orders] == ["as_planned"] * 2
    # u^2 = (0.02 x 32.4)^2 + (0.02 x 27.6)^2 + (0.05 x 4.8)^2: the rates are the same on both sides
    variance = (Decimal("0.648") ** 2 + Decimal("0.552") ** 2 + Decimal("0.24") ** 2).sqrt()
    assert abs(found.saved.uncertainty.standard - variance) < Decimal("1e-10")
    with pytest.raises(SavingBooked):
        book(day, OWNER, ASKED)
    captured(day, [route_plan("plan:2", AFTER, "base:1")])
    with pytest.raises(SavingBooked):
        book(day, OWNER, Asked("plan:2", DOUBT))

    checked = claim_named(day, TENANT, found.claim.id)
    assert (checked.fault, checked.finding and checked.finding.verdict) == (None, "reproduced")
    assert checked.saving is not None
    assert (checked.saving.total, checked.saving.avoided_tonne_km) == (Fraction("4.8"), 480)
    wall = savings_wall(day, TENANT, DAY, DAY)
    assert [(row.plan, row.state) for row in wall.rows] == [("plan:1", "booked"), ("plan:2", "bookable")]
    assert (wall.totals.plans, wall.totals.saved_kg, wall.totals.avoided_tonne_km) == (1, Fraction("4.8"), 480)

    withdraw(day, OWNER, "leg:b", "wrong distance")
    captured(day, [driven_leg("b", 110_000, "leg:b:2")])
    wall = savings_wall(day, TENANT, DAY, DAY)
    assert wall.rows[0].state == "corrected"
    assert isinstance(wall.rows[0].fault, SavingOnCorrectedData)
    assert (wall.totals.plans, wall.totals.saved_kg) == (0, 0)
    assert isinstance(claim_named(day, TENANT, found.claim.id).fault, SavingOnCorrectedData)

    withdraw(day, OWNER, found.claim.id, "stands on a corrected leg")
    again = book(day, OWNER, ASKED)
    assert (again.claim.id, again.saved.executed.verified.booked) == ("saving:plan:1:2", 4_800 - 200)


def test_what_was_not_driven_is_refused(day: Ledger) -> None:
    """Nothing, then half of it, then all without a measure, then another weight: each says so, none is booked."""
    nothing = saved(day)
    assert faults(nothing) == [PlanNotDriven]
    assert nothing.executed.counts()["not_driven"] == 2
    with pytest.raises(PlanNotDriven):
        book(day, OWNER, ASKED)
    row = savings_wall(day, TENANT, DAY, DAY).rows[0]
    assert (row.state, row.saved_kg, row.planned_kg) == ("not_driven", None, Fraction("4.8"))

    half = saved(day, driven_leg("a", 20_000), driven_round("a", 40_000))
    assert [one.standing for one in half.executed.orders] == ["as_planned", "not_driven"]
    assert faults(half) == [PlanNotDriven]
    seen = saved(
        day,
        scan(
            "urn:uuid:seen",
            bizStep="receiving",
            eventTime=MORNING,
            bizTransactionList=[{"type": "po", "bizTransaction": "urn:onecode:order:b"}],
        ),
    )
    assert [one.standing for one in seen.executed.orders] == ["as_planned", "unmeasured"]
    assert faults(seen) == [WayNotMeasured]
    light = saved(day, driven_leg("b", 20_000, mass_g=1_999_999), driven_round("b", 40_000, "round:2"))
    assert faults(light) == [GoodsDiffer]
    with pytest.raises(PlanIsBaseline):
        saved_by(day, TENANT, Asked("base:1", DOUBT))
    with pytest.raises(PeriodTooLong):
        savings_wall(day, TENANT, DAY, DAY - timedelta(days=1))


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[Ledger]:
    """The same on one database."""
    with opened(tmp_path / "home") as ledger:
        found = replace(ledger, clock=SteppingClock(datetime(2026, 3, 1, 4, tzinfo=UTC)))
        captured(found, FROZEN)
        yield found


def test_what_cannot_be_is_refused(eve: Ledger) -> None:
    """An odometer in another unit, legs longer than the round, a claim that was handed in or says another figure."""
    short = saved(eve, driven_leg("a", 20), driven_leg("b", 100), driven_round("ab", 120))
    assert faults(short) == [SavingImplausible]
    withdraw(eve, OWNER, "round:1", "in km")
    odd = saved(eve, driven_round("ab", 99, "round:2"))
    assert RoundContradicts in faults(odd)
    for name in ("round:2", "leg:a", "leg:b"):
        withdraw(eve, OWNER, name, "wrong")
    saved(eve, driven_leg("a", 20_000, "l:1"), driven_leg("b", 100_000, "l:2"), driven_round("ab", name="round:3"))
    claim = book(eve, OWNER, ASKED).claim
    (refused,) = record_claims(eve, TENANT, "owner", [claim])
    assert isinstance(refused, MadeByLedger)
    assert claim.driven is not None
    forged = msgspec.structs.replace(
        claim, id="saving:plan:1:9", driven=msgspec.structs.replace(claim.driven, driven_g="2700")
    )
    captured(eve, [forged])
    finding = claim_named(eve, TENANT, forged.id).finding
    assert finding is not None
    assert finding.verdict == "not_reproducible"


def test_two_bookings_of_one_leg_at_the_same_moment(eve: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose claim stands first in the log counts; the other takes its own back and says so."""
    captured(eve, [route_plan("plan:2", AFTER, "base:1"), *DRIVEN])
    write = book_saving.capture_one

    def beaten(ledger: Ledger, submission: Submission, record: Record) -> Receipt:
        monkeypatch.setattr(book_saving, "capture_one", write)
        book(eve, OWNER, ASKED)
        return write(ledger, submission, record)

    monkeypatch.setattr(book_saving, "capture_one", beaten)
    with pytest.raises(SavingBooked, match="saving:plan:1:1"):
        book(eve, OWNER, Asked("plan:2", DOUBT))
    wall = savings_wall(eve, TENANT, DAY, DAY)
    assert [(row.plan, row.state) for row in wall.rows] == [("plan:1", "booked"), ("plan:2", "bookable")]
    assert wall.totals.plans == 1


def test_a_baseline_of_afterwards_proves_nothing(eve: Ledger) -> None:
    """A baseline that entered the log after the round began."""
    late = replace(eve, clock=SteppingClock(datetime(2026, 3, 2, 12, tzinfo=UTC)))
    captured(late, [route_plan("base:2", BEFORE), route_plan("plan:2", AFTER, "base:2")])
    assert faults(saved(late, *DRIVEN, asked=Asked("plan:2", DOUBT))) == [BaselineNotFrozen]


def test_packaging_has_its_own_causes(eve: Ledger) -> None:
    """
    Half the volume on the same round: the lorry's 20 m3 are half empty. V / f x R x c: 1 / 1 x 120 x 270 g before, and
    0.5 / 0.5 x 120 x 230 g after; over both orders of volume and load by hand 21,900 and -17,100 g.
    """
    change = packaging((0, 10_000_000), (0, 5_000_000))
    captured(eve, DRIVEN)
    bring_up_to_date(eve)
    same = saved_by(eve, TENANT, Asked("plan:1", DOUBT, change))
    found = same.executed.verified
    assert {cause: part for cause, part in found.parts.items() if part} == {
        "packaging_volume": 21_900,
        "load": -17_100,
    }
    assert (found.booked, found.avoided_cm3) == (4_800, 10_000_000)
    claim = book(eve, OWNER, Asked("plan:1", DOUBT, change)).claim
    entry = eve.entries.find(TENANT, claim.id)
    assert entry is not None
    stored = decode_body(entry.body, "claim")
    assert isinstance(stored, Claim)
    assert stored.driven is not None
    assert sum(exact_value(text) for text in msgspec.structs.astuple(stored.driven.parts)) == 4_800
    assert {figure.name: figure.amount for figure in stored.figures}["volume"] == "10.000000"
