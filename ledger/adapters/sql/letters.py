"""Letters that wait, on a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.letter_tables import DESK_SETTING, LETTER
from ledger.adapters.sql.tables import TENANT
from ledger.ports.letters import Letter, LetterState

_MOVES = ("state", "attempts", "next_at", "claimed_until", "trouble", "token_hash", "used_at")


@dataclass(frozen=True, slots=True)
class SqlLetters:
    """``ports.letters.LetterStore`` on a database."""

    database: Database

    def put(self, letters: Sequence[Letter]) -> None:
        """See ``LetterStore.put``."""
        if not letters:
            return
        with self.database.writing() as connection:
            rows = [one._asdict() for one in letters]
            for row in rows:
                row["tenant_id"] = self.database.tenant_id(connection, row.pop("tenant"))
            connection.execute(self.database.insert_missing()(LETTER).on_conflict_do_nothing(), rows)

    def claim(self, now: int, until: int) -> Letter | None:
        """See ``LetterStore.claim``."""
        c = LETTER.c
        due = _all().where(c.state == "waiting", c.next_at <= now).order_by(c.next_at, c.id).limit(1)
        while (found := next(iter(self._rows(due)), None)) is not None:
            with self.database.writing() as connection:
                own = self._own(connection, found) & (c.state == "waiting")
                taken = update(LETTER).where(own).values(state="sending", claimed_until=until)
                if connection.execute(taken).rowcount == 1:
                    return found._replace(state="sending", claimed_until=until)
        return None

    def lapsed(self, now: int, state: LetterState, trouble: str) -> int:
        """See ``LetterStore.lapsed``."""
        c = LETTER.c
        left = (c.state == "sending") & (c.claimed_until < now)
        if not self._rows(_all().where(left).limit(1)):
            return 0
        with self.database.writing() as connection:
            return connection.execute(update(LETTER).where(left).values(state=state, trouble=trouble)).rowcount

    def moved(self, letter: Letter) -> None:
        """See ``LetterStore.moved``."""
        said = {name: getattr(letter, name) for name in _MOVES}
        with self.database.writing() as connection:
            connection.execute(update(LETTER).where(self._own(connection, letter)).values(**said))

    def listed(self, tenant: str, limit: int, request: str = "") -> list[Letter]:
        """See ``LetterStore.listed``."""
        c = LETTER.c
        mine = _all().where(TENANT.c.name == tenant, *([c.request == request] if request else []))
        return self._rows(mine.order_by(c.created_at.desc(), c.id).limit(limit))

    def by_token(self, token_hash: bytes) -> Letter | None:
        """See ``LetterStore.by_token``."""
        return next(iter(self._rows(_all().where(LETTER.c.token_hash == token_hash).limit(1))), None)

    def use(self, letter: Letter, now: int) -> bool:
        """See ``LetterStore.use``."""
        with self.database.writing() as connection:
            own = self._own(connection, letter) & (LETTER.c.used_at == 0) & (LETTER.c.token_hash == letter.token_hash)
            return connection.execute(update(LETTER).where(own).values(used_at=now)).rowcount == 1

    def setting(self, tenant: str, name: str) -> str | None:
        """See ``LetterStore.setting``."""
        c = DESK_SETTING.c
        query = select(c.value).join(TENANT, TENANT.c.id == c.tenant_id).where(TENANT.c.name == tenant, c.name == name)
        with self.database.reading() as connection:
            return connection.execute(query).scalar()

    def set(self, tenant: str, name: str, value: str) -> None:
        """See ``LetterStore.set``."""
        with self.database.writing() as connection:
            key = {"tenant_id": self.database.tenant_id(connection, tenant), "name": name}
            insert = self.database.insert_missing()(DESK_SETTING).values(**key, value=value)
            connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_={"value": value}))

    def _own(self, connection: Connection, letter: Letter) -> Any:
        number = self.database.tenant_id(connection, letter.tenant)
        return (LETTER.c.tenant_id == number) & (LETTER.c.id == letter.id)

    def _rows(self, query: Select[Any]) -> list[Letter]:
        with self.database.reading() as connection:
            rows = list(connection.execute(query))
        return [
            Letter(
                **{name: getattr(row, name) for name in Letter._fields if name != "token_hash"},
                token_hash=bytes(row.token_hash),
            )
            for row in rows
        ]


def _all() -> Select[Any]:
    return select(LETTER, TENANT.c.name.label("tenant")).join(TENANT, TENANT.c.id == LETTER.c.tenant_id)
