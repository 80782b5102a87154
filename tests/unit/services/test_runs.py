"""Calculation runs on both databases: pinned, replayed to the last digit, computed at older checkpoints too."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ledger.footprint.amount import exact_value
from ledger.log.canonical import canonical_bytes
from ledger.ports import Receipt
from ledger.records.calculation_run import CalculationRun
from ledger.records.record import Record, decode
from ledger.services.capture import Submission
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.footprints import all_routes
from ledger.services.project import catch_up
from ledger.services.replay_run import replay_run
from ledger.services.runs import RunAbsent, RunCheckpointAbsent, newest_runs, result_of, run_named, start_run
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import PRODUCT, TENANT, captured, leg, pcf

VAN = "road.van.diesel.avg"
OWNER = Submission(TENANT, "owner", manages=True)


def record(**fields: Any) -> Record:
    return decode(json.dumps({"version": 1, "occurred_at": "2025-03-01T08:00:00+08:00"} | fields).encode())


def meter(name: str = "meter", **changes: Any) -> Record:
    span = {"period_start": "2025-01-01T00:00:00+08:00", "period_end": "2026-01-01T00:00:00+08:00"}
    fields = {"carrier": "electricity", "energy_wh": 7_777_777, "region": "江苏", "site": "H", "id": name}
    return record(kind="energy_use", **fields | span | changes)


def activity(start: int, count: int, day: str = "2025-03-01T08:00:00+08:00") -> list[Record]:
    """Legs and hub operations of two routes."""
    made: list[Record] = []
    for number in range(start, start + count):
        route = f"route-{number % 2}"
        made.append(leg(f"leg-{number}", route=route, vehicle=VAN, mass_g=1_000_003 + number, occurred_at=day))
        hub = {"hub": "H", "operation": "storage", "product": PRODUCT, "quantity": 1, "route": route}
        made.append(record(kind="hub_operation", id=f"hub-{number}", mass_g=999_983 + number, **hub))
    return made


def test_a_run_is_pinned_and_replays(ledger: Ledger) -> None:
    """Its record pins checkpoint, factors and methods; its totals are those of the pages; it replays to the digit."""
    captured(ledger, [*activity(0, 6), meter(), pcf(valid_from="2025-01-01")])
    run, receipt = start_run(ledger, OWNER)
    stored = ledger.checkpoints.get(run.checkpoint.size)
    assert stored is not None
    assert (run.checkpoint.size, run.checkpoint.root) == (14, stored.checkpoint.root.hex())
    assert (receipt.seq, run.factor_set.hash, run.gaps) == (14, ledger.factors.current().hash, 0)
    routes = all_routes(ledger.projections, ledger.factors, TENANT)
    assert {total.name: exact_value(total.wtw_kg) for total in run.routes} == {n: r.wtw for n, r in routes.items()}
    assert exact_value(run.routes_wtw_kg) == sum(route.wtw for route in routes.values())
    declared = exact_value("412.75") * 6
    assert exact_value(run.products_wtw_kg) == exact_value(run.routes_wtw_kg) + declared
    assert (run.first_day, run.last_day) == ("2025-03-01", "2025-03-01")
    assert replay_run(ledger, run) == ("holds", (), ())
    catch_up(ledger.entries, ledger.projections)
    assert newest_runs(ledger, TENANT, 10) == ([(14, run)], 1)
    assert run_named(ledger, TENANT, run.id) == (14, run)
    with pytest.raises(RunAbsent):
        run_named(ledger, "another", run.id)
    with pytest.raises(RunAbsent):
        run_named(ledger, TENANT, "leg-1")


def test_a_run_at_an_older_checkpoint_is_the_run_of_that_time(ledger: Ledger) -> None:
    """Computed from the entries later, whatever came since, it is the same entry."""
    captured(ledger, [*activity(0, 3), meter()])
    then, receipt = start_run(ledger, OWNER)
    captured(ledger, activity(3, 2))
    withdraw(ledger, OWNER, "leg-0", "wrong")
    now, _ = start_run(ledger, OWNER)
    assert now.routes_wtw_kg != then.routes_wtw_kg
    again, known = start_run(ledger, OWNER, size=then.checkpoint.size)
    assert (again, known) == (then, Receipt(receipt.seq, receipt.recorded_at, fresh=False))
    assert [replay_run(ledger, run).verdict for run in (then, now)] == ["holds", "holds"]
    with pytest.raises(RunCheckpointAbsent):
        start_run(ledger, OWNER, size=2)


def test_a_false_run_is_found_out(ledger: Ledger) -> None:
    """Another figure, root, factor set or method version than those recorded is told apart."""
    captured(ledger, [*activity(0, 3), meter()])
    run, _ = start_run(ledger, OWNER)
    content = result_of(ledger, run)
    content["routes"][0]["wtw_kg"] = "1"
    data = canonical_bytes(content)
    forged = msgspec.structs.replace(run, result_sha256=ledger.contents.keep(data))
    found = replay_run(ledger, forged)
    assert (found.verdict, found.code, found.reasons) == ("differs", 1, ("result",))
    assert found.differences[0].pointer == "/routes/0/wtw_kg"
    assert found.differences[0].recorded == '"1"'
    pinned = msgspec.structs.replace(run.checkpoint, root="0" * 64)
    assert replay_run(ledger, msgspec.structs.replace(run, checkpoint=pinned)).reasons == ("root",)
    factors = msgspec.structs.replace(run.factor_set, hash="0" * 64)
    assert replay_run(ledger, msgspec.structs.replace(run, factor_set=factors))[:2] == ("cannot-tell", ("factors",))
    methods = (msgspec.structs.replace(run.methods[0], version=99), *run.methods[1:])
    assert replay_run(ledger, msgspec.structs.replace(run, methods=methods)).code == 2


def test_what_is_missing_is_listed(ledger: Ledger) -> None:
    """A gap stands in the result with its reason and entries; the totals say that they are not complete."""
    captured(ledger, activity(0, 2))
    run, _ = start_run(ledger, OWNER)
    gaps = result_of(ledger, run)["gaps"]
    assert run.gaps == len(gaps) == 2
    assert {gap["stage"] for gap in gaps} == {"hub"}
    assert all(not total.complete for total in run.routes)
    assert gaps[0]["entries"]["first"] in {1, 3}


def test_runs_read_their_own_tenant_alone(ledger: Ledger) -> None:
    """Another tenant's records move no figure, and its entries are under the same root."""
    captured(ledger, activity(0, 1))
    captured(ledger, activity(5, 3), tenant="another")
    run, _ = start_run(ledger, OWNER)
    assert isinstance(run, CalculationRun)
    assert (run.checkpoint.size, run.routes_count) == (8, 1)
    assert replay_run(ledger, run).code == 0
    close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
