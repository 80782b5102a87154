"""The EPCIS query interface over HTTP: what is asked is what is answered, to its own tenant alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.epcis_resources import RESOURCES
from tests.api.house import House, event

GLN = "https://id.gs1.org/414/9521141123454"
THING = "https://id.gs1.org/01/09506000134352/21/q1"
URN = "urn:epc:id:sgtin:9506000.013435.q1"
TAG_LINK = "https://id.gs1.org/01/09506000134352/21/123456789"
TAG = "3066C4409047E140075BCD15"  # TDS 2.3, annex E.3: the tag of that thing
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def filled(house: House) -> House:
    """Forty events of the house, and one of another tenant, about the same things."""
    with house.client("owner") as client:
        for number in range(40):
            changes: dict[str, Any] = {
                "bizStep": "shipping" if number % 2 else "receiving",
                "disposition": "in_transit",
                "readPoint": {"id": GLN},
                "bizLocation": {"id": f"{GLN}/254/{number % 3}"},
                "epcList": [URN if number % 5 == 0 else f"https://id.gs1.org/01/09506000134352/21/{number}"],
                "eventTime": f"2026-05-01T{number % 24:02}:00:00Z",
            }
            assert client.post("/events", json=event(f"urn:uuid:q{number}", **changes)).status_code == 201
        assert client.post("/events", json=event("urn:uuid:hex", epcList=[TAG_LINK])).status_code == 201
    with house.client("other") as other:
        assert other.post("/events", json=event("urn:uuid:foreign", epcList=[THING])).status_code == 201
    return house


@pytest.fixture
def client(filled: House) -> Iterator[httpx.Client]:
    with filled.client("owner") as client:
        yield client


def events(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["type"] == "EPCISQueryDocument"
    found: list[dict[str, Any]] = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def ids(answer: httpx.Response) -> list[str]:
    return [found["eventID"] for found in events(answer)]


def next_of(answer: httpx.Response) -> str | None:
    found = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
    return found[1] if found else None


def walked(client: httpx.Client, address: str) -> list[str]:
    found: list[str] = []
    step: str | None = address
    while step:
        answer = client.get(step)
        found += ids(answer)
        step = next_of(answer)
        assert (step is None) == ("gs1-next-page-token-expires" not in answer.headers)
    return found


def refused(answer: httpx.Response, status: int, type_: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"epcisException:{type_}", problem
    return problem


def test_an_event_is_found_as_soon_as_it_is_acknowledged(client: httpx.Client) -> None:
    """No wait between the answer to a capture and the answer to a query."""
    for number in range(3):
        name = f"urn:uuid:now{number}"
        assert client.post("/events", json=event(name, bizStep="packing")).status_code == 201
        assert ids(client.get("/events", params={"EQ_eventID": name})) == [name]


@pytest.mark.parametrize(
    "form",
    [URN, THING, f"{THING}?linkType=all", "(01)09506000134352(21)q1", "https://example.com/01/09506000134352/21/q1"],
)
def test_every_form_of_a_code_finds_the_same_events(client: httpx.Client, form: str) -> None:
    """A thing captured as a URN is found by URN, Digital Link of any domain and element string alike."""
    found = ids(client.get("/events", params={"MATCH_anyEPC": form}))
    assert found == [f"urn:uuid:q{number}" for number in range(0, 40, 5)]
    assert ids(client.get(f"/epcs/{httpx.URL('http://x', params={'a': form}).query.decode()[2:]}/events")) == found


@pytest.mark.parametrize("form", [TAG, TAG.lower(), "urn:epc:tag:sgtin-96:3.95060001343.05.123456789", TAG_LINK])
def test_what_a_reader_reads_finds_what_was_captured_by_link(client: httpx.Client, form: str) -> None:
    """The bits of a tag and its tag URI name the thing (TDS 2.3, annex E.3), filter and all."""
    assert ids(client.get("/events", params={"MATCH_epc": form})) == ["urn:uuid:hex"]


def test_identities_go_out_in_the_form_that_is_asked_for(client: httpx.Client) -> None:
    """Digital Link by default, URN where its company prefix is known, or as captured."""
    for form, expected in (
        (None, THING),
        ("Always_GS1_Digital_Link", THING),
        ("Always_EPC_URN", URN),
        ("Never_Translates", URN),
        ("No_Preference", URN),
    ):
        headers = {"GS1-EPC-Format": form} if form else {}
        answer = client.get("/events/urn:uuid:q0", headers=headers)
        assert answer.json()["epcList"] == [expected]
        assert answer.headers["gs1-epc-format"] == (form or "Always_GS1_Digital_Link")
        assert answer.headers["gs1-epcis-version"] == answer.headers["gs1-cbv-version"] == "2.0.0"
    refused(client.get("/events", headers={"GS1-EPC-Format": "Hex"}), 406, "NotAcceptableException")


@pytest.mark.parametrize("order", ["", "&orderBy=eventTime", "&orderBy=recordTime&orderDirection=DESC"])
def test_pages_neither_skip_nor_repeat_while_events_come_in(client: httpx.Client, order: str) -> None:
    """New events between two pages are not part of the walk; the last page has no link."""
    whole = ids(client.get(f"/events?perPage=1000&EQ_action=OBSERVE{order}"))
    step: str | None = f"/events?perPage=9&EQ_action=OBSERVE{order}"
    found: list[str] = []
    while step:
        answer = client.get(step)
        found += ids(answer)
        step = next_of(answer)
        late = event(f"urn:uuid:late{len(found)}-{len(order)}", eventTime="2026-05-01T00:00:01Z")
        assert client.post("/events", json=late).status_code == 201
    assert found == whole
    assert len(set(found)) == len(found) >= 40


def test_a_page_token_is_good_for_its_query_and_reader_alone(filled: House, client: httpx.Client) -> None:
    """Another query, another tenant, one changed letter, an ended token: all refused alike."""
    step = next_of(client.get("/events?perPage=5&EQ_bizStep=shipping"))
    assert step is not None
    assert client.get(step).status_code == 200
    token = httpx.URL(step).params["nextPageToken"]
    swapped = ("A" if token[50] != "A" else "B").join((token[:50], token[51:]))
    for address in (
        step.replace("shipping", "receiving"),
        f"/events?perPage=5&nextPageToken={token}",
        step.replace(token, swapped),
        step.replace(token, token[:-3]),
        step.replace(token, "%00"),
        f"/epcs?nextPageToken={token}",
    ):
        refused(client.get(address), 400, "QueryParameterException")
    with filled.client("other") as other:
        refused(other.get(step), 400, "QueryParameterException")
        assert other.delete(f"/nextPageToken/{token}").status_code == 204
    assert client.get(step).status_code == 200  # nobody else can end it
    assert client.delete(f"/nextPageToken/{token}").status_code == 204
    refused(client.get(step), 400, "QueryParameterException")


@pytest.mark.parametrize(
    ("parameters", "status", "type_"),
    [
        ({"EQ_bizSteps": "shipping"}, 400, "QueryParameterException"),
        ({"EQ_action": "observe"}, 400, "QueryParameterException"),
        ({"eventType": "QuantityEvent"}, 400, "QueryParameterException"),
        ({"GE_eventTime": "yesterday"}, 400, "QueryParameterException"),
        ({"GE_eventTime": "2026-05-01T00:00:00"}, 400, "QueryParameterException"),
        ({"MATCH_epc": "urn:epc:idpat:sgtin:9506000.*.1"}, 400, "QueryParameterException"),
        ({"MATCH_epc": "https://id.gs1.org/01/09506000134353/21/1"}, 400, "QueryParameterException"),
        ({"orderBy": "bizStep"}, 400, "QueryParameterException"),
        ({"eventCountLimit": "3"}, 400, "QueryParameterException"),
        ({"eventCountLimit": "3", "maxEventCount": "3", "orderBy": "eventTime"}, 400, "QueryParameterException"),
        ({"perPage": "0"}, 400, "QueryParameterException"),
        ({"GT_quantity": "many"}, 400, "QueryParameterException"),
        ({"maxEventCount": "3"}, 413, "QueryTooLargeException"),
        ({"EQ_eventID": "|".join(map(str, range(501)))}, 413, "QueryTooComplexException"),
        ({"EQ_eventID": "x" * 20_000}, 414, "URITooLongException"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    client: httpx.Client, parameters: dict[str, str], status: int, type_: str
) -> None:
    """No parameter is passed over; each refusal has the standard's name, and both languages."""
    english = refused(client.get("/events", params=parameters), status, type_)
    chinese = refused(client.get("/events", params=parameters, headers={"Accept-Language": "zh"}), status, type_)
    assert english["fix"] != chinese["fix"]
    assert re.search("[\u4e00-\u9fff]", chinese["detail"])


