"""The registry over HTTP and in tenders: handed in by a supplier, confirmed by the house, read as of closing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from ledger.programme.errors import CertificateStepRefused, CertificateUnknown, OwnCertificate
from ledger.scoring.gate import Gate
from ledger.services.certificates import Become, certificate_seen, certificates_page, state_now, state_step
from ledger.services.keys import issue_key
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme, score_tender, submit_bid
from tests.api.house import House, served
from tests.unit.scoring.tender import full_bid, full_scheme

NAME = "supplier-certificate:a"
PLAIN: dict[str, Any] = {
    "id": NAME,
    "issuer": "CQC 示例",
    "kind": "supplier_certificate",
    "number": "00123E30456R1M",
    "occurred_at": "2026-01-10T08:00:00Z",
    "scheme": "ISO 14001",
    "scope": "环网柜的制造",
    "supplier": "org-a",
    "valid_from": "2026-01-01",
    "valid_to": "2099-12-31",
    "version": 1,
}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two suppliers and a verifier that belongs to the first; the first's certificate handed in."""
    with served(tmp_path_factory.mktemp("home")) as house:
        keys, ledger = dict(house.keys), house.ledger
        for name, role in (("org-a", "supplier"), ("org-b", "supplier"), ("org-a", "auditor")):
            keys[f"{role}@{name}"] = issue_key(
                ledger.principals,
                ledger.clock,
                ledger.random,
                tenant=ledger.settings.tenant,
                name=name,
                role=role,
                days=1,
                organisation=name,
            )[1]
        found = dataclasses.replace(house, keys=keys)
        with found.client("supplier@org-a") as client:
            assert client.post("/api/v1/records", json=[PLAIN]).status_code in {200, 201}
        yield found


def party(house: House, organisation: str = "", *, sees_all: bool = True) -> Party:
    """A party of the house's tenant."""
    return Party(house.ledger.settings.tenant, "somebody", organisation, sees_all)


def test_a_supplier_hands_in_and_sees_its_own_alone(registry: House) -> None:
    """Another's certificate is refused when handed in, and absent when asked for."""
    with registry.client("supplier@org-b") as client:
        refused = client.post("/api/v1/records", json=[PLAIN | {"id": "x"}])
        assert "programme.other-organisation" in refused.text
        assert client.get(f"/certificates/{quote(NAME, safe='')}").status_code == 404
        assert "00123E30456R1M" not in client.get("/certificates").text
    with registry.client("supplier@org-a") as client:
        assert "00123E30456R1M" in client.get("/certificates").text
        page = client.get(f"/certificates/{quote(NAME, safe='')}")
        assert page.status_code == 200
        assert 'name="status"' not in page.text
    with registry.client("warehouse") as client:
        assert client.get("/certificates").status_code == 403


def test_what_became_of_it_is_for_neither_its_holder_nor_a_record_of_ones_own(registry: House) -> None:
    """A supplier's account is refused by its role, its own verifier by whose it is, a hand-made record by its kind."""
    status = {
        "by": "CQC",
        "certificate": NAME,
        "effective_at": "2026-02-01T00:00:00Z",
        "id": "s",
        "kind": "certificate_status",
        "occurred_at": "2026-02-01T00:00:00Z",
        "reason": "r",
        "status": "confirmed",
        "supplier": "org-a",
        "version": 1,
    }
    with registry.client("owner") as client:
        assert "record.made-by-ledger" in client.post("/api/v1/records", json=[status]).text
    told = {"status": "confirmed", "reason": "r"}
    with registry.client("supplier@org-a") as client:
        assert client.post(f"/certificates/{quote(NAME, safe='')}", data=told).status_code == 403
    now = Become("confirmed", registry.ledger.clock.now(), "r")
    with pytest.raises(OwnCertificate):
        state_step(registry.ledger, party(registry, "org-a"), NAME, now)
    with pytest.raises(CertificateUnknown):
        state_step(registry.ledger, party(registry, "org-b", sees_all=False), NAME, now)
    held = certificate_seen(registry.ledger, party(registry), NAME)
    assert state_now(held, registry.ledger.clock.now()) == "recorded"


