"""
iLEAP's test cases 001 to 003 against the running server: shipments, and every category they are in, listed as
footprints of version 2 to whom they were granted; what is offered again, and what is seen by nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator

from ledger.services.keys import issue_key
from ledger.services.project import catch_up, catch_up_all
from tests import shipments
from tests.api.house import SUPPLIER, House, served
from tests.builders import TENANT, captured
from tests.pact.test_conformance import faults

ILEAP = "https://api.ileap.sine.dev/"
CUSTOM = "urn:pathfinder:product:customcode:vendor-assigned:"
SCHEMAS = {
    name: Draft7Validator(json.loads(Path(f"tests/vectors/ileap/schemas/{name}.json").read_text()))
    for name in ("shipment-footprint", "toc", "hoc")
}


@dataclass(frozen=True)
class Offering:
    """A house that has offered what it granted, and its partner's view of it."""

    house: House

    def client(self, organisation: str = shipments.PARTNER) -> httpx.Client:
        ledger = self.house.ledger
        terms: dict[str, Any] = {"principals": ledger.principals, "clock": ledger.clock, "random": ledger.random}
        named = {"tenant": TENANT, "name": "p", "role": "supplier", "organisation": organisation}
        return self.house.bearer(issue_key(**terms, **named, days=1)[1])

    def offered(self) -> tuple[int, int]:
        """How many are new and deprecated by another turn."""
        done = self.house.ledger.offering.offer(TENANT)
        return done.fresh, done.deprecated


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offering]:
    """One consignment that the partner was granted, and one that nobody was."""
    with served(tmp_path_factory.mktemp("home")) as house:
        hidden = shipments.leg("leg-9", consignment="CON-9", route="other", distance_m=1_000)
        captured(house.ledger, [*shipments.chain(), hidden, shipments.grant()])
        found = Offering(house)
        assert found.offered() == (3, 0), "a shipment, the category of its two legs and that of its stay"
        assert found.offered() == (0, 0), "nothing became another"
        yield found


