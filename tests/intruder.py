"""Someone with the database's own password, who changes it behind the ledger's back."""

from __future__ import annotations

from typing import Any

import psycopg

from ledger.adapters.sql.blocks import COLUMNS, Block, Run
from ledger.adapters.sqlite import sqlite_module


class Intruder:
    """Runs SQL on a database by its URL, past triggers and roles. ``?`` marks parameters on both databases."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")

    def run(self, sql: str, *parameters: Any, triggers: bool = False) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, its changes committed; ``triggers`` leaves them on."""
        return self._sqlite(sql, parameters, triggers) if self.is_sqlite else self._postgres(sql, parameters, triggers)

    def _sqlite(self, sql: str, parameters: tuple[Any, ...], triggers: bool) -> list[tuple[Any, ...]]:
        connection = sqlite_module().connect(self.url.removeprefix("sqlite:///"), timeout=30)
        try:
            dropped = [] if triggers else self._dropped(connection)
            rows = connection.execute(sql, parameters).fetchall()
            for statement in dropped:
                connection.execute(statement)
            connection.commit()
            return list(rows)
        finally:
            connection.close()

    def _dropped(self, connection: Any) -> list[str]:
        found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in found:
            connection.execute(f"DROP TRIGGER {name}")
        return [sql for _, sql in found]

    def _postgres(self, sql: str, parameters: tuple[Any, ...], triggers: bool) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            if not triggers:
                connection.execute("SET session_replication_role = replica")
            cursor = connection.execute(sql.replace("?", "%s"), parameters)
            return cursor.fetchall() if cursor.description else []

    def entry(self, seq: int) -> dict[str, Any]:
        """What is stored of an entry: tenant, kind, times, salt, leaf, body, and the key that leads to it."""
        found = self._block(seq)[seq]
        ((key,),) = self.run("SELECT key FROM entry_key WHERE seq = ?", seq)
        return found | {"key": key}

    def alter(self, seq: int, *, alone: bool = False, **columns: Any) -> None:
        """
        Store an entry otherwise, the entries beside it as they were.

        Its time is the time of its whole block, unless it gets a block ``alone``.
        """
        if "key" in columns:
            self.run("UPDATE entry_key SET key = ? WHERE seq = ?", columns.pop("key"), seq)
        if not columns:
            return
        block = self._block(seq)
        block[seq] = block[seq] | columns
        self._put(block, cuts={seq, seq + 1} if alone else set())

    def remove(self, seq: int, stop: int) -> None:
        """Delete entries ``[seq, stop)``; their keys stay."""
        while seq < stop:
            block = self._block(seq)
            self._put({at: entry for at, entry in block.items() if not seq <= at < stop}, gone=block)
            seq = max(block) + 1

    def insert(self, seq: int, like: int) -> None:
        """A copy of another entry at ``seq``; what was there, and all after it, moves on by one."""
        copied = self._block(like)[like]
        ((last,),) = self.run("SELECT max(first + entries) FROM entry_block")
        moved: dict[int, dict[str, Any]] = {seq: copied}
        at = seq
        while at < last:
            block = self._block(at)
            moved |= {n + 1: entry for n, entry in block.items() if n >= at}
            self._put({n: entry for n, entry in block.items() if n < at}, gone=block)
            at = max(block) + 1
        self._put(moved)

    def _block(self, seq: int) -> dict[int, dict[str, Any]]:
        columns = ", ".join(COLUMNS)
        (row,) = self.run(f"SELECT {columns} FROM entry_block WHERE first <= ? ORDER BY first DESC LIMIT 1", seq)
        block = Block.of(row)
        assert seq < block.first + len(block.ends), f"entry {seq} is not there"
        return {
            leaf.seq: {
                "tenant_id": int(leaf.tenant),
                "kind": leaf.kind,
                "occurred_at": leaf.occurred_at,
                "recorded_at": leaf.recorded_at,
                "salt": leaf.salt,
                "leaf": leaf.leaf,
                "body": leaf.body,
            }
            for leaf in block.rows(_Numbers())
        }

    def _put(
        self,
        entries: dict[int, dict[str, Any]],
        cuts: set[int] = frozenset(),  # type: ignore[assignment]
        gone: dict[int, Any] | None = None,
    ) -> None:
        """Write the entries instead of the blocks they, or those ``gone``, were in."""
        for seq in gone or entries:
            self.run("DELETE FROM entry_block WHERE first = ?", seq)
        run: list[int] = []
        for seq in sorted(entries):
            if run and (seq != run[-1] + 1 or seq in cuts):
                self._put_run(run, entries)
                run = []
            run.append(seq)
        if run:
            self._put_run(run, entries)

    def _put_run(self, run: list[int], entries: dict[int, dict[str, Any]]) -> None:
        fields = ("tenant_id", "kind", "occurred_at", "salt", "leaf", "body")
        columns = [[entries[seq][field] for seq in run] for field in fields]
        marks = ", ".join("?" * len(COLUMNS))
        for block in Run(run[0], entries[run[0]]["recorded_at"], *columns).blocks():
            self.run(f"INSERT INTO entry_block ({', '.join(COLUMNS)}) VALUES ({marks})", *block)


class _Numbers(dict[int, str]):
    """Tenants by number, their names being their numbers."""

    def __missing__(self, number: int) -> str:
        return str(number)
