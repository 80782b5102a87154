"""iLEAP's own endpoint against the running server: its test cases 004 to 008, visibility, and a round trip."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from jsonschema import Draft7Validator

from ledger.__main__ import main
from ledger.ileap.taken import Assigned
from ledger.ports.exchange import Answer, Caller, Partner, PartnerUnreachable
from ledger.ports.shipments import Wanted
from ledger.services.fetch_activities import fetch
from ledger.services.keys import issue_key
from ledger.services.partner_client import PartnerClient
from ledger.services.project import catch_up, catch_up_all
from ledger.services.shipments import shipments_page
from ledger.services.take_activities import activities_in, preview, take
from ledger.wiring import Ledger
from tests import shipments
from tests.api.house import House, served
from tests.builders import PRODUCT, TENANT, captured, opened

TAD = Draft7Validator(json.loads(Path("tests/vectors/ileap/schemas/tad.json").read_text()))
CARRIER = "carrier-1"
EVERYTHING = Wanted(everything=True)


def folded(ledger: Ledger) -> None:
    catch_up(ledger.entries, ledger.projections)
    catch_up_all(ledger.entries, ledger.further)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With a consignment that partner 1 may see, and one that it may not."""
    with served(tmp_path_factory.mktemp("home")) as house:
        hidden = shipments.leg("leg-9", consignment="CON-9", route="other", distance_m=1_000)
        captured(house.ledger, [*shipments.chain(), hidden, shipments.grant()])
        folded(house.ledger)
        yield house


def partner(house: House, organisation: str) -> httpx.Client:
    terms = {"principals": house.ledger.principals, "clock": house.ledger.clock, "random": house.ledger.random}
    key = issue_key(**terms, tenant=TENANT, name="p", role="supplier", days=1, organisation=organisation)[1]  # type: ignore[arg-type]
    return house.bearer(key)


