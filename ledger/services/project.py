"""Bring the projections up to the log, or build them again from nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ledger.ports import EntryStore, Folding, LeafRow
from ledger.ports.tenancy import EVERYONE, acting_for

FOLD = 65_536
"""Entries folded in one transaction."""
Progress = Callable[[int, int], None]


def catch_up(entries: EntryStore, folding: Folding, progress: Progress | None = None) -> int:
    """Fold what is new; how many entries that was. Safe beside other workers: each entry is folded once."""
    with acting_for(EVERYONE):
        return _catch_up(entries, folding, progress)


def _catch_up(entries: EntryStore, folding: Folding, progress: Progress | None) -> int:
    start, stop = folding.watermark(), entries.size()
    done, batch = start, list[LeafRow]()
    for rows in entries.rows(start, stop):
        batch += rows
        if len(batch) >= FOLD:
            done = _fold(folding, batch)
            if progress:
                progress(done, stop)
    if batch:
        done = _fold(folding, batch)
    if progress:
        progress(done, stop)
    return done - start


def _fold(folding: Folding, batch: list[LeafRow]) -> int:
    folding.fold(batch)
    done = batch[-1].seq + 1
    batch.clear()
    return done


def catch_up_all(entries: EntryStore, foldings: Iterable[Folding]) -> int:
    """
    Fold what is new into each; how many entries the one furthest behind took.

    One that fails keeps none of the others behind: its error is raised when they are done.
    """
    most, failed = 0, None
    for folding in foldings:
        try:
            most = max(most, catch_up(entries, folding))
        except Exception as error:  # noqa: BLE001 - raised below
            failed = failed or error
    if failed is not None:
        raise failed
    return most


def rebuild(entries: EntryStore, folding: Folding, progress: Progress | None = None) -> int:
    """Forget the projections and fold the whole log again."""
    folding.reset()
    return catch_up(entries, folding, progress)
