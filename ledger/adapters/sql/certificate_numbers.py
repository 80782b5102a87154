"""``ports.CertificateNumbers`` on a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, Table, select, update

from ledger.adapters.sql.certificate_tables import CERTIFICATE_NUMBERS
from ledger.adapters.sql.corrected import corrected
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.upsert import Upsert
from ledger.log.proof import record_of
from ledger.ports import LeafRow
from ledger.records.correction import corrects_of
from ledger.records.energy_certificate import EnergyCertificate, serials_of
from ledger.records.record import KIND_NUMBERS, decode_body

_KIND: Final = "energy_certificate"
_NUMBER: Final = KIND_NUMBERS[_KIND]
_CORRECTION: Final = KIND_NUMBERS["correction"]
_ROWS: Final = Upsert(CERTIFICATE_NUMBERS, ("seq", "issuer", "stem", "first", "last", "gone"), ("seq",))


@dataclass(frozen=True, slots=True)
class SqlCertificateNumbers(MarkedTables):
    """The numbers on a database."""

    database: Database
    name: ClassVar[str] = "certificate_numbers"
    tables: ClassVar[tuple[Table, ...]] = (CERTIFICATE_NUMBERS,)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        held = []
        for row in rows:
            if row.kind == _NUMBER:
                certificate = decode_body(row.body, _KIND)
                assert isinstance(certificate, EnergyCertificate)
                held.append((row.seq, *serials_of(certificate), 0))
        by = {(row.tenant, corrects_of(row.body)): row.seq for row in rows if row.kind == _CORRECTION}
        gone = []
        for entry in corrected(self.database, rows) if by else ():
            record = record_of(entry)
            if record["kind"] == _KIND:
                gone.append((entry.index, by[entry.tenant, record["id"]]))

        def write(connection: Connection) -> None:
            _ROWS.run(self.database, connection, held)
            c = CERTIFICATE_NUMBERS.c
            for seq, at in gone:
                connection.execute(update(CERTIFICATE_NUMBERS).where(c.seq == seq).values(gone=at))

        return write

    def taken(self, entries: Sequence[int], size: int | None = None) -> set[int]:
        """See ``CertificateNumbers.taken``."""
        with self.database.reading() as connection:
            columns = "SELECT seq, issuer, stem, first, last, gone FROM certificate_numbers WHERE seq IN"
            rows = self.database.among(connection, columns, list(entries))
            known: dict[int, bool] = {}
            return {row[0] for row in rows if _taken(connection, row, size, known)}


def _taken(connection: Connection, row: Sequence[Any], size: int | None, known: dict[int, bool]) -> bool:
    """
    Whether an earlier entry that stands holds one of its numbers, and is not taken itself; asked oldest first.

    On a stack of its own: runs of numbers may hang together further than calls can be nested.
    """
    open_ones = [] if row[0] in known else [(row[0], _earlier(connection, row, size))]
    while open_ones:
        seq, earlier = open_ones[-1]
        holder = next((one for one in earlier if not known.get(one[0])), None)
        if holder is not None and holder[0] not in known:
            open_ones.append((holder[0], _earlier(connection, holder, size)))
            continue
        known[seq] = holder is not None
        open_ones.pop()
    return known[row[0]]


def _earlier(connection: Connection, row: Sequence[Any], size: int | None) -> list[Sequence[Any]]:
    """Entries before it that hold one of its numbers and stand in a log of ``size``, oldest first."""
    seq, issuer, stem, first, last, _ = row
    c = CERTIFICATE_NUMBERS.c
    query = select(c.seq, c.issuer, c.stem, c.first, c.last, c.gone).where(
        c.issuer == issuer, c.stem == stem, c.first <= last, c.last >= first, c.seq < seq
    )
    found = connection.execute(query.order_by(c.seq)).all()
    return [tuple(one) for one in found if not one.gone or (size is not None and one.gone >= size)]