def listed(client: httpx.Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/2/ileap/tad{query}")
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def test_004_activities_meet_the_published_schema_and_are_the_partners_alone(house: House) -> None:
    with partner(house, shipments.PARTNER) as client:
        found = listed(client)
    assert [tad["activityId"] for tad in found] == ["leg-1", "leg-2"]
    for tad in found:
        assert list(TAD.iter_errors(tad)) == []
    with partner(house, "partner-2") as client:
        assert listed(client) == []
        assert listed(client, "?consignmentIds=CON-1") == []
    with house.client("owner") as client:
        assert len(listed(client)) == 3
    with house.client("other") as client:
        assert listed(client) == []
    with house.client("supplier") as client:
        assert listed(client) == [], "a supplier of no organisation was granted nothing"


def test_005_filters_hold_together_at_any_depth_whatever_the_case(house: House) -> None:
    with house.client("owner") as client:
        for query, count in (
            ("?mode=ROAD", 3),
            ("?mode=Air", 0),
            ("?consignmentIds=con-1", 2),
            ("?energyCarrier=electric&consignmentIds=CON-9", 1),
            ("?consignmentIds=CON-1&consignmentIds=CON-9", 3),
            ("?country=cn&mode=rail", 0),
            ("?Mode=road", 0),
        ):
            assert len(listed(client, query)) == count, query


def test_006_pages_follow_their_links_with_the_filters(house: House) -> None:
    with house.client("owner") as client:
        answer = client.get("/2/ileap/tad?mode=road&limit=1")
        seen = [tad["activityId"] for tad in answer.json()["data"]]
        assert len(seen) == 1
        while "next" in answer.links:
            link = answer.links["next"]["url"]
            assert link.startswith(f"{house.url}/2/ileap/tad?mode=road&")
            assert client.get(link).json() == client.get(link).json()
            answer = client.get(link)
            seen += [tad["activityId"] for tad in answer.json()["data"]]
        assert seen == ["leg-1", "leg-2", "leg-9"]
        for query in ("?limit=0", "?limit=x", "?x-onecode-after=%C3%A9", "?x-onecode-after=AA=="):
            refused = client.get(f"/2/ileap/tad{query}")
            assert (refused.status_code, refused.json()["code"]) == (400, "BadRequest")


def test_007_a_bad_token_is_403(house: House) -> None:
    for authorization in ("Bearer nonsense", "Bearer a.b.c", "", None):
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = httpx.get(f"{house.url}/2/ileap/tad", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "AccessDenied")
    with house.client("warehouse") as client:
        assert client.get("/2/ileap/tad").json()["code"] == "AccessDenied"


def test_008_an_expired_token_is_401(house: House) -> None:
    """A token of ours, signed again with a time that is over."""
    _, client, secret = house.keys["owner"].split("_", 2)
    asked = httpx.post(
        f"{house.url}/auth/token", data={"grant_type": "client_credentials"}, auth=(client, secret), timeout=30
    )
    token = asked.json()["access_token"]
    head, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    late = jwt.encode(head, claims | {"exp": 1}, house.ledger.token_keys.signing(), algorithms=["ES256"])
    for text, status, code in ((token, 200, None), (late, 401, "TokenExpired")):
        answer = httpx.get(f"{house.url}/2/ileap/tad", headers={"Authorization": f"Bearer {text}"}, timeout=30)
        assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_what_is_served_another_ledger_takes_and_computes_to_the_last_digit(house: House, tmp_path: Path) -> None:
    """The carrier's energy and the taker's own factors give the carrier's figure; again it adds nothing."""
    with partner(house, shipments.PARTNER) as client:
        document = client.get("/2/ileap/tad").content
    ours = shipments_page(house.ledger, TENANT, EVERYTHING).derived.shipments[shipments.CONSIGNMENT].footprint
    assigned = Assigned(product=PRODUCT, quantity=20, region="江苏")
    with opened(tmp_path) as taker:
        found = preview(taker, "carrier-1", activities_in(document), assigned)
        assert found.faults == ()
        taken = take(taker, found, tenant=TENANT, submitter="tester")
        assert (taken.fresh, taken.already, taken.faults) == (6, 0, ())
        again = take(
            taker, preview(taker, "carrier-1", activities_in(document), assigned), tenant=TENANT, submitter="tester"
        )
        assert (again.fresh, again.already, again.faults) == (0, 6, ())
        folded(taker)
        derived = shipments_page(taker, TENANT, EVERYTHING).derived
        assert derived.gaps == {}
        theirs = derived.shipments[shipments.CONSIGNMENT].footprint
    legs = [tce for tce in ours.tces if tce.toc_id is not None]
    assert [(tce.co2e_wtw, tce.transport_activity) for tce in theirs.tces] == [
        (tce.co2e_wtw, tce.transport_activity) for tce in legs
    ]


class Bent:
    """The real way to a partner, with another link to the next page, or none of its pages after some."""

    def __init__(self, caller: Caller, link: str = "", pages: int = 100) -> None:
        self.caller, self.link, self.pages = caller, link, pages
        self.called: list[str] = []

    def check(self, address: str) -> None:
        self.caller.check(address)

    def call(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        self.called.append(address)
        answer = self.caller.call(method, address, headers, body)
        if "/tad" not in address:
            return answer
        self.pages -= 1
        if self.pages < 0:
            return Answer(503, {}, b"")
        return answer._replace(headers={**answer.headers, "link": self.link}) if self.link else answer


def carrier(house: House) -> Partner:
    """The house as a registered partner, with a client that may see consignment 1."""
    terms = {"principals": house.ledger.principals, "clock": house.ledger.clock, "random": house.ledger.random}
    key = issue_key(**terms, tenant=TENANT, name="p", role="supplier", days=1, organisation=shipments.PARTNER)[1]  # type: ignore[arg-type]
    _, name, secret = key.split("_", 2)
    where: dict[str, Any] = {"base_url": house.url, "auth_base": house.url, "client_id": name, "client_secret": secret}
    return Partner(tenant=TENANT, organisation=CARRIER, **where)


def test_a_carriers_address_is_fetched_goes_on_after_an_end_and_adds_nothing_twice(
    house: House, tmp_path: Path
) -> None:
    """Two pages of one activity: the first stays when the carrier falls silent; again, only the second is new."""
    assigned, partner = Assigned(product=PRODUCT, quantity=20, region="江苏"), carrier(house)
    with opened(tmp_path, webhook_loopback=True) as taker:
        way = taker.exchange.client.caller
        silent = fetch(taker, PartnerClient(Bent(way, pages=1), taker.clock), partner, assigned, submitter="t", size=1)
        assert (next(silent).taken.fresh, taker.entries.size()) == (3, 3)
        with pytest.raises(PartnerUnreachable):
            next(silent)
        pages = list(fetch(taker, taker.exchange.client, partner, assigned, submitter="t", size=1))
        assert [(one.number, one.taken.fresh, one.taken.already) for one in pages] == [(1, 0, 3), (2, 3, 0)]
        with house.bearer(f"ocl_{partner.client_id}_{partner.client_secret}") as client:
            assert pages[0].sha256 == sha256(client.get("/2/ileap/tad?limit=1").content).hexdigest()
        folded(taker)
        assert shipments_page(taker, TENANT, EVERYTHING).derived.gaps == {}


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/2/ileap/tad?x=1",
        "//elsewhere.example/2/ileap/tad?x=1",
        "/2/ileap/../../auth/token",
        "/2/ileap/tad/%2e%2e/keys",
        "/api/v1/keys",
        "?limit=1",
        "http://[",
    ],
)
def test_our_token_goes_nowhere_but_to_the_registered_address(house: House, tmp_path: Path, link: str) -> None:
    """A next page elsewhere, or the same page for ever, ends the fetching; what came before is taken."""
    with opened(tmp_path, webhook_loopback=True) as taker:
        bent = Bent(taker.exchange.client.caller, link=f'<{link}>; rel="next"')
        assigned = Assigned(product=PRODUCT, quantity=20, region="江苏")
        pages = fetch(taker, PartnerClient(bent, taker.clock), carrier(house), assigned, submitter="t", size=1)
        assert next(pages).taken.fresh == 3
        with pytest.raises(PartnerUnreachable):
            list(pages)
        assert [one for one in bent.called if "/tad" in one] == [f"{house.url}/2/ileap/tad?limit=1"]


