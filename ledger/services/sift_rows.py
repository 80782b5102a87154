"""
Tell the good rows of a file from the bad before anything is recorded: everything that would keep a row out.

A row is good when it reads as a record, names things by codes that can be read, may be handed in by its sender, has a
key that no other row of the file uses for something else, and is not in the log with other content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Final

import msgspec

from ledger.errors import LedgerError, Place
from ledger.log.entry import record_keys
from ledger.log.errors import RecordConflict
from ledger.ports import EntryStore
from ledger.ports.intake import Batch
from ledger.records.record import KIND_NUMBERS, KINDS, Record, microseconds
from ledger.services.capture import Submission, body_of
from ledger.services.import_file import (
    BATCH,
    Capturing,
    Fault,
    ImportReport,
    ReadRow,
    Refused,
    Source,
    Tally,
    own_vehicles,
    vehicle_names,
)
from ledger.services.intake_errors import RowRepeated

Permit = Callable[[Record], None]
"""Raises for a record that its sender may not hand in."""
_DIGEST: Final = 12
"""Bytes that ids and bodies are remembered by: of a million rows, two meet by chance once in 10^17 files."""


class _Id(msgspec.Struct):
    id: str


class _Body(msgspec.Struct):
    record: msgspec.Raw


_BODY: Final = msgspec.json.Decoder(_Body)
_ID: Final = msgspec.json.Decoder(_Id)


@dataclass(frozen=True, slots=True)
class Sifted:
    """Good rows of some, ready to be sequenced; which of them are entries already; refused rows in their order."""

    good: Batch
    known: frozenset[int]
    """Positions in ``good``."""
    refused: list[Refused]


@dataclass(slots=True)
class Sifter:
    """Goes through the rows of one file, called ``name``, in order; it remembers the keys it met."""

    entries: EntryStore
    submission: Submission
    name: str
    permit: Permit
    _met: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)

    def remember(self, batch: Batch) -> None:
        """Rows that were found good before this process took over."""
        for row, record_id, body in zip(batch.rows, batch.ids, batch.bodies, strict=True):
            self._met.setdefault(_digest(record_id.encode()), (row, _digest(body)))

    def sift(self, rows: Iterable[ReadRow]) -> Sifted:
        """The rows told apart. Raises ``StoreError`` alone."""
        kept: list[tuple[ReadRow, Record, bytes]] = []
        refused: list[tuple[ReadRow, Sequence[Fault]]] = []
        for row in rows:
            record = row.outcome
            if isinstance(record, tuple):
                refused.append((row, record))
                continue
            try:
                self.permit(record)
                body = body_of(record, self.submission)
                self._meet(row.row, record.id, body)
            except LedgerError as error:
                refused.append((row, (Fault(None, record.id, error),)))
            else:
                kept.append((row, record, body))
        recorded = self._recorded([(record.id, body) for _, record, body in kept])
        conflicts = {at: found for at, found in recorded.items() if found is not None}
        refused += [(kept[at][0], (Fault(None, kept[at][1].id, error),)) for at, error in conflicts.items()]
        good = [one for at, one in enumerate(kept) if at not in conflicts]
        known = [at for at in range(len(kept)) if at not in conflicts]
        batch = Batch(
            [row.row for row, _, _ in good],
            [KIND_NUMBERS[record.kind] for _, record, _ in good],
            [record.id for _, record, _ in good],
            [microseconds(record.occurred_at) for _, record, _ in good],
            [body for _, _, body in good],
        )
        told = [self._refused(row, faults) for row, faults in sorted(refused, key=lambda pair: pair[0].row)]
        return Sifted(batch, frozenset(new for new, old in enumerate(known) if old in recorded), told)

    def _meet(self, row: int, record_id: str, body: bytes) -> None:
        key, content = _digest(record_id.encode()), _digest(body)
        first, before = self._met.setdefault(key, (row, content))
        if before != content:
            raise RowRepeated(record_id=record_id, first=first)

    def _recorded(self, records: Sequence[tuple[str, bytes]]) -> Mapping[int, RecordConflict | None]:
        """Of the records that are entries already, by position: why one cannot stand beside its entry, if so."""
        keys = record_keys(self.submission.tenant, [record_id for record_id, _ in records])
        places = self.entries.places(keys)
        found = self.entries.gathered(sorted(set(places.values()))) if places else {}
        outcomes: dict[int, RecordConflict | None] = {}
        for at, (record_id, body) in enumerate(records):
            entry = found.get(places.get(keys[at], -1))
            if entry is None or entry.tenant != self.submission.tenant:
                continue
            theirs = _BODY.decode(entry.body).record
            if _ID.decode(theirs).id == record_id:
                same = theirs == _BODY.decode(body).record
                outcomes[at] = None if same else RecordConflict(record_id=record_id, index=entry.index)
        return outcomes

    def _refused(self, row: ReadRow, faults: Sequence[Fault]) -> Refused:
        place = Place(file=self.name, sheet=row.sheet, row=row.row or None, pointer=row.pointer)
        for fault in faults:
            fault.error.at(Place(column=fault.column)).at(place)
        return Refused(place, tuple(row.cells), tuple(faults))


def preflight(ledger: Capturing, source: Source, limit: int | None = None, *, tenant: str = "") -> ImportReport:
    """The report an import would give, without storing: ``fresh`` and ``already`` as they would be; first ``limit``."""
    tally = Tally(source)
    sifter = Sifter(ledger.entries, Submission(tenant, ""), source.name, lambda _: None)
    rows = islice(source.rows(vehicle_names(ledger.factors, own_vehicles(ledger.projections, tenant))), limit)
    while batch := list(islice(rows, BATCH)):
        sifted = sifter.sift(batch)
        kinds = [KINDS[number][0] for number in sifted.good.kinds]
        tally.checked(len(batch), kinds, len(sifted.known), sifted.refused)
    return tally.report()


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST).digest()
