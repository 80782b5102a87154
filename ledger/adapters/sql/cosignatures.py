"""``ports.witnesses.Cosignatures`` on a database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, select

from ledger.adapters.sql.changes import count_step
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.witness_tables import COSIGNATURE, WITNESS_ANSWER, WITNESSED
from ledger.ports.witnesses import Asked


@dataclass(frozen=True, slots=True)
class SqlCosignatures:
    """Rows on a database."""

    database: Database

    def add(self, size: int, witness: str, time: int, line: str) -> None:
        """See ``Cosignatures.add``."""
        self._insert(COSIGNATURE, {"size": size, "witness": witness, "time": time, "line": line})

    def has(self, size: int, witness: str) -> bool:
        """See ``Cosignatures.has``."""
        c = COSIGNATURE.c
        with self.database.reading() as connection:
            found = connection.execute(select(c.time).where(c.size == size, c.witness == witness)).first()
        return found is not None

    def times(self) -> dict[str, int]:
        """See ``Cosignatures.times``."""
        c, said = COSIGNATURE.c, WITNESS_ANSWER.c  # one row a witness, whatever the number of its cosignatures
        last = select(c.witness, c.time).join(WITNESS_ANSWER, and_(c.witness == said.witness, c.size == said.size))
        with self.database.reading() as connection:
            return {witness: int(time) for witness, time in connection.execute(last)}

    def mark(self, size: int) -> None:
        """See ``Cosignatures.mark``."""
        self._insert(WITNESSED, {"size": size})

    def _insert(self, table: Any, row: dict[str, object]) -> None:
        with self.database.writing() as connection:
            connection.execute(self.database.insert_missing()(table).values(row).on_conflict_do_nothing())
            count_step(self.database, connection)

    def asked(self, said: Asked) -> None:
        """See ``Cosignatures.asked``."""
        row = asdict(said)
        statement: Any = self.database.insert_missing()(WITNESS_ANSWER).values(row)
        later = {name: statement.excluded[name] for name in row if name != "witness"}
        with self.database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["witness"], set_=later))

    def answers(self) -> list[Asked]:
        """See ``Cosignatures.answers``."""
        with self.database.reading() as connection:
            rows = connection.execute(select(WITNESS_ANSWER).order_by(WITNESS_ANSWER.c.witness)).mappings()
            return [Asked(**row) for row in rows]
