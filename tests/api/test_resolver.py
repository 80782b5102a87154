"""
The resolver against GS1's conformance statements (GS1-Conformant Resolver Standard 1.2.0, and the checks of GS1's own
open test suite, gs1/GS1DL-resolver-testsuite).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.operations import DIGITAL_LINK_KEYS
from api.resolving.accept import best, named
from api.resolving.links import LINK_TYPES
from ledger.identity import KEYS
from tests.api.house import House

GTIN = "/01/09506000134352"
THING = f"{GTIN}/21/R-1"
VOC = "https://ref.gs1.org/voc/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def anyone(house: House) -> Iterator[httpx.Client]:
    """A reader without a key, who does not follow redirections by himself."""
    with house.client() as client:
        yield client


def links(client: httpx.Client, path: str = THING) -> dict[str, Any]:
    """The linkset's one context object."""
    answer = client.get(f"{path}?linkType=all")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/linkset+json")
    assert list(answer.json()) == ["linkset"]
    (found,) = answer.json()["linkset"]
    assert isinstance(found, dict)
    return found


def test_a_plain_request_is_redirected_to_the_default_link(anyone: httpx.Client, house: House) -> None:
    """SHALL redirect to the default link unless the request says more; the links stand in the header, too."""
    (default,) = links(anyone)[f"{VOC}defaultLink"]
    for headers in ({}, {"accept": BROWSER}, {"accept": "*/*"}, {"accept-language": "zh-CN"}):
        answer = anyone.get(THING, headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (307, default["href"])
        assert f'<{default["href"]}>; rel="{VOC}defaultLink"' in answer.headers["link"]
        assert f'<https://id.gs1.org{THING}>; rel="http://www.w3.org/2002/07/owl#sameAs"' in answer.headers["link"]
        assert 'rel="linkset"' in answer.headers["link"]
        assert answer.headers["vary"] == "Accept, Accept-Language"
    assert default["href"] == f"{house.url}/passport{THING}"


def test_the_linkset_has_the_form_that_gs1_asks_for(anyone: httpx.Client, house: House) -> None:
    """One context object, anchored at the uncompressed link; arrays of targets with address, title and valid hints."""
    found = links(anyone)
    assert found["anchor"] == f"{house.url}{THING}"
    relations = {name: targets for name, targets in found.items() if name != "anchor"}
    wanted = {"defaultLink", "defaultLinkMulti", "pip", "sustainabilityInfo", "certificationInfo", "traceability"}
    assert {VOC + name for name in (*wanted, "masterData")} <= set(relations)
    assert len(relations[f"{VOC}defaultLink"]) == 1
    for targets in relations.values():
        assert isinstance(targets, list)
        assert targets
        for target in targets:
            assert urlsplit(target["href"]).scheme in {"http", "https"}
            assert target["title"]
            assert {one["language"] for one in target["title*"]} == {"en", "zh-CN"}
            assert target["type"] in {"text/html", "application/json", "application/ld+json"}
            assert all(tag in {"en", "zh-CN"} for tag in target.get("hreflang", []))


def test_the_linkset_comes_by_media_type_as_well(anyone: httpx.Client) -> None:
    """Accept: application/linkset+json, or linkType=linkset, gives the same document; its context is named."""
    by_type = anyone.get(THING, headers={"accept": "application/linkset+json"})
    assert (
        by_type.json() == anyone.get(f"{THING}?linkType=all").json() == anyone.get(f"{THING}?linkType=linkset").json()
    )
    assert '"http://www.w3.org/ns/json-ld#context"' in by_type.headers["link"]


def test_every_link_is_reached_by_its_type_and_media_type(anyone: httpx.Client) -> None:
    """Each target of each type, asked for by prefix, whole name and older name, is where the redirection leads."""
    for relation, targets in links(anyone).items():
        if relation == "anchor":
            continue
        name = relation.rpartition("/")[2]
        asked = (
            [f"gs1:{name}", relation, f"https://gs1.org/voc/{name}"] if relation.startswith(VOC) else [f"ocl:{name}"]
        )
        for link_type in asked:
            for target in targets:
                answer = anyone.get(THING, params={"linkType": link_type}, headers={"accept": target["type"]})
                assert (answer.status_code, answer.headers["location"]) == (307, target["href"])


def test_programs_that_name_a_kind_of_json_are_led_to_data(anyone: httpx.Client) -> None:
    """Content negotiation on the bare link: JSON and JSON-LD lead to the passport as data."""
    for kind in ("application/json", "application/ld+json"):
        answer = anyone.get(THING, headers={"accept": f"{kind}, text/html;q=0.5"})
        assert answer.headers["location"].endswith(f"/api/v1/passports{THING}")


def test_a_link_type_that_is_not_there_is_404_with_the_list(anyone: httpx.Client) -> None:
    """Never the default link in its place, and never 200."""
    for asked in ("gs1:epil", "gs1:nothing", "https://evil.example/x", "nonsense"):
        answer = anyone.get(THING, params={"linkType": asked})
        assert (answer.status_code, answer.json()["code"]) == (404, "resolver.link-type")
        assert "gs1:pip" in answer.json()["values"]["known"]
    assert anyone.get(GTIN, params={"linkType": "gs1:traceability"}).status_code == 404


def test_products_and_batches_lead_to_the_products_passport(anyone: httpx.Client) -> None:
    """Class level: a GTIN, and a GTIN with a lot, have a page of their own and no journey."""
    for path in (GTIN, f"{GTIN}/10/LOT7"):
        assert anyone.get(path).headers["location"].endswith(f"/passport{path}")
        assert f"{VOC}traceability" not in links(anyone, path)


def test_what_stands_behind_the_question_mark_goes_on(anyone: httpx.Client) -> None:
    """Attributes and other words are passed on when redirecting, in front of a fragment; linkType is not."""
    answer = anyone.get(f"{THING}?17=261231&foo=bar&linkType=gs1:sustainabilityInfo")
    assert answer.headers["location"].endswith(f"/passport{THING}?17=261231&foo=bar#footprint")


def test_a_slash_at_the_end_changes_nothing(anyone: httpx.Client) -> None:
    """SHOULD tolerate trailing slashes."""
    assert anyone.get(f"{THING}/").headers["location"] == anyone.get(THING).headers["location"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/01/09506000134353/21/1", "identity.check-digit"),
        ("/01/9506000134352", "identity.length"),
        (f"{THING}/foo", "identity.key-missing"),
        (f"{GTIN}?99999=1", "identity.ai-unknown"),
        ("/ARFKk4XB0CDKWcnpq", "resolver.compressed"),
        (f"{GTIN}/ARFKk4XB0CDKWcnpq", "resolver.compressed"),
    ],
)
def test_what_is_no_digital_link_is_400_with_the_reason(anyone: httpx.Client, path: str, code: str) -> None:
    """SHALL validate the syntax and report errors with 400; compressed links are refused by name."""
    answer = anyone.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_head_and_options_are_answered(anyone: httpx.Client) -> None:
    """HEAD is GET without a body; OPTIONS says what may be asked, and that any site may."""
    for path in (THING, f"/api/v1/passports{THING}", "/.well-known/gs1resolver"):
        answer = anyone.options(path, headers={"origin": "https://a.example", "access-control-request-method": "GET"})
        assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        assert answer.headers["access-control-allow-origin"] == "*"
    head = anyone.head(THING)
    assert (head.status_code, head.content) == (307, b"")
    assert head.headers["location"] == anyone.get(THING).headers["location"]
    assert anyone.get(THING).headers["access-control-allow-origin"] == "*"


