"""
Transport activity data fetched from a carrier's own address (iLEAP 1.0.0, `/2/ileap/tad`), page by page.

Each page is taken before the next is asked for. Who is interrupted fetches again: what was taken adds nothing, and the
rest follows. What cannot be made a leg comes back with its page and its place in it, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from ledger.errors import ExchangeError
from ledger.ileap.taken import Assigned
from ledger.ports.exchange import ExchangeStore, Partner
from ledger.services.partner_client import PartnerClient
from ledger.services.take_activities import Taken, Taking, activities_in, preview, take


class PartnerUnregistered(ExchangeError):
    """An organisation whose interface is not registered; nothing else is ever called."""

    code = "exchange.unregistered"
    organisation: str
    en = "no interface of {organisation!r} is registered"
    zh = "尚未登记“{organisation}”的接口"
    fix_en = "Register its address and our client on the page Partners"
    fix_zh = "请在“合作方”页面登记其接口地址和我方客户端"


class Page(NamedTuple):
    """A page of a carrier: its ``number`` from 1, the SHA-256 of the bytes it came in, and what became of it."""

    number: int
    sha256: str
    taken: Taken

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {"page": self.number, "sha256": self.sha256, **self.taken.to_record()}


def registered(store: ExchangeStore, tenant: str, organisation: str) -> Partner:
    """A partner with its address. Raises ``PartnerUnregistered``."""
    partner = store.partner(tenant, organisation)
    if partner is None:
        raise PartnerUnregistered(organisation=organisation)
    return partner


def fetch(
    ledger: Taking,
    client: PartnerClient,
    partner: Partner,
    assigned: Assigned | Mapping[str, Assigned],
    *,
    submitter: str,
    size: int,
) -> Iterator[Page]:
    """
    Pages of up to ``size`` activities, each taken when it comes out.

    Raises ``PartnerUnreachable``, ``PartnerRefuses``, ``DestinationRefused``, and ``RecordUnreadable`` for a page that
    holds no activities; pages before it stay taken.
    """
    for number, body in enumerate(client.activities(partner, size), start=1):
        found = preview(ledger, partner.organisation, activities_in(body), assigned)
        yield Page(number, sha256(body).hexdigest(), take(ledger, found, tenant=partner.tenant, submitter=submitter))
