"""Someone with the database's own password, who changes it behind the ledger's back."""

from __future__ import annotations

from typing import Any

import psycopg

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