def listed(client: httpx.Client, address: str = "/2/footprints") -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def extension(footprint: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Of which of iLEAP's types it is, and the data: never more than one of them."""
    (held,) = [one for one in footprint["extensions"] if one["dataSchema"].startswith(ILEAP)]
    assert (held["specVersion"], held["documentation"]) == ("2.0.0", "https://sine-fdn.github.io/ileap-extension/")
    return held["dataSchema"].removeprefix(ILEAP).removesuffix(".json"), held["data"]


def test_001_shipments_are_listed_as_ileap_maps_them(settled: Offering) -> None:
    with settled.client() as client:
        found = listed(client)
        (one,) = [each for each in found if each["productIds"] == [f"{CUSTOM}shipment:{shipments.CONSIGNMENT}"]]
        assert listed(client, f"/2/footprints/{one['id']}") == one
    for version in ("2.0", "2.1", "2.2", "2.3"):
        assert faults(version, "ProductFootprint", one) == []
    of, data = extension(one)
    assert of == "shipment-footprint"
    assert list(SCHEMAS[of].iter_errors(data)) == []
    carbon = one["pcf"]
    assert (carbon["declaredUnit"], one["productCategoryCpc"]) == ("ton kilometer", "83117")
    assert Decimal(carbon["unitaryProductAmount"]) == sum(Decimal(tce["transportActivity"]) for tce in data["tces"])
    assert Decimal(carbon["unitaryProductAmount"]) == 10 * (540 + 200)
    total = sum(Decimal(tce["co2eWTW"]) for tce in data["tces"])
    assert Decimal(carbon["pCfExcludingBiogenic"]) == Decimal(carbon["fossilGhgEmissions"]) == total > 0
    assert carbon["productMassPerDeclaredUnit"] == data["mass"] == "10000"
    assert (carbon["biogenicCarbonContent"], carbon["packagingEmissionsIncluded"]) == ("0", False)


def test_002_003_every_category_that_a_shipment_names_is_listed(settled: Offering) -> None:
    with settled.client() as client:
        found = [(*extension(each), each) for each in listed(client)]
    (shipment,) = [data for of, data, _ in found if of == "shipment-footprint"]
    for of, field, urn in (("toc", "tocId", "toc"), ("hoc", "hocId", "hoc")):
        named = {tce[field] for tce in shipment["tces"] if field in tce}
        assert named
        assert named == {data[field] for kind, data, _ in found if kind == of}
        for kind, data, one in found:
            if kind != of:
                continue
            assert list(SCHEMAS[of].iter_errors(data)) == []
            assert one["productIds"] == [f"{CUSTOM}{urn}:{data[field]}"]
            carbon = one["pcf"]
            unit = ("ton kilometer", "1") if of == "toc" else ("kilogram", "1000")
            assert (carbon["declaredUnit"], carbon["unitaryProductAmount"]) == unit
            assert Decimal(carbon["pCfExcludingBiogenic"]) == Decimal(data["co2eIntensityWTW"])
            assert carbon["productMassPerDeclaredUnit"] == ("1" if of == "toc" else "1000")
    intensities = {data["tocId"]: Decimal(data["co2eIntensityWTW"]) for of, data, _ in found if of == "toc"}
    for tce in shipment["tces"]:
        if "tocId" in tce:
            expected = Decimal(tce["transportActivity"]) * intensities[tce["tocId"]]
            assert abs(Decimal(tce["co2eWTW"]) - expected) <= expected / 10**12, "activity times intensity"


def test_they_are_found_by_filters_and_pages_and_have_proofs(settled: Offering) -> None:
    with settled.client() as client:
        everything = listed(client)
        assert listed(client, "/2/footprints?$filter=productCategoryCpc+eq+'83117'") == everything
        answer = client.get("/2/footprints?limit=2")
        assert answer.json()["data"] == everything[:2]
        assert client.get(answer.links["next"]["url"]).json()["data"] == everything[2:]
        by_product = f"/3/footprints?productId={CUSTOM}shipment:{shipments.CONSIGNMENT}"
        (three,) = listed(client, by_product)
        (where,) = [one["data"] for one in three["extensions"] if not one["dataSchema"].startswith(ILEAP)]
        settled.house.settled()
        proof = client.get(f"/proofs/{where['entry']}")
        assert proof.status_code == 200
        assert where["leaf"] == settled.house.ledger.entries.entry(where["entry"]).leaf().hex()


def test_nobody_else_sees_them(settled: Offering) -> None:
    with settled.client() as client:
        names = [one["id"] for one in listed(client)]
    with settled.client("partner-2") as other:
        assert listed(other) == []
        for name in names:
            assert other.get(f"/2/footprints/{name}").status_code == 403
    with settled.house.client("supplier") as ours:
        assert listed(ours) == []
    with settled.house.client("other") as stranger:
        assert listed(stranger) == []
        assert stranger.get(f"/2/footprints/{names[0]}").status_code == 404
    with settled.house.client("owner") as owner:
        assert [one["id"] for one in listed(owner)] == names


def test_a_category_is_seen_with_any_shipment_in_it(settled: Offering) -> None:
    """Another partner, granted a route that the same lorries serve, sees its shipment and the category of that."""
    ledger = settled.house.ledger
    own = shipments.leg("leg-20", consignment="CON-20", route="武汉-溧水")
    captured(ledger, [own, shipments.grant("grant-20", grantee="partner-20", scope="route", value="武汉-溧水")])
    assert settled.offered()[0] >= 1
    with settled.client("partner-20") as client:
        found = [extension(each) for each in listed(client)]
    (shipment,) = [data for of, data in found if of == "shipment-footprint"]
    assert {data["tocId"] for of, data in found if of == "toc"} == {tce["tocId"] for tce in shipment["tces"]}
    assert not [of for of, _ in found if of == "hoc"]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Offering]:
    """The same consignment in a house of its own, offered."""
    with served(tmp_path) as house:
        captured(house.ledger, [*shipments.chain(), shipments.grant()])
        found = Offering(house)
        assert found.offered() == (3, 0)
        yield found


def of_shipment(client: httpx.Client) -> list[dict[str, Any]]:
    return [one for one in listed(client) if extension(one)[0] == "shipment-footprint"]


