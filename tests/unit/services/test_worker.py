"""One round of background work, and what keeps it from being done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.log.errors import LeafMismatch
from ledger.ports import ChainUnavailable, StoreUnavailable
from ledger.services.anchor import HeadUnknown
from ledger.services.worker import run_once
from tests.intruder import Intruder
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def test_a_round_says_what_it_did(rig: Rig) -> None:
    """How many entries it folded, what it closed, what it moved; and then that there was nothing to do."""
    rig.take(3)
    done = rig.round()
    assert (done.folded, done.trouble) == (3, None)
    assert done.closed is not None
    assert done.closed.checkpoint.size == 3
    assert done.moved is not None
    assert done.moved.state == "confirmed"
    idle = rig.round()
    assert (idle.folded, idle.closed, idle.moved, idle.trouble) == (0, None, None, None)


def test_trouble_with_the_chain_is_reported(rig: Rig) -> None:
    """A chain that is away does not end the worker, and is reported also when there is nothing to anchor."""
    rig.chain.down = True
    assert isinstance(rig.round().trouble, ChainUnavailable)
    rig.take(1)
    done = rig.round()
    assert (done.folded, done.closed is not None, type(done.trouble)) == (1, True, ChainUnavailable)


def test_a_damaged_leaf_stops_it_loudly(rig: Rig, sqlite_url: str) -> None:
    """What was changed before its first checkpoint is neither signed nor anchored: the round raises."""
    rig.take(3)
    Intruder(sqlite_url).alter(1, salt=bytes(32))
    with pytest.raises(LeafMismatch) as raised:
        rig.round()
    assert raised.value.index == 1
    assert rig.states() == []
    assert rig.chain.received == []


def test_a_database_that_refuses_stops_it_loudly(rig: Rig) -> None:
    """A database that is away is raised from whichever call finds it so, and the next round goes on."""
    rig.take(3)
    for place in ("entries.size", "checkpoints.add", "leases.acquire", "checkpoints.note_sent", "checkpoints.advance"):

        def hook(passed: str, place: str = place) -> None:
            if passed == f"{place}:before":
                raise StoreUnavailable(reason="away")

        with pytest.raises(StoreUnavailable):
            run_once(rig.worker(hook=hook))
    rig.round()
    rig.holds()


def test_lost_checkpoints_come_back(rig: Rig, sqlite_url: str) -> None:
    """When the row of a checkpoint is lost but no entry is, the same root is made again, found on chain, not sent."""
    rig.take(3)
    rig.round()
    Intruder(sqlite_url).run("DELETE FROM checkpoint")
    rig.round()
    rig.holds()
    assert len(rig.chain.received) == 1


def test_a_longer_log_under_a_known_chain(rig: Rig, sqlite_url: str) -> None:
    """When more came in before the loss was noticed, the chain's head is unknown: the work says so and stops."""
    rig.take(3)
    rig.round()
    Intruder(sqlite_url).run("DELETE FROM checkpoint")
    rig.take(1)
    assert isinstance(rig.round().trouble, HeadUnknown)
    assert len(rig.chain.received) == 1
