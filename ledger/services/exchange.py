"""
The exchange of footprints with partners, both ways: what comes in is kept at once and dealt with afterwards; what goes
out is sent at least once, again and again for three days. All of it goes on after a restart: it is in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from ledger.errors import AccessError, LedgerError
from ledger.pact.errors import FilterRefused, NotInVersion2
from ledger.pact.event import Event, Happening, base_of, made_event
from ledger.pact.filters import Filters
from ledger.pact.footprint import served, taken
from ledger.pact.version2 import from_version2, to_version2
from ledger.ports.exchange import Caller, ExchangeStore, Outgoing, Partner, PartnerUnreachable, Request, Taken, Waits
from ledger.records.pcf import Received
from ledger.records.record import microseconds
from ledger.services.capture import Submission
from ledger.services.partner_client import PartnerClient
from ledger.services.pcf import Held, Recording, Shelf, Viewer, publish, stamp

SUBMITTER: Final = "exchange"
SCHEMA_PATH: Final = "/pact/ledger-entry-1.json"
"""Where the schema of the extension is that says where a footprint stands in the log."""
AT_ONCE: Final = 50
FIRST_WAIT: Final = 2_000_000
LONGEST_WAIT: Final = 3_600_000_000
GIVES_UP: Final = 72 * 3_600_000_000
ASKED_FOR: Final = 30 * 24 * 3_600_000_000
"""A request without an answer for so long is expired. [microseconds], as all of these."""
_BYTES: Final = msgspec.json.Encoder(decimal_format="number")


class NotAPartner(AccessError):
    """Who sends an event is no registered partner, or the event is not theirs to send."""

    code = "exchange.not-a-partner"
    en = "this event is not yours to send"
    zh = "您无权发送该事件"
    fix_en = "Send it with the client that was registered for you, and answer requests that were put to you"
    fix_zh = "请使用为您登记的客户端发送，且只应答向您提出的请求"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Takes events, deals with them, sends what is due. ``domain`` is what partners know us by, as ``source``."""

    ledger: Recording
    store: ExchangeStore
    client: PartnerClient
    domain: str
    origin: str

    @classmethod
    def of(cls, ledger: Recording, store: ExchangeStore, caller: Caller, domain: str, origin: str) -> Exchange:
        """The exchange of a ledger; ``origin`` is the log's name."""
        return cls(ledger, store, PartnerClient(caller, ledger.clock), domain, origin)

    def shown(self, held: Held) -> dict[str, Any]:
        """
        A footprint without its status, with the extension that says where it stands in the log.

        The same in lists, alone, and in answers: who fetches it twice has one footprint, not two that contradict.
        """
        where = {
            "specVersion": "2.0.0",
            "dataSchema": f"{self.domain}{SCHEMA_PATH}",
            "data": {
                "entry": held.entry,
                "leaf": self.ledger.entries.entry(held.entry).leaf().hex(),
                "origin": self.origin,
                "proof": f"{self.domain}/proofs/{held.entry}",
            },
        }
        return {**held.record.footprint, "extensions": [*held.record.footprint.get("extensions", []), where]}

    def take(self, tenant: str, organisation: str, major: int, event: Event) -> None:
        """
        Keep an event of a partner; the same one again changes nothing.

        Raises ``NotAPartner`` for an answer to a request that was not put to who sends it.
        """
        if event.happening in {"fulfilled", "rejected"}:
            asked = self.store.request(tenant, str(event.data["requestEventId"]))
            if asked is None or asked.partner != organisation:
                raise NotAPartner
        now = microseconds(self.ledger.clock.now())
        wire: Any = major
        self.store.take(Taken(tenant, organisation, wire, event.happening, event.id, event.source, event.data, now))

    def ask(self, partner: Partner, data: Mapping[str, Any]) -> Request:
        """Ask a partner for footprints by the criteria of version 3. Raises ``FilterRefused``."""
        Filters.of_event(data)
        at = self.ledger.clock.now()
        name = str(UUID(bytes=self.ledger.random.token(16), version=4))
        said = data if partner.wire == 3 else {"pf": {"productIds": data.get("productId", [])}, "comment": ""}
        request = Request(name, partner.tenant, partner.organisation, partner.wire, data, "sent", microseconds(at))
        self.store.ask(request)
        self._send(partner, "created", name, said)
        return request

    def work(self, stopped: Callable[[], bool]) -> bool:
        """One turn: what came in, what is new, what is due. Whether there was anything."""
        done = 0
        for event in self.store.untended(AT_ONCE):
            if stopped():
                return False
            done += self._tend(event)
        done += self._announce() + self.store.expire(microseconds(self.ledger.clock.now()) - ASKED_FOR)
        for outgoing in self.store.due(microseconds(self.ledger.clock.now()), AT_ONCE):
            if stopped():
                return False
            done += self._deliver(outgoing)
        return done > 0

    def retry(self, outgoing: Outgoing) -> None:
        """Try a dead letter again from now on."""
        now = microseconds(self.ledger.clock.now())
        self.store.moved(outgoing._replace(state="waiting", attempts=0, next_at=now, created_at=now))

    def _tend(self, event: Taken) -> bool:
        partner = self.store.partner(event.tenant, event.partner)
        if partner is None:
            self.store.tended(event, "nobody registered sent it")
            return True
        try:
            note = self._dealt(event, partner)
        except PartnerUnreachable as error:
            age = microseconds(self.ledger.clock.now()) - event.taken_at
            if age < GIVES_UP:
                return False
            note = error.message("en")
        except LedgerError as error:
            note = error.message("en")
        self.store.tended(event, note)
        return True

    def _dealt(self, event: Taken, partner: Partner) -> str:
        match event.happening:
            case "created":
                return self._answered(event, partner)
            case "published":
                kept = [self._fetched(partner, str(name)) for name in event.data["pfIds"]]
                return f"{sum(kept)} of {len(kept)} footprints kept"
            case "fulfilled":
                return self._fulfilled(event, partner)
            case _:
                error = event.data["error"]
                said = f"{error.get('code')}: {error.get('message', '')}"[:1_000]
                self._settled(event, "rejected", said)
                return said

    def _answered(self, event: Taken, partner: Partner) -> str:
        """Fulfil or reject a request; to the registered address alone, and only when the source is that."""
        if base_of(event.source) != base_of(partner.base_url):
            return "its source is not the partner's registered address"
        try:
            filters = _asked(event)
        except FilterRefused as error:
            return self._rejects(event, partner, "BadRequest", error.message("en"))
        viewer = Viewer(event.tenant, partner.organisation, house=False)
        shelf = Shelf(self.ledger)
        found = shelf.page(viewer, filters, limit=1_000).found
        documents = [said for one in found if (said := self._said(one, event.major)) is not None]
        if not documents:
            missing = "NoSuchFootprint" if event.major == 2 else "NotFound"
            return self._rejects(event, partner, missing, "no footprint shared with you matches the request")
        data = {"requestEventId": event.id, "pfs": documents}
        self._send(partner, "fulfilled", _follows(event, "fulfilled"), data, event.major)
        return f"{len(documents)} footprints"

    def _said(self, held: Held, major: int) -> dict[str, Any] | None:
        if major == 3:
            return served(self.shown(held), deprecated=held.deprecated_at is not None)
        try:
            return to_version2(self.shown(held), deprecated_at=stamp(held.deprecated_at))
        except NotInVersion2:
            return None

    def _rejects(self, event: Taken, partner: Partner, code: str, message: str) -> str:
        data = {"requestEventId": event.id, "error": {"code": code, "message": message}}
        self._send(partner, "rejected", _follows(event, "rejected"), data, event.major)
        return code

    def _fulfilled(self, event: Taken, partner: Partner) -> str:
        kept, faults = 0, list[str]()
        for document in event.data["pfs"]:
            try:
                self._kept(partner, document, _BYTES.encode(document), event.major)
                kept += 1
            except LedgerError as error:
                faults.append(error.message("en"))
        note = f"{kept} footprints kept" + "".join(f"; {one}" for one in faults[:10])
        self._settled(event, "fulfilled" if kept else "rejected", note)
        return note

    def _settled(self, event: Taken, state: Any, note: str) -> None:
        asked = self.store.request(event.tenant, str(event.data["requestEventId"]))
        if asked is not None and asked.state in {"sent", "accepted", "expired"}:
            self.store.ask(asked._replace(state=state, note=note))

    def _fetched(self, partner: Partner, name: str) -> bool:
        document, body = self.client.footprint(partner, name)
        self._kept(partner, document, body, partner.wire)
        return True

    def _kept(self, partner: Partner, document: Mapping[str, Any], body: bytes, major: int) -> None:
        """Record what a partner sent, with where it came from. An id that is known with other content is refused."""
        read = dict(document) if major == 3 else from_version2(document)
        wire = str(document.get("specVersion", major))[:20]
        received = Received(partner=partner.organisation, sha256=sha256(body).hexdigest(), wire=wire)
        submission = Submission(partner.tenant, SUBMITTER)
        publish(self.ledger, submission, taken(read), supplier=partner.organisation, received=received)

    def _announce(self) -> int:
        """Tell every partner of what is new or deprecated and may be seen by it."""
        told = 0
        for partner in self.store.every_partner():
            name = f"announced {partner.tenant} {partner.organisation}"
            mark = self.store.mark(name)
            viewer = Viewer(partner.tenant, partner.organisation, house=False)
            changed = self._changed(partner.tenant, viewer, mark)
            for entry, one in changed:
                event = str(uuid5(NAMESPACE_URL, f"{self.domain} published {entry} {partner.organisation}"))
                self._send(partner, "published", event, {"pfIds": [one.id]})
                told += 1
            if changed:
                self.store.set_mark(name, changed[-1][0] + 1)
        return told

    def _changed(self, tenant: str, viewer: Viewer, mark: int) -> list[tuple[int, Held]]:
        """Own footprints that a viewer may see whose entry, or whose deprecation's, comes at or after ``mark``."""
        shelf = Shelf(self.ledger)
        gone = {
            f"pcf:{fact.subject.removeprefix('pcf:')}": fact.seq
            for fact in self.ledger.projections.facts(tenant, "pcf_status")
            if fact.seq >= mark
        }
        found = [
            (max(one.entry, gone.get(one.record.id, -1)), one)
            for one in shelf.seen(viewer)
            if one.record.received is None and (one.entry >= mark or one.record.id in gone)
        ]
        return sorted(found, key=lambda pair: pair[0])

    def _send(
        self, partner: Partner, happening: Happening, event_id: str, data: Mapping[str, Any], major: int | None = None
    ) -> None:
        at = self.ledger.clock.now()
        wire: Any = major or partner.wire
        source = f"{self.domain}/{wire}/events".removeprefix("https:").removeprefix("http:")
        event = made_event(wire, happening, id=event_id, source=source, at=at, data=data)
        now = microseconds(at)
        name = f"{partner.tenant} {partner.organisation} {event_id}"
        self.store.send([Outgoing(name, partner.tenant, partner.organisation, wire, event, "waiting", 0, now, now)])

    def _deliver(self, outgoing: Outgoing) -> bool:
        partner = self.store.partner(outgoing.tenant, outgoing.partner)
        now = microseconds(self.ledger.clock.now())
        if partner is None:
            self.store.moved(outgoing._replace(state="dead", trouble="the partner is no longer registered"))
            return True
        try:
            self.client.send_event(partner, outgoing.major, outgoing.event)
        except LedgerError as error:
            attempts = outgoing.attempts + 1
            state: Waits = "dead" if now - outgoing.created_at >= GIVES_UP else "waiting"
            moved = outgoing._replace(
                state=state, attempts=attempts, next_at=now + self._wait(attempts), trouble=error.message("en")[:500]
            )
            self.store.moved(moved)
            self._asked(outgoing, "refused" if state == "dead" else None)
            return False
        self.store.moved(outgoing._replace(state="sent", attempts=outgoing.attempts + 1, trouble=""))
        self._asked(outgoing, "accepted")
        return True

    def _asked(self, outgoing: Outgoing, state: Any) -> None:
        """What became of a request of ours, when it is one that was sent."""
        asked = self.store.request(outgoing.tenant, str(outgoing.event["id"])) if state else None
        if asked is not None and asked.state == "sent":
            self.store.ask(asked._replace(state=state))

    def _wait(self, attempts: int) -> int:
        """Twice as long each time, up to an hour, give or take a quarter: what failed together does not return so."""
        base = min(FIRST_WAIT << min(attempts - 1, 20), LONGEST_WAIT)
        return base * 3 // 4 + int.from_bytes(self.ledger.random.token(4)) % max(1, base // 2)


def _asked(event: Taken) -> Filters:
    """The criteria of a request; of version 2, the identifiers of the part of a footprint it holds."""
    if event.major == 3:
        return Filters.of_event(event.data)
    part = event.data["pf"]
    named: dict[str, Any] = {
        "productId": part.get("productIds"),
        "companyId": part.get("companyIds"),
        "classification": [f"urn:cpc:{part['productCategoryCpc']}"] if part.get("productCategoryCpc") else None,
    }
    return Filters.of_event(named)


def _follows(event: Taken, happening: str) -> str:
    """The id of the one answer to a request: the same however often it is made."""
    return str(uuid5(NAMESPACE_URL, f"{event.partner} {event.source} {event.id} {happening}"))
