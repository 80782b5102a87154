"""Closing checkpoints: over everything that is stored, from stored bytes, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.log.checkpoint import Checkpoint, Note
from ledger.log.merkle import root, verify_consistency
from ledger.services import close_checkpoint as closing
from ledger.services.close_checkpoint import close_checkpoint, tree_of
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def leaves(rig: Rig) -> list[bytes]:
    return [row.leaf for rows in rig.entries.rows(0, rig.entries.size()) for row in rows]


def test_nothing_new(rig: Rig) -> None:
    """Without new entries there is no new checkpoint."""
    assert close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock) is None
    rig.close(3)
    assert close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock) is None


def test_a_signed_checkpoint_over_everything(rig: Rig) -> None:
    """Its root is that of all stored leaves, its note verifies and says the same."""
    for count in (1, 2, 254, 1, 300):
        stored = rig.close(count)
        assert stored.checkpoint == Checkpoint(rig.key.name, rig.taken, root(leaves(rig)))
        assert (stored.previous_size, stored.state) == (rig.taken - count, "checkpointed")
        note = Note.parse(stored.note)
        rig.key.verifier.verify(note)
        assert Checkpoint.parse(note.text) == stored.checkpoint


def test_every_two_checkpoints_are_consistent(rig: Rig) -> None:
    """The tree of any checkpoint, read from tiles, proves every older one."""
    stored = [rig.close(count).checkpoint for count in (3, 60, 200, 1, 130)]
    for new in stored:
        tree = tree_of(rig.checkpoints, new.size)
        assert tree.root() == new.root
        for old in stored:
            if old.size <= new.size:
                verify_consistency(old.size, old.root, new.size, new.root, tree.consistency_proof(old.size))


def test_a_great_backlog_in_several_steps(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """More entries than one checkpoint takes are closed one step after the other."""
    monkeypatch.setattr(closing, "MAX_GROWTH", 100)
    rig.take(250)
    sizes = []
    while (stored := close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock)) is not None:
        sizes.append(stored.checkpoint.size)
    assert sizes == [100, 200, 250]
    assert rig.newest().checkpoint.root == root(leaves(rig))


def test_many_closers(rig: Rig) -> None:
    """Workers that close at once, while records come in, leave one chain of checkpoints, each with the right root."""

    def close(number: int) -> int:
        if number == 0:
            for _ in range(25):
                rig.take(3)
            return 0
        won = 0
        for _ in range(25):
            won += close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock) is not None
        return won

    with ThreadPoolExecutor(5) as pool:
        closed = sum(pool.map(close, range(5)))
    closed += close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock) is not None
    stored = rig.checkpoints.all()
    assert len(stored) == closed
    assert [s.previous_size for s in stored] == [0, *(s.checkpoint.size for s in stored[:-1])]
    every = leaves(rig)
    assert all(s.checkpoint.root == root(every[: s.checkpoint.size]) for s in stored)
    assert rig.check().verdict == 0