def test_counts_limit_or_refuse(client: httpx.Client) -> None:
    """``eventCountLimit`` gives the first so many over all pages; ``maxEventCount`` is the most or an error."""
    assert len(walked(client, "/events?orderBy=eventTime&eventCountLimit=12&perPage=5")) == 12
    assert len(ids(client.get("/events?maxEventCount=500&perPage=3&EQ_bizStep=shipping"))) == 3


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_resources_list_what_events_name(filled: House, client: httpx.Client, resource: Any) -> None:
    """Each list holds what the tenant's own events name; each member leads to events; anything else is absent."""
    found = client.get(f"/{resource.name}", params={"perPage": 1000}).json()["member"]
    assert found
    for member in found[:2]:
        address = f"/{resource.name}/{httpx.URL('http://x', params={'a': member}).query.decode()[2:]}"
        assert client.get(address).json()["member"] == ["events"]
        assert ids(client.get(f"{address}/events"))
    refused(client.get(f"/{resource.name}/nothing"), 404, "NoSuchResourceException")
    refused(client.get(f"/{resource.name}/nothing/events"), 404, "NoSuchResourceException")
    with filled.client("other") as other:
        foreign = set(other.get(f"/{resource.name}", params={"perPage": 1000}).json()["member"])
        assert foreign <= {THING, "shipping", "ObjectEvent"}


