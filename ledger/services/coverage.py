"""
How far entries have come.

Anchoring goes on with the newest checkpoint: one that a later one passed over is never sent itself, and its entries are
confirmed with the later one. So an entry has come as far as the best checkpoint over it, not as far as the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ledger.ports import CheckpointStore, State, StoredCheckpoint

_BEST_FIRST: Final[tuple[State, ...]] = ("confirmed", "anchored", "checkpointed")
SEQUENCED: Final = "sequenced"
"""What is said of an entry that no checkpoint covers yet."""


def best_over(checkpoints: CheckpointStore, index: int) -> StoredCheckpoint | None:
    """
    The best checkpoint over an entry.

    The first that is confirmed and that enough witnesses cosigned; else the first confirmed, else the first anchored,
    else the first of any state.
    """
    witnessed = checkpoints.witnessed(index)
    if witnessed is not None:
        return witnessed
    found = (checkpoints.covering(index, state) for state in _BEST_FIRST)
    return next((one for one in found if one is not None), None)


def states(checkpoints: CheckpointStore, indexes: Iterable[int]) -> Iterator[str]:
    """How far each of some entries has come, by rising index; the store is asked once per checkpoint."""
    best: StoredCheckpoint | None = None
    ended = False
    for index in indexes:
        if not ended and (best is None or index >= best.checkpoint.size):
            best = best_over(checkpoints, index)
            ended = best is None
        yield best.state if best and not ended else SEQUENCED
