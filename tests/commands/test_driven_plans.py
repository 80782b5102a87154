"""``ledger plan verify``, ``book``, ``events``, ``wall``, and the factor set that a recorded plan pins."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from ledger.__main__ import main
from ledger.footprint.factor import FactorSet
from ledger.log.canonical import struct_bytes
from ledger.records.epcis.document import read_document
from ledger.records.epcis.event import Event
from ledger.records.record import Record
from ledger.records.route_plan import RoutePlan
from ledger.services.plan_rates import not_following, origin_of_record
from ledger.services.route_plans import find_plan
from ledger.units import decimal_text
from tests.builders import TENANT, SteppingClock, captured, opened
from tests.commands.test_planning import written
from tests.driven import AFTER, BEFORE, DAY, driven_leg, driven_round, route_plan

DOUBT = ("--activity", "0.02", "--rates", "0.05")


def run(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(["--home", str(home), "--json", "plan", *words])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_verified_booked_and_handed_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1 while it is not driven; then 4.8 kg, booked once; the events are EPCIS, and each says that it is planned."""
    home = tmp_path / "home"
    with opened(home) as ledger:
        eve = replace(ledger, clock=SteppingClock(datetime(2026, 3, 1, 4, tzinfo=UTC)))
        captured(eve, [route_plan("base:1", BEFORE), route_plan("plan:1", AFTER, "base:1")])
    code, said = run(home, capsys, "verify", "plan:1", *DOUBT)
    assert (code, said["saved_g"], said["faults"][0]["code"]) == (1, None, "planning.not-driven")
    code, said = run(home, capsys, "book", "plan:1", *DOUBT)
    assert (code, said["error"]["code"]) == (1, "planning.not-driven")
    with opened(home) as ledger:
        captured(ledger, [driven_leg("a", 20_000), driven_leg("b", 100_000), driven_round("ab")])
    code, said = run(home, capsys, "book", "plan:1", *DOUBT)
    assert (code, said["saved_g"], said["claim"]) == (0, "4800", "saving:plan:1:1")
    code, said = run(home, capsys, "wall", "--start", str(DAY), "--end", str(DAY))
    assert (code, said["totals"]["saved_kg"], said["totals"]["avoided_tonne_km"]) == (0, "4.8", "480")

    out = tmp_path / "planned.json"
    start = ("--start", f"{DAY}T08:00:00+08:00", "--speed", "60")
    code, said = run(home, capsys, "events", "plan:1", "-o", str(out), *start)
    assert (code, said["stops"]) == (0, 2)
    events = read_document(out.read_bytes()).events
    assert len(events) == 3
    for event in events:
        assert isinstance(event, Event)
        assert event.event_id.startswith("urn:onecode:planned:plan%3A1:1:")


def test_a_recorded_plan_pins_its_factors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the set's hash; a set that is not there is an error."""
    file, home = str(written(tmp_path / "day.xlsx")), tmp_path / "home"
    said = ("--record", "base:2", "--day", "2026-07-01", "--rates-source", "fuel records", "--today")
    with opened(home) as ledger:
        pinned = ledger.factors.current()
    run(home, capsys, "routes", file, *said, "--factor-set", pinned.id)
    with opened(home) as ledger:
        record = find_plan(ledger.entries, TENANT, "base:2")
    assert isinstance(record, RoutePlan)
    assert record.factor_set == pinned.hash
    code, said = run(home, capsys, "routes", file, *said, "--factor-set", "nosuchset")
    assert (code, "error" in said) == (1, True)


LORRY = "road.hgv.rigid-17t.diesel.avg"
HALF, FULL = "DEFRA25-27_304_3114_14_1", "DEFRA25-27_304_3115_14_1"


def rated(held: FactorSet, **changes: Any) -> dict[str, Any]:
    """A lorry of 10 t of the class: 1436.6 g/km and 40.68 g/(t km), with the factors that say so."""
    taken = [
        {
            "factor": one.id,
            "hash": one.hash,
            "kg_co2e": decimal_text(one.wtw),
            "load_percent": load,
            "per": "t km",
            "source": one.source,
            "year": one.year,
        }
        for load, one in ((50, held.factor(HALF)), (100, held.factor(FULL)))
    ]
    origin = {
        "edition": held.published.isoformat(),
        "factor_set": held.id,
        "factors": taken,
        "method": "two_loads",
        "named": LORRY,
        "payload_g": 10_000_000,
        "rule": "GLEC v3.0, p. 112",
        "vehicles": ["lorry 1"],
    }
    return {"factor_set": held.hash, "rated": [origin | changes]}


