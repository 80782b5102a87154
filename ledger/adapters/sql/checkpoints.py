"""Checkpoints, tiles and what was sent to the chain; leases with fences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, and_, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from ledger.adapters.sql.changes import count_step
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import CHECKPOINT, LEASE, TILE
from ledger.adapters.sql.witness_tables import COSIGNATURE, WITNESSED
from ledger.log.checkpoint import Checkpoint
from ledger.ports import (
    ChainReceipt,
    Holding,
    Lease,
    LeaseLost,
    SignedTransaction,
    State,
    StoredCheckpoint,
    TileId,
)

_AT_LEAST: dict[State, tuple[State, ...]] = {
    "checkpointed": ("checkpointed", "anchored", "confirmed"),
    "anchored": ("anchored", "confirmed"),
    "confirmed": ("confirmed",),
}


@dataclass(frozen=True, slots=True)
class SqlCheckpoints:
    """``ports.CheckpointStore`` on a database."""

    database: Database

    def latest(self) -> StoredCheckpoint | None:
        """See ``CheckpointStore.latest``."""
        found = self.newest(1)
        return found[0] if found else None

    def get(self, size: int) -> StoredCheckpoint | None:
        """See ``CheckpointStore.get``."""
        found = self._chosen(select(CHECKPOINT).where(CHECKPOINT.c.size == size))
        return found[0] if found else None

    def covering(self, index: int, state: State | None = None) -> StoredCheckpoint | None:
        """See ``CheckpointStore.covering``."""
        over = select(CHECKPOINT).where(CHECKPOINT.c.size > index).order_by(CHECKPOINT.c.size).limit(1)
        found = self._chosen(over.where(CHECKPOINT.c.state.in_(_AT_LEAST[state])) if state else over)
        return found[0] if found else None

    def witnessed(self, index: int) -> StoredCheckpoint | None:
        """See ``CheckpointStore.witnessed``."""
        met = and_(CHECKPOINT.c.size > index, CHECKPOINT.c.state == "confirmed", CHECKPOINT.c.size == WITNESSED.c.size)
        found = self._chosen(select(CHECKPOINT).where(met).order_by(CHECKPOINT.c.size).limit(1))
        return found[0] if found else None

    def all(self, after: int = 0, limit: int = 1000) -> list[StoredCheckpoint]:
        """See ``CheckpointStore.all``."""
        return self._chosen(
            select(CHECKPOINT).where(CHECKPOINT.c.size > after).order_by(CHECKPOINT.c.size).limit(limit)
        )

    def reached(self, state: State) -> StoredCheckpoint | None:
        """See ``CheckpointStore.reached``."""
        there = select(CHECKPOINT).where(CHECKPOINT.c.state.in_(_AT_LEAST[state]))
        found = self._chosen(there.order_by(CHECKPOINT.c.size.desc()).limit(1))
        return found[0] if found else None

    def unsettled(self) -> dict[str, int]:
        """See ``CheckpointStore.unsettled``."""
        c = CHECKPOINT.c
        last = select(func.coalesce(func.max(c.size), 0)).where(c.state == "confirmed").scalar_subquery()
        step = case((and_(c.state == "checkpointed", c.tx_raw.is_not(None)), "sent"), else_=c.state)
        counted = select(step, func.count()).where(c.size > last).group_by(step)
        with self.database.reading() as connection:
            return {str(name): int(count) for name, count in connection.execute(counted)}

    def in_flight(self, size: int) -> list[StoredCheckpoint]:
        """See ``CheckpointStore.in_flight``."""
        sent = and_(CHECKPOINT.c.size > size, CHECKPOINT.c.tx_raw.is_not(None))
        return self._chosen(select(CHECKPOINT).where(sent).order_by(CHECKPOINT.c.size))

    def anchored(self) -> list[StoredCheckpoint]:
        """See ``CheckpointStore.anchored``."""
        confirmed = select(func.coalesce(func.max(CHECKPOINT.c.size), 0)).where(CHECKPOINT.c.state == "confirmed")
        open_ = and_(CHECKPOINT.c.state == "anchored", CHECKPOINT.c.size > confirmed.scalar_subquery())
        return self._chosen(select(CHECKPOINT).where(open_).order_by(CHECKPOINT.c.size))

    def newest(self, limit: int) -> list[StoredCheckpoint]:
        """See ``CheckpointStore.newest``."""
        return self._chosen(select(CHECKPOINT).order_by(CHECKPOINT.c.size.desc()).limit(limit))

    def _chosen(self, query: Any) -> list[StoredCheckpoint]:
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
            if not rows:
                return []
            sizes = [row.size for row in rows]
            c = COSIGNATURE.c
            near = select(c.size, c.line).where(c.size.between(min(sizes), max(sizes))).order_by(c.size, c.witness)
            lines: dict[int, str] = {}
            for size, line in connection.execute(near):
                lines[size] = lines.get(size, "") + line
            return [_stored(row, lines.get(row.size, "")) for row in rows]

    def add(self, previous: int, checkpoint: Checkpoint, note: str, now: int, tiles: Mapping[TileId, bytes]) -> bool:
        """See ``CheckpointStore.add``."""
        row = {
            "size": checkpoint.size,
            "previous_size": previous,
            "origin": checkpoint.origin,
            "root": checkpoint.root,
            "note": note,
            "created_at": now,
            "state": "checkpointed",
        }
        try:
            with self.database.writing() as connection:
                connection.execute(insert(CHECKPOINT), row)
                count_step(self.database, connection)
                self._put_tiles(connection, tiles)
        except IntegrityError:
            return False  # another worker closed it: its tiles are the same
        return True

    def _put_tiles(self, connection: Connection, tiles: Mapping[TileId, bytes]) -> None:
        statement: Any = self.database.insert_missing()(TILE)
        statement = statement.on_conflict_do_update(
            index_elements=["level", "number"],
            set_={"hashes": statement.excluded.hashes},
            # A tile only grows; a late writer must not shorten it.
            where=func.length(TILE.c.hashes) < func.length(statement.excluded.hashes),
        )
        rows = [{"level": place[0], "number": place[1], "hashes": hashes} for place, hashes in tiles.items()]
        for start in range(0, len(rows), 500):
            connection.execute(statement, rows[start : start + 500])

    def tiles(self, ids: Sequence[TileId]) -> dict[TileId, bytes]:
        """See ``CheckpointStore.tiles``."""
        found: dict[TileId, bytes] = {}
        with self.database.reading() as connection:
            for start in range(0, len(ids), 500):
                numbers: dict[int, list[int]] = {}
                for level, number in ids[start : start + 500]:
                    numbers.setdefault(level, []).append(number)
                some = (and_(TILE.c.level == level, TILE.c.number.in_(those)) for level, those in numbers.items())
                rows = connection.execute(select(TILE.c.level, TILE.c.number, TILE.c.hashes).where(or_(*some)))
                found |= {TileId(level, number): bytes(hashes) for level, number, hashes in rows}
        return found

    def note_sent(self, lease: Lease, size: int, transaction: SignedTransaction) -> None:
        """See ``CheckpointStore.note_sent``."""
        values = {
            "tx_raw": transaction.raw,
            "tx_hash": transaction.hash,
            "tx_sender": transaction.sender,
            "tx_nonce": transaction.nonce,
        }
        with self.database.writing() as connection:
            _guard(connection, lease)
            connection.execute(update(CHECKPOINT).where(CHECKPOINT.c.size == size).values(values))

    def advance(self, lease: Lease, size: int, state: State, receipt: ChainReceipt | None, note: str) -> None:
        """See ``CheckpointStore.advance``."""
        mine = {
            "state": state,
            "receipt_note": note,
            "chain_id": receipt.chain_id if receipt else None,
            "contract": receipt.contract if receipt else None,
            "block_number": receipt.block_number if receipt else None,
            "block_hash": receipt.block_hash if receipt else None,
            "block_time": receipt.block_time if receipt else None,
            "gas_used": receipt.gas_used if receipt else None,
        }
        if receipt:
            mine["tx_hash"] = receipt.transaction
        with self.database.writing() as connection:
            _guard(connection, lease)
            connection.execute(update(CHECKPOINT).where(CHECKPOINT.c.size == size).values(mine))
            count_step(self.database, connection)


@dataclass(frozen=True, slots=True)
class SqlLeases:
    """``ports.LeaseStore`` on a database. ``now`` gives microseconds."""

    database: Database
    now: Callable[[], int]

    def acquire(self, name: str, holder: str, seconds: int) -> Lease | None:
        """See ``LeaseStore.acquire``."""
        now = self.now()
        free = {"name": name, "holder": "", "fence": 0, "expires_at": 0}
        with self.database.writing() as connection:
            connection.execute(self.database.insert_missing()(LEASE).values(free).on_conflict_do_nothing())
            row = connection.execute(select(LEASE).where(LEASE.c.name == name).with_for_update()).one()
            mine = row.holder == holder and row.expires_at > now
            if row.expires_at > now and not mine:
                return None
            fence = row.fence if mine else row.fence + 1
            taken = {"holder": holder, "fence": fence, "expires_at": now + seconds * 1_000_000}
            connection.execute(update(LEASE).where(LEASE.c.name == name).values(taken))
        return Lease(name, holder, fence)

    def release(self, lease: Lease) -> None:
        """See ``LeaseStore.release``."""
        held = and_(LEASE.c.name == lease.name, LEASE.c.fence == lease.fence, LEASE.c.holder == lease.holder)
        with self.database.writing() as connection:
            connection.execute(update(LEASE).where(held).values(expires_at=0))

    def holding(self, name: str) -> Holding | None:
        """See ``LeaseStore.holding``."""
        with self.database.reading() as connection:
            asked = select(LEASE.c.fence, LEASE.c.expires_at).where(LEASE.c.name == name)
            row = connection.execute(asked).first()
        return Holding(row.fence, row.expires_at) if row else None


def _guard(connection: Connection, lease: Lease) -> None:
    """Fencing: the write goes on only while no later holder has taken the lease."""
    row = connection.execute(select(LEASE.c.fence).where(LEASE.c.name == lease.name).with_for_update()).first()
    if row is None or row.fence != lease.fence:
        raise LeaseLost(name=lease.name)


def _stored(row: Row[Any], cosignatures: str) -> StoredCheckpoint:
    transaction = None
    if row.tx_raw is not None:
        transaction = SignedTransaction(bytes(row.tx_raw), bytes(row.tx_hash), row.tx_sender, row.tx_nonce)
    receipt = None
    if row.block_number is not None:
        receipt = ChainReceipt(
            row.chain_id,
            row.contract,
            bytes(row.tx_hash),
            row.block_number,
            bytes(row.block_hash),
            row.block_time,
            succeeded=True,
            gas_used=row.gas_used,
        )
    return StoredCheckpoint(
        row.previous_size,
        Checkpoint(row.origin, row.size, bytes(row.root)),
        row.note,
        row.created_at,
        cast(State, row.state),
        transaction,
        receipt,
        row.receipt_note,
        cosignatures,
    )
