"""Events to partners: put down once, sent at least once, at growing distances, for three days; then a dead letter."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.errors import LedgerError
from ledger.pact.event import Happening, made_event
from ledger.ports import Clock, Random
from ledger.ports.exchange import ExchangeStore, Major, Outgoing, Partner
from ledger.records.record import microseconds
from ledger.services.partner_client import PartnerClient

_LOG: Final = logging.getLogger("onecode.exchange")
FIRST_WAIT: Final = 2_000_000
LONGEST_WAIT: Final = 3_600_000_000
GIVES_UP: Final = 72 * 3_600_000_000
"""[microseconds], as all of these."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is to be sent. ``domain`` is what partners know us by, as ``source``."""

    store: ExchangeStore
    client: PartnerClient
    clock: Clock
    random: Random
    domain: str

    def put(self, partner: Partner, major: Major, happening: Happening, event_id: str, data: Mapping[str, Any]) -> None:
        """Put an event down; one of this id for this partner is there once, however often it is put."""
        at = self.clock.now()
        source = f"{self.domain}/{major}/events"
        event = made_event(major, happening, id=event_id, source=source, at=at, data=data)
        now = microseconds(at)
        name = f"{partner.tenant} {partner.organisation} {event_id}"
        self.store.send([Outgoing(name, partner.tenant, partner.organisation, major, event, "waiting", 0, now, now)])

    def deliver(self, outgoing: Outgoing) -> bool:
        """Try to send one event; whether it is dealt with."""
        partner = self.store.partner(outgoing.tenant, outgoing.partner)
        if partner is None:
            self._moved(outgoing._replace(state="dead", trouble="the partner is no longer registered"))
            return True
        tried = outgoing._replace(attempts=outgoing.attempts + 1)
        try:
            self.client.send_event(partner, outgoing.major, outgoing.event)
        except LedgerError as error:
            return self._failed(tried, error.message("en"), lasting=not error.retryable)
        except Exception:  # noqa: BLE001 - one event that nobody foresaw must not keep all others waiting
            _LOG.exception("an event could not be sent")
            return self._failed(tried, "an unforeseen fault; see the log", lasting=False)
        self._moved(tried._replace(state="sent", trouble=""))
        return True

    def retry(self, outgoing: Outgoing) -> None:
        """Try a dead letter again from now on, as if it were new."""
        now = microseconds(self.clock.now())
        self.store.moved(outgoing._replace(state="waiting", attempts=0, next_at=now, created_at=now))

    def wait(self, attempts: int) -> int:
        """
        How long until the next attempt [microseconds]: twice as long each time, up to an hour, give or take a quarter.

        What failed together does not return together.
        """
        base = min(FIRST_WAIT << min(attempts - 1, 20), LONGEST_WAIT)
        return base * 3 // 4 + int.from_bytes(self.random.token(4)) % (base // 2)

    def _failed(self, tried: Outgoing, trouble: str, *, lasting: bool) -> bool:
        now = microseconds(self.clock.now())
        if lasting or now - tried.created_at >= GIVES_UP:
            self._moved(tried._replace(state="dead", trouble=trouble[:500]))
            return True
        next_at = now + self.wait(tried.attempts)
        self._moved(tried._replace(next_at=next_at, trouble=trouble[:500]))
        return False

    def _moved(self, outgoing: Outgoing) -> None:
        """Keep how it went; of a request of ours, also what became of it."""
        self.store.moved(outgoing)
        became = {"sent": "accepted", "dead": "refused"}.get(outgoing.state)
        asked = self.store.request(outgoing.tenant, str(outgoing.event["id"])) if became else None
        if asked is not None and asked.state in {"sent", "refused"}:
            state: Any = became
            self.store.ask(asked._replace(state=state, note=outgoing.trouble))
