"""
Entries as they are stored: runs of up to 256, field by field, one row a run.

A row an entry would pay for its place in a tree, its header and its nulls 256 times over. Numbers are little-endian and
of fixed width; ``ends`` are the offsets at which the bodies end. What a block says of an entry is vouched for by the
entry's leaf; a block whose parts do not fit each other gives no leaf at all, so that the first of its entries is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat
from struct import pack, unpack
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ledger.adapters.sql.database import Database
from ledger.log.entry import SALT_SIZE, Entry
from ledger.log.merkle import HASH_SIZE
from ledger.ports import LeafRow

BLOCK = 256
"""Entries of a block, at most: one is read in a fraction of a millisecond to get at any of them."""
BLOCK_BYTES = 1 << 20
"""Bytes of bodies in a block, unless one entry alone is larger."""
COLUMNS = (
    "first", "entries", "recorded_at", "tenants", "kinds", "occurred_at", "salts", "leaves", "ends", "bodies",
)  # fmt: skip
TYPES = ("int8", "int4", "int8", "bytea", "bytea", "bytea", "bytea", "bytea", "bytea", "bytea")
_PLAIN = ", ".join(COLUMNS)
_CAST = ", ".join(f"CAST({c} AS BLOB)" if t == "bytea" else c for c, t in zip(COLUMNS, TYPES, strict=True))
"""SQLite keeps whatever type somebody puts into a column; text that is none must be a fault, not a failure."""


class Run(NamedTuple):
    """Entries that follow each other and were recorded together, field by field."""

    first: int
    recorded_at: int
    tenants: Sequence[int]
    kinds: Sequence[int]
    occurred_at: Sequence[int]
    salts: Sequence[bytes]
    leaves: Sequence[bytes]
    bodies: Sequence[bytes]

    def blocks(self) -> Iterator[tuple[Any, ...]]:
        """Rows of ``COLUMNS``. Raises ``struct.error`` for a number that does not fit its field."""
        for start, stop in pairwise(_cuts([len(body) for body in self.bodies])):
            yield self._packed(slice(start, stop), self.first + start)

    def _packed(self, part: slice, first: int) -> tuple[Any, ...]:
        bodies = self.bodies[part]
        n = len(bodies)
        return (
            first,
            n,
            self.recorded_at,
            pack(f"<{n}i", *self.tenants[part]),
            pack(f"<{n}h", *self.kinds[part]),
            pack(f"<{n}q", *self.occurred_at[part]),
            b"".join(self.salts[part]),
            b"".join(self.leaves[part]),
            pack(f"<{n}I", *accumulate(map(len, bodies))),
            b"".join(bodies),
        )


def _cuts(lengths: Sequence[int]) -> list[int]:
    """Where blocks begin among bodies of these lengths, and the end."""
    cuts, filled = [0], 0
    for at, length in enumerate(lengths):
        if at - cuts[-1] == BLOCK or (filled and filled + length > BLOCK_BYTES):
            cuts.append(at)
            filled = 0
        filled += length
    return [*cuts, len(lengths)]


@dataclass(frozen=True, slots=True)
class Block:
    """A stored block, whatever somebody may have made of it."""

    first: int
    recorded_at: int
    tenants: tuple[int, ...]
    kinds: tuple[int, ...]
    occurred_at: tuple[int, ...]
    salts: bytes
    leaves: bytes
    ends: tuple[int, ...]
    bodies: bytes

    @classmethod
    def of(cls, row: Sequence[Any]) -> Block:
        """Read a row of ``COLUMNS``."""
        first, entries, recorded_at, *blobs = row
        n = min(max(entries, 0), BLOCK) if isinstance(entries, int) else 0
        tenants, kinds, occurred_at, salts, leaves, ends, bodies = map(_bytes, blobs)
        widths = ((tenants, 4), (kinds, 2), (occurred_at, 8), (salts, SALT_SIZE), (leaves, HASH_SIZE), (ends, 4))
        if n != entries or any(len(data) != n * width for data, width in widths):
            leaves = b""
        offsets = unpack(f"<{n}I", _cut(ends, 4 * n))
        if offsets and offsets[-1] != len(bodies):
            leaves = b""
        return cls(
            first,
            recorded_at,
            unpack(f"<{n}i", _cut(tenants, 4 * n)),
            unpack(f"<{n}h", _cut(kinds, 2 * n)),
            unpack(f"<{n}q", _cut(occurred_at, 8 * n)),
            salts,
            leaves,
            offsets,
            bodies,
        )

    def rows(self, names: Mapping[int, str]) -> Iterator[LeafRow]:
        """Its entries, with the names of their tenants."""
        n = len(self.ends)
        salts, leaves, bodies = self.salts, self.leaves, self.bodies
        return map(
            LeafRow._make,
            zip(
                range(self.first, self.first + n),
                map(names.__getitem__, self.tenants),
                self.kinds,
                self.occurred_at,
                repeat(self.recorded_at),
                [salts[at : at + SALT_SIZE] for at in range(0, n * SALT_SIZE, SALT_SIZE)],
                [leaves[at : at + HASH_SIZE] for at in range(0, n * HASH_SIZE, HASH_SIZE)],
                [bodies[start:end] for start, end in pairwise((0, *self.ends))],
                strict=False,
            ),
        )

    def entry(self, index: int, names: Mapping[int, str]) -> Entry | None:
        """One of its entries; ``None`` when it is not here."""
        at = index - self.first
        if not 0 <= at < len(self.ends):
            return None
        salt = self.salts[at * SALT_SIZE : (at + 1) * SALT_SIZE]
        body = self.bodies[self.ends[at - 1] if at else 0 : self.ends[at]]
        return Entry(index, names[self.tenants[at]], self.recorded_at, salt, body)


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _cut(data: bytes, size: int) -> bytes:
    return data[:size].ljust(size, b"\0")


def stored(database: Database, connection: Connection, start: int, stop: int) -> list[Block]:
    """The blocks that hold any of the entries ``[start, stop)``, in order."""
    driver = connection.connection.driver_connection
    assert driver is not None
    mark = "?" if database.is_sqlite else "%s"
    before = f"SELECT first FROM entry_block WHERE first <= {mark} ORDER BY first DESC LIMIT 1"  # noqa: S608
    columns = _CAST if database.is_sqlite else _PLAIN
    sql = f"SELECT {columns} FROM entry_block WHERE first >= coalesce(({before}), 0) AND first < {mark} ORDER BY first"  # noqa: S608
    cursor = driver.cursor() if database.is_sqlite else driver.cursor(binary=True)
    try:
        cursor.execute(sql, (start, stop))
        found = [Block.of(row) for row in cursor.fetchall()]
    finally:
        cursor.close()
    return found


def entries_at(
    database: Database, connection: Connection, indexes: Iterable[int], names: Mapping[int, str]
) -> Iterator[Entry]:
    """Those of these entries that there are, by index. Neighbours are read together, in bounded memory."""
    wanted = sorted(indexes)
    at = 0
    while at < len(wanted):
        stop, upto = at, wanted[at] + BLOCK
        while stop < len(wanted) and wanted[stop] < upto:
            stop += 1
        blocks = stored(database, connection, wanted[at], wanted[stop - 1] + 1)
        for index in wanted[at:stop]:
            found = (block.entry(index, names) for block in reversed(blocks) if block.first <= index)
            entry = next(found, None)
            if entry is not None:
                yield entry
        at = stop
