"""Sealed bids end to end: nothing readable before opening, late and copied ones refused, every bid accounted for."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from ledger.records.sealed_bid import Holder
from ledger.scoring.sealing import Purpose, Sealed, public_key, seal
from ledger.scoring.sealing_errors import SealingKeyRefused, SealingKeysMissing, SealRefused, TenderSealed
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from ledger.services.project import catch_up
from ledger.services.sealed_bids import Handed, hand_in, opened_bids, publish_key, release_key, sealing_of
from ledger.services.tender_desk import Desk, TenderClosed, TenderOpen
from ledger.services.tenders import bids_of, publish_scheme, score_tender, submit_bid
from ledger.wiring import Ledger
from tests.api.house import House, served
from tests.builders import opened
from tests.unit.scoring.tender import CLOSES, bid, criterion, full_scheme, scheme

TENDER = "T-sealed"
BUYER, AUDITOR = (hashlib.sha256(name).digest() for name in (b"buyer", b"auditor"))
PRICE = "987654321"
ORGANISATIONS = {"org-a": "Anhe 安和", "org-b": "Boyuan 博远", "org-c": "Chenxi 晨曦"}


class At:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment


def desk(ledger: Ledger, submitter: str, *, late: bool = False) -> Desk:
    """A desk an hour before closing, or an hour after."""
    catch_up(ledger.entries, ledger.projections)
    clock = At(CLOSES + timedelta(hours=1 if late else -1))
    parts = (
        ledger.entries,
        ledger.projections,
        clock,
        ledger.random,
        "demo",
        submitter,
        ledger.organisations,
        ledger.sight,
    )
    return Desk(*parts)


def prices() -> Any:
    """A scheme of price alone."""
    return scheme(criterion("price", "100", "lowest-price", unit="CNY"), id=TENDER)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A published tender with both keys, and three suppliers."""
    with opened(tmp_path / "home") as found:
        for name, called in ORGANISATIONS.items():
            parts = (found.organisations, found.clock, found.random)
            add_organisation(*parts, tenant="demo", name=called, kind="supplier", organisation_id=name)
        publish_scheme(desk(found, "owner"), prices())
        publish_key(desk(found, "buyer"), TENDER, "buyer", public_key(BUYER).hex())
        publish_key(desk(found, "auditor"), TENDER, "auditor", public_key(AUDITOR).hex())
        yield found


def sealed(ledger: Ledger, supplier: str, price: str, word: str = "", **changes: Any) -> Handed:
    """A bid of a price, sealed as its bidder would."""
    purpose = sealing_of(desk(ledger, supplier), TENDER).purpose(supplier)
    body = json.encode({"price": price} | changes)
    nonce, own = (hashlib.sha256(f"{supplier}{price}{word}{n}".encode()).digest() for n in range(2))
    made = seal(body, purpose, nonce, own)
    return Handed(purpose.scheme, made.commitment.hex(), made)


