"""Records and parts of a ledger that are valid by default: a test names only what it is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account

from ledger.log.checkpoint import NoteKey
from ledger.log.entry import SALT_SIZE, commitment
from ledger.ports import Draft, Receipt
from ledger.records.correction import correction_id
from ledger.records.epcis import record_of
from ledger.records.epcis.reading import read_event
from ledger.records.record import KIND_NUMBERS, Record, check, decode
from ledger.services.capture import Submission, capture, draft
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger

TENANT = "demo"
ORIGIN = "onecode.local/ledger"
PRODUCT = "https://id.gs1.org/01/09506000134352"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
WRITER_KEY = hashlib.sha256(b"the chain key of every test").digest()


def leg(name: str = "leg-1", **changes: Any) -> Record:
    """A transport leg of id ``name``."""
    fields = {
        "carrier": "carrier-1",
        "consignment": "waybill-1",
        "destination": "Nanjing",
        "distance_basis": "sfd",
        "distance_m": 302_000,
        "id": name,
        "kind": "transport_leg",
        "mass_g": 12_500,
        "mode": "road",
        "occurred_at": "2026-01-01T08:00:00+08:00",
        "origin": "Shanghai",
        "product": PRODUCT,
        "quantity": 1,
        "route": "route-1",
        "vehicle": "road.artic.diesel",
        "version": 1,
    }
    return decode(json.dumps(fields | changes).encode())


def correction(target: str, reason: str = "wrong weight", **changes: Any) -> Record:
    """The record of that id counts no more."""
    fields = {
        "corrects": target,
        "id": correction_id(target),
        "kind": "correction",
        "occurred_at": "2026-02-01T08:00:00+08:00",
        "reason": reason,
        "version": 1,
    }
    return decode(json.dumps(fields | changes).encode())


def pcf(number: str = "pcf-1", **changes: Any) -> Record:
    """A declared footprint of the product: 412.75 kg CO2e a piece, cradle to gate."""
    fields = {
        "boundary": "cradle_to_gate",
        "declared_unit": "piece",
        "id": number,
        "kind": "product_footprint",
        "name": "product-1",
        "occurred_at": "2026-01-01T08:00:00+08:00",
        "pcf_kg_co2e": "412.75",
        "primary_data_share_pct": "61.5",
        "product": PRODUCT,
        "supplier": "supplier-1",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "version": 1,
    }
    return decode(json.dumps(fields | changes).encode())


def bill(name: str = "bill-1", **changes: Any) -> Record:
    """A bill of materials of the product: a piece of 1 kg of steel, by the UK's factor."""
    fields = {
        "amounts": "measured",
        "declared_unit": "piece",
        "id": name,
        "inputs": [{"amount": "1", "factor": "DEFRA25-19_504_5116_15_1", "name": "steel", "unit": "kg"}],
        "kind": "bill_of_materials",
        "manufacturer": "supplier-1",
        "mass_kg": "1",
        "name": "product-1",
        "occurred_at": "2026-01-01T08:00:00+08:00",
        "product": PRODUCT,
        "region": "CN",
        "site": "factory-1",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "version": 1,
    }
    return decode(json.dumps(fields | changes).encode())


def legs(count: int, start: int = 0, **changes: Any) -> list[Record]:
    """``count`` legs with ids from ``leg-<start>`` on."""
    return [leg(f"leg-{number}", **changes) for number in range(start, start + count)]


def scan(name: str = "urn:uuid:scan-1", **changes: Any) -> Record:
    """An object event that sees one serialised item; ``changes`` are fields of the event as sent, extensions too."""
    moment = "2026-01-01T08:00:00+08:00"
    event = {
        "action": "OBSERVE",
        "bizStep": "shipping",
        "epcList": [f"{PRODUCT}/21/1"],
        "eventID": name,
        "eventTime": moment,
        "eventTimeZoneOffset": "+08:00",
        "type": "ObjectEvent",
    }
    event |= changes
    record = record_of(read_event(json.dumps(event).encode()))
    check(record)
    return record


def draft_of(record: Record, tenant: str = TENANT, submitter: str = "tester") -> Draft:
    """The record ready to be sequenced; its salt follows from its id, so that two runs store the same bytes."""
    return draft(record, Submission(tenant, submitter), hashlib.sha256(record.id.encode()).digest())


def raw_draft(body: bytes, name: str, tenant: str = TENANT) -> Draft:
    """A draft of any body, for stores, which do not look inside."""
    salt = hashlib.sha256(body).digest()
    assert len(salt) == SALT_SIZE
    return Draft(tenant, KIND_NUMBERS["transport_leg"], name, 0, body, salt, commitment(salt, body))


def note_key(name: str = ORIGIN, seed: int = 1) -> NoteKey:
    """A signing key that is the same in every run."""
    return NoteKey(name, Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big")))


class SteppingClock:
    """Each look at it is ``step`` later than the last; it can also be put forward."""

    def __init__(self, start: datetime = EPOCH, step: timedelta = timedelta(milliseconds=1)) -> None:
        self.moment, self.step = start, step

    def now(self) -> datetime:
        self.moment += self.step
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def settings(home: Path, **changes: Any) -> Settings:
    """Settings of a ledger in ``home``, whose chain key costs nothing to open."""
    home.mkdir(parents=True, exist_ok=True)
    keystore, passphrase = home / "chain-key.json", home / "chain-key.pass"
    if not keystore.exists():
        keystore.write_text(json.dumps(Account.encrypt(WRITER_KEY, "test", kdf="scrypt", iterations=2)))
        passphrase.write_text("test")
        keystore.chmod(0o600)
        passphrase.chmod(0o600)
    return Settings(home=home, origin=ORIGIN, tenant=TENANT, **changes)


@contextmanager
def opened(home: Path, **changes: Any) -> Iterator[Ledger]:
    """A ledger in ``home``, open for the length of the block."""
    with open_ledger(settings(home, **changes)) as ledger:
        yield ledger


def captured(ledger: Ledger, records: Sequence[Record], tenant: str = TENANT) -> list[Receipt]:
    """The receipts of records that must all be taken."""
    outcomes = capture(
        ledger.entries, ledger.clock, ledger.random, tenant=tenant, submitter="tester", records=list(records)
    )
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert len(receipts) == len(outcomes), [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    return receipts
