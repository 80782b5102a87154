"""The form of a footprint: faults at their fields, totals by the server, a request answered, a version replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

import pytest

from ledger.desk.errors import DraftTooLarge, TooManyDrafts
from ledger.log.proof import record_of
from ledger.pact.form import texts
from ledger.services.drafts import MOST, going_on, keep
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from ledger.services.pcf_requests import Party, Wanted, ask, request_named
from ledger.services.pcf_reviews import Examined, footprint_seen, review
from tests.api.house import House, served
from tests.pact.partner import footprint

GTIN = "04712345060507"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two suppliers that sign in."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger, keys, tenant = house.ledger, dict(house.keys), house.ledger.settings.tenant
        parts = (ledger.clock, ledger.random)
        for name in ("org-a", "org-b"):
            add_organisation(
                ledger.organisations, *parts, tenant=tenant, name=name.upper(), kind="supplier", organisation_id=name
            )
            terms: dict[str, Any] = {"tenant": tenant, "name": name, "role": "supplier", "organisation": name}
            keys[name] = issue_key(ledger.principals, *parts, days=1, **terms)[1]
        yield House(house.url, ledger, keys, house.app)


def shown(text: str) -> dict[str, str]:
    """What stands in hidden fields."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def test_a_request_is_answered_returned_and_restated(desk: House) -> None:
    """Chinese, with faults first and nothing lost; then the entry, the answer, the reasons, the next version."""
    ledger, tenant = desk.ledger, desk.ledger.settings.tenant
    house = Party(tenant, "house")
    due = ledger.clock.now().astimezone(UTC).date() + timedelta(days=30)
    ask(ledger, house, Wanted(["org-a"], [(f"https://id.gs1.org/01/{GTIN}", "铜线")], due))
    with desk.client("org-a", accept="text/html", accept_language="zh-CN") as client:
        (path,) = re.findall(r'href="/desk/requests/([^"]+)"', client.get("/desk").text)[:1]
        assert f"/pcf/form?request={path}" in client.get(f"/desk/requests/{path}").text
        begun = client.get(f"/pcf/form?request={path}").text
        assert 'value="铜线"' in begun
        form = shown(begun) | texts(footprint(1)) | {"act": "record"}
        before = ledger.entries.size()
        wrong = client.post("/pcf/form", data=form | {"pcfExcludingBiogenicUptake": "1", "comment": "保留我"})
        assert wrong.status_code == 422
        assert "各部分之和为18.60" in wrong.text
        assert '<a href="#f-pcfExcludingBiogenicUptake">' in wrong.text
        assert "保留我" in wrong.text
        assert ledger.entries.size() == before
        done = [client.post("/pcf/form", data=form).headers["location"] for _ in range(2)]
        assert done[0] == done[1]
        record = record_of(ledger.entries.entry(int(done[0].rpartition("/")[2])))
        assert record["footprint"]["productIds"] == [f"urn:gtin:{GTIN}"]
        assert record["product"] == f"https://id.gs1.org/01/{GTIN}"
        state = request_named(ledger, house, form["request"])
        assert (state.status, state.pcf) == ("fulfilled", record["id"])
        verdict = Examined("CQC", "ISO 14064-3", "limited", "5", "returned", [], "电耗缺少凭证", None)
        review(ledger, Party(tenant, "verifier", "org-v"), record["id"], verdict)
        assert f"/pcf/form?from={record['id']}" in client.get(f"/pcf/{record['id']}").text.replace("%3A", ":")
        again = client.get(f"/pcf/form?from={record['id']}").text
        assert "电耗缺少凭证" in again
        later = shown(again) | texts(record["footprint"]) | {"act": "record"}
        entry = int(client.post("/pcf/form", data=later).headers["location"].rpartition("/")[2])
    successor = next(
        held
        for index in range(before, ledger.entries.size())
        if (held := record_of(ledger.entries.entry(index)))["id"] == f"pcf:{later['footprint_id']}"
    )
    assert record_of(ledger.entries.entry(entry)) == successor
    assert successor["footprint"]["precedingPfIds"] == [record["footprint"]["id"]]
    assert footprint_seen(ledger, house, record["id"]).standing.status == "superseded"


def test_the_page_asks_the_server_what_adds_up(desk: House) -> None:
    """The totals and faults of a half-filled form, in the reader's language; nothing is recorded."""
    before = desk.ledger.entries.size()
    with desk.client("org-a", accept="application/json", accept_language="en") as client:
        sent = {"supplier": "org-a", "product": "CU-1", "fossilGhgEmissions": "2.5", "biogenicCO2Uptake": "1"}
        found = client.post("/pcf/form/check", data=sent).json()
        assert found["totals"]["pcfExcludingBiogenicUptake"] == "2.5"
        assert found["faults"]["biogenicCO2Uptake"] == ["at most 0"]
        digits = client.post("/pcf/form/check", data=sent | {"product": "4712345060508"}).json()
        assert list(digits["faults"]) == ["product"]
    assert desk.ledger.entries.size() == before


