"""What must hold after every sealed range: seen where it holds, and told wherever somebody looks where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.adapters.segments.folder import FolderSegments
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.ports.segments import Compared
from ledger.services.capture import capture
from ledger.services.invariant import Sealing, compare
from ledger.services.recompute import TotalsDisagree
from ledger.services.seal import Sealer, seal_next
from ledger.services.worker import settle
from tests.api.house import served
from tests.builders import TENANT, correction, leg, legs
from tests.intruder import Intruder
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


@pytest.fixture
def store(tmp_path: Path) -> FolderSegments:
    return FolderSegments(tmp_path / "segments")


def confirm(rig: Rig, *records: Any) -> None:
    rig.capture(records)
    for _ in range(2):
        rig.round()


def sealing(rig: Rig, store: FolderSegments, least: int = 1) -> Sealing:
    return Sealing(Sealer(rig.entries, rig.checkpoints, rig.leases, store, "one"), rig.projections, TENANT, least)


def test_the_worker_seals_enough_entries_and_compares(rig: Rig, store: FolderSegments) -> None:
    """Too few wait; then every range is compared, with what a later one withdraws and what is not sealed yet."""
    work = sealing(rig, store, 5).work
    confirm(rig, *legs(4))
    assert not work(lambda: False)
    assert store.remembered() is None
    confirm(rig, leg("driven", driven_m=310_000, route="route-2", carrier="another"))
    assert not work(lambda: True)
    assert work(lambda: False)
    assert store.remembered() == Compared(sealed=5, watermark=5, disagree=0)
    confirm(rig, correction("driven"), *legs(4, 10))
    assert work(lambda: False)
    rig.capture([correction("leg-0"), *legs(2, 20), correction("leg-20")])
    rig.round()
    assert compare(store, rig.entries, rig.projections, {TENANT}) == []
    assert store.remembered() == Compared(sealed=10, watermark=14, disagree=0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE activity SET grams = grams + 1",
        "UPDATE activity SET activity_low = activity_low - 1",
        "UPDATE activity SET legs = legs + 1",
        "UPDATE activity SET route = 'another'",
        "DELETE FROM activity",
    ],
)
def test_other_sums_in_the_projection_are_told(rig: Rig, store: FolderSegments, sqlite_url: str, change: str) -> None:
    """By the worker when it seals the next range, once the projection is built anew no more."""
    confirm(rig, *legs(3))
    seal_next(sealing(rig, store).sealer, 1)
    Intruder(sqlite_url).run(change)
    confirm(rig, leg("next"))
    with pytest.raises(TotalsDisagree) as told:
        sealing(rig, store).work(lambda: False)
    assert "route-1" in str(told.value) or "another" in str(told.value)
    found = store.remembered()
    assert found is not None
    assert found.disagree > 0
    rig.projections.reset()
    assert compare(store, rig.entries, rig.projections, {TENANT}) == []  # nothing is folded: nothing to compare
    rig.round()
    assert compare(store, rig.entries, rig.projections, {TENANT}) == []
    assert store.remembered() == Compared(sealed=4, watermark=4, disagree=0)


def test_the_alarm_is_where_people_look(tmp_path: Path, capsys: Any) -> None:
    """``ledger check`` and ``ledger segments seal`` exit with 1 and name the cell; readiness is degraded."""
    home = tmp_path / "house"
    words = ["--home", str(home), "--json"]
    with served(home) as house, house.client("owner") as client:
        assert client.get("/readyz").json()["sums"] == "unknown"
        ledger = house.ledger
        capture(ledger.entries, ledger.clock, ledger.random, tenant=TENANT, submitter="owner", records=legs(3))
        settle(ledger.worker())
        kept = Sealing(ledger.sealer(), ledger.projections, TENANT, 1)
        assert kept.work(lambda: False)
        assert client.get("/readyz").json()["sums"] == "ok"
        Intruder(f"sqlite:///{home / 'ledger.db'}").run("UPDATE activity SET grams = grams + 1")
        assert len(compare(ledger.segments, ledger.entries, ledger.projections, ())) == 1
        ready = client.get("/readyz").json()
        assert (ready["status"], ready["sums"]) == ("degraded", "recompute.disagrees")
    capsys.readouterr()
    for verb in (["check", "--without-chain"], ["segments", "seal"]):
        assert main([*words, *verb]) == 1
        (fault,) = json.loads(capsys.readouterr().out.splitlines()[-1])["faults"]
        assert "route-1" in fault
    Intruder(f"sqlite:///{home / 'ledger.db'}").run("UPDATE activity SET grams = grams - 1")
    assert main([*words, "segments", "seal"]) == 0
