"""
Checkpoint and project everything that is sequenced, reading each stored entry once, in several processes.

What ``close_checkpoint`` and ``project.catch_up`` do one after the other for the entries of a few seconds, this does
together for a bulk load: workers hash leaves again from stored bytes and sum what the projections add; this process
grows the tree, signs, and writes the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.log.errors import EntryLost
from ledger.ports import LeafRow, Summed, Workers, Workplace
from ledger.services.close_checkpoint import MAX_GROWTH, Closing, checked_leaves
from ledger.services.worker import Worker

SPAN = 65_536
"""Entries that a worker examines at once: 2 MB of hashes come back."""


class Span(NamedTuple):
    """Entries ``[start, stop)``, and what is still to be done for them."""

    start: int
    stop: int
    leaves: bool
    sums: bool


class Examined(NamedTuple):
    """What the stored bytes of a span gave."""

    start: int
    leaves: list[bytes]
    summed: Summed | None


def examine(place: Workplace, span: Span) -> Examined:
    """Hash the leaves again and sum, in one pass. Raises ``LeafMismatch``."""
    leaves: list[bytes] = []

    def read() -> Iterator[Sequence[LeafRow]]:
        for rows in place.entries.rows(span.start, span.stop):
            if span.leaves:
                leaves.extend(checked_leaves(rows, span.start + len(leaves)))
            yield rows

    summed = None
    if span.sums:
        summed = place.projections.summed(read(), span.start)
    else:
        for _ in read():
            pass
    if span.leaves and len(leaves) < span.stop - span.start:
        raise EntryLost(index=span.start + len(leaves))
    return Examined(span.start, leaves, summed)


def settle_stored(worker: Worker, workers: Workers) -> int:
    """
    Close checkpoints over, and project, all entries there are now; how many were examined.

    Safe beside other workers: what another one closed or folded first is left to it.
    """
    closing = Closing(worker.checkpoints, worker.note_key, worker.clock)
    marked, size, folding = worker.projections.watermark(), worker.entries.size(), True
    for examined in workers.run(examine, _spans(closing.size, marked, size)):
        if examined.leaves and examined.start == closing.size:
            closing.add(examined.leaves)
        if closing.size - closing.previous >= MAX_GROWTH:
            closing.close()
            closing = Closing(worker.checkpoints, worker.note_key, worker.clock)
        if examined.summed and folding:
            folding = worker.projections.add(examined.summed)
    closing.close()
    return size - min(closing.previous, marked)


def _spans(closed: int, marked: int, size: int) -> Iterator[Span]:
    """Spans of what is not checkpointed, or not projected, yet; none of them crosses either mark."""
    start = min(closed, marked)
    while start < size:
        marks = [mark for mark in (closed, marked) if mark > start]
        stop = min(size, start + SPAN, *marks)
        yield Span(start, stop, leaves=start >= closed, sums=start >= marked)
        start = stop
