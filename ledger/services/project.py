"""Bring the projections up to the log, or build them again from nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

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
    for batch in _batches(entries, start, stop):
        folding.fold(batch)
        if progress:
            progress(batch[-1].seq + 1, stop)
    if progress and start == stop:
        progress(stop, stop)
    return stop - start


def catch_up_all(entries: EntryStore, foldings: Iterable[Folding]) -> int:
    """
    Fold what is new into each; how many entries the one furthest behind took.

    Those that are equally far, which is nearly always all of them, are handed one reading of the log. One that fails
    keeps none of the others behind: its error is raised when they are done.
    """
    with acting_for(EVERYONE):
        at: dict[int, list[Folding]] = {}
        for folding in foldings:
            at.setdefault(folding.watermark(), []).append(folding)
        stop = entries.size()
        failed: Exception | None = None
        for start, together in at.items():
            for batch in _batches(entries, start, stop):
                for folding in tuple(together):
                    try:
                        folding.fold(batch)
                    except Exception as error:  # noqa: BLE001 - raised below
                        together.remove(folding)
                        failed = failed or error
        if failed is not None:
            raise failed
        return stop - min(at, default=stop)


def _batches(entries: EntryStore, start: int, stop: int) -> Iterator[list[LeafRow]]:
    """Entries in runs long enough to be worth a transaction."""
    batch = list[LeafRow]()
    for rows in entries.rows(start, stop):
        batch += rows
        if len(batch) >= FOLD:
            yield batch
            batch = []
    if batch:
        yield batch


def rebuild(entries: EntryStore, folding: Folding, progress: Progress | None = None) -> int:
    """Forget the projections and fold the whole log again."""
    folding.reset()
    return catch_up(entries, folding, progress)
