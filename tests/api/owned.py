"""
Things of two tenants and two suppliers, each with its owner's word in every text: where a word turns up, it leaked.

``WORDS`` are looked for in answers, so that nothing else may contain them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from ledger.programme.example_assessment import example
from ledger.records.assessment import Answer
from ledger.services.assessments import Opened, open_assessment, publish, take_step
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from ledger.services.pcf_requests import Party, Wanted, ask, board
from tests.api.contracted import contracted
from tests.api.house import OTHER, House, event
from tests.builders import PRODUCT

WORDS = {"demo": "wordofdemo", OTHER: "wordofother", "org-a": "wordoforga", "org-b": "wordoforgb"}
SUPPLIERS = {"supplier of a": "org-a", "supplier of b": "org-b"}


@dataclass(frozen=True)
class Owned:
    """What an owner has: a value for each parameter of a path, by its name."""

    owner: str
    values: dict[str, str]
    opaque: frozenset[str] = frozenset()
    """Parameters whose values are ids that were made here, and say nothing of whose they are."""

    def path(self, template: str) -> str:
        """A row's path aimed at this owner's things. A parameter unknown here gets the id of a record of the owner."""
        return re.sub(r"\{(.*?)\}", lambda part: self.values.get(part[1], f"leg-{WORDS[self.owner]}"), template)


def records(word: str, supplier: str) -> list[dict[str, Any]]:
    """Records of kinds that pages and lists show."""
    moment = {"occurred_at": "2026-05-01T08:00:00Z", "version": 1}
    product = f"https://id.example.org/{word}"
    return [
        {
            "kind": "transport_leg",
            "id": f"leg-{word}",
            "carrier": word,
            "consignment": word,
            "origin": word,
            "destination": word,
            "route": f"route-{word}",
            "vehicle": "road.hgv.artic-33t.diesel.avg",
            "mode": "road",
            "mass_g": 1000,
            "distance_m": 1000,
            "distance_basis": "sfd",
            "product": product,
            "quantity": 1,
        }
        | moment,
        {
            "kind": "product_footprint",
            "id": f"pcf-{word}",
            "name": word,
            "supplier": supplier,
            "product": product,
            "boundary": "cradle_to_gate",
            "declared_unit": "piece",
            "pcf_kg_co2e": "1",
            "primary_data_share_pct": "50",
            "valid_from": "2025-01-01",
            "valid_to": "2027-01-01",
        }
        | moment,
        {"kind": "bid", "id": f"bid-{word}", "tender": f"tender-{word}", "content": {"bidder": word}} | moment,
        {
            "kind": "claim",
            "id": f"claim-{word}",
            "figures": [{"name": "energy", "amount": "57万", "unit": "度"}],
            "rule": "electricity",
            "source": word,
            "words": word,
        }
        | moment,
        {
            "kind": "supplier_certificate",
            "id": f"certificate-{word}",
            "issuer": word,
            "number": word,
            "scheme": "ISO 14001",
            "scope": word,
            "supplier": supplier,
            "valid_from": "2025-01-01",
            "valid_to": "2027-01-01",
        }
        | moment,
        {
            "kind": "pledge",
            "id": f"pledge-{word}",
            "base_value": "10",
            "base_year": 2024,
            "commitment": "packaging",
            "indicator": word,
            "supplier": supplier,
            "target_value": "5",
            "target_year": 2028,
            "unit": "kg",
        }
        | moment,
        *warehouse(word, moment),
    ]


def warehouse(word: str, moment: dict[str, Any]) -> list[dict[str, Any]]:
    """A site, and a certificate."""
    days = {"generated_from": "2025-01-01", "generated_to": "2025-12-31"}
    site = {"kind": "warehouse_site", "id": f"site-{word}", "site": word, "name": word, "region": word}
    bought = {"kind": "energy_certificate", "id": f"certificate:{word}:1", "certificate": "1", "issuer": word}
    return [
        site | {"floor_area_m2": "1", "site_kind": "yard", "valid_from": "2025-01-01"} | moment,
        bought
        | days
        | {"mwh": "1", "owner": word, "region": word, "source": "certificate", "technology": "wind"}
        | moment,
    ]


def hand_in(client: httpx.Client, owner: str, supplier: str = "") -> Owned:
    """Everything of one owner, and the values that lead to it."""
    word = WORDS[owner]
    seen = event(
        f"urn:uuid:{word}", epcList=[f"{PRODUCT}/21/{word}"], bizLocation={"id": f"https://example.org/{word}"}
    )
    assert client.post("/events", json=seen).status_code == 201
    rows = client.post("/api/v1/records", json=records(word, supplier or word)).json()["rows"]
    assert not [row for row in rows if "problem" in row], rows
    document = {"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [event(f"urn:x:{word}")]}}
    captured = client.post("/capture", json=document).headers["location"].rpartition("/")[2]
    kept = client.post("/queries", json={"name": word, "query": {"EQ_bizStep": [word]}})
    assert kept.status_code == 201, kept.text
    values = {
        "event_id:path": f"urn:uuid:{word}",
        "capture_id": captured,
        "index": str(rows[1]["index"]),  # it names its supplier
        "size": str(rows[-1]["index"] + 1),
        "key_id": "nosuchkey",
        "level": "0",
        "tile:path": "000.p/1",
        "code": "log.conflict",
        "asset_id:path": f"{PRODUCT}/21/{word}".replace("/", "%2F"),
        "product_id:path": f"https://id.example.org/{word}",
        "route_id:path": f"route-{word}",
        "tender_id:path": f"tender-{word}",
        "claim_id:path": f"claim-{word}",
        "pcf_id:path": f"pcf-{word}",
        "pledge_id:path": f"pledge-{word}",
        "certificate_id:path": f"certificate-{word}",
        "scheme_id": "assessment-scheme:green-supplier:1",
        "set_id": "onecode-cn-2026.1",
        "factor_id:path": "CN-ETS-2022",
        "run_id": "run:1:0",
        "site_name:path": word,
        "year": "2025",
        "kind": "transport_leg",
        "job": "20260501-000000",
        "act": "1",
        "number": "1",
        "language": "en",
        "name": word,
        "value:path": word,
        "rest:path": f"09506000134352/21/{word}",
        "subscription_id": "none",
        "digest": "0" * 64,
        "segment": "000000000000-000000000001",
        "file": "manifest.json",
        "code:compressed": "ARFKk4XB0CDKWcnpq",
    }
    return Owned(owner, values, frozenset({"capture_id"}))


def _more_of(house: House, holder: str, owned: Owned) -> Owned:
    """What a supplier alone has: a file on its way, a file of evidence, and a request that is addressed to it."""
    ledger, word = house.ledger, WORDS[owned.owner]
    with house.client(holder) as client:
        sent = client.post("/api/v1/uploads", json={"name": f"{word}.csv", "size": 10})
        kept = client.post("/api/v1/evidence", params={"name": f"{word}.pdf", "about": word}, content=_pdf(word))
    assert (sent.status_code, kept.status_code) == (201, 201), (sent.text, kept.text)
    house_party = Party("demo", "owner")
    due = ledger.clock.now().date() + timedelta(days=30)
    wanted = Wanted([owned.owner], [(f"https://id.example.org/{word}", word)], due, 7, word)
    assert all(ask(ledger, house_party, wanted))
    asked = next(one.request for one in board(ledger, house_party)[0] if one.request.supplier == owned.owner)
    upload, evidence = sent.json()["id"], kept.json()["id"]
    values = {"upload_id": upload, "job": upload, "evidence_id": evidence, "request_id": asked.id}
    return Owned(owned.owner, owned.values | values, owned.opaque | values.keys())


def _pdf(word: str) -> bytes:
    return f"%PDF-1.4\n% {word}\n%%EOF\n".encode()


def furnish(house: House) -> dict[str, Owned]:
    """Two tenants and two suppliers of the first, each with things of its own."""
    ledger = house.ledger
    keys: Any = house.keys
    for holder, organisation in SUPPLIERS.items():
        terms = {"tenant": "demo", "name": holder, "role": "supplier", "days": 1, "organisation": organisation}
        keys[holder] = issue_key(ledger.principals, ledger.clock, ledger.random, **terms)[1]
    with house.client("owner") as owner, house.client("other") as other:
        found = {"demo": hand_in(owner, "demo"), OTHER: hand_in(other, OTHER)}
        found |= {name: hand_in(owner, name, name) for name in SUPPLIERS.values()}
    for name, owned in found.items():
        tenant, supplier = (name, WORDS[name]) if name in {"demo", OTHER} else ("demo", name)
        owned.values["assessment_id"] = assessed(house, tenant, supplier, WORDS[name])
        owned.values["contract_id:path"] = contracted(ledger, tenant, WORDS[name])
    for holder, name in SUPPLIERS.items():
        found[name] = _more_of(house, holder, found[name])
    house.settled()
    return found


def assessed(house: House, tenant: str, supplier: str, word: str) -> str:
    """The id of an assessment of a supplier, answered with the word."""
    ledger = house.ledger
    parts = (ledger.organisations, ledger.clock, ledger.random)
    add_organisation(*parts, tenant=tenant, name=word, kind="supplier", organisation_id=supplier)
    scheme = example(datetime(2026, 1, 1, tzinfo=UTC))
    publish(ledger, Party(tenant, "house"), scheme)
    opened = Opened(supplier, scheme.id, date(2025, 1, 1), date(2025, 12, 31), date(2027, 3, 31))
    made, _ = open_assessment(ledger, Party(tenant, "house"), opened)
    answers = tuple(Answer(points=0, question=key, words=word) for key in scheme.questions)
    take_step(ledger, Party(tenant, supplier, supplier, sees_all=False), made.id, "answered", answers=answers)
    return made.id


def words_in(answer: httpx.Response) -> set[str]:
    """Owners whose word is in an answer, head and content."""
    text = (answer.text + json.dumps(list(answer.headers.items()))).lower()
    return {owner for owner, word in WORDS.items() if word in text}
