"""
Checkpoint and project everything that is sequenced, reading each stored entry once, in several processes.

What ``close_checkpoint`` and ``project.catch_up`` do one after the other for the entries of a few seconds, this does
together for a bulk load: workers hash leaves again from stored bytes, sum what the projections add, and add it in turn;
this process grows the tree and signs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.log.errors import EntryLost
from ledger.ports import LeafRow, Summed, Workers, Workplace
from ledger.services.close_checkpoint import MAX_GROWTH, Closing, checked_leaves
from ledger.services.worker import Worker

LARGEST, SMALLEST = 131_072, 4_096
"""Entries that a worker examines at once: 4 MB of hashes come back; fewer when few are new, so that all have work."""
SPANS = 8


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


class Settled(NamedTuple):
    """A span whose sums are in the projections; the tree is still to grow by its leaves."""

    start: int
    leaves: list[bytes]


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


def project(place: Workplace, examined: Examined) -> Settled:
    """Add the sums of a span, unless another worker came first; then the rest is left to it."""
    summed = examined.summed
    if summed is not None and place.projections.watermark() == summed.first:
        place.projections.add(summed)
    return Settled(examined.start, examined.leaves)


def settle_stored(worker: Worker, workers: Workers) -> int:
    """
    Close checkpoints over, and project, all entries there are now; how many were examined.

    Safe beside other workers: what another one closed or folded first is left to it.
    """
    closing = Closing(worker.checkpoints, worker.note_key, worker.clock)
    closed, marked, size = closing.size, worker.projections.watermark(), worker.entries.size()
    for start, leaves in workers.run_in_turn(examine, project, _spans(closed, marked, size)):
        if leaves and start == closing.size:
            closing.add(leaves)
        if closing.size - closing.previous >= MAX_GROWTH:
            closing.close()
            closing = Closing(worker.checkpoints, worker.note_key, worker.clock)
    closing.close()
    return size - min(closed, marked)


def _spans(closed: int, marked: int, size: int) -> Iterator[Span]:
    """Spans of what is not checkpointed, or not projected, yet; none of them crosses either mark."""
    start = min(closed, marked)
    most = min(LARGEST, max(SMALLEST, (size - start) // SPANS))
    while start < size:
        marks = [mark for mark in (closed, marked) if mark > start]
        stop = min(size, start + most, *marks)
        yield Span(start, stop, leaves=start >= closed, sums=start >= marked)
        start = stop