def at_rates(
    name: str,
    stops: list[tuple[str, int]],
    baseline: str | None = None,
    rates: tuple[str, str] = ("1436.6", "40.68"),
    **changes: Any,
) -> Record:
    """A plan whose lorry has the rates that follow."""
    route = msgspec.json.decode(struct_bytes(route_plan(name, stops, baseline)))["routes"][0]
    route |= {"empty_g_per_km": rates[0], "loaded_g_per_tkm": rates[1]}
    return route_plan(name, stops, baseline, routes=[route], **changes)


def test_rates_of_a_factor_set_are_compared_with_those_of_the_same_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    480 t km less at 40.68 g/(t km): 19,526.4 g, all of it by load.

    Rates that do not follow from the factors kept with them, factors that the pinned set has otherwise, and a baseline
    whose rates somebody stated, are each told.
    """
    home = tmp_path / "home"
    with opened(home) as ledger:
        current = ledger.factors.current()
        good = rated(current)
        half, full = good["rated"][0]["factors"]
        weak = rated(current, factors=[half | {"kg_co2e": "0.3"}, full])
        eve = replace(ledger, clock=SteppingClock(datetime(2026, 3, 1, 4, tzinfo=UTC)))
        captured(
            eve,
            [
                at_rates("base:1", BEFORE, **good),
                at_rates("plan:1", AFTER, "base:1", **good),
                at_rates("plan:2", AFTER, "base:1", rates=("1436.5", "40.68"), **good),
                at_rates("plan:3", AFTER, "base:1", rates=("1156.6", "68.68"), **weak),
                route_plan("plan:4", AFTER, "base:1"),
            ],
        )
        captured(ledger, [driven_leg("a", 20_000), driven_leg("b", 100_000), driven_round("ab")])
    faults = {}
    for number in (2, 3, 4):
        code, said = run(home, capsys, "verify", f"plan:{number}", *DOUBT)
        assert (code, said["saved_g"]) == (1, None)
        faults[number] = [fault["code"] for fault in said["faults"]]
    assert "claim.rates-not-following" in faults[2]
    assert "claim.rates-not-following" in faults[3], "they follow from a factor that the pinned set does not have"
    assert "claim.rates-unlike" in faults[4]
    code, said = run(home, capsys, "book", "plan:1", *DOUBT)
    assert (code, said["saved_g"], said["parts_g"]["load"]) == (0, "19526.4", "19526.4")


def test_a_plan_keeps_where_its_rates_come_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The entry alone gives the rates again; a plan of stated rates beside it is refused before it is driven."""
    file, home = tmp_path / "day.xlsx", tmp_path / "home"
    book = load_workbook(written(file))
    row = {str(cell.value): cell.column for cell in book["车辆"][1]}
    for heading, value in (("空驶 gCO2e/km", None), ("载重 gCO2e/tkm", None), ("因子", LORRY)):
        book["车辆"].cell(2, row[heading]).value = value
    book.save(file)
    with opened(home):
        pass
    code, said = run(home, capsys, "routes", str(file), "--today")
    assert (code, said["error"]["code"]) == (1, "planning.day-missing")
    code, said = run(home, capsys, "routes", str(file), "--today", "--day", "2026-07-01", "--record", "base:1")
    with opened(home) as ledger:
        record = find_plan(ledger.entries, TENANT, "base:1")
        factors = ledger.factors.current()
        assert not list(not_following(record, ledger.factors))
    (kept,) = record.rated
    follow = origin_of_record(kept).rates()
    assert (record.routes[0].empty_g_per_km, record.routes[0].loaded_g_per_tkm) == ("287.32", "40.68")
    assert (follow.empty, follow.loaded) == (Fraction("287.32"), Fraction("40.68"))
    assert (record.factor_set, kept.named, kept.factor_set) == (factors.hash, LORRY, factors.id)
    assert record.rates_source.endswith(f"{factors.id} (2026-11-23)")
    said_rates = said["rates"][0]
    assert (said_rates["empty_g_per_km"], said_rates["factors"]) == ("287.32", [HALF, FULL])
    words = ("--day", "2026-07-01", "--rates-source", "fuel records", "--record", "plan:1", "--baseline", "base:1")
    code, said = run(home, capsys, "routes", str(written(tmp_path / "stated.xlsx")), "--today", *words)
    assert (code, said["error"]["code"]) == (1, "claim.rates-unlike")
