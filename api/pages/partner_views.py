"""What the pages of partners show: nothing in it is a secret, but a key that was just issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from api.pages.words import at
from ledger.pact.event import TYPES
from ledger.ports.exchange import Outgoing, Partner, Request
from ledger.records.pcf import PcfGrant
from ledger.services.access import Principal
from ledger.services.organisations import Organisation

Names = Mapping[str, str]
_HAPPENINGS: Final = {kind: happening for (_, happening), kind in TYPES.items()}


class PartnerRow(NamedTuple):
    """A partner organisation, and where its interface is once that is registered."""

    id: str
    name: str
    registered: bool
    base_url: str
    auth_base: str
    client_id: str
    wire: int
    trouble: str


class OutgoingRow(NamedTuple):
    """An event to a partner and how its sending goes; ``next_at`` while it waits."""

    id: str
    partner: str
    event: str
    happening: str
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime | None
    trouble: str


class RequestRow(NamedTuple):
    """A request of ours and what became of it."""

    id: str
    partner: str
    products: list[str]
    state: str
    asked_at: datetime
    note: str


class GrantRow(NamedTuple):
    """Who sees what of whom; ``partner_id``, ``supplier_id`` and the rest are what takes it back."""

    supplier_id: str
    supplier: str
    partner_id: str
    partner: str
    scope: str
    value: str
    until: datetime | None


class KeyRow(NamedTuple):
    """A key that the partner uses here, without its secret."""

    id: str
    expires_at: datetime
    state: str


class Traffic(NamedTuple):
    """What goes to and fro with one partner or all of them."""

    outbox: list[OutgoingRow]
    requests: list[RequestRow]
    grants: list[GrantRow]
    more_outbox: str = ""
    """The address of the next page, from this one."""
    more_requests: str = ""


class PartnersView(NamedTuple):
    """The page of all partners."""

    partners: list[PartnerRow]
    traffic: Traffic


class Fresh(NamedTuple):
    """A key just issued: the one time that its secret is shown."""

    client_id: str
    secret: str


class Tried(NamedTuple):
    """What a test of the connection gave: how many footprints, or the trouble."""

    found: int
    trouble: str


class PartnerView(NamedTuple):
    """The page of one partner."""

    partner: PartnerRow
    domain: str
    suppliers: list[tuple[str, str]]
    keys: list[KeyRow]
    traffic: Traffic
    fresh: Fresh | None
    tried: Tried | None


def partner_row(organisation: Organisation, partner: Partner | None, trouble: str) -> PartnerRow:
    """A partner with its last trouble: that of the newest event that could not be sent so far."""
    where = (partner.base_url, partner.auth_base, partner.client_id, partner.wire) if partner else ("", "", "", 3)
    return PartnerRow(organisation.id, organisation.name, partner is not None, *where, trouble)


def traffic(
    outbox: Sequence[Outgoing], requests: Sequence[Request], grants: Sequence[PcfGrant], names: Names
) -> Traffic:
    """Newest first; partners and suppliers by name."""
    return Traffic(
        [_outgoing(one, names) for one in outbox],
        [_request(one, names) for one in requests],
        sorted(_grant(one, names) for one in grants),
    )


def key_rows(principals: Sequence[Principal], organisation: str, now: datetime) -> list[KeyRow]:
    """A partner's keys, newest first."""
    own = [one for one in principals if one.role == "partner" and one.organisation == organisation]
    own.sort(key=lambda one: one.created_at, reverse=True)
    return [_key(one, now) for one in own]


def _key(one: Principal, now: datetime) -> KeyRow:
    ends = at(one.expires_at)
    return KeyRow(one.id, ends, "revoked" if one.revoked else "expired" if ends <= now.astimezone(UTC) else "valid")


def _outgoing(one: Outgoing, names: Names) -> OutgoingRow:
    return OutgoingRow(
        one.id,
        names.get(one.partner, one.partner),
        str(one.event.get("id", "")),
        _HAPPENINGS.get(str(one.event.get("type", "")), "created"),
        one.state,
        one.attempts,
        at(one.created_at),
        at(one.next_at) if one.state == "waiting" else None,
        one.trouble,
    )


def _request(one: Request, names: Names) -> RequestRow:
    products = [str(product) for product in one.data.get("productId", [])]
    return RequestRow(one.id, names.get(one.partner, one.partner), products, one.state, at(one.asked_at), one.note)


def _grant(one: PcfGrant, names: Names) -> GrantRow:
    supplier, grantee = names.get(one.supplier, one.supplier), names.get(one.grantee, one.grantee)
    return GrantRow(one.supplier, supplier, one.grantee, grantee, one.scope, one.value or "", one.until)
