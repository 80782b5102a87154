"""
``ports.Listing`` on a database: rows of whatever a batch of entries says something on, made anew from all that is said.

Facts are read that may be newer than the batch. What is newer comes in a later batch and makes the same rows again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, distinct, func, or_, select

from ledger.adapters.sql.corrected import corrected
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.listing_rows import SOURCES, TENDERED, Row
from ledger.adapters.sql.listing_tables import LISTED
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.projections import SqlProjections
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.log.entry import Entry, record_keys
from ledger.log.proof import record_of
from ledger.ports import LeafRow
from ledger.ports.listing import EVER, Among, Listed, Place
from ledger.records.assessment_scheme import AssessmentScheme
from ledger.records.correction import correction_id
from ledger.records.record import KIND_NUMBERS, KINDS, decode_body
from ledger.services.project import catch_up

_COLUMNS: Final = ("tenant_id", "kind", "seq", "about", *Listed._fields[1:])
_ROWS: Final = Upsert(LISTED, _COLUMNS, ("tenant_id", "kind", "seq"))
_SCHEME: Final = KIND_NUMBERS["assessment_scheme"]
_OWN: Final = {KIND_NUMBERS[kind]: kind for kind in SOURCES}
_STEP: Final = {KIND_NUMBERS[step]: field for source in SOURCES.values() for step, field in source.steps.items()}
"""By kind of a step, the field that names what it is on."""
_OF_TENDER: Final = {KIND_NUMBERS[kind] for kind in SOURCES[TENDERED].steps}
Named = tuple[str, str]
"""A tenant, and the id of a record of its."""


@dataclass(frozen=True, slots=True)
class SqlListing(MarkedTables):
    """The rows on a database."""

    database: Database
    name: ClassVar[str] = "listing"
    tables: ClassVar[tuple[Table, ...]] = (LISTED,)

    @property
    def _entries(self) -> SqlEntries:
        return SqlEntries(self.database)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        gone = list(corrected(self.database, rows))
        named = {*filter(None, map(_named, rows)), *filter(None, map(_named_by, gone))}
        tenders = set(filter(None, map(_tender, rows)))
        tenders |= {(one.tenant, str(record_of(one)["tender"])) for one in gone if _of_tender(one)}
        schemes = {row.tenant for row in rows if row.kind == _SCHEME}
        made: list[tuple[str, int, Row]] = []
        about: list[int] = [entry.index for entry in gone]
        if named or schemes or tenders:
            catch_up(self._entries, SqlProjections(self.database))
            named |= set(self._versions(tenders))
            for tenant in schemes:  # an edition may come behind what is assessed by it
                named |= {(tenant, name) for name in self._every_assessment(tenant)}
            for tenant in sorted({tenant for tenant, _ in named}):
                for entry, found in self._made(tenant, sorted(name for owner, name in named if owner == tenant)):
                    about.append(entry.index)
                    made += [(tenant, entry.index, one) for one in found]

        def write(connection: Connection) -> None:
            self.database.change_among(connection, "DELETE FROM listed WHERE about IN", about)
            tenants = {tenant: self.database.tenant_id(connection, tenant) for tenant, _, _ in made}
            values = [
                (tenants[tenant], KIND_NUMBERS[kind], one.seq, index, *one[1:]) for tenant, index, (kind, one) in made
            ]
            _ROWS.run(self.database, connection, values)

        return write

    def _made(self, tenant: str, names: Sequence[str]) -> Iterator[tuple[Entry, list[Row]]]:
        """The rows of things by their ids, with their entries; none of those withdrawn, or not there yet."""
        gone = self._found(tenant, [correction_id(name) for name in names])
        by_kind: dict[str, list[Entry]] = {}
        for name, entry in self._found(tenant, names).items():
            kind = record_of(entry)["kind"]
            if kind in SOURCES and correction_id(name) not in gone:
                by_kind.setdefault(kind, []).append(entry)
        for kind, entries in by_kind.items():
            source, editions = SOURCES[kind], self._editions(tenant) if kind == "assessment" else {}
            records = [record_of(entry) for entry in entries]
            steps = self._steps(tenant, source.steps, sorted({str(record[source.found_by]) for record in records}))
            for entry, record in zip(entries, records, strict=True):
                yield entry, source.rows(entry, steps.get(record[source.named_by], ()), editions)

    def _found(self, tenant: str, names: Sequence[str]) -> dict[str, Entry]:
        """Records by their ids, those that are there."""
        keys = record_keys(tenant, names)
        places = self._entries.places(keys)
        near = self._entries.gathered(sorted(set(places.values())))
        found: dict[str, Entry] = {}
        for name, key in zip(names, keys, strict=True):
            entry = near.get(places.get(key, -1))
            if entry is not None and (entry.tenant != tenant or record_of(entry)["id"] != name):
                entry = self._entries.find(tenant, name)  # two ids share a key
            if entry is not None:
                found[name] = entry
        return found

    def _steps(self, tenant: str, kinds: Iterable[str], subjects: Sequence[str]) -> dict[str, list[tuple[int, Any]]]:
        """All that is said on things, by the id of each, in the order of the log."""
        found: dict[str, list[tuple[int, Any]]] = {}
        for kind in kinds:
            facts = SqlProjections(self.database).facts_of(tenant, kind, subjects)
            for seq, entry in self._entries.gathered([fact.seq for fact in facts]).items():
                record: Any = decode_body(entry.body, kind)
                found.setdefault(str(getattr(record, _STEP[KIND_NUMBERS[kind]])), []).append((seq, record))
        return {name: sorted(said, key=lambda pair: pair[0]) for name, said in found.items()}

    def _editions(self, tenant: str) -> dict[str, AssessmentScheme]:
        facts = SqlProjections(self.database).facts(tenant, "assessment_scheme")
        found = self._entries.gathered([fact.seq for fact in facts]).values()
        records = (decode_body(entry.body, "assessment_scheme") for entry in found)
        return {one.id: one for one in records if isinstance(one, AssessmentScheme)}

    def _versions(self, tenders: Iterable[Named]) -> Iterator[Named]:
        """Every version of these tenders' schemes: which of them is the newest is told from all."""
        by_tenant: dict[str, list[str]] = {}
        for tenant, tender in tenders:
            by_tenant.setdefault(tenant, []).append(tender)
        for tenant, names in by_tenant.items():
            facts = SqlProjections(self.database).facts_of(tenant, TENDERED, sorted(names))
            for entry in self._entries.gathered([fact.seq for fact in facts]).values():
                yield tenant, str(record_of(entry)["id"])

    def _every_assessment(self, tenant: str) -> list[str]:
        facts = SqlProjections(self.database).facts(tenant, "assessment")
        return [record_of(entry)["id"] for entry in self._entries.gathered([fact.seq for fact in facts]).values()]

    def page(
        self, tenant: str, among: Among, after: Place | None = None, limit: int = 100, *, descending: bool = False
    ) -> tuple[list[Listed], Place | None]:
        """See ``Listing.page``."""
        c = LISTED.c
        query = select(*(c[name] for name in Listed._fields)).where(_fits(tenant, among))
        if after is not None:
            beyond = (c.at < after.at, c.seq < after.seq) if descending else (c.at > after.at, c.seq > after.seq)
            query = query.where(or_(beyond[0], and_(c.at == after.at, beyond[1])))
        order = (c.at.desc(), c.seq.desc()) if descending else (c.at, c.seq)
        with self.database.reading() as connection:
            found = [Listed(*row) for row in connection.execute(query.order_by(*order).limit(limit + 1))]
        return found[:limit], found[limit - 1].place if len(found) > limit else None

    def count(self, tenant: str, among: Among) -> int:
        """See ``Listing.count``."""
        return self._number(select(func.count()).select_from(LISTED).where(_fits(tenant, among)))

    def suppliers(self, tenant: str, among: Among) -> int:
        """See ``Listing.suppliers``."""
        return self._number(select(func.count(distinct(LISTED.c.supplier))).where(_fits(tenant, among)))

    def tally(self, tenant: str, among: Among) -> dict[tuple[int, str], int]:
        """See ``Listing.tally``."""
        c = LISTED.c
        query = select(c.at, c.state, func.count()).where(_fits(tenant, among)).group_by(c.at, c.state)
        with self.database.reading() as connection:
            return {(int(at), str(state)): int(count) for at, state, count in connection.execute(query)}

    def _number(self, query: Any) -> int:
        with self.database.reading() as connection:
            return int(connection.execute(query).scalar() or 0)


