"""Proofs: of any covered entry, at the best checkpoint there is, or at one that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.log.errors import EntryAbsent, NotCheckpointed
from ledger.log.merkle import verify_inclusion
from ledger.log.proof import verify
from ledger.services.prove import all_paths, prove
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def test_every_entry_at_every_checkpoint(rig: Rig) -> None:
    """Whichever checkpoint covers an entry, its proof there holds."""
    sizes = [rig.close(count).checkpoint.size for count in (1, 4, 7, 250)]
    for size in sizes:
        for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
            proof = prove(rig.entries, rig.checkpoints, index, size)
            verify(proof, key=rig.key.verifier)
            assert (proof.checkpoint.size, proof.entry.index) == (size, index)


def test_the_first_confirmed_checkpoint_is_the_best(rig: Rig) -> None:
    """A confirmed checkpoint is chosen though an earlier one covers the entry; without one, the first of any state."""
    rig.close(3)
    assert prove(rig.entries, rig.checkpoints, 1).checkpoint.size == 3
    assert prove(rig.entries, rig.checkpoints, 1).receipt is None
    rig.close(3)
    rig.round()
    rig.round()
    rig.close(3)
    best = prove(rig.entries, rig.checkpoints, 1)
    assert best.checkpoint.size == 6
    assert best.receipt is not None
    assert prove(rig.entries, rig.checkpoints, 7).checkpoint.size == 9


def test_what_cannot_be_proven(rig: Rig) -> None:
    """An absent entry, one that no checkpoint covers yet, and a checkpoint that does not exist or is too small."""
    rig.close(3)
    rig.close(3)
    rig.take(1)
    with pytest.raises(EntryAbsent):
        prove(rig.entries, rig.checkpoints, 7)
    for index, size in ((6, None), (4, 3), (3, 3), (0, 5), (0, 0)):
        with pytest.raises(NotCheckpointed):
            prove(rig.entries, rig.checkpoints, index, size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 300])
def test_all_paths_at_once(rig: Rig, size: int) -> None:
    """The paths of a whole archive are those of the single proofs, and hold."""
    checkpoint = rig.close(size).checkpoint
    paths = list(all_paths(rig.entries, size))
    assert len(paths) == size
    for index in {0, size // 3, size // 2, size - 1}:
        assert tuple(paths[index]) == prove(rig.entries, rig.checkpoints, index, size).path
        verify_inclusion(rig.entries.entry(index).leaf(), index, size, paths[index], checkpoint.root)
