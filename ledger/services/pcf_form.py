"""A footprint by a form: what nobody fills in, recorded, its earlier version deprecated, a request answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from ledger.desk.errors import FootprintAbsent
from ledger.desk.requests import RequestState
from ledger.errors import LedgerError
from ledger.identity import canonical
from ledger.log.proof import record_of
from ledger.pact.form import Read, read
from ledger.pact.value import instant, uuid
from ledger.ports import Receipt
from ledger.records.pcf import Pcf
from ledger.records.record import decode_body
from ledger.services.capture import Submission
from ledger.services.organisations import organisation_of
from ledger.services.pcf import deprecate, publish
from ledger.services.pcf_requests import Asking, Party, request_named, take_step
from ledger.services.pcf_shelf import Held

VERSION: Final = "3.0.0"
_GTIN: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}", re.ASCII)
_CODE: Final = re.compile(r"https://id\.gs1\.org/01/([0-9]{14})", re.ASCII)


class Stating(NamedTuple):
    """
    What is stated: for which supplier (an organisation's id), of which product by the supplier's code, under which id.

    ``earlier`` is the record that it replaces, ``request`` the id of the request that it answers; both may be empty.
    """

    supplier: str
    product: str
    footprint_id: str
    earlier: str = ""
    request: str = ""


def earlier_version(ledger: Asking, tenant: str, supplier: str, record_id: str) -> Pcf:
    """A supplier's own recorded footprint. Raises ``FootprintAbsent`` alike for absent ones and for others'."""
    entry = ledger.entries.find(tenant, record_id)
    if entry is not None and record_of(entry).get("kind") == "pcf":
        found = decode_body(entry.body, "pcf")
        if isinstance(found, Pcf) and found.supplier == supplier:
            return found
    raise FootprintAbsent(pcf=record_id[:200])


def open_request(ledger: Asking, party: Party, name: str) -> RequestState | None:
    """A request that a party can answer now, else ``None``. Raises ``RequestAbsent``."""
    state = request_named(ledger, party, name)
    return state if state.is_open and state.holder == party.organisation else None


def filled(ledger: Asking, party: Party, stating: Stating, said: Mapping[str, str], host: str) -> Read:
    """
    A form as it is filled in. ``host`` issues the names of what has no other (``urn:pact:host:...``).

    Raises ``OrganisationAbsent``, ``FootprintAbsent``, ``IdentityError`` for digits of a GTIN that cannot be.
    """
    supplier = organisation_of(ledger.organisations, party.tenant, stating.supplier)
    earlier = None
    if stating.earlier:
        earlier = earlier_version(ledger, party.tenant, supplier.id, stating.earlier).footprint
    known = ledger.entries.find(party.tenant, f"pcf:{uuid(stating.footprint_id)}")
    record = {} if known is None else record_of(known)
    mine = record.get("supplier") == supplier.id
    made: dict[str, Any] = {
        "id": stating.footprint_id,
        "specVersion": VERSION,
        "created": record["footprint"]["created"] if mine else instant(ledger.clock.now().replace(microsecond=0)),
        "companyName": supplier.name,
        "companyIds": list(supplier.identifiers) or [_urn(host, "supplier-id", supplier.id)],
        "productIds": earlier["productIds"] if earlier else [product_urn(_product(ledger, party, stating), host)],
    }
    if earlier:
        made["precedingPfIds"] = [earlier["id"]]
    return read(said, made, earlier)


def state(
    ledger: Asking, party: Party, submission: Submission, stating: Stating, footprint: Mapping[str, Any]
) -> Receipt:
    """
    Record it, deprecate the earlier version, answer the request. Repeated, it carries on where it was cut off.

    Raises what ``publish`` and ``take_step`` raise.
    """
    earlier = earlier_version(ledger, party.tenant, stating.supplier, stating.earlier) if stating.earlier else None
    code = earlier.product if earlier else product_code(_product(ledger, party, stating))
    receipt = publish(ledger, submission, footprint, supplier=stating.supplier, product=code)
    name = f"pcf:{footprint['id']}"
    if earlier and ledger.entries.find(party.tenant, f"{earlier.id}#deprecated") is None:
        entry = ledger.entries.find(party.tenant, earlier.id)
        assert entry is not None
        deprecate(ledger, submission, Held(entry.index, earlier, None), "a later version replaces it", name)
    if stating.request and open_request(ledger, party, stating.request) is not None:
        take_step(ledger, party, stating.request, "fulfilled", pcf=name)
    return receipt


def product_code(text: str) -> str | None:
    """A product's GS1 identity in its canonical form, of the digits of a GTIN too; ``None`` of a code that is none."""
    if _GTIN.fullmatch(text):
        return canonical(f"(01){text.zfill(14)}")
    try:
        return canonical(text)
    except LedgerError:
        return None


def product_urn(text: str, host: str) -> str:
    """The URN of a product: of its GTIN where it has one, as written where it is a URN, else issued by ``host``."""
    if text.startswith("urn:"):
        return text
    code = product_code(text) or text
    gtin = _CODE.fullmatch(code)
    return f"urn:gtin:{gtin[1]}" if gtin else _urn(host, "product-id", code)


def _product(ledger: Asking, party: Party, stating: Stating) -> str:
    """What is stated is of the product that was asked for, where it answers a request."""
    return request_named(ledger, party, stating.request).request.product if stating.request else stating.product


def _urn(host: str, kind: str, name: str) -> str:
    return f"urn:pact:{urlsplit(host).hostname or host}:{kind}:{quote(name, safe='')}"
