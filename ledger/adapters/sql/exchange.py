"""What the exchange of footprints keeps, on a database; clients' secrets are encrypted before they get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.exchange_tables import (
    EXCHANGE_EVENT,
    EXCHANGE_MARK,
    EXCHANGE_OUTBOX,
    EXCHANGE_PARTNER,
    EXCHANGE_REQUEST,
)
from ledger.ports.exchange import Outgoing, Partner, Request, Taken

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
        key = {"tenant": partner.tenant, "organisation": partner.organisation}
        self._put(EXCHANGE_PARTNER, key, said)

    def partners(self, tenant: str) -> list[Partner]:
        """See ``ExchangeStore.partners``."""
        found = select(EXCHANGE_PARTNER).where(EXCHANGE_PARTNER.c.tenant == tenant)
        with self.database.reading() as connection:
            return [self._partner(row) for row in connection.execute(found.order_by(EXCHANGE_PARTNER.c.organisation))]

    def partner(self, tenant: str, organisation: str) -> Partner | None:
        """See ``ExchangeStore.partner``."""
        return next((one for one in self.partners(tenant) if one.organisation == organisation), None)

    def every_partner(self) -> list[Partner]:
        """See ``ExchangeStore.every_partner``."""
        with self.database.reading() as connection:
            return [self._partner(row) for row in connection.execute(select(EXCHANGE_PARTNER))]

    def take(self, event: Taken) -> bool:
        """See ``ExchangeStore.take``."""
        said = event._asdict() | {"data": _JSON.encode(event.data), "done": 0, "note": ""}
        with self.database.writing() as connection:
            insert = self.database.insert_missing()(EXCHANGE_EVENT).values(**said)
            return (
                connection.execute(insert.on_conflict_do_nothing().returning(EXCHANGE_EVENT.c.id)).first() is not None
            )

    def untended(self, limit: int) -> list[Taken]:
        """See ``ExchangeStore.untended``."""
        c = EXCHANGE_EVENT.c
        found = select(EXCHANGE_EVENT).where(c.done == 0).order_by(c.taken_at).limit(limit)
        with self.database.reading() as connection:
            return [
                Taken(
                    row.tenant,
                    row.partner,
                    row.major,
                    row.happening,
                    row.id,
                    row.source,
                    msgspec.json.decode(bytes(row.data)),
                    row.taken_at,
                )
                for row in connection.execute(found)
            ]

    def tended(self, event: Taken, note: str) -> None:
        """See ``ExchangeStore.tended``."""
        c = EXCHANGE_EVENT.c
        own = (
            (c.tenant == event.tenant) & (c.partner == event.partner) & (c.source == event.source) & (c.id == event.id)
        )
        with self.database.writing() as connection:
            connection.execute(update(EXCHANGE_EVENT).where(own).values(done=1, note=note[:2_000]))

    def send(self, events: Sequence[Outgoing]) -> None:
        """See ``ExchangeStore.send``."""
        rows = [one._asdict() | {"event": _JSON.encode(one.event)} for one in events]
        if rows:
            with self.database.writing() as connection:
                connection.execute(self.database.insert_missing()(EXCHANGE_OUTBOX).on_conflict_do_nothing(), rows)

    def due(self, now: int, limit: int) -> list[Outgoing]:
        """See ``ExchangeStore.due``."""
        c = EXCHANGE_OUTBOX.c
        found = select(EXCHANGE_OUTBOX).where((c.state == "waiting") & (c.next_at <= now)).order_by(c.next_at)
        with self.database.reading() as connection:
            return [_outgoing(row) for row in connection.execute(found.limit(limit))]

    def moved(self, outgoing: Outgoing) -> None:
        """See ``ExchangeStore.moved``."""
        said = {name: getattr(outgoing, name) for name in ("state", "attempts", "next_at", "created_at", "trouble")}
        with self.database.writing() as connection:
            connection.execute(update(EXCHANGE_OUTBOX).where(EXCHANGE_OUTBOX.c.id == outgoing.id).values(**said))

    def outbox(self, tenant: str, limit: int) -> list[Outgoing]:
        """See ``ExchangeStore.outbox``."""
        c = EXCHANGE_OUTBOX.c
        found = select(EXCHANGE_OUTBOX).where(c.tenant == tenant).order_by(c.created_at.desc(), c.id).limit(limit)
        with self.database.reading() as connection:
            return [_outgoing(row) for row in connection.execute(found)]

    def ask(self, request: Request) -> None:
        """See ``ExchangeStore.ask``."""
        said = request._asdict() | {"data": _JSON.encode(request.data)}
        self._put(EXCHANGE_REQUEST, {"id": said.pop("id")}, said)

    def request(self, tenant: str, request_id: str) -> Request | None:
        """See ``ExchangeStore.request``."""
        c = EXCHANGE_REQUEST.c
        with self.database.reading() as connection:
            row = connection.execute(
                select(EXCHANGE_REQUEST).where((c.tenant == tenant) & (c.id == request_id))
            ).first()
        return _request(row) if row else None

    def requests(self, tenant: str, limit: int) -> list[Request]:
        """See ``ExchangeStore.requests``."""
        c = EXCHANGE_REQUEST.c
        found = select(EXCHANGE_REQUEST).where(c.tenant == tenant).order_by(c.asked_at.desc(), c.id).limit(limit)
        with self.database.reading() as connection:
            return [_request(row) for row in connection.execute(found)]

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

    def mark(self, name: str) -> int:
        """See ``ExchangeStore.mark``."""
        with self.database.reading() as connection:
            found = connection.execute(
                select(EXCHANGE_MARK.c.entry).where(EXCHANGE_MARK.c.name == name)
            ).scalar_one_or_none()
        return found or 0

    def set_mark(self, name: str, entry: int) -> None:
        """See ``ExchangeStore.set_mark``."""
        self._put(EXCHANGE_MARK, {"name": name}, {"entry": entry})

    def _put(self, table: Any, key: dict[str, Any], said: dict[str, Any]) -> None:
        insert = self.database.insert_missing()(table).values(**key, **said)
        with self.database.writing() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=said))

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


def _outgoing(row: Any) -> Outgoing:
    event = msgspec.json.decode(bytes(row.event))
    where = (row.id, row.tenant, row.partner, row.major, event)
    return Outgoing(*where, row.state, row.attempts, row.next_at, row.created_at, row.trouble)


def _request(row: Any) -> Request:
    data = msgspec.json.decode(bytes(row.data))
    return Request(row.id, row.tenant, row.partner, row.major, data, row.state, row.asked_at, row.note)
