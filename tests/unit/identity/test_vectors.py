"""Published GS1 identities and known refusals, in every form the first release reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.errors import IdentityError
from ledger.identity import canonical, parse

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "gs1_identity.json").read_text(encoding="utf-8"))
VALID = [pytest.param(v, id=v["id"]) for v in VECTORS["valid"]]
INVALID = [pytest.param(v, id=v["id"]) for v in VECTORS["invalid"]]


def prefix_length(uri: str) -> int:
    return len(uri.split(":")[4].split(".", maxsplit=1)[0])


@pytest.mark.parametrize("vector", VALID)
def test_all_published_forms_name_one_thing(vector):
    """Digital Link, element string and EPC URI of a vector give equal identities with the published texts."""
    forms = [vector["digital_link"], vector["element_string"], *([vector["epc_uri"]] if vector["epc_uri"] else [])]
    for form in forms:
        identity = parse(form)
        assert identity.key.name == vector["key"]
        assert identity.text == vector["digital_link"] == canonical(form)
        assert identity.element_string() == vector["element_string"]
        assert identity == parse(vector["digital_link"])


@pytest.mark.parametrize("vector", [v for v in VALID if v.values[0]["epc_uri"]])
def test_the_epc_uri_needs_only_the_prefix_length(vector):
    """A Digital Link becomes the published EPC URI once the length of the company prefix is said."""
    uri = vector["epc_uri"]
    assert parse(vector["digital_link"]).epc_uri(prefix_length(uri)) == uri
    assert parse(uri).epc_uri() == uri


@pytest.mark.parametrize("vector", INVALID)
def test_known_faults_are_refused_with_their_reason(vector):
    """Each faulty code is refused by both doors, with its own error code and words in both languages."""
    for door in (parse, canonical):
        with pytest.raises(IdentityError) as refusal:
            door(vector["text"])
        error = refusal.value
        assert error.code == vector["code"]
        assert error.message("zh-CN") != error.message("en")
        assert error.fix("zh-CN")
        assert error.fix("en")


def digit_places() -> list[object]:
    """Every place of a digit of every published number that carries a check digit."""
    places = []
    for vector in VECTORS["valid"]:
        if vector["key"] in {"GIAI", "CPI"}:
            continue
        link = vector["digital_link"]
        start = len("https://id.gs1.org/") + link.removeprefix("https://id.gs1.org/").index("/") + 1
        lengths = {"SGTIN": 14, "SSCC": 18, "SGLN": 13, "GRAI": 14, "GSRN": 18, "GSRNP": 18, "GDTI": 13, "ITIP": 14}
        length = lengths[vector["key"]]
        places += [pytest.param(link, start + i, id=f"{vector['id']}-{i}") for i in range(length)]
    return places


@pytest.mark.parametrize(("link", "place"), digit_places())
def test_a_changed_digit_is_caught(link, place):
    """Any other digit in any place of a checked number is refused (single errors are always caught)."""
    for digit in "0123456789":
        if digit != link[place]:
            with pytest.raises(IdentityError):
                parse(link[:place] + digit + link[place + 1 :])
