"""
Which entry a correction withdraws: looked up in the log, or in segments alone.

A segment states the pairs. Whoever checks it reads the one entry that is stated and compares its record id; only for a
correction without a stated entry is it looked for everywhere, once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ledger.errors import LedgerError
from ledger.log.errors import CannotTell, LeafMismatch
from ledger.ports import EntryStore, LeafRow
from ledger.ports.segments import Row, SegmentStore
from ledger.records.correction import KEPT
from ledger.records.record import KIND_NUMBERS, KINDS
from ledger.segments.columns import Earlier, Taken
from ledger.segments.errors import ColumnsDiffer, SegmentMalformed
from ledger.segments.manifest import Manifest
from ledger.segments.tables import ENTRIES, WITHDRAWALS
from ledger.services.check_entries import check_said


class Unstated(NamedTuple):
    """A correction without a stated entry: where it stands, and what it withdraws."""

    segment: str
    seq: int
    tenant: str
    record_id: str


class _Held(NamedTuple):
    """An entry of a segment, and the id of its record."""

    entry: Taken
    record_id: str


def in_log(entries: EntryStore) -> Earlier:
    """Looks in the log."""

    def earlier(row: Taken, record_id: str) -> Taken | None:
        entry = entries.find(row.tenant, record_id)
        if entry is None or entry.index >= row.seq:
            return None
        found = (one for rows in entries.rows(entry.index, entry.index + 1) for one in rows)
        return next((Taken(one.seq, one.tenant, one.kind, one.occurred_at, one.body) for one in found), None)

    return earlier


class InSegments:
    """Looks in the newest of ``sealed`` and those before it; corrections without a stated entry go to ``unstated``."""

    def __init__(self, store: SegmentStore, sealed: Sequence[Manifest], unstated: list[Unstated]) -> None:
        self._store, self._sealed, self._unstated = store, sealed, unstated

    @cached_property
    def _stated(self) -> dict[int, int]:
        """Read at the first correction: by then the files are known to be those of the manifest."""
        return {by: seq for rows in self._store.rows(self._sealed[-1], WITHDRAWALS) for seq, by in rows}

    @cached_property
    def _found(self) -> dict[int, _Held]:
        return dict(_entries(self._store, self._sealed, sorted(set(self._stated.values()))))

    def __call__(self, row: Taken, record_id: str) -> Taken | None:
        """See ``columns.Earlier``. Raises ``CannotTell`` for an entry of a segment that is not here."""
        seq = self._stated.get(row.seq)
        if seq is None:
            self._unstated.append(Unstated(self._sealed[-1].name, row.seq, row.tenant, record_id))
            return None
        if seq < self._sealed[0].start:
            raise CannotTell(why=f"entry {row.seq} withdraws entry {seq}, whose segment is not here")
        found = self._found.get(seq)
        if found is None or seq >= row.seq or (found.entry.tenant, found.record_id) != (row.tenant, record_id):
            return None
        return found.entry


def left_out(store: SegmentStore, sealed: Sequence[Manifest], unstated: Sequence[Unstated]) -> list[LedgerError]:
    """Withdrawals that their segments should state and do not; reads every entry, and only when there is a doubt."""
    wanted = {(one.tenant, one.record_id): one for one in unstated}
    faults: list[LedgerError] = []
    for manifest in sealed if wanted else ():
        try:
            for rows in store.rows(manifest, ENTRIES):
                for entry, record_id in map(_held, rows):
                    one = wanted.get((entry.tenant, record_id))
                    if one is not None and entry.seq < one.seq and KINDS[entry.kind][0] not in KEPT:
                        pair = repr((entry.seq, one.seq))
                        faults.append(
                            ColumnsDiffer(segment=one.segment, table=WITHDRAWALS, row=0, stated="-", derived=pair)
                        )
        except (SegmentMalformed, LeafMismatch):
            continue  # told already, where the segment itself was checked
    return faults


def _entries(store: SegmentStore, sealed: Sequence[Manifest], wanted: Sequence[int]) -> Iterator[tuple[int, _Held]]:
    """Single entries, in order; a group of rows is read once however many of them are in it."""
    for manifest in sealed:
        left = [seq for seq in wanted if manifest.start <= seq < manifest.stop]
        while left:
            held: dict[int, Row] = {row[0]: row for row in next(store.rows(manifest, ENTRIES, left[0]), [])}
            yield from ((seq, _held(held[seq])) for seq in left if seq in held)
            last = max(held, default=left[0])
            left = [seq for seq in left[1:] if seq > last]


def _held(row: Row) -> _Held:
    """A row of ``entries``; raises ``LeafMismatch`` where its columns are not what its bytes say."""
    seq, tenant, kind, *rest = row
    number = KIND_NUMBERS.get(kind)
    if number is None:
        raise LeafMismatch(index=seq)
    leaf = LeafRow(seq, tenant, number, *rest)
    (record_id,) = check_said([leaf])
    return _Held(Taken(seq, tenant, number, leaf.occurred_at, leaf.body), record_id)