def test_another_leg_is_another_footprint_and_the_earlier_one_is_deprecated(own: Offering) -> None:
    with own.client() as client:
        (before,) = of_shipment(client)
        third = {"origin": "苏州", "destination": "上海", "distance_m": 100_000}
        times = {"occurred_at": "2026-05-06T08:00:00+08:00", "arrived_at": "2026-05-06T10:00:00+08:00"}
        captured(own.house.ledger, [shipments.leg("leg-3", **third, **times)])
        fresh, deprecated = own.offered()
        assert (fresh >= 1, deprecated) == (True, 1)
        assert own.offered() == (0, 0)
        by_id = {one["id"]: one for one in of_shipment(client)}
        (after,) = [one for one in by_id.values() if one["id"] != before["id"]]
        assert (by_id[before["id"]]["status"], after["status"]) == ("Deprecated", "Active")
        assert after["precedingPfIds"] == [before["id"]]
        assert by_id[before["id"]]["pcf"] == before["pcf"], "what was stated stays as it was"


def test_a_lesser_move_leaves_what_was_stated(own: Offering) -> None:
    """Ten kilograms through the hub in the same month: its intensity moves by a thousandth."""
    ledger = own.house.ledger
    little = shipments.stay("stay-9", consignment="CON-9", mass_g=10_000, quantity=1)
    captured(ledger, [little])
    assert own.offered() == (0, 0)


def test_a_withdrawn_shipment_is_deprecated(own: Offering) -> None:
    ledger = own.house.ledger
    with own.house.client("owner") as owner:
        for name in ("leg-1", "stay-1", "leg-2"):
            record = {
                "corrects": name,
                "id": f"{name}#correction",
                "kind": "correction",
                "occurred_at": "2026-05-07T08:00:00+08:00",
                "reason": "entered twice",
                "version": 1,
            }
            answer = owner.post("/api/v1/records", json=[record])
            assert answer.json()["recorded"] == 1, answer.text
    catch_up(ledger.entries, ledger.projections)
    catch_up_all(ledger.entries, ledger.further)
    assert own.offered() == (0, 1)
    assert own.offered() == (0, 0)
    with own.client() as client:
        (one,) = of_shipment(client)
    assert one["status"] == "Deprecated"


def test_when_the_grant_ends_nothing_is_seen(own: Offering) -> None:
    with own.client() as client:
        assert of_shipment(client)
        captured(own.house.ledger, [shipments.grant("grant-2", revoked=True)])
        catch_up(own.house.ledger.entries, own.house.ledger.projections)
        assert listed(client) == []


def test_another_process_that_offers_at_once_adds_nothing(own: Offering) -> None:
    """Its numbers are the same, so that what it would add is there: nothing is offered twice."""
    ledger = own.house.ledger
    first, second = ledger.offering, ledger.offering
    captured(ledger, [shipments.leg("leg-30", consignment="CON-30"), shipments.grant("grant-30", value="CON-30")])
    assert first.offer(TENANT).fresh >= 1
    assert second.offer(TENANT).fresh == 0


def test_grants_are_given_and_revoked_on_the_page(own: Offering) -> None:
    """By the house's admin alone; a grant of nothing, to nobody, or that does not stand is refused."""
    ledger = own.house.ledger
    second = shipments.leg("leg-41", consignment="CON-41", vehicle="sledge", carrier="nobody")
    captured(ledger, [shipments.leg("leg-40", consignment="CON-40"), second])
    given = {"grantee": SUPPLIER, "scope": "consignment"}
    with own.house.client("admin") as client, own.client(SUPPLIER) as theirs:
        for name in ("CON-40", "CON-41"):
            assert client.post("/shipments/grants", data=given | {"value": name}).status_code == 303
        assert own.offered()[0] >= 1
        (one,) = of_shipment(theirs)
        shown = client.get("/shipments", headers={"Accept-Language": "zh-CN"}).text
        assert "CON-40" in shown
        assert "sledge" in shown, "why the other one cannot be stated"
        assert client.post("/shipments/grants", data=given | {"value": "CON-40", "revoked": "yes"}).status_code == 303
        assert theirs.get(f"/2/footprints/{one['id']}").status_code == 403
        for said in ({"value": "CON-40", "revoked": "yes"}, {"value": ""}, {"scope": "country", "value": "CN"}):
            assert client.post("/shipments/grants", data=given | said).status_code == 400
        assert client.post("/shipments/grants", data=given | {"grantee": "nobody", "value": "x"}).status_code == 404
    with own.house.client("manager") as client:
        assert client.get("/shipments").status_code == 200
        assert client.post("/shipments/grants", data=given | {"value": "CON-41"}).status_code == 403
