"""
Take reads of fixed readers in, and record what happened: one event for the things that came together.

``take_reads`` returns once the reads are durable. Their windows, the batches that are whole and the events that report
them are written in one transaction; the events then go into the log under ids that follow from what they say. A crash
between the two costs nothing: ``record_arrivals`` sends what is left, and the same event again is the same entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.log.entry import SALT_SIZE
from ledger.ports import Clock, EntryStore, Folded, Random, ReadStore
from ledger.reads.event import events
from ledger.reads.presence import Batch, Presence, due, with_reads
from ledger.reads.read import TagRead
from ledger.reads.reader import Judged, Reader, judge
from ledger.records.epcis import record_of
from ledger.records.record import microseconds
from ledger.services.capture import Submission, draft


@dataclass(frozen=True, slots=True)
class ReadDesk:
    """Everything that reads touch."""

    reads: ReadStore
    entries: EntryStore
    clock: Clock
    random: Random


def take_reads(desk: ReadDesk, reader: Reader, reads: Sequence[TagRead], submitter: str) -> dict[str, int]:
    """How many of the reads were what (``Verdict``). Durable when it returns; sending reads again moves nothing."""
    judged = [judge(reader, read) for read in reads]
    _fold(desk, reader, judged, submitter, silent=False)
    _send(desk)
    return dict(Counter(one.verdict for one in judged))


def record_arrivals(desk: ReadDesk) -> int:
    """
    Report what a silent reader last saw, and send what a crash kept back; how many events went into the log.

    A reader is silent when nothing came from it for as long as a batch lasts, by this server's clock.
    """
    now = microseconds(desk.clock.now())
    for reader in desk.reads.silent(now):
        _fold(desk, reader, [], "", silent=True)
    return _send(desk)


def _fold(desk: ReadDesk, reader: Reader, judged: Sequence[Judged], submitter: str, *, silent: bool) -> None:
    times: dict[str, list[int]] = {}
    for one in judged:
        if one.verdict == "taken":
            times.setdefault(one.thing, []).append(one.read.at)

    def fold(known: Mapping[str, Sequence[Presence]], latest: int) -> Folded:
        windows = {thing: list(found) for thing, found in known.items()}
        for thing, at in times.items():
            windows[thing] = with_reads(windows.get(thing, ()), at, reader.gap)
        waiting = {thing: [w for w in found if not w.event_id] for thing, found in windows.items()}
        made = []
        for batch in due(waiting, None if silent else latest, reader.batch):
            for event in events(reader, batch):
                made.append(event)
                _mark(windows, batch, event.epc_list or [], event.event_id, reader.batch)
        return Folded(windows, made)

    desk.reads.take(reader, judged, submitter, microseconds(desk.clock.now()), fold)


def _mark(windows: dict[str, list[Presence]], batch: Batch, things: Sequence[str], event_id: str, span: int) -> None:
    """The windows that an event reports."""
    for thing in things:
        windows[thing] = [
            w._replace(event_id=event_id) if not w.event_id and batch.at <= w.entered <= batch.at + span else w
            for w in windows[thing]
        ]


AT_ONCE: Final = 1000


def _send(desk: ReadDesk) -> int:
    sent = 0
    while waiting := desk.reads.outgoing(AT_ONCE):
        drafts = [
            draft(record_of(one.event), Submission(one.tenant, one.submitter), desk.random.token(SALT_SIZE))
            for one in waiting
        ]
        desk.entries.append(drafts, microseconds(desk.clock.now()))
        desk.reads.arrived([one.event.event_id for one in waiting])
        sent += len(waiting)
    return sent
