"""Bring the projections up to the log, or build them again from nothing."""

from __future__ import annotations

from collections.abc import Callable

from ledger.ports import EntryStore, LeafRow, Projections

FOLD = 65_536
"""Entries folded in one transaction."""
Progress = Callable[[int, int], None]


def catch_up(entries: EntryStore, projections: Projections, progress: Progress | None = None) -> int:
    """Fold what is new; how many entries that was. Safe beside other workers: each entry is folded once."""
    start, stop = projections.watermark(), entries.size()
    done, batch = start, list[LeafRow]()
    for rows in entries.rows(start, stop):
        batch += rows
        if len(batch) >= FOLD:
            done = _fold(projections, batch)
            if progress:
                progress(done, stop)
    if batch:
        done = _fold(projections, batch)
    if progress:
        progress(done, stop)
    return done - start


def _fold(projections: Projections, batch: list[LeafRow]) -> int:
    projections.fold(batch)
    done = batch[-1].seq + 1
    batch.clear()
    return done


def rebuild(entries: EntryStore, projections: Projections, progress: Progress | None = None) -> int:
    """Forget the projections and fold the whole log again."""
    projections.reset()
    return catch_up(entries, projections, progress)