def test_the_command_fetches_from_registered_partners_alone(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONECODE_WEBHOOK_LOOPBACK", "1")
    words = ["--home", str(tmp_path), "--json", "ileap", "fetch", "--partner", CARRIER, "--product", PRODUCT]
    assert main(words) != 0
    assert "exchange.unregistered" in "".join(capsys.readouterr())
    with opened(tmp_path) as taker:
        taker.exchange.store.keep_partner(carrier(house))
    assert main([*words, "--region", "江苏"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert ([page["fresh"] for page in said["pages"]], said["trouble"]) == ([6], None)


LACKING: list[tuple[dict[str, Any], str, str]] = [
    ({"mass": None}, "ileap.activity", "/1/mass"),
    ({"distance": {"actual": "540"}}, "ileap.activity", "/1/distance/sfd"),
    ({"distance": {"sfd": "540.0001"}}, "record.amount-too-fine", "/1/distance/sfd"),
    ({"energyCarriers": None}, "ileap.activity", "/1/energyCarriers"),
    ({"emptyDistanceFactor": None}, "ileap.activity", "/1/emptyDistanceFactor"),
    ({"consignmentIds": ["a", "b"]}, "ileap.activity", "/1/consignmentIds"),
    ({"departureAt": "yesterday"}, "record.unreadable", "/1/departureAt"),
    ({"note": 1.5}, "record.contradiction", "/1/activity/note"),
]


@pytest.mark.parametrize(("change", "code", "at"), LACKING)
def test_what_a_leg_lacks_comes_back_at_its_place_and_the_rest_is_taken(
    house: House, tmp_path: Path, change: dict[str, Any], code: str, at: str
) -> None:
    with partner(house, shipments.PARTNER) as client:
        good, bad = listed(client)
    bad |= change
    with opened(tmp_path) as taker:
        found = preview(taker, "carrier-1", [good, bad], Assigned(product=PRODUCT, quantity=1, region="江苏"))
    assert [(fault.code, fault.place.pointer if fault.place else "") for fault in found.faults] == [(code, at)]
    assert [one.pointer for one in found.ready] == ["/0"]


def test_other_data_under_an_id_that_was_taken_are_a_conflict(house: House, tmp_path: Path) -> None:
    with partner(house, shipments.PARTNER) as client:
        first, _ = listed(client)
    assigned = Assigned(product=PRODUCT, quantity=1, region="江苏")
    with opened(tmp_path) as taker:
        take(taker, preview(taker, "c", [first], assigned), tenant=TENANT, submitter="tester")
        changed = preview(taker, "c", [first | {"mass": "9000"}], assigned)
        taken = take(taker, changed, tenant=TENANT, submitter="tester")
    assert (taken.fresh, [fault.code for fault in taken.faults]) == (0, ["log.conflict"] * 3)
