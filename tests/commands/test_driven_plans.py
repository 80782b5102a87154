"""``ledger plan verify``, ``book``, ``events``, ``wall``, and the factor set that a recorded plan pins."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.records.epcis.document import read_document
from ledger.records.epcis.event import Event
from ledger.records.route_plan import RoutePlan
from ledger.services.route_plans import find_plan
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
