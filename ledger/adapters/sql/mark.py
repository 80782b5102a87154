"""How far a projection has come, moved in the transaction that writes what it computed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import WATERMARK
from ledger.adapters.sql.upsert import Upsert
from ledger.errors import StoreError

_MARK = Upsert(WATERMARK, ("projection", "seq"), ("projection",))


class ProjectionGap(StoreError):
    """Entries were handed to the projections out of order."""

    code = "store.projection-gap"
    expected: int
    got: int
    en = "the projections are at entry {expected}, entry {got} came next"
    zh = "投影已处理到第 {expected} 号条目，却收到第 {got} 号"
    fix_en = "Run `ledger rebuild`"
    fix_zh = "请运行 `ledger rebuild`"


@dataclass(frozen=True, slots=True)
class Mark:
    """The watermark of one projection, by its name."""

    database: Database
    name: str

    def at(self) -> int:
        """How many entries are folded in."""
        with self.database.reading() as connection:
            found = connection.execute(select(WATERMARK.c.seq).where(WATERMARK.c.projection == self.name)).scalar()
        return int(found or 0)

    def taken(self, connection: Connection, first: int, stop: int) -> bool:
        """
        Move it from ``first`` to ``stop``, locked until the transaction ends; False when another worker was there.

        Raises ``ProjectionGap`` when entries before ``first`` are not folded yet.
        """
        _MARK.run(self.database, connection, [(self.name, 0)])
        own = WATERMARK.c.projection == self.name
        at = connection.execute(select(WATERMARK.c.seq).where(own).with_for_update()).scalar_one()
        if first < at:
            return False
        if first > at:
            raise ProjectionGap(expected=at, got=first)
        connection.execute(update(WATERMARK).where(own).values(seq=stop))
        return True

    def forget(self, connection: Connection) -> None:
        """Back to the start, in the transaction that empties the tables."""
        connection.execute(delete(WATERMARK).where(WATERMARK.c.projection == self.name))