def test_nobody_states_or_replaces_for_another(desk: House) -> None:
    """Another's organisation, footprint or request is absent, whoever names it."""
    with desk.client("org-a", accept="text/html") as client:
        form = {"supplier": "org-a", "product": "CU-2", "footprint_id": footprint(9)["id"], "act": "record"}
        form |= texts(footprint(9))
        assert client.post("/pcf/form", data=form).status_code == 303
    name = f"pcf:{footprint(9)['id']}"
    with desk.client("org-b", accept="text/html") as client:
        assert client.post("/pcf/form", data=form).status_code == 404
        assert client.get(f"/pcf/form?from={name}").status_code == 404
        mine = form | {"supplier": "org-b", "footprint_id": footprint(10)["id"], "earlier": name}
        assert client.post("/pcf/form", data=mine).status_code == 404
        assert client.post("/pcf/form", data=form | {"supplier": "org-b"}).status_code == 409


def test_a_draft_goes_on_on_another_device_and_ends_with_the_footprint(desk: House) -> None:
    """Kept for its person alone, never overwritten unseen, discarded and taken back, gone once the form is recorded."""
    number = footprint(40)["id"]
    form = {"supplier": "org-a", "product": "CU-40", "footprint_id": number} | texts(footprint(40))
    form["comment"] = "写到一半"
    before = desk.ledger.entries.size()
    with desk.client("org-a", accept="text/html") as client, desk.client("org-b", accept="text/html") as other:
        seen = client.post("/pcf/form/draft", data=form).json()["seen"]
        assert client.post("/pcf/form/draft", data=form | {"comment": "另一台设备"}).status_code == 409
        again = client.post("/pcf/form/draft", data=form | {"comment": "接着写", "seen": seen})
        assert again.status_code == 200
        assert client.post("/pcf/form/draft", data=form | {"seen": seen}).status_code == 409
        shown = client.get(f"/pcf/form?draft={number}").text
        assert "接着写" in shown
        assert shown_seen(shown) == again.json()["seen"]
        assert f"/pcf/form?draft={number}" in client.get("/desk").text
        assert number not in other.get("/desk").text
        for way in (other.get(f"/pcf/form?draft={number}"), other.post(f"/pcf/drafts/{number}", data={})):
            assert way.status_code == 404
        assert client.post(f"/pcf/drafts/{number}", data={"act": "discard"}).status_code == 303
        assert client.get(f"/pcf/form?draft={number}").status_code == 404
        assert client.post(f"/pcf/drafts/{number}", data={"act": "undo"}).status_code == 303
        assert "接着写" in client.get(f"/pcf/form?draft={number}").text
        assert desk.ledger.entries.size() == before, "nothing was said"
        assert client.post("/pcf/form", data=form | {"act": "record"}).status_code == 303
        assert client.get(f"/pcf/form?draft={number}").status_code == 404
        assert number not in client.get("/desk").text


def test_drafts_are_bounded(desk: House) -> None:
    """In size and number; an id that is none names nothing; a request's form goes on from its draft."""
    with desk.client("org-b", accept="text/html") as client:
        long = {"footprint_id": footprint(41)["id"], "comment": "x" * 10_000}
        assert client.post("/pcf/form/draft", data=long).status_code == 200
        assert client.post("/pcf/form/draft", data={"footprint_id": "no"}).status_code == 404
        named = {"earlier": "pcf:x", "comment": "按此续写", "footprint_id": footprint(42)["id"]}
        assert client.post("/pcf/form/draft", data=named).status_code == 200
        assert going_on(desk.ledger, "demo", "nobody", earlier="pcf:x", request="") is None
    big = {str(number): "x" * 10_000 for number in range(11)}
    with pytest.raises(DraftTooLarge):
        keep(desk.ledger, ("demo", "p"), footprint(1)["id"], big)
    for number in range(MOST):
        keep(desk.ledger, ("demo", "p"), footprint(number)["id"], {"request": str(number)})
    with pytest.raises(TooManyDrafts):
        keep(desk.ledger, ("demo", "p"), footprint(MOST)["id"], {})
    found = going_on(desk.ledger, "demo", "p", earlier="", request="7")
    assert found is not None
    assert found.id == footprint(7)["id"]


def shown_seen(text: str) -> str:
    """When the draft of a shown form was kept."""
    return next(iter(re.findall(r'name="seen" value="(\d*)"', text)))
