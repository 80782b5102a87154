"""
Capture the events of an EPCIS document: check each, append them in one transaction.

With ``whole`` one bad event, or one conflict, keeps all of them out; without, only that event is left out. Faults are
located in the document.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ledger.errors import LedgerError
from ledger.log.entry import SALT_SIZE, commitments, record_keys
from ledger.ports import Clock, DraftColumns, EntryStore, Random, Receipt
from ledger.records.epcis import Event, record_of
from ledger.records.epcis.checking import check_event
from ledger.records.epcis.document import EventDocument
from ledger.records.epcis.reading import at_event
from ledger.records.record import KIND_NUMBERS, microseconds
from ledger.services.capture import Submission, body_of

_KIND = KIND_NUMBERS["epcis_event"]


class Capturing(Protocol):
    """What capturing needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Where entries go."""
        ...

    @property
    def clock(self) -> Clock:
        """Recorded times."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class Captured(NamedTuple):
    """What became of a document: entries added, events that were entries already, what was refused and why."""

    fresh: int
    already: int
    faults: list[LedgerError]


class _Prepared(NamedTuple):
    """Bodies of the good events with what else a draft needs, and where they stand in the document."""

    positions: list[int]
    ids: list[str]
    at: list[int]
    bodies: list[bytes]
    faults: list[LedgerError]


def capture_document(
    ledger: Capturing, submission: Submission, document: EventDocument, *, whole: bool = True
) -> Captured:
    """Durable when it returns. Faults of events are in the answer; ``StoreError`` is raised."""
    prepared = _prepare(submission, document)
    if not prepared.ids or (whole and prepared.faults):
        return Captured(0, 0, prepared.faults)
    appended = ledger.entries.append(
        _columns(ledger.random, submission, prepared), microseconds(ledger.clock.now()), whole=whole
    )
    conflicts = [
        at_event(other, f"{document.pointer}/{prepared.positions[position]}")
        for position, other in appended.others.items()
        if not isinstance(other, Receipt)
    ]
    if appended.count == 0:
        return Captured(0, 0, conflicts)
    return Captured(appended.fresh, len(appended.others) - len(conflicts), prepared.faults + conflicts)


def _prepare(submission: Submission, document: EventDocument) -> _Prepared:
    prepared = _Prepared([], [], [], [], [])
    for position, event in enumerate(document.events):
        try:
            if not isinstance(event, Event):
                raise event
            check_event(event)
            record = record_of(event)
            prepared.bodies.append(body_of(record, submission))
        except LedgerError as error:
            prepared.faults.append(at_event(error, f"{document.pointer}/{position}"))
            continue
        prepared.positions.append(position)
        prepared.ids.append(record.id)
        prepared.at.append(microseconds(event.event_time))
    return prepared


def _columns(random: Random, submission: Submission, prepared: _Prepared) -> DraftColumns:
    count, tenant = len(prepared.ids), submission.tenant
    token = random.token(SALT_SIZE * count)
    salts = [token[start : start + SALT_SIZE] for start in range(0, len(token), SALT_SIZE)]
    return DraftColumns(
        [tenant] * count,
        [_KIND] * count,
        prepared.ids,
        prepared.at,
        prepared.bodies,
        salts,
        commitments(salts, prepared.bodies),
        record_keys(tenant, prepared.ids),
    )
