"""
Check sealed segments from their files alone: every leaf and root, every signature, every typed column and sum.

Needs no database, no chain and no server. What a verifier brings is the log's public key and, to settle whether
everyone was shown the same history, a pinned checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.compact_range import CompactRange
from ledger.log.errors import CannotTell, EntryLost, LeafMismatch, PinMismatch, ProofMalformed, RootMismatch
from ledger.log.proof import AnchorReceipt
from ledger.ports import LeafRow
from ledger.ports.segments import Row, SegmentStore
from ledger.records.record import KIND_NUMBERS
from ledger.segments.columns import Cells, Columns, Taken
from ledger.segments.errors import ColumnsDiffer, SegmentFileAltered, SegmentMalformed, SegmentsApart
from ledger.segments.manifest import Manifest
from ledger.segments.tables import CELLS, ENTRIES, HUBS, LEGS, WITHDRAWALS
from ledger.services.check_entries import check_said
from ledger.services.close_checkpoint import checked_leaves
from ledger.services.withdrawal import InSegments, Unstated, left_out

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class SegmentReport:
    """What was rebuilt and what does not hold."""

    segments: int = 0
    entries: int = 0
    faults: list[LedgerError] = field(default_factory=list)
    unknown: list[LedgerError] = field(default_factory=list)

    @property
    def verdict(self) -> int:
        """0 holds, 1 does not hold, 2 cannot tell."""
        return 1 if self.faults else 2 if self.unknown else 0


def check_segments(
    store: SegmentStore,
    *,
    key: VerifierKey | None = None,
    pinned: Checkpoint | None = None,
    progress: Progress | None = None,
) -> SegmentReport:
    """Check every segment there is; never raises for what it finds, it reports the first fault of each segment."""
    report = SegmentReport()
    if key is None:
        report.unknown.append(CannotTell(why="the log's public key was not given"))
    try:
        manifests = store.manifests()
    except SegmentMalformed as fault:
        report.faults.append(fault)
        return report
    if not manifests:
        report.unknown.append(CannotTell(why="there are no segments"))
    total = sum(manifest.stop - manifest.start for manifest in manifests)
    before: Manifest | None = None
    unstated: list[Unstated] = []
    for number, manifest in enumerate(manifests):
        try:
            _check_place(manifest, before, report)
            _check_notes(manifest, key, pinned)
            earlier = InSegments(store, manifests[: number + 1], unstated)
            checking = _Checking(store, manifest, before, earlier)
            checking.run(lambda done: progress and progress(report.entries + done, total))
        except CannotTell as fault:
            report.unknown.append(fault)
        except LedgerError as fault:
            report.faults.append(fault)
        report.segments += 1
        report.entries += manifest.stop - manifest.start
        before = manifest
    report.faults.extend(left_out(store, manifests, unstated))
    return report


def _check_place(manifest: Manifest, before: Manifest | None, report: SegmentReport) -> None:
    if before is None:
        if manifest.start:
            report.unknown.append(CannotTell(why=f"the segments of entries below {manifest.start} are not here"))
        return
    if manifest.start != before.stop:
        raise SegmentsApart(segment=manifest.name, why=f"the one before it ends at {before.stop}")
    if manifest.previous != before.digest:
        raise SegmentsApart(segment=manifest.name, why="it names another manifest before it")
    if manifest.range_before().root() != before.checkpoint.root:
        raise SegmentsApart(segment=manifest.name, why="its tree does not begin where the one before it ends")


def _check_notes(manifest: Manifest, key: VerifierKey | None, pinned: Checkpoint | None) -> None:
    checkpoint = manifest.checkpoint
    if pinned is not None and pinned.size == checkpoint.size and pinned != checkpoint:
        raise PinMismatch(size=pinned.size)
    receipt = Note.parse(manifest.receipt_note)
    if AnchorReceipt.parse(receipt.text).checkpoint != checkpoint:
        raise ProofMalformed(why="the anchor receipt is of another checkpoint")
    if key is not None:
        if checkpoint.origin != key.name:
            raise ProofMalformed(why=f"the checkpoint is of {checkpoint.origin}, the key of {key.name}")
        key.verify(Note.parse(manifest.checkpoint_note))
        key.verify(receipt)


class _Checking:
    """One segment, read once."""

    def __init__(self, store: SegmentStore, manifest: Manifest, before: Manifest | None, earlier: InSegments) -> None:
        self._store, self._manifest = store, manifest
        self._tree: CompactRange = manifest.range_before()
        self._typed = {table: self._stream(table) for table in (LEGS, HUBS, WITHDRAWALS)}
        self._counted = dict.fromkeys(self._typed, 0)
        self._whole = before is not None or manifest.start == 0
        """Without the segments before it a segment is its own dictionary of cells, and its sums are not checked."""
        known = before if self._whole else manifest
        self._cells = Cells.of(row for rows in store.rows(known, CELLS) for row in rows) if known else Cells()
        self._columns = Columns(self._cells, earlier)

    def run(self, progress: Callable[[int], object]) -> None:
        """Raises what does not hold."""
        manifest = self._manifest
        for table, found in self._store.files(manifest).items():
            if found != manifest.files[table]:
                raise SegmentFileAltered(segment=manifest.name, file=table)
        for rows in self._store.rows(manifest, ENTRIES):
            self._check([self._leaf_row(row) for row in rows])
            progress(self._tree.size - manifest.start)
        if self._tree.size != manifest.stop:
            raise EntryLost(index=self._tree.size)
        root = self._tree.root()
        if root != manifest.checkpoint.root:
            raise RootMismatch(expected=manifest.checkpoint.root.hex(), got=root.hex())
        for table in self._typed:
            self._compare(table, [], last=True)
        if self._whole:
            self._differ(CELLS, 0, list(self._stream(CELLS)), self._cells.rows())

    def _leaf_row(self, row: Row) -> LeafRow:
        seq, tenant, kind, *rest = row
        number = KIND_NUMBERS.get(kind)
        if number is None:
            raise LeafMismatch(index=seq)
        return LeafRow(seq, tenant, number, *rest)

    def _check(self, rows: list[LeafRow]) -> None:
        self._tree.add(checked_leaves(rows, self._tree.size))
        check_said(rows)
        found = self._columns.take(Taken(row.seq, row.tenant, row.kind, row.occurred_at, row.body) for row in rows)
        self._compare(LEGS, found.legs)
        self._compare(HUBS, found.hubs)
        self._compare(WITHDRAWALS, found.withdrawals)

    def _stream(self, table: str) -> Iterator[Row]:
        return (row for rows in self._store.rows(self._manifest, table) for row in rows)

    def _compare(self, table: str, derived: Sequence[Row], *, last: bool = False) -> None:
        stated: Sequence[Row] = list(islice(self._typed[table], len(derived) + last))
        self._differ(table, self._counted[table], stated, derived)
        self._counted[table] += len(derived)

    def _differ(self, table: str, first: int, stated: Sequence[Row], derived: Sequence[Row]) -> None:
        """Raise ``ColumnsDiffer`` at the first row that is not the same."""
        if list(map(tuple, stated)) == list(map(tuple, derived)):
            return
        at = next(
            (n for n, (one, other) in enumerate(zip(stated, derived, strict=False)) if tuple(one) != tuple(other)),
            min(len(stated), len(derived)),
        )
        shown = [repr(tuple(rows[at])) if at < len(rows) else "-" for rows in (stated, derived)]
        raise ColumnsDiffer(segment=self._manifest.name, table=table, row=first + at, stated=shown[0], derived=shown[1])
