"""Bringing projections up to the log: in bounded steps, from wherever it stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.ports import StoreUnavailable
from ledger.services import project
from ledger.services.project import catch_up, rebuild
from tests.builders import TENANT
from tests.crash.places import Watched
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def test_only_what_is_new(rig: Rig) -> None:
    """It says how many entries it folded, and folds none twice."""
    folded = []
    for count in (0, 5, 0, 3):
        rig.take(count)
        folded.append(catch_up(rig.entries, rig.projections))
    assert folded == [0, 5, 0, 3]
    assert rig.projections.counts(TENANT)["transport_leg"] == 8


def test_in_bounded_steps(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long log is folded in several transactions, each reported; rebuilding does the same from nothing."""
    monkeypatch.setattr(project, "FOLD", 1_500)
    rig.take(5_000)
    steps: list[tuple[int, int]] = []
    assert catch_up(rig.entries, rig.projections, lambda done, total: steps.append((done, total))) == 5_000
    assert [done for done, _ in steps] == sorted({done for done, _ in steps} | {5_000})[-len(steps) :]
    assert steps[-1] == (5_000, 5_000)
    assert len(steps) > 2
    assert rebuild(rig.entries, rig.projections) == 5_000
    assert rig.projections.counts(TENANT)["transport_leg"] == 5_000


def test_goes_on_where_it_was_cut_off(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the database refuses in the middle, what was folded stays and the rest comes next time, once."""
    monkeypatch.setattr(project, "FOLD", 1_500)
    rig.take(5_000)
    calls = 0

    def hook(place: str) -> None:
        nonlocal calls
        calls += place == "projections.fold:before"
        if calls == 2:
            raise StoreUnavailable(reason="no room")

    with pytest.raises(StoreUnavailable):
        catch_up(rig.entries, Watched(rig.projections, "projections", hook))
    kept = rig.projections.watermark()
    assert 0 < kept < 5_000
    assert catch_up(rig.entries, rig.projections) == 5_000 - kept
    assert rig.projections.counts(TENANT)["transport_leg"] == 5_000