def test_a_foreign_tenant_sees_nothing(filled: House) -> None:
    """Queries of another tenant find its own event of the same thing and none of the house's."""
    with filled.client("other") as other:
        assert ids(other.get("/events")) == ["urn:uuid:foreign"]
        assert ids(other.get("/events", params={"MATCH_anyEPC": URN})) == ["urn:uuid:foreign"]
        refused(other.get("/events/urn:uuid:q0"), 404, "NoSuchResourceException")
        refused(other.get(f"/readPoints/{GLN.replace('/', '%2F')}/events"), 404, "NoSuchResourceException")


def test_named_queries_live_under_their_tenant(filled: House, client: httpx.Client) -> None:
    """Kept, listed, run, page by page, and forgotten; another tenant has names of its own."""
    query = {"EQ_bizStep": ["shipping"], "MATCH_anyEPC": ["urn:epc:idpat:sgtin:9506000.013435.*"]}
    made = client.post("/queries", json={"name": "Shipped", "query": query})
    assert (made.status_code, made.headers["location"]) == (201, "/queries/Shipped")
    refused(client.post("/queries", json={"name": "Shipped", "query": {}}), 409, "ResourceAlreadyExistsException")
    assert client.get("/queries/Shipped").json()["query"] == query
    assert [one["name"] for one in client.get("/queries").json()] == ["Shipped"]
    found = walked(client, "/queries/Shipped/events?perPage=7")
    assert found == walked(client, "/events?EQ_bizStep=shipping&MATCH_anyEPC=urn:epc:idpat:sgtin:9506000.013435.*")
    assert client.get("/queries/Shipped/events").json()["epcisBody"]["queryResults"]["queryName"] == "Shipped"
    refused(client.get("/queries/Shipped/events?EQ_action=ADD"), 400, "QueryParameterException")
    bad = {"name": "Bad", "query": {"EQ_bizStap": ["shipping"]}}
    refused(client.post("/queries", json=bad), 400, "QueryParameterException")
    with filled.client("other") as other:
        for address in ("/queries/Shipped", "/queries/Shipped/events", "/queries/Shipped/subscriptions"):
            refused(other.get(address), 404, "NoSuchNameException")
        refused(other.delete("/queries/Shipped"), 404, "NoSuchNameException")
        assert other.get("/queries").json() == []
        assert other.post("/queries", json={"name": "Shipped", "query": {}}).status_code == 201
        assert walked(other, "/queries/Shipped/events") == ["urn:uuid:foreign"]
    assert client.delete("/queries/Shipped").status_code == 204
    refused(client.get("/queries/Shipped"), 404, "NoSuchNameException")


def test_versions_are_agreed_before_anything_else(client: httpx.Client) -> None:
    """OPTIONS says what is offered, to anyone; another version or media type is not acceptable."""
    for address in ("/events", "/capture", "/queries", "/epcs", "/epcs/x/events", "/queries/x/subscriptions", "/"):
        answer = httpx.request("OPTIONS", str(client.base_url) + address)
        assert answer.status_code == 204
        assert answer.headers["gs1-epcis-min"] == answer.headers["gs1-epcis-max"] == "2.0.0"
        assert "OPTIONS" in answer.headers["allow"]
    capture = client.options("/capture").headers
    assert int(capture["gs1-epcis-capture-limit"]) > 0
    assert capture["gs1-capture-error-behaviour"] == "all"
    assert client.get("/events", headers={"GS1-EPCIS-Version": "2.0"}).status_code == 200
    for headers in (
        {"GS1-EPCIS-Version": "1.2"},
        {"GS1-EPCIS-Min": "2.1.0"},
        {"GS1-CBV-Max": "1.2"},
        {"Accept": "application/xml"},
    ):
        refused(client.get("/events", headers=headers), 406, "NotAcceptableException")


def test_the_root_lists_resources_for_programs_and_a_page_for_people(client: httpx.Client) -> None:
    """JSON by name gets the list; a browser gets the overview."""
    found = client.get("/", headers={"Accept": "application/json"}).json()["member"]
    assert set(found) >= {"capture", "events", "queries", "epcs"}
    page = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
