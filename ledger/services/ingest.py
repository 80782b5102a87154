"""
Take in a file of records, one JSON object a line, as fast as the disk allows.

Each worker reads, checks, canonicalises, salts and commits a block of lines while another appends the block before it;
blocks enter the log in the file's order, one transaction each. Good lines are kept; each bad one comes back with its
line and its reason. The same file handed in again adds nothing, so an ingest that was cut off is finished by another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple, Protocol

from ledger.errors import LedgerError, Place
from ledger.log.entry import SALT_SIZE, commitments, record_keys
from ledger.ports import DraftColumns, EntryStore, Receipt, Workers, Workplace
from ledger.records.record import KIND_NUMBERS, Record, decode, microseconds
from ledger.services.capture import Submission, body_of
from ledger.services.corrections import refused_corrections, without

MOST_REFUSED = 10_000
"""Refused lines kept with their reasons; further ones are counted."""
Progress = Callable[[int, int], None]
"""Called after every block with the blocks done and the blocks in all."""


class Block(Protocol):
    """Whole lines, somewhere; small to send."""

    def read(self) -> bytes:
        """Their bytes."""
        ...


def _anything(_: Record) -> None:
    """Every kind of record may be handed in."""


class Handed(NamedTuple):
    """A block on its way to a worker; ``permit`` raises for a record that the submitter may not hand in."""

    block: Block
    submission: Submission
    permit: Callable[[Record], None] = _anything


class Fault(NamedTuple):
    """A line of a block, counted from 1, and why it was not taken."""

    line: int
    error: LedgerError


class Prepared(NamedTuple):
    """A block ready to be appended: drafts, the line of each, what is wrong with others, how many lines in all."""

    drafts: DraftColumns | None
    lines: list[int]
    faults: list[Fault]
    length: int
    submission: Submission

    def settled(self, entries: EntryStore) -> Prepared:
        """The same without the corrections that may not be taken, once all blocks before it are in the log."""
        refused = refused_corrections(entries, self.submission, self.drafts) if self.drafts else {}
        if self.drafts is None or not refused:
            return self
        lines = [line for position, line in enumerate(self.lines) if position not in refused]
        faults = self.faults + [Fault(self.lines[position], error) for position, error in refused.items()]
        return self._replace(drafts=without(self.drafts, refused), lines=lines, faults=faults)


class Taken(NamedTuple):
    """What became of a block."""

    length: int
    fresh: int
    already: int
    faults: list[Fault]


@dataclass(slots=True)
class IngestReport:
    """
    What became of a file: ``read`` = ``fresh`` + ``already`` + ``refused_count`` (empty lines are passed over).

    ``refused`` holds the first ``MOST_REFUSED``, each with its line as the row of its place.
    """

    read: int = 0
    fresh: int = 0
    already: int = 0
    refused_count: int = 0
    refused: list[LedgerError] = field(default_factory=list)

    def add(self, taken: Taken, before: int) -> None:
        """Count a block that begins after so many lines."""
        self.fresh += taken.fresh
        self.already += taken.already
        self.refused_count += len(taken.faults)
        self.read = self.fresh + self.already + self.refused_count
        room = MOST_REFUSED - len(self.refused)
        self.refused += [fault.error.at(Place(row=before + fault.line)) for fault in taken.faults[:room]]


def prepare(place: Workplace, handed: Handed) -> Prepared:
    """Everything about a block that can be done before its records have their places in the log."""
    tenant = handed.submission.tenant
    lines, kinds, at = list[int](), list[int](), list[int]()
    ids, bodies, faults = list[str](), list[bytes](), list[Fault]()
    number = 0
    for number, line in enumerate(BytesIO(handed.block.read()), 1):
        try:
            record = decode(line)
            handed.permit(record)
            bodies.append(body_of(record, handed.submission))
        except LedgerError as error:
            if line.strip():
                faults.append(Fault(number, error))
            continue
        lines.append(number)
        kinds.append(KIND_NUMBERS[record.kind])
        ids.append(record.id)
        at.append(microseconds(record.occurred_at))
    if not lines:
        return Prepared(None, [], faults, number, handed.submission)
    salts = _salts(place, len(lines))
    committed, keys = commitments(salts, bodies), record_keys(tenant, ids)
    drafts = DraftColumns([tenant] * len(lines), kinds, ids, at, bodies, salts, committed, keys)
    return Prepared(drafts, lines, faults, number, handed.submission)


def _salts(place: Workplace, count: int) -> list[bytes]:
    random = place.random.token(SALT_SIZE * count)
    return [random[start : start + SALT_SIZE] for start in range(0, len(random), SALT_SIZE)]


def append(place: Workplace, prepared: Prepared) -> Taken:
    """Sequence a block. Durable when it returns."""
    prepared = prepared.settled(place.entries)
    if prepared.drafts is None:
        return Taken(prepared.length, 0, 0, sorted(prepared.faults, key=_line))
    appended = place.entries.append(prepared.drafts, microseconds(place.clock.now()))
    conflicts = [
        Fault(prepared.lines[position], other)
        for position, other in appended.others.items()
        if not isinstance(other, Receipt)
    ]
    already = len(appended.others) - len(conflicts)
    return Taken(prepared.length, appended.fresh, already, sorted(prepared.faults + conflicts, key=_line))


def _line(fault: Fault) -> int:
    return fault.line


def ingest(
    workers: Workers,
    *,
    tenant: str,
    submitter: str,
    blocks: Sequence[Block],
    progress: Progress | None = None,
    manages: bool = False,
) -> IngestReport:
    """Sequence every good line. Durable when it returns. Faults are in the report; ``StoreError`` is raised."""
    report, lines = IngestReport(), 0
    submission = Submission(tenant, submitter, manages)
    handed = (Handed(block, submission) for block in blocks)
    for done, taken in enumerate(workers.run_in_turn(prepare, append, handed), 1):
        report.add(taken, lines)
        lines += taken.length
        if progress:
            progress(done, len(blocks))
    return report