def _named(row: LeafRow) -> Named | None:
    """What an entry is, or says something on."""
    if row.kind in _OF_TENDER:
        return None
    if row.kind in _OWN:
        return row.tenant, str(getattr(decode_body(row.body, _OWN[row.kind]), "id"))  # noqa: B009
    field = _STEP.get(row.kind)
    return None if field is None else (row.tenant, str(getattr(decode_body(row.body, KINDS[row.kind][0]), field)))


def _named_by(entry: Entry) -> Named | None:
    """The same of an entry that was withdrawn; ``None`` where it was itself a thing, which then has no rows."""
    record = record_of(entry)
    field = None if _of_tender(entry) else _STEP.get(KIND_NUMBERS[record["kind"]])
    return None if field is None else (entry.tenant, str(record[field]))


def _tender(row: LeafRow) -> Named | None:
    """The tender that an entry is a scheme of, or seals."""
    if row.kind not in _OF_TENDER:
        return None
    return row.tenant, str(getattr(decode_body(row.body, KINDS[row.kind][0]), "tender"))  # noqa: B009


def _of_tender(entry: Entry) -> bool:
    return KIND_NUMBERS[record_of(entry)["kind"]] in _OF_TENDER


def _fits(tenant: str, among: Among) -> ColumnElement[bool]:
    c = LISTED.c
    number = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
    said = [c.tenant_id == number, c.kind == KIND_NUMBERS[among.kind]]
    if among.of is not None:
        said.append(or_(c.supplier == among.of, c.holder == among.of))
    if among.states:
        said.append(c.state.in_(list(among.states)))
    for name in ("at", "begins", "ends", "late"):
        least, most = getattr(among, name)
        if least > EVER[0]:
            said.append(c[name] >= least)
        if most < EVER[1]:  # which is more than a column of days holds
            said.append(c[name] <= most)
    return and_(*said)
