"""What the exchange of footprints keeps, on a database; clients' secrets are encrypted before they get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.fernet import Fernet
from sqlalchemy import Column, Select, Table, func, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.exchange_tables import (
    EXCHANGE_EVENT,
    EXCHANGE_MARK,
    EXCHANGE_OUTBOX,
    EXCHANGE_PARTNER,
    EXCHANGE_REQUEST,
)
from ledger.adapters.sql.tables import TENANT
from ledger.ports.exchange import Outgoing, Partner, Passed, Request, Taken

_JSON = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class SqlExchange:
    """``ports.ExchangeStore`` on a database. ``seal`` encrypts what a client of ours proves itself with."""

    database: Database
    seal: Fernet

    def keep_partner(self, partner: Partner) -> None:
        """See ``ExchangeStore.keep_partner``."""
        said = {
            "base_url": partner.base_url,
            "auth_base": partner.auth_base,
            "client_id": partner.client_id,
            "client_secret": self.seal.encrypt(partner.client_secret.encode()),
            "wire": partner.wire,
        }
        self._put(EXCHANGE_PARTNER, partner.tenant, {"organisation": partner.organisation}, said)

    def partners(self, tenant: str) -> list[Partner]:
        """See ``ExchangeStore.partners``."""
        found = _all(EXCHANGE_PARTNER).where(TENANT.c.name == tenant).order_by(EXCHANGE_PARTNER.c.organisation)
        return [self._partner(row) for row in self._rows(found)]

    def partner(self, tenant: str, organisation: str) -> Partner | None:
        """See ``ExchangeStore.partner``."""
        own = (TENANT.c.name == tenant) & (EXCHANGE_PARTNER.c.organisation == organisation)
        return next((self._partner(row) for row in self._rows(_all(EXCHANGE_PARTNER).where(own))), None)

    def every_partner(self) -> list[Partner]:
        """See ``ExchangeStore.every_partner``."""
        return [self._partner(row) for row in self._rows(_all(EXCHANGE_PARTNER))]

    def take(self, event: Taken) -> bool:
        """See ``ExchangeStore.take``."""
        said = event._asdict() | {"data": _JSON.encode(event.data), "next_at": event.taken_at, "done": 0, "note": ""}
        with self.database.writing() as connection:
            said["tenant_id"] = self.database.tenant_id(connection, said.pop("tenant"))
            insert = self.database.insert_missing()(EXCHANGE_EVENT).values(**said).on_conflict_do_nothing()
            return connection.execute(insert.returning(EXCHANGE_EVENT.c.id)).first() is not None

    def untended(self, now: int, limit: int) -> list[Taken]:
        """See ``ExchangeStore.untended``."""
        c = EXCHANGE_EVENT.c
        due = _all(EXCHANGE_EVENT).where((c.done == 0) & (c.next_at <= now)).order_by(c.next_at, c.taken_at)
        return [_taken(row) for row in self._rows(due.limit(limit))]

    def postponed(self, event: Taken, next_at: int) -> None:
        """See ``ExchangeStore.postponed``."""
        self._change(event, attempts=event.attempts, next_at=next_at)

    def tended(self, event: Taken, note: str) -> None:
        """See ``ExchangeStore.tended``."""
        self._change(event, done=1, note=note[:2_000])

    def send(self, events: Sequence[Outgoing]) -> None:
        """See ``ExchangeStore.send``."""
        if not events:
            return
        with self.database.writing() as connection:
            rows = [one._asdict() | {"event": _JSON.encode(one.event)} for one in events]
            for row in rows:
                row["tenant_id"] = self.database.tenant_id(connection, row.pop("tenant"))
            connection.execute(self.database.insert_missing()(EXCHANGE_OUTBOX).on_conflict_do_nothing(), rows)

    def due(self, now: int, limit: int) -> list[Outgoing]:
        """See ``ExchangeStore.due``."""
        c = EXCHANGE_OUTBOX.c
        found = _all(EXCHANGE_OUTBOX).where((c.state == "waiting") & (c.next_at <= now)).order_by(c.next_at)
        return [_outgoing(row) for row in self._rows(found.limit(limit))]

    def moved(self, outgoing: Outgoing) -> None:
        """See ``ExchangeStore.moved``."""
        said = {name: getattr(outgoing, name) for name in ("state", "attempts", "next_at", "created_at", "trouble")}
        with self.database.writing() as connection:
            connection.execute(update(EXCHANGE_OUTBOX).where(EXCHANGE_OUTBOX.c.id == outgoing.id).values(**said))

    def outbox(self, tenant: str, limit: int, *, partner: str = "", behind: Passed | None = None) -> list[Outgoing]:
        """See ``ExchangeStore.outbox``."""
        found = _newest(EXCHANGE_OUTBOX, EXCHANGE_OUTBOX.c.created_at, tenant, partner, behind)
        return [_outgoing(row) for row in self._rows(found.limit(limit))]

    def outgoing(self, tenant: str, name: str) -> Outgoing | None:
        """See ``ExchangeStore.outgoing``."""
        own = (TENANT.c.name == tenant) & (EXCHANGE_OUTBOX.c.id == name)
        return next((_outgoing(row) for row in self._rows(_all(EXCHANGE_OUTBOX).where(own))), None)

    def troubles(self, tenant: str) -> dict[str, str]:
        """See ``ExchangeStore.troubles``."""
        c = EXCHANGE_OUTBOX.c
        stuck = (TENANT.c.name == tenant) & (c.state != "sent") & (c.trouble != "")
        joined = EXCHANGE_OUTBOX.join(TENANT, TENANT.c.id == c.tenant_id)
        last = select(c.partner, func.max(c.created_at).label("at")).select_from(joined).where(stuck)
        newest = last.group_by(c.partner).subquery()
        same = (newest.c.partner == c.partner) & (newest.c.at == c.created_at)
        query = select(c.partner, c.trouble).select_from(joined.join(newest, same)).where(stuck).order_by(c.id.desc())
        return {row.partner: row.trouble for row in self._rows(query)}

    def ask(self, request: Request) -> None:
        """See ``ExchangeStore.ask``."""
        said = request._asdict() | {"data": _JSON.encode(request.data)}
        self._put(EXCHANGE_REQUEST, said.pop("tenant"), {"id": said.pop("id")}, said)

    def request(self, tenant: str, request_id: str) -> Request | None:
        """See ``ExchangeStore.request``."""
        own = (TENANT.c.name == tenant) & (EXCHANGE_REQUEST.c.id == request_id)
        return next((_request(row) for row in self._rows(_all(EXCHANGE_REQUEST).where(own))), None)

    def requests(self, tenant: str, limit: int, *, partner: str = "", behind: Passed | None = None) -> list[Request]:
        """See ``ExchangeStore.requests``."""
        found = _newest(EXCHANGE_REQUEST, EXCHANGE_REQUEST.c.asked_at, tenant, partner, behind)
        return [_request(row) for row in self._rows(found.limit(limit))]

    def expire(self, before: int) -> int:
        """See ``ExchangeStore.expire``."""
        c = EXCHANGE_REQUEST.c
        late = c.state.in_(("sent", "accepted")) & (c.asked_at < before)
        with self.database.reading() as connection:
            found = connection.execute(select(c.id).where(late).limit(1)).first()
        if found is None:
            return 0
        with self.database.writing() as connection:
            return connection.execute(update(EXCHANGE_REQUEST).where(late).values(state="expired")).rowcount

    def mark(self, tenant: str, name: str) -> int:
        """See ``ExchangeStore.mark``."""
        own = (TENANT.c.name == tenant) & (EXCHANGE_MARK.c.name == name)
        return next((int(row.entry) for row in self._rows(_all(EXCHANGE_MARK).where(own))), 0)

    def set_mark(self, tenant: str, name: str, entry: int) -> None:
        """See ``ExchangeStore.set_mark``."""
        self._put(EXCHANGE_MARK, tenant, {"name": name}, {"entry": entry})

    def _rows(self, query: Select[Any]) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(query))

    def _put(self, table: Table, tenant: str, key: dict[str, Any], said: dict[str, Any]) -> None:
        with self.database.writing() as connection:
            named = key | {"tenant_id": self.database.tenant_id(connection, tenant)}
            insert = self.database.insert_missing()(table).values(**named, **said)
            where = [column.name for column in table.primary_key]
            connection.execute(insert.on_conflict_do_update(index_elements=where, set_=said))

    def _change(self, event: Taken, **said: Any) -> None:
        c = EXCHANGE_EVENT.c
        own = (c.partner == event.partner) & (c.source == event.source) & (c.id == event.id)
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, event.tenant)
            connection.execute(update(EXCHANGE_EVENT).where((c.tenant_id == number) & own).values(**said))

    def _partner(self, row: Any) -> Partner:
        return Partner(
            tenant=row.tenant,
            organisation=row.organisation,
            base_url=row.base_url,
            auth_base=row.auth_base,
            client_id=row.client_id,
            client_secret=self.seal.decrypt(bytes(row.client_secret)).decode(),
            wire=row.wire,
        )


def _all(table: Table) -> Select[Any]:
    """Its rows with their tenant's name."""
    return select(table, TENANT.c.name.label("tenant")).join(TENANT, TENANT.c.id == table.c.tenant_id)


def _newest(table: Table, at: Column[Any], tenant: str, partner: str, behind: Passed | None) -> Select[Any]:
    """A tenant's rows from the newest back."""
    query = _all(table).where(TENANT.c.name == tenant).order_by(at.desc(), table.c.id)
    if partner:
        query = query.where(table.c.partner == partner)
    if behind is not None:
        query = query.where((at < behind.at) | ((at == behind.at) & (table.c.id > behind.id)))
    return query


def _taken(row: Any) -> Taken:
    head = (row.tenant, row.partner, row.major, row.happening, row.id, row.source)
    return Taken(*head, msgspec.json.decode(bytes(row.data)), row.taken_at, row.attempts)


def _outgoing(row: Any) -> Outgoing:
    event = msgspec.json.decode(bytes(row.event))
    where = (row.id, row.tenant, row.partner, row.major, event)
    return Outgoing(*where, row.state, row.attempts, row.next_at, row.created_at, row.trouble)


def _request(row: Any) -> Request:
    data = msgspec.json.decode(bytes(row.data))
    return Request(row.id, row.tenant, row.partner, row.major, data, row.state, row.asked_at, row.note)
