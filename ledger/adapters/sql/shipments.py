"""
``ports.Shipments`` on a database: a row for each leg, and for each hub operation, that names a consignment; and one for
each category and route of a shipment that was offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from msgspec import Struct, json
from sqlalchemy import ColumnElement, Connection, Table, select, true

from ledger.adapters.sql.corrected import corrected
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.shipment_tables import SHIPMENT_CATEGORY, SHIPMENT_ENTRY
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import LeafRow
from ledger.ports.shipments import Wanted
from ledger.records.record import KIND_NUMBERS

_COLUMNS: Final = ("tenant_id", "consignment", "seq", "route")
_ROWS: Final = Upsert(SHIPMENT_ENTRY, _COLUMNS, ("tenant_id", "consignment", "seq"))
_CATEGORY_COLUMNS: Final = ("tenant_id", "category", "consignment", "route")
_CATEGORIES: Final = Upsert(SHIPMENT_CATEGORY, _CATEGORY_COLUMNS, _CATEGORY_COLUMNS)
_KINDS: Final = (KIND_NUMBERS["transport_leg"], KIND_NUMBERS["hub_operation"])
_OFFERED: Final = KIND_NUMBERS["logistics_footprint"]
_MOST_NAMES: Final = 500
"""Names in one statement."""


class _Moved(Struct, gc=False):
    route: str
    consignment: str | None = None


class _MovedBody(Struct, gc=False):
    record: _Moved


class _Offered(Struct, gc=False):
    name: str
    categories: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


class _OfferedBody(Struct, gc=False):
    record: _Offered


_offered_of = json.Decoder(_OfferedBody).decode
_moved_of = json.Decoder(_MovedBody).decode


@dataclass(frozen=True, slots=True)
class SqlShipments(MarkedTables):
    """The rows on a database."""

    database: Database
    name: ClassVar[str] = "shipments"
    tables: ClassVar[tuple[Table, ...]] = (SHIPMENT_ENTRY, SHIPMENT_CATEGORY)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        found: list[tuple[str, str, int, str]] = []
        categories: set[tuple[str, str, str, str]] = set()
        for row in rows:
            if row.kind in _KINDS:
                moved = _moved_of(row.body).record
                if moved.consignment is not None:
                    found.append((row.tenant, moved.consignment, row.seq, moved.route))
            elif row.kind == _OFFERED:
                one = _offered_of(row.body).record
                categories.update(
                    (row.tenant, each, one.name, route) for each in one.categories for route in one.routes
                )
        withdrawn = [entry.index for entry in corrected(self.database, rows)]

        def write(connection: Connection) -> None:
            named = {row[0] for row in (*found, *categories)}
            tenants = {name: self.database.tenant_id(connection, name) for name in named}
            _ROWS.run(self.database, connection, [(tenants[tenant], *rest) for tenant, *rest in found])
            held = [(tenants[tenant], *rest) for tenant, *rest in sorted(categories)]
            _CATEGORIES.run(self.database, connection, held)
            self.database.change_among(connection, "DELETE FROM shipment_entry WHERE seq IN", withdrawn)

        return write

    def consignments(self, tenant: str, wanted: Wanted, *, after: str = "", limit: int = 1000) -> list[str]:
        """See ``Shipments.consignments``."""
        c = SHIPMENT_ENTRY.c
        found: set[str] = set()
        for fits in _fitting(wanted, c):
            query = select(c.consignment).distinct().where(_mine(tenant, c), c.consignment > after, fits)
            with self.database.reading() as connection:
                found.update(connection.execute(query.order_by(c.consignment).limit(limit)).scalars())
        return sorted(found)[:limit]

    def shows(self, tenant: str, wanted: Wanted, consignment: str) -> bool:
        """See ``Shipments.shows``."""
        c = SHIPMENT_ENTRY.c
        query = select(c.route).distinct().where(_mine(tenant, c), c.consignment == consignment)
        with self.database.reading() as connection:
            routes = set(connection.execute(query).scalars())
        return bool(routes) and wanted.covers(consignment, routes)

    def entries(self, tenant: str, consignments: Sequence[str]) -> dict[str, list[int]]:
        """See ``Shipments.entries``."""
        c = SHIPMENT_ENTRY.c
        found: dict[str, list[int]] = {}
        for start in range(0, len(consignments), _MOST_NAMES):
            names = consignments[start : start + _MOST_NAMES]
            query = select(c.consignment, c.seq).where(_mine(tenant, c), c.consignment.in_(names)).order_by(c.seq)
            with self.database.reading() as connection:
                for name, seq in connection.execute(query):
                    found.setdefault(name, []).append(seq)
        return found

    def categories(self, tenant: str, wanted: Wanted, names: Sequence[str]) -> set[str]:
        """See ``Shipments.categories``."""
        c = SHIPMENT_CATEGORY.c
        found: set[str] = set()
        for start in range(0, len(names), _MOST_NAMES):
            held = names[start : start + _MOST_NAMES]
            for fits in _fitting(wanted, c):
                query = select(c.category).distinct().where(_mine(tenant, c), c.category.in_(held), fits)
                with self.database.reading() as connection:
                    found.update(connection.execute(query).scalars())
        return found


def _mine(tenant: str, c: Any) -> ColumnElement[bool]:
    number = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
    return cast("ColumnElement[bool]", c.tenant_id == number)


def _fitting(wanted: Wanted, c: Any) -> list[ColumnElement[bool]]:
    """Conditions that together find what is wanted, none with more names than a statement takes."""
    if wanted.everything:
        return [true()]
    columns: list[tuple[Any, list[str]]] = [
        (c.consignment, sorted(wanted.consignments)),
        (c.route, sorted(wanted.routes)),
    ]
    return [
        column.in_(names[start : start + _MOST_NAMES])
        for column, names in columns
        for start in range(0, len(names), _MOST_NAMES)
    ]
