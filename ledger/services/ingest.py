"""
Take in a file of records, one JSON object a line, as fast as the disk allows.

Worker processes read, check, canonicalise, salt and commit spans of the file; this process puts what they hand back
into the log, in the file's order, many spans in one transaction. Good lines are kept; each bad one comes back with its
line and its reason. The same file handed in again adds nothing, so an ingest that was cut off is finished by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from ledger.errors import LedgerError, Place
from ledger.log.entry import SALT_SIZE, record_key
from ledger.ports import Clock, Draft, DraftColumns, EntryStore, Receipt, Workers, Workplace
from ledger.records.record import decode, microseconds
from ledger.services.capture import Submission, draft

TRANSACTION = 16_384
"""Records in a transaction, at least."""
MOST_REFUSED = 10_000
"""Refused lines kept with their reasons; further ones are counted."""
Progress = Callable[[int], None]
"""Called after every transaction with the lines done."""


class Block(Protocol):
    """Whole lines, somewhere; small to send."""

    def read(self) -> bytes:
        """Their bytes."""
        ...


class Handed(NamedTuple):
    """A block on its way to a worker."""

    block: Block
    submission: Submission


class Prepared(NamedTuple):
    """A block as it comes back: columns of drafts, the line within the block of each, and what is wrong with others."""

    drafts: DraftColumns | None
    lines: list[int] | range
    faults: list[tuple[int, LedgerError]]
    length: int
    """Lines in the block."""


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

    def refuse(self, line: int, fault: LedgerError) -> None:
        """Note a line that was not taken."""
        self.refused_count += 1
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(fault.at(Place(row=line)))


def prepare(place: Workplace, handed: Handed) -> Prepared:
    """Everything about a block that can be done before its records have their places in the log."""
    lines = handed.block.read().split(b"\n")
    if not lines[-1]:
        lines.pop()
    salts = place.random.token(SALT_SIZE * len(lines))
    drafts: list[Draft] = []
    good: list[int] = []
    faults: list[tuple[int, LedgerError]] = []
    for number, line in enumerate(lines):
        try:
            salt = salts[number * SALT_SIZE : (number + 1) * SALT_SIZE]
            drafts.append(draft(decode(line), handed.submission, salt))
            good.append(number + 1)
        except LedgerError as fault:
            if line.strip():
                faults.append((number + 1, fault))
    columns = _columns(drafts) if drafts else None
    every = range(1, len(lines) + 1)
    return Prepared(columns, every if len(good) == len(every) else good, faults, len(lines))


def _columns(drafts: list[Draft]) -> DraftColumns:
    columns = DraftColumns.of(drafts)
    return replace(columns, keys=list(map(record_key, columns.tenants, columns.record_ids)))


def ingest(
    entries: EntryStore,
    workers: Workers,
    clock: Clock,
    *,
    tenant: str,
    submitter: str,
    blocks: Iterable[Block],
    progress: Progress | None = None,
) -> IngestReport:
    """Sequence every good line. Durable when it returns. Faults are in the report; ``StoreError`` is raised."""
    report, done = IngestReport(), 0
    submission = Submission(tenant, submitter)
    handed = (Handed(block, submission) for block in blocks)
    for batch in _transactions(workers.run(prepare, handed)):
        lines: list[int] = []
        for prepared in batch:
            for line, fault in prepared.faults:
                report.refuse(done + line, fault)
            lines += [done + line for line in prepared.lines]
            done += prepared.length
        if lines:
            columns = DraftColumns.joined([prepared.drafts for prepared in batch if prepared.drafts])
            appended = entries.append(columns, microseconds(clock.now()))
            report.fresh += appended.fresh
            for position, other in appended.others.items():
                if isinstance(other, Receipt):
                    report.already += 1
                else:
                    report.refuse(lines[position], other)
        if progress:
            progress(done)
    report.read = report.fresh + report.already + report.refused_count
    return report


def _transactions(prepared: Iterator[Prepared]) -> Iterator[list[Prepared]]:
    """Blocks together until they are worth a transaction."""
    batch: list[Prepared] = []
    for block in prepared:
        batch.append(block)
        if sum(len(block.lines) for block in batch) >= TRANSACTION:
            yield batch
            batch = []
    if batch:
        yield batch
