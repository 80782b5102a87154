"""Many rows into a table at once, on either database: insert, and where the key is taken add, move or leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, Table

from ledger.adapters.sql.database import Database


@dataclass(frozen=True, slots=True)
class Upsert:
    """
    How rows of ``columns`` enter a table; with nothing but a table, rows whose key is taken are left out.

    Where the key is taken, ``added`` grow by the new value, ``least`` and ``most`` keep the outer one, and ``moved``
    take the new one when ``when`` holds (SQL over the table's name and ``excluded``). A key comes once in ``rows``.
    """

    table: Table
    columns: tuple[str, ...]
    key: tuple[str, ...]
    added: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    most: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    when: str = ""

    def run(self, database: Database, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write the rows; below SQLAlchemy's statement cache, because one fold writes tens of thousands."""
        if not rows:
            return
        head = f"INSERT INTO {self.table.name} ({', '.join(self.columns)})"
        tail = self._taken("min", "max") if database.is_sqlite else self._taken("least", "greatest")
        if database.is_sqlite:
            connection.exec_driver_sql(f"{head} VALUES ({', '.join('?' * len(self.columns))}) {tail}", list(rows))
        else:
            arrays = ", ".join(f"%s::{self._type(name)}[]" for name in self.columns)
            columns = tuple(map(list, zip(*rows, strict=True)))
            statement = f"{head} SELECT * FROM unnest({arrays}) {tail}"  # noqa: S608 - names of our own tables
            connection.exec_driver_sql(statement, columns)

    def _taken(self, lesser: str, greater: str) -> str:
        table = self.table.name
        changes = [f"{name} = {table}.{name} + excluded.{name}" for name in self.added]
        changes += [f"{name} = {lesser}({table}.{name}, excluded.{name})" for name in self.least]
        changes += [f"{name} = {greater}({table}.{name}, excluded.{name})" for name in self.most]
        changes += [f"{name} = excluded.{name}" for name in self.moved]
        if not changes:
            return "ON CONFLICT DO NOTHING"
        condition = f" WHERE {self.when}" if self.when else ""
        return f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET {', '.join(changes)}{condition}"

    def _type(self, name: str) -> str:
        """As text, not as VARCHAR(n): a cast to that would cut a long value in silence."""
        kind = self.table.c[name].type
        return "text" if isinstance(kind, String) else str(kind.compile())
