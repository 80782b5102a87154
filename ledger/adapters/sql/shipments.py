"""``ports.Shipments`` on a database: a row for each leg, and for each hub operation that names a consignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from msgspec import Struct, json
from sqlalchemy import ColumnElement, Connection, Table, select

from ledger.adapters.sql.corrected import corrected
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.shipment_tables import SHIPMENT_ENTRY
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import LeafRow
from ledger.ports.shipments import Wanted
from ledger.records.record import KIND_NUMBERS

_COLUMNS: Final = ("tenant_id", "consignment", "seq", "route")
_ROWS: Final = Upsert(SHIPMENT_ENTRY, _COLUMNS, ("tenant_id", "consignment", "seq"))
_KINDS: Final = (KIND_NUMBERS["transport_leg"], KIND_NUMBERS["hub_operation"])
_MOST_NAMES: Final = 500
"""Names in one statement."""


class _Moved(Struct, gc=False):
    route: str
    consignment: str | None = None


class _MovedBody(Struct, gc=False):
    record: _Moved


_moved_of = json.Decoder(_MovedBody).decode


@dataclass(frozen=True, slots=True)
class SqlShipments(MarkedTables):
    """The rows on a database."""

    database: Database
    name: ClassVar[str] = "shipments"
    tables: ClassVar[tuple[Table, ...]] = (SHIPMENT_ENTRY,)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        found: list[tuple[str, str, int, str]] = []
        for row in rows:
            if row.kind in _KINDS:
                moved = _moved_of(row.body).record
                if moved.consignment is not None:
                    found.append((row.tenant, moved.consignment, row.seq, moved.route))
        withdrawn = [entry.index for entry in corrected(self.database, rows)]

        def write(connection: Connection) -> None:
            tenants = {name: self.database.tenant_id(connection, name) for name in {row[0] for row in found}}
            _ROWS.run(self.database, connection, [(tenants[tenant], *rest) for tenant, *rest in found])
            self.database.change_among(connection, "DELETE FROM shipment_entry WHERE seq IN", withdrawn)

        return write

    def consignments(self, tenant: str, wanted: Wanted, *, after: str = "", limit: int = 1000) -> list[str]:
        """See ``Shipments.consignments``."""
        c = SHIPMENT_ENTRY.c
        found: set[str] = set()
        for fits in _fitting(wanted):
            query = select(c.consignment).distinct().where(_mine(tenant), c.consignment > after, fits)
            with self.database.reading() as connection:
                found.update(connection.execute(query.order_by(c.consignment).limit(limit)).scalars())
        return sorted(found)[:limit]

    def shows(self, tenant: str, wanted: Wanted, consignment: str) -> bool:
        """See ``Shipments.shows``."""
        c = SHIPMENT_ENTRY.c
        query = select(c.route).distinct().where(_mine(tenant), c.consignment == consignment)
        with self.database.reading() as connection:
            routes = set(connection.execute(query).scalars())
        named = wanted.everything or consignment in wanted.consignments
        return bool(routes) and (named or not routes.isdisjoint(wanted.routes))

    def entries(self, tenant: str, consignments: Sequence[str]) -> dict[str, list[int]]:
        """See ``Shipments.entries``."""
        c = SHIPMENT_ENTRY.c
        found: dict[str, list[int]] = {}
        for start in range(0, len(consignments), _MOST_NAMES):
            names = consignments[start : start + _MOST_NAMES]
            query = select(c.consignment, c.seq).where(_mine(tenant), c.consignment.in_(names)).order_by(c.seq)
            with self.database.reading() as connection:
                for name, seq in connection.execute(query):
                    found.setdefault(name, []).append(seq)
        return found


def _mine(tenant: str) -> ColumnElement[bool]:
    number = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
    return SHIPMENT_ENTRY.c.tenant_id == number


def _fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions that together find what is wanted, none with more names than a statement takes."""
    c = SHIPMENT_ENTRY.c
    if wanted.everything:
        return [c.seq >= 0]
    columns: list[tuple[Any, list[str]]] = [
        (c.consignment, sorted(wanted.consignments)),
        (c.route, sorted(wanted.routes)),
    ]
    return [
        column.in_(names[start : start + _MOST_NAMES])
        for column, names in columns
        for start in range(0, len(names), _MOST_NAMES)
    ]
