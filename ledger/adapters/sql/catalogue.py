"""
``ports.CatalogueRows`` on a database: all rows of a supplier are made anew when something is recorded of it, and all of
a tenant when rules are.

Records are read that may be newer than the batch. What is newer comes in a later batch and makes the same rows again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, case, func, not_, or_, select

from ledger.adapters.sql.catalogue_tables import CATALOGUE_LISTED, CATALOGUE_ROW
from ledger.adapters.sql.corrected import corrected
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.projections import SqlProjections
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.log.proof import record_of
from ledger.ports import EntryStore, LeafRow, Projections
from ledger.ports.catalogue import Sought, Spot, Tallied
from ledger.records.record import KIND_NUMBERS, KINDS, decode_body
from ledger.services.catalogue_facts import PRODUCT, Facts, day_of, editions_of, listed_spans, products_of
from ledger.services.project import catch_up

_OF_SUPPLIER: Final = frozenset(
    KIND_NUMBERS[kind]
    for kind in (
        PRODUCT, "supplier_certificate", "certificate_status", "pcf", "product_footprint", "pcf_review", "pcf_status",
        "assessment", "assessment_step",
    )
)  # fmt: skip
_RULES: Final = frozenset(KIND_NUMBERS[kind] for kind in ("catalogue_rules", "assessment_scheme"))
_STATUS: Final = KIND_NUMBERS["pcf_status"]
_ROW: Final = ("tenant_id", "seq", "supplier", "catalogue", "category", "name", "since", "said", "owner")
_SPAN: Final = ("tenant_id", "seq", "begins", "ends", "supplier")
_ROWS: Final = Upsert(CATALOGUE_ROW, _ROW, ("tenant_id", "seq"))
_SPANS: Final = Upsert(CATALOGUE_LISTED, _SPAN, ("tenant_id", "seq", "begins"))


class _Log(NamedTuple):
    """What is read: the log, and where its records are."""

    entries: EntryStore
    projections: Projections


@dataclass(frozen=True, slots=True)
class SqlCatalogue(MarkedTables):
    """The rows on a database."""

    database: Database
    name: ClassVar[str] = "catalogue"
    tables: ClassVar[tuple[Table, ...]] = (CATALOGUE_ROW, CATALOGUE_LISTED)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        log = _Log(SqlEntries(self.database), SqlProjections(self.database))
        about = [(row.tenant, row.kind, row.body) for row in rows]
        about += [
            (one.tenant, KIND_NUMBERS[record_of(one)["kind"]], one.body) for one in corrected(self.database, rows)
        ]
        whole = {tenant for tenant, kind, _ in about if kind in _RULES}
        named = {
            (tenant, supplier)
            for tenant, kind, body in about
            if kind in _OF_SUPPLIER and tenant not in whole
            for supplier in _supplier(log, tenant, kind, body)
        }
        made: list[tuple[str, list[str] | None, list[tuple[Any, ...]], list[tuple[Any, ...]]]] = []
        if named or whole:
            catch_up(log.entries, log.projections)
        for tenant in sorted(whole | {tenant for tenant, _ in named}):
            own = None if tenant in whole else sorted(supplier for owner, supplier in named if owner == tenant)
            made.append((tenant, own, *_made(log, tenant, own)))

        def write(connection: Connection) -> None:
            for tenant, own, products, spans in made:
                number = self.database.tenant_id(connection, tenant)
                for table in self.tables:
                    clear = f"DELETE FROM {table.name} WHERE tenant_id = {number}"  # noqa: S608 - names of ours
                    if own is None:
                        connection.exec_driver_sql(clear)
                    else:
                        self.database.change_among(connection, f"{clear} AND supplier IN", own)
                _ROWS.run(self.database, connection, [(number, *row) for row in products])
                _SPANS.run(self.database, connection, [(number, *span) for span in spans])

        return write

    def page(self, tenant: str, sought: Sought, after: Spot | None = None, limit: int = 50) -> list[int]:
        """See ``CatalogueRows.page``."""
        c, found = CATALOGUE_ROW.c, list[int]()
        categories = list(sought.categories)
        if after is not None:
            categories = categories[categories.index(after.category) :] if after.category in categories else []
        with self.database.reading() as connection:
            for category in categories:
                query = select(c.seq).where(_fits(tenant, sought), c.category == category).order_by(c.name, c.seq)
                if after is not None and category == after.category:
                    query = query.where(or_(c.name > after.name, and_(c.name == after.name, c.seq > after.seq)))
                found += connection.execute(query.limit(limit - len(found))).scalars()
                if len(found) >= limit:
                    break
        return found

    def tally(self, tenant: str, sought: Sought) -> dict[str, Tallied]:
        """See ``CatalogueRows.tally``."""
        c = CATALOGUE_ROW.c
        listed = func.sum(case((_listed(sought.day), 1), else_=0))
        query = select(c.category, func.count(), listed).where(_fits(tenant, sought)).group_by(c.category)
        with self.database.reading() as connection:
            return {name: Tallied(int(every), int(some)) for name, every, some in connection.execute(query)}

    def left(self, tenant: str, sought: Sought) -> int:
        """See ``CatalogueRows.left``."""
        c = CATALOGUE_ROW.c
        query = select(func.count()).select_from(CATALOGUE_ROW).where(_mine(tenant), c.since <= sought.day)
        query = query.where(not_(and_(c.catalogue == sought.catalogue, c.category.in_(list(sought.categories)))))
        if sought.reader is not None:
            query = query.where(c.supplier == sought.reader)
        with self.database.reading() as connection:
            return int(connection.execute(query).scalar() or 0)


def _supplier(log: _Log, tenant: str, kind: int, body: bytes) -> Iterator[str]:
    """Of whom a record says something."""
    record: Any = decode_body(body, KINDS[kind][0])
    if kind != _STATUS:
        yield str(record.supplier)
        return
    about = log.entries.find(tenant, record.pcf)  # it may come behind; then its own entry makes the rows
    if about is not None and (supplier := record_of(about).get("supplier")):
        yield str(supplier)


def _made(log: _Log, tenant: str, suppliers: list[str] | None) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of products and of the days on which they are listed; of some suppliers, or of all."""
    known = log.projections
    facts = known.facts(tenant, PRODUCT) if suppliers is None else known.facts_of(tenant, PRODUCT, suppliers)
    found = products_of(log, facts)
    if not found:
        return [], []
    recorded, editions = Facts.of(log, tenant, [one for _, one in found]), editions_of(log, tenant)
    products, spans = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for at, one in found:
        said = f"{one.name}\n{one.product}".casefold()
        since = day_of(one.occurred_at).toordinal()
        products.append((at, one.supplier, one.catalogue, one.category, one.name, since, said, one.supplier.casefold()))
        spans += ((at, *span, one.supplier) for span in listed_spans(one, editions, recorded))
    return products, spans


def _mine(tenant: str) -> ColumnElement[bool]:
    return CATALOGUE_ROW.c.tenant_id == select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()


def _listed(day: int) -> ColumnElement[bool]:
    own, held = CATALOGUE_ROW.c, CATALOGUE_LISTED.c
    query = select(held.seq).where(held.tenant_id == own.tenant_id, held.seq == own.seq)
    return query.where(held.begins <= day, held.ends > day).exists()


def _fits(tenant: str, sought: Sought) -> ColumnElement[bool]:
    c = CATALOGUE_ROW.c
    said = [_mine(tenant), c.catalogue == sought.catalogue, c.category.in_(list(sought.categories))]
    said.append(c.since <= sought.day)
    if sought.reader is not None:
        said.append(or_(c.supplier == sought.reader, _listed(sought.day)))
    if sought.words:
        by_id = and_(c.owner.contains(sought.words, autoescape=True), c.supplier.not_in(list(sought.otherwise)))
        held = c.said.contains(sought.words, autoescape=True)
        said.append(or_(held, c.supplier.in_(list(sought.called)), by_id))
    return and_(*said)
