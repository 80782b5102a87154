"""
The exchange of footprints with partners, both ways: what comes in is kept at once and dealt with afterwards; what is
new is announced; what goes out waits in the ``outbox``. All of it goes on after a restart: it is in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from ledger.errors import AccessError, LedgerError
from ledger.pact.errors import FilterRefused, NotInVersion2
from ledger.pact.event import Event, base_of
from ledger.pact.filters import Filters
from ledger.pact.footprint import served
from ledger.pact.version2 import CPC, from_version2, to_version2
from ledger.ports.exchange import Caller, ExchangeStore, Partner, Request, Taken
from ledger.records.pcf import Received
from ledger.records.record import microseconds
from ledger.services.announcing import announce
from ledger.services.capture import Submission
from ledger.services.outbox import GIVES_UP, Outbox
from ledger.services.partner_client import PartnerClient
from ledger.services.pcf import deprecate, publish, stamp
from ledger.services.pcf_shelf import Held, PcfAbsent, PcfNotShared, Shelf, Viewer
from ledger.services.pcf_sight import Recording

_LOG: Final = logging.getLogger("onecode.exchange")
SUBMITTER: Final = "exchange"
SCHEMA_PATH: Final = "/pact/ledger-entry-1.json"
"""Where the schema of the extension is that says where a footprint stands in the log."""
AT_ONCE: Final = 50
MOST_ANSWERED: Final = 1_000
"""Footprints in one answer."""
ASKED_FOR: Final = 30 * 24 * 3_600_000_000
"""A request without an answer for so long is expired [microseconds]."""
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
    """Takes events, deals with them, announces what is new. ``origin`` is the log's name."""

    ledger: Recording
    store: ExchangeStore
    shelf: Shelf
    outbox: Outbox
    origin: str

    @classmethod
    def of(cls, shelf: Shelf, store: ExchangeStore, caller: Caller, domain: str, origin: str) -> Exchange:
        """The exchange of a ledger that partners know by ``domain``."""
        ledger = shelf.ledger
        outbox = Outbox(store, PartnerClient(caller, ledger.clock), ledger.clock, ledger.random, domain)
        return cls(ledger, store, shelf, outbox, origin)

    @property
    def client(self) -> PartnerClient:
        """Our side of partners' interfaces."""
        return self.outbox.client

    def shown(self, held: Held) -> dict[str, Any]:
        """
        A footprint as version 3 sends it, with the extension that says where it stands in the log.

        The same in lists, alone, and in answers: who fetches it twice has one footprint, not two that contradict.
        """
        return served(self._placed(held), deprecated=held.deprecated_at is not None)

    def shown_in_version2(self, held: Held) -> dict[str, Any]:
        """The same as version 2 says it. Raises ``NotInVersion2``."""
        return to_version2(self._placed(held), deprecated_at=stamp(held.deprecated_at))

    def _placed(self, held: Held) -> dict[str, Any]:
        domain = self.outbox.domain
        where = {
            "specVersion": "2.0.0",
            "dataSchema": f"{domain}{SCHEMA_PATH}",
            "data": {
                "entry": held.entry,
                "leaf": self.ledger.entries.entry(held.entry).leaf().hex(),
                "origin": self.origin,
                "proof": f"{domain}/proofs/{held.entry}",
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
        said = data if partner.wire == 3 else {"pf": _fragment(data), "comment": ""}
        name = str(UUID(bytes=self.ledger.random.token(16), version=4))
        now = microseconds(self.ledger.clock.now())
        request = Request(name, partner.tenant, partner.organisation, partner.wire, data, "sent", now)
        self.store.ask(request)
        self.outbox.put(partner, partner.wire, "created", name, said)
        return request

    def work(self, stopped: Callable[[], bool]) -> bool:
        """One turn: what came in, what is new, what is due. Whether there was anything."""
        now = microseconds(self.ledger.clock.now())
        done = 0
        for event in self.store.untended(now, AT_ONCE):
            if stopped():
                return False
            done += self._tend(event)
        done += announce(self.store, self.shelf, self.outbox) + self.store.expire(now - ASKED_FOR)
        for outgoing in self.store.due(microseconds(self.ledger.clock.now()), AT_ONCE):
            if stopped():
                return False
            done += self.outbox.deliver(outgoing)
        return done > 0

    def _tend(self, event: Taken) -> bool:
        """Deal with one event, or see to it that it is looked at later; one never keeps the others waiting."""
        partner = self.store.partner(event.tenant, event.partner)
        if partner is None:
            self.store.tended(event, "nobody registered sent it")
            return True
        try:
            note = self._dealt(event, partner)
        except LedgerError as error:
            if error.retryable and self._later(event):
                return False
            note = error.message("en")
        except Exception:  # noqa: BLE001 - one event that nobody foresaw must not keep all others waiting
            _LOG.exception("an event of a partner could not be dealt with")
            if self._later(event):
                return False
            note = "an unforeseen fault; see the log"
        self.store.tended(event, note)
        return True

    def _later(self, event: Taken) -> bool:
        """Whether it is tried again: not after three days."""
        now = microseconds(self.ledger.clock.now())
        if now - event.taken_at >= GIVES_UP:
            return False
        attempts = event.attempts + 1
        self.store.postponed(event._replace(attempts=attempts), now + self.outbox.wait(attempts))
        return True

    def _dealt(self, event: Taken, partner: Partner) -> str:
        match event.happening:
            case "created":
                return self._answered(event, partner)
            case "published":
                return self._followed(event, partner)
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
        asked = (one for one in self.shelf.seen(viewer) if one.asked_for(filters))
        sayable = (said for one in asked if (said := self._said(one, event.major)) is not None)
        documents = list(islice(sayable, MOST_ANSWERED + 1))
        if len(documents) > MOST_ANSWERED:
            message = f"more than {MOST_ANSWERED} footprints match: name products, or list them page by page"
            return self._rejects(event, partner, "BadRequest", message)
        if not documents:
            missing = "NoSuchFootprint" if event.major == 2 else "NotFound"
            return self._rejects(event, partner, missing, "no footprint shared with you matches the request")
        data = {"requestEventId": event.id, "pfs": documents}
        self.outbox.put(partner, event.major, "fulfilled", _follows(event, "fulfilled"), data)
        return f"{len(documents)} footprints"

    def _said(self, held: Held, major: int) -> dict[str, Any] | None:
        try:
            return self.shown(held) if major == 3 else self.shown_in_version2(held)
        except NotInVersion2:
            return None

    def _rejects(self, event: Taken, partner: Partner, code: str, message: str) -> str:
        data = {"requestEventId": event.id, "error": {"code": code, "message": message}}
        self.outbox.put(partner, event.major, "rejected", _follows(event, "rejected"), data)
        return code

    def _fulfilled(self, event: Taken, partner: Partner) -> str:
        kept, faults = 0, list[str]()
        for document in event.data["pfs"]:
            try:
                self._keep(partner, document, _BYTES.encode(document), event.major)
                kept += 1
            except LedgerError as error:
                if error.retryable:
                    raise
                faults.append(error.message("en"))
        note = _told(kept, faults)
        self._settled(event, "fulfilled" if kept else "rejected", note)
        return note

    def _settled(self, event: Taken, state: Any, note: str) -> None:
        asked = self.store.request(event.tenant, str(event.data["requestEventId"]))
        if asked is not None and asked.state in {"sent", "accepted", "refused", "expired"}:
            self.store.ask(asked._replace(state=state, note=note))

    def _followed(self, event: Taken, partner: Partner) -> str:
        """Fetch what a partner announced; what it refuses is noted, what it could not give is tried again."""
        kept, faults = 0, list[str]()
        for name in event.data["pfIds"]:
            try:
                document, body = self.client.footprint(partner, str(name))
                self._keep(partner, document, body, partner.wire)
                kept += 1
            except LedgerError as error:
                if error.retryable:
                    raise
                faults.append(error.message("en"))
        return _told(kept, faults)

    def _keep(self, partner: Partner, document: Mapping[str, Any], body: bytes, major: int) -> None:
        """
        Record what a partner sent, with where it came from, and that it, or what it replaces, is deprecated.

        Raises ``RecordConflict`` for an id that is known with other content: nothing is overwritten.
        """
        read = dict(document) if major == 3 else from_version2(document)
        wire = str(document.get("specVersion", major))[:20]
        received = Received(partner=partner.organisation, sha256=sha256(body).hexdigest(), wire=wire)
        submission = Submission(partner.tenant, SUBMITTER)
        publish(self.ledger, submission, read, supplier=partner.organisation, received=received)
        if document.get("status") == "Deprecated":
            self._deprecate(partner, str(read["id"]), "deprecated by its owner", None)
        # Of version 2, a later version stands instead of the one before it; of version 3, the owner says so itself.
        for earlier in read.get("precedingPfIds", []) if major == 2 and document.get("version") else []:
            self._deprecate(partner, earlier, "replaced by a later version", f"pcf:{read['id']}")

    def _deprecate(self, partner: Partner, name: str, reason: str, successor: str | None) -> None:
        viewer = Viewer(partner.tenant, partner.organisation, house=False)
        try:
            held = self.shelf.get(viewer, name)
        except (PcfAbsent, PcfNotShared):
            return  # it never came, or is somebody else's
        if held.deprecated_at is None and held.record.supplier == partner.organisation:
            deprecate(self.ledger, Submission(partner.tenant, SUBMITTER), held, reason, successor)


def _told(kept: int, faults: list[str]) -> str:
    return f"{kept} footprints kept" + "".join(f"; {one}" for one in faults[:10])


def _asked(event: Taken) -> Filters:
    """The criteria of a request; of version 2, the identifiers of the part of a footprint it holds."""
    if event.major == 3:
        return Filters.of_event(event.data)
    part = event.data["pf"]
    cpc = part.get("productCategoryCpc")
    named: dict[str, Any] = {
        "productId": part.get("productIds"),
        "companyId": part.get("companyIds"),
        "classification": [f"{CPC}{cpc}"] if cpc else None,
    }
    return Filters.of_event(named)


def _fragment(data: Mapping[str, Any]) -> dict[str, Any]:
    """Criteria as the part of a footprint that version 2 asks with. Raises ``FilterRefused`` for others than these."""
    named = {"productId": "productIds", "companyId": "companyIds"}
    for name, value in data.items():
        if value and name not in named:
            raise FilterRefused(name=name, why="version 2 cannot ask for it", why_zh="2.x 版不支持该条件")
    return {named[name]: value if isinstance(value, list) else [value] for name, value in data.items() if value}


def _follows(event: Taken, happening: str) -> str:
    """The id of the one answer to a request: the same however often it is made."""
    return str(uuid5(NAMESPACE_URL, f"{event.partner} {event.source} {event.id} {happening}"))