def test_the_description_names_the_keys_that_are_resolved(anyone: httpx.Client, house: House) -> None:
    """/.well-known/gs1resolver: the root, every key that is read, the vocabularies, as GS1's schema has it."""
    found = anyone.get("/.well-known/gs1resolver").json()
    assert found["resolverRoot"] == house.url
    assert found["supportedPrimaryKeys"] == sorted({key.ai for key in KEYS}) == sorted(DIGITAL_LINK_KEYS)
    assert {"namespace": VOC, "prefix": "gs1:"} in found["supportedLinkType"]
    assert {row["prefix"] for row in found["supportedLinkType"]} == {f"{row.prefix}:" for row in LINK_TYPES}


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", "text/html"),
        ("application/json;q=0.4, text/html;q=0.3", "application/json"),
        ("text/*", "text/html"),
        ("text/html;q=0, application/json", "application/json"),
        ("image/png", None),
    ],
)
def test_media_types_are_weighed(header: str, found: str | None) -> None:
    """RFC 9110, 12.5.1: weights, wildcards, and zero for never."""
    assert best(header, ("text/html", "application/json")) == found


def test_a_wildcard_names_nothing() -> None:
    """Only a media type itself counts as asked for."""
    assert not named("*/*", "application/json")
    assert named("text/html, application/json;q=0.1", "application/json")