def test_a_tender_reads_the_registry_as_it_was_at_closing(registry: House) -> None:
    """Revoked after closing: the closed tender scores again to the same sheet, and a later one sets the bid aside."""
    ledger, house = registry.ledger, party(registry)
    start = ledger.clock.now()

    class Stopped:
        """A clock that stands."""

        def __init__(self, at: datetime) -> None:
            self._at = at

        def now(self) -> datetime:
            """Its time."""
            return self._at

    def desk(at: datetime) -> Desk:
        clock: Any = Stopped(at)
        return Desk(
            ledger.entries,
            ledger.projections,
            clock,
            ledger.random,
            ledger.settings.tenant,
            "procurement",
            ledger.organisations,
            ledger.sight,
        )

    def tender(name: str, closes: datetime) -> str:
        gates = (Gate(kind="registered-certificate", name="GB/T 24001-2016"), Gate(kind="footprint-comparable"))
        publish_scheme(desk(closes - timedelta(days=2)), full_scheme(id=name, gates=gates, closes_at=closes))
        catch_up(ledger.entries, ledger.projections)
        for bidder in ("org-a", "org-b"):
            bid = full_bid(bidder, "1000000", "60", "95")
            submit_bid(desk(closes - timedelta(hours=1)), name, replace(bid, sealed_at=closes - timedelta(hours=1)))
        catch_up(ledger.entries, ledger.projections)
        return name

    confirmed, first, revoked, second = (start - timedelta(hours=hours) for hours in (40, 30, 20, 10))
    told = Become("confirmed", confirmed, "CNCA 登记一致")
    entry = state_step(ledger, house, NAME, told, at=confirmed)[1]
    sheet, _ = score_tender(desk(start), tender("T-1", first))
    assert {bidder: [one.code for one in why] for bidder, why in sheet.excluded.items()} == {
        "org-b": ["scoring.gate.certificate-absent"]
    }
    (shown,) = next(bid.registry for bid in sheet.bids if bid.bidder == "org-a" and bid.registry)
    assert [change.entry for change in shown.changes] == [entry.seq]

    state_step(ledger, house, NAME, Become("revoked", revoked, "发证机构公告"), at=revoked)
    catch_up(ledger.entries, ledger.projections)
    assert score_tender(desk(start), "T-1")[0].to_record() == sheet.to_record()
    later, _ = score_tender(desk(start), tender("T-2", second))
    assert [one.code for one in later.excluded["org-a"]] == ["scoring.gate.certificate-not-in-force"]
    with pytest.raises(CertificateStepRefused):
        state_step(ledger, house, NAME, Become("reinstated", start, "r"))
    with registry.client("procurement") as client:
        page = client.get(f"/certificates/{quote(NAME, safe='')}").text
        assert "发证机构公告" in page
        assert 'name="status"' not in page


def test_the_house_states_by_the_page_what_became_of_one(registry: House) -> None:
    """A step by its form; a time ahead and a word that is no step are refused; a withdrawn certificate is gone."""
    other = PLAIN | {"id": "supplier-certificate:b", "number": "B-2", "supplier": "org-b"}
    with registry.client("owner") as client:
        assert client.post("/api/v1/records", json=[other]).status_code in {200, 201}
        client.headers["origin"] = str(client.base_url).rstrip("/")
        address = "/certificates/supplier-certificate%3Ab"
        told = {"status": "confirmed", "reason": "登记一致"}
        assert client.post(address, data=told | {"status": "blessed"}).status_code in {400, 422}
        ahead = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
        assert client.post(address, data=told | {"effective_on": ahead}).status_code == 409
        assert client.post(address, data=told).status_code == 303
    (held,) = (one for one in certificates_page(registry.ledger, party(registry))[0] if one.certificate.number == "B-2")
    assert state_now(held, registry.ledger.clock.now()) == "in_force"
    assert [one.by for _, one in held.statuses] == [registry.ledger.settings.tenant]
    correction = {
        "corrects": "supplier-certificate:b",
        "id": "supplier-certificate:b#correction",
        "kind": "correction",
        "occurred_at": "2026-03-01T00:00:00Z",
        "reason": "typed wrongly",
        "version": 1,
    }
    with registry.client("owner") as client:
        assert client.post("/api/v1/records", json=[correction]).status_code in {200, 201}
        assert client.get("/certificates/supplier-certificate%3Ab").status_code == 404
        assert "B-2" not in client.get("/certificates").text