def test_nothing_is_readable_before_both_keys_are_released(ledger: Ledger, tmp_path: Path) -> None:
    """Not in any file of the ledger; afterwards all of it, and the sheet follows from the sealed entries alone."""
    hand_in(desk(ledger, "a"), TENDER, "org-a", sealed(ledger, "org-a", PRICE))
    hand_in(desk(ledger, "b"), TENDER, "org-b", sealed(ledger, "org-b", "900000000"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if PRICE.encode() in path.read_bytes()]
    late = desk(ledger, "owner", late=True)
    with pytest.raises(SealingKeysMissing):
        score_tender(late, TENDER)
    release_key(desk(ledger, "buyer", late=True), TENDER, "buyer", BUYER.hex())
    with pytest.raises(SealingKeysMissing):
        opened_bids(late, sealing_of(desk(ledger, "x", late=True), TENDER))
    release_key(desk(ledger, "auditor", late=True), TENDER, "auditor", AUDITOR.hex())
    late = desk(ledger, "owner", late=True)
    submit = {one.bidder: one for one in bids_of(late, prices())}
    assert submit["Anhe 安和"].price == int(PRICE)
    assert submit["Anhe 安和"].sealed_at == CLOSES - timedelta(hours=1)
    sheet, _ = score_tender(late, TENDER)
    assert sheet.winner == "Boyuan 博远"


def test_the_last_bid_counts_and_a_withdrawn_one_does_not(ledger: Ledger) -> None:
    """Until closing; the log keeps all of them."""
    for price in ("300", "200"):
        hand_in(desk(ledger, "a"), TENDER, "org-a", sealed(ledger, "org-a", price))
    gone = sealed(ledger, "org-b", "100")
    hand_in(desk(ledger, "b"), TENDER, "org-b", gone)
    hand_in(desk(ledger, "b"), TENDER, "org-b", gone._replace(sealed=None))
    release(ledger)
    assert [(one.bidder, one.price) for one in bids_of(desk(ledger, "x", late=True), prices())] == [("Anhe 安和", 200)]
    assert len(sealing_of(desk(ledger, "x"), TENDER).rows) == 4


def test_late_copied_and_open_bids_are_refused(ledger: Ledger) -> None:
    """And so is one that was sealed for another scheme; a copy under another name would not open either."""
    first = sealed(ledger, "org-a", "100")
    hand_in(desk(ledger, "a"), TENDER, "org-a", first)
    with pytest.raises(TenderClosed):
        hand_in(desk(ledger, "b", late=True), TENDER, "org-b", sealed(ledger, "org-b", "90"))
    with pytest.raises(SealRefused):
        hand_in(desk(ledger, "b"), TENDER, "org-b", first)
    with pytest.raises(SealRefused):
        hand_in(desk(ledger, "b"), TENDER, "org-b", sealed(ledger, "org-b", "90")._replace(scheme="0" * 64))
    with pytest.raises(TenderSealed):
        submit_bid(desk(ledger, "b"), TENDER, bid("Boyuan 博远", "90"))
    with pytest.raises(SealRefused):
        publish_scheme(desk(ledger, "owner"), full_scheme(id=TENDER, version=2))
    assert first.sealed is not None
    stolen = Sealed(first.sealed.ephemeral[::-1], first.sealed.ciphertext, first.sealed.commitment)
    hand_in(desk(ledger, "c"), TENDER, "org-c", Handed(first.scheme, "c" * 64, stolen))
    release(ledger)
    state = sealing_of(desk(ledger, "x", late=True), TENDER)
    found = {one.row.bid.supplier: one for one in opened_bids(desk(ledger, "x", late=True), state)}
    assert found["org-a"].bid is not None
    assert found["org-c"].bid is None
    assert "另" in found["org-c"].error.message("zh-CN") or "其他" in found["org-c"].error.message("zh-CN")  # type: ignore[union-attr]


def test_what_opens_and_is_no_bid_is_kept_with_its_reason(ledger: Ledger) -> None:
    """It moves nobody's rank."""
    hand_in(desk(ledger, "a"), TENDER, "org-a", sealed(ledger, "org-a", "100"))
    hand_in(desk(ledger, "b"), TENDER, "org-b", sealed(ledger, "org-b", "-5"))
    hand_in(desk(ledger, "c"), TENDER, "org-c", sealed(ledger, "org-c", "50", sealed_at="2020-01-01T00:00:00Z"))
    release(ledger)
    state = sealing_of(desk(ledger, "x", late=True), TENDER)
    codes = {
        one.row.bid.supplier: one.error.code if one.error else ""
        for one in opened_bids(desk(ledger, "x", late=True), state)
    }
    assert codes == {"org-a": "", "org-b": "scoring.bid-amount", "org-c": "scoring.form"}
    assert score_tender(desk(ledger, "x", late=True), TENDER)[0].winner == "Anhe 安和"


def test_keys_are_two_people_s_and_released_after_closing(ledger: Ledger, tmp_path: Path) -> None:
    """One account holds one; another key is not taken; the private half has to be that of the published one."""
    with pytest.raises(SealingKeyRefused):
        publish_key(desk(ledger, "buyer"), TENDER, "buyer", public_key(AUDITOR).hex())
    with pytest.raises(TenderOpen):
        release_key(desk(ledger, "buyer"), TENDER, "buyer", BUYER.hex())
    with pytest.raises(SealingKeyRefused):
        release_key(desk(ledger, "buyer", late=True), TENDER, "buyer", AUDITOR.hex())
    publish_scheme(desk(ledger, "owner"), scheme(criterion("price", "100", "lowest-price", unit="CNY"), id="T-2"))
    publish_key(desk(ledger, "one"), "T-2", "buyer", public_key(BUYER).hex())
    with pytest.raises(SealingKeyRefused):
        publish_key(desk(ledger, "one"), "T-2", "auditor", public_key(AUDITOR).hex())
    with pytest.raises(SealingKeysMissing):
        hand_in(desk(ledger, "a"), "T-2", "org-a", sealed(ledger, "org-a", "1"))


def release(ledger: Ledger) -> None:
    """Both holders, after closing."""
    keys: dict[Holder, bytes] = {"buyer": BUYER, "auditor": AUDITOR}
    for holder, private in keys.items():
        release_key(desk(ledger, holder, late=True), TENDER, holder, private.hex())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A tender that closes in 2099, and two suppliers' accounts."""
    with served(tmp_path_factory.mktemp("home")) as house:
        keys, ledger = dict(house.keys), house.ledger
        for name in ("org-a", "org-b"):
            terms: Any = {"tenant": "demo", "name": name, "role": "supplier", "days": 1, "organisation": name}
            keys[name] = issue_key(ledger.principals, ledger.clock, ledger.random, **terms)[1]
        far = datetime.fromisoformat("2099-01-01T00:00:00+08:00")
        publish_scheme(
            desk(ledger, "owner"), scheme(criterion("price", "100", "lowest-price"), id=TENDER, closes_at=far)
        )
        yield dataclasses.replace(house, keys=keys)


def test_over_http(house: House) -> None:
    """The auditor's key is an auditor's; a supplier sees its own seals, and nobody opens anything before closing."""
    base = f"/api/v1/tenders/{TENDER}"
    with house.client("procurement") as buyer, house.client("auditor") as auditor, house.client("org-a") as supplier:
        for client, holder, key in ((buyer, "auditor", AUDITOR), (auditor, "buyer", BUYER)):
            refused = client.post(f"{base}/sealing-keys", json={"holder": holder, "public_key": public_key(key).hex()})
            assert refused.json()["code"] == "scoring.sealing-key-refused"
        for client, holder, key in ((buyer, "buyer", BUYER), (auditor, "auditor", AUDITOR)):
            said = {"holder": holder, "public_key": public_key(key).hex()}
            assert client.post(f"{base}/sealing-keys", json=said).status_code == 201
        offers = supplier.get("/api/v1/open-tenders").json()["tenders"]
        assert [(one["tender"], one["open"]) for one in offers] == [(TENDER, True)]
        view = supplier.get(f"{base}/sealing").json()
        purpose = Purpose(
            TENDER, view["scheme"], "org-a", *(bytes.fromhex(view["keys"][h]) for h in ("buyer", "auditor"))
        )
        made = seal(b'{"price":"10"}', purpose, bytes(32), hashlib.sha256(b"own").digest())
        from base64 import b64encode

        said = {
            "scheme": view["scheme"],
            "commitment": made.commitment.hex(),
            "ephemeral": made.ephemeral.hex(),
            "ciphertext": b64encode(made.ciphertext).decode(),
        }
        receipt = supplier.post(f"{base}/sealed-bids", json=said)
        assert receipt.status_code == 201, receipt.text
        assert supplier.get(f"/api/v1/entries/{receipt.json()['entry']}").status_code == 200
        assert [one["counts"] for one in supplier.get(f"{base}/sealing").json()["bids"]] == [True]
        assert len(buyer.get(f"{base}/sealing").json()["bids"]) == 1
        with house.client("org-b") as other:
            assert other.get(f"{base}/sealing").json()["bids"] == []
            assert other.get(f"/api/v1/entries/{receipt.json()['entry']}").status_code == 404
            assert other.post(f"{base}/sealed-bids", json=said).json()["code"] == "scoring.seal-refused"
        early = buyer.post(f"{base}/key-releases", json={"holder": "buyer", "private_key": BUYER.hex()})
        assert (early.status_code, early.json()["code"]) == (409, "scoring.tender-open")
        assert buyer.get(f"{base}/opened-bids").json()["code"] == "scoring.sealing-keys"
        assert supplier.get(f"{base}/opened-bids").status_code == 403
