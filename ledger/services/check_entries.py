"""
Check stored entries one by one: every leaf hashed again, every column beside the bytes compared with them.

Entries do not depend on each other, so other processes can look through some each; the tree that grows from their
leaves is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import msgspec

from ledger.log.entry import record_keys
from ledger.log.errors import LeafMismatch
from ledger.ports import EntryStore, LeafRow, Workers, Workplace
from ledger.records.record import KIND_NUMBERS, microseconds
from ledger.services.close_checkpoint import checked_leaves

SPAN = 16_384
"""Entries that another process looks through at once: half a megabyte of hashes comes back."""


class ColumnContradicts(LeafMismatch):
    """A column beside the body says something else than the body."""

    code = "log.column"
    column: str
    en = "entry {index}: column {column} contradicts the recorded bytes"
    zh = "第 {index} 号条目：列 {column} 与所记内容矛盾"


def sound_leaves(entries: EntryStore, start: int, stop: int, workers: Workers | None = None) -> Iterator[list[bytes]]:
    """
    Leaf hashes of the entries ``[start, stop)``, in order, in batches; they end early where entries are missing.

    Raises ``LeafMismatch`` or ``EntryLost`` at the first entry that is not as it was recorded.
    """
    if workers is None:
        for rows in entries.rows(start, stop):
            leaves = checked_leaves(rows, start)
            _check_columns(rows, entries)
            start += len(leaves)
            yield leaves
        return
    spans = [(at, min(at + SPAN, stop)) for at in range(start, stop, SPAN)]
    for span, found in zip(spans, workers.run(_look_through, spans), strict=True):
        if len(found) < span[1] - span[0]:
            yield from sound_leaves(entries, *span)  # something is wrong there: it says what, or they end there
            return
        yield found


def _look_through(place: Workplace, span: tuple[int, int]) -> list[bytes]:
    leaves: list[bytes] = []
    try:
        for found in sound_leaves(place.entries, *span):
            leaves += found
    except LeafMismatch:
        return []
    return leaves


class _Said(msgspec.Struct):
    id: str
    kind: str
    occurred_at: datetime


class _Body(msgspec.Struct):
    record: _Said


_BODY = msgspec.json.Decoder(_Body)


def check_said(rows: Sequence[LeafRow]) -> list[str]:
    """
    Kind and time are repeated beside the body; the ids that the bodies name.

    Raises ``ColumnContradicts``.
    """
    decode, ids = _BODY.decode, list[str]()
    for row in rows:
        try:
            said = decode(row.body).record
        except msgspec.DecodeError:
            raise ColumnContradicts(index=row.seq, column="body") from None
        if KIND_NUMBERS.get(said.kind) != row.kind:
            raise ColumnContradicts(index=row.seq, column="kind")
        if microseconds(said.occurred_at) != row.occurred_at:
            raise ColumnContradicts(index=row.seq, column="occurred_at")
        ids.append(said.id)
    return ids


def _check_columns(rows: Sequence[LeafRow], entries: EntryStore) -> None:
    """What is beside the body is what the body says, and its id leads to it."""
    ids = check_said(rows)
    named = iter(ids)
    keys = [
        key
        for tenant, those in groupby(rows, attrgetter("tenant"))
        for key in record_keys(tenant, [next(named) for _ in those])
    ]
    places = entries.places(keys)
    for row, key, name in zip(rows, keys, ids, strict=True):
        if places.get(key) != row.seq:
            # Two ids may have met on one key; then the store finds this one under another.
            found = entries.find(row.tenant, name)
            if found is None or found.index != row.seq:
                raise ColumnContradicts(index=row.seq, column="key")
