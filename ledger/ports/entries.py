"""The entries: what is handed to the log, what comes back, and the store that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ledger.errors import StoreError
from ledger.log.entry import Entry
from ledger.log.errors import RecordConflict


class StoreUnavailable(StoreError):
    """The database did not take the write. Nothing was half written."""

    code = "store.unavailable"
    retryable = True
    reason: str
    en = "the database did not take it: {reason}"
    zh = "数据库未能写入：{reason}"
    fix_en = "Nothing was stored in part. Free disk space or restart the database, then send it again"
    fix_zh = "没有写入任何不完整数据。请释放磁盘空间或重启数据库后重新提交"


class Draft(NamedTuple):
    """A record ready to become an entry: all that can be computed before its place in the log is known."""

    tenant: str
    kind: int
    """Position in ``records.record.KINDS``."""
    record_id: str
    occurred_at: int
    """Microseconds since the Unix epoch."""
    body: bytes
    salt: bytes
    committed: bytes
    """``log.entry.commitment(salt, body)``."""


@dataclass(frozen=True, slots=True)
class DraftColumns:
    """Many drafts, field by field, one item per draft: the shape that processes and databases hand on fastest."""

    tenants: Sequence[str]
    kinds: Sequence[int]
    record_ids: Sequence[str]
    occurred_at: Sequence[int]
    bodies: Sequence[bytes]
    salts: Sequence[bytes]
    committed: Sequence[bytes]
    keys: Sequence[int] | None = None
    """``log.entry.record_key(tenant, record_id)``, where it was computed already."""

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> DraftColumns:
        """The columns of rows; at least one."""
        return cls(*zip(*drafts, strict=True))

    def rows(self) -> Iterator[Draft]:
        """Row by row."""
        return map(Draft, *self.columns())

    def columns(self) -> tuple[Sequence[Any], ...]:
        """The fields of a draft, in its order."""
        return (
            self.tenants,
            self.kinds,
            self.record_ids,
            self.occurred_at,
            self.bodies,
            self.salts,
            self.committed,
        )


class Receipt(NamedTuple):
    """What a submitter gets for a record."""

    seq: int
    recorded_at: int
    fresh: bool
    """False when the same record was an entry already."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Outcome of one append of ``count`` drafts."""

    first: int
    """Index of the first fresh entry."""
    count: int
    recorded_at: int
    others: Mapping[int, Receipt | RecordConflict] = field(default_factory=dict)
    """By position in the batch: what was an entry already, or conflicts with one."""

    @property
    def fresh(self) -> int:
        """How many entries this append added."""
        return self.count - len(self.others)

    def outcomes(self) -> Iterator[Receipt | RecordConflict]:
        """One outcome per draft, in order."""
        index = self.first
        for position in range(self.count):
            other = self.others.get(position)
            if other is not None:
                yield other
            else:
                yield Receipt(index, self.recorded_at, fresh=True)
                index += 1


class LeafRow(NamedTuple):
    """A stored entry beside its stored leaf, as the checker and the projections read it."""

    seq: int
    tenant: str
    """Empty when the number that is stored names no tenant."""
    kind: int
    occurred_at: int
    recorded_at: int
    salt: bytes
    leaf: bytes
    body: bytes


class EntryStore(Protocol):
    """The entries. Append is durable when it returns; nothing is ever updated or deleted."""

    def append(self, drafts: Sequence[Draft] | DraftColumns, now: int, *, whole: bool = False) -> Appended:
        """
        Sequence the drafts, all in one transaction.

        The same record id with the same record is the same entry; with another record it is a conflict, and only
        that draft is left out. With ``whole`` a conflict keeps all of them out: ``count`` is then 0, and ``others``
        names the conflicts. ``now`` is microseconds; an entry's recorded time never falls below the last one's.
        """
        ...

    def size(self) -> int:
        """How many entries there are."""
        ...

    def entry(self, index: int) -> Entry:
        """One entry. Raises ``EntryAbsent``."""
        ...

    def find(self, tenant: str, record_id: str) -> Entry | None:
        """The entry of a record id within a tenant."""
        ...

    def gathered(self, indexes: Sequence[int]) -> dict[int, Entry]:
        """Some entries, by index, read together; those that there are."""
        ...

    def places(self, keys: Sequence[int]) -> Mapping[int, int]:
        """Where the store looks for a record id: entries by ``log.entry.record_key``."""
        ...

    def rows(self, start: int, stop: int) -> Iterator[list[LeafRow]]:
        """Entries in ``[start, stop)`` in batches, in order, in bounded memory."""
        ...
