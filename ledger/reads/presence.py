"""
Windows of presence: a thing is there from its first read until it was not read for longer than the gap.

The windows of a thing are the runs of its read times in which no two neighbours are further apart than the gap. They
depend on the set of reads alone: whatever order reads come in, however they are cut into requests, however often one is
sent again. A window is reported once; reads that arrive late may stretch it, or join two, and report nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Presence(NamedTuple):
    """A thing was there from ``entered`` to ``last``, both included; ``event_id`` names the event that reported it."""

    entered: int
    last: int
    event_id: str = ""


class Batch(NamedTuple):
    """Things that came together, the first of them ``at``; in order."""

    at: int
    things: tuple[str, ...]


def with_reads(known: Sequence[Presence], times: Iterable[int], gap: int) -> list[Presence]:
    """The windows of one thing with further reads, by time. ``known`` are windows already apart from each other."""
    found: list[Presence] = []
    for window in sorted([*known, *(Presence(at, at) for at in times)]):
        before = found[-1] if found else None
        if before is not None and window.entered - before.last <= gap:
            last = max(before.last, window.last)
            found[-1] = Presence(before.entered, last, before.event_id or window.event_id)
        else:
            found.append(window)
    return found


def due(unreported: Mapping[str, Sequence[Presence]], until: int | None, batch: int) -> list[Batch]:
    """
    The batches that are whole, oldest first: no read up to ``until`` can add to them.

    A batch begins with the earliest window and takes every one that begins within ``batch`` after it. ``until`` is the
    reader's latest read; ``None`` means that it has been silent long enough for all of them.
    """
    waiting = sorted((window.entered, thing) for thing, windows in unreported.items() for window in windows)
    batches: list[Batch] = []
    start = 0
    while start < len(waiting):
        at = waiting[start][0]
        if until is not None and until <= at + batch:
            break
        stop = start
        while stop < len(waiting) and waiting[stop][0] <= at + batch:
            stop += 1
        batches.append(Batch(at, tuple(sorted({thing for _, thing in waiting[start:stop]}))))
        start = stop
    return batches
