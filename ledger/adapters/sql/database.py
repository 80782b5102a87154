"""What the stores share: one engine, its transactions, errors translated, tenants numbered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from msgspec import json
from sqlalchemy import Connection, CursorResult, Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ledger.adapters.sql.tables import TENANT
from ledger.ports import StoreUnavailable
from ledger.ports.tenancy import EVERYONE, acting_tenant

_ACTING = "acting_tenant"
"""What a connection was told last, beside it; a new one is told ``EVERYONE`` by the engine."""
_FOR_CONNECTION = "SELECT set_config('onecode.tenant', %s, false)"
_FOR_TRANSACTION = "SELECT set_config('onecode.tenant', %s, true)"


@dataclass(slots=True)
class _Together:
    """A transaction that other stores' reading and writing is part of, and whom it was told to act for."""

    engine: Engine
    connection: Connection
    acting: str


_TOGETHER: ContextVar[_Together | None] = ContextVar("together", default=None)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with the two kinds of transaction that the stores use."""

    engine: Engine
    _tenants: dict[str, int] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _writer: Lock = field(default_factory=Lock)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """
        A connection for reading, outside of any transaction that writes.

        SQLite shows all its statements one moment. PostgreSQL shows each its own, so it is spared the two messages
        that would begin and end a transaction.
        """
        held = self._held()
        if held is not None:
            yield held
        elif self.is_sqlite:
            with self._translated(), self.engine.begin() as connection:
                yield connection
        else:
            with self._translated(), self.engine.connect() as connection:
                plain = connection.execution_options(isolation_level="AUTOCOMMIT")
                wanted = acting_tenant()
                if plain.info.get(_ACTING, EVERYONE) != wanted:
                    plain.exec_driver_sql(_FOR_CONNECTION, (wanted,))
                    plain.info[_ACTING] = wanted
                yield plain

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """
        A transaction that means to write from its start; committed at the end, durable then.

        Within ``together`` it is a part of that one.
        """
        held = self._held()
        if held is not None:
            yield held
            return
        # SQLite takes one write at a time and lets the others sleep and look again; threads of one process can queue.
        turn = self._writer if self.is_sqlite else nullcontext()
        with (
            turn,
            self._translated(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if not self.is_sqlite and connection.info.get(_ACTING, EVERYONE) != acting_tenant():
                connection.exec_driver_sql(_FOR_TRANSACTION, (acting_tenant(),))
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """What stores on this database read and write in the block is one transaction: all of it, or nothing."""
        with self.writing() as connection:
            before = _TOGETHER.set(_Together(self.engine, connection, acting_tenant()))
            try:
                yield
            finally:
                _TOGETHER.reset(before)

    def _held(self) -> Connection | None:
        """The transaction that this is part of, told whom it acts for now; ``None`` where it is part of none."""
        found = _TOGETHER.get()
        if found is None or found.engine is not self.engine:
            return None
        if not self.is_sqlite and found.acting != acting_tenant():
            found.acting = acting_tenant()
            found.connection.exec_driver_sql(_FOR_TRANSACTION, (found.acting,))
        return found.connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's own errors too: the stores go below SQLAlchemy where it is slow."""
        driver = self.engine.dialect.dbapi
        assert driver is not None
        try:
            yield
        except (OperationalError, PoolTimeout, driver.OperationalError) as error:
            raise StoreUnavailable(reason=str(getattr(error, "orig", None) or error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailable(reason=str(error.orig)) from error
            raise

    def insert_missing(self) -> type[sqlite.Insert | postgresql.Insert]:
        """The dialect's INSERT that knows ON CONFLICT."""
        return sqlite.Insert if self.is_sqlite else postgresql.Insert

    def among(self, connection: Connection, query: str, values: Sequence[int] | Sequence[str]) -> list[tuple[Any, ...]]:
        """
        Rows of a query that ends where a list of values is to follow ``IN``: many thousands travel as one parameter.

        The values are of one kind, all integers or all texts.
        """
        if not values:
            return []
        return [tuple(row) for row in self._listed(connection, query, values)]

    def change_among(self, connection: Connection, statement: str, values: Sequence[int] | Sequence[str]) -> None:
        """``among`` for a statement that changes rows."""
        if values:
            self._listed(connection, statement, values)

    def _listed(self, connection: Connection, query: str, values: Sequence[int] | Sequence[str]) -> CursorResult[Any]:
        assert query.endswith(" IN")
        if self.is_sqlite:
            listed = f"{query} (SELECT value FROM json_each(?))"  # noqa: S608 - statements of our own
            return connection.exec_driver_sql(listed, (json.encode(values).decode(),))
        # Not a sub-query: a table without statistics yet would be walked once for each of the values.
        kind = "text" if isinstance(values[0], str) else "int8"
        return connection.exec_driver_sql(f"{query[:-3]} = ANY(%s::{kind}[])", (list(values),))

    def tenant_names(self, connection: Connection) -> Mapping[int, str]:
        """Tenants by number, looked up as they are asked for; empty for a number that is nobody's."""
        return _Names(self._names, connection)

    def tenant_id(self, connection: Connection, name: str) -> int:
        """
        The number of a tenant, given one at first sight.

        Only a number that was there already is kept in memory: one just given may yet be rolled back.
        """
        known = self._tenants.get(name)
        if known is not None:
            return known
        query = select(TENANT.c.id).where(TENANT.c.name == name)
        found = connection.execute(query).scalar()
        if found is not None:
            if _TOGETHER.get() is None:
                self._tenants[name] = found
            return int(found)
        connection.execute(self.insert_missing()(TENANT).values(name=name).on_conflict_do_nothing())
        return int(connection.execute(query).scalar_one())


class _Names(dict[int, str]):
    """Names of tenants. What a transaction that writes sees may yet be rolled back, and is not kept."""

    def __init__(self, known: dict[int, str], connection: Connection) -> None:
        super().__init__(known)
        self._known, self._connection = known, connection

    def __missing__(self, number: int) -> str:
        name = str(self._connection.execute(select(TENANT.c.name).where(TENANT.c.id == number)).scalar() or "")
        self[number] = name
        if name and not self._connection.get_execution_options().get("writes"):
            self._known[number] = name
        return name
