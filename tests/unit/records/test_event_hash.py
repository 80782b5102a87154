"""The CBV event hash: the examples of its authors, what takes part in it and what does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.records.epcis import Event
from ledger.records.epcis.document import read_document
from ledger.records.epcis.event_hash import event_hash, hash_matches, pre_hash
from ledger.records.epcis.reading import read_event
from tests.unit.records.test_epcis_forms import PLAIN

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "epcis_event_hash.json").read_text())["documents"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_published_examples_have_their_hashes(vector: dict[str, Any]) -> None:
    """Documents of the authors of the algorithm, with the hashes of their release 1.9.3."""
    events = read_document(json.dumps(vector["document"]).encode()).events
    found = [event_hash(event) for event in events if isinstance(event, Event)]
    assert found == [f"ni:///sha-256;{digest}?ver=CBV2.0" for digest in vector["hashes"]]


def test_a_minimal_event_has_its_published_hash() -> None:
    """A receiving event with one GIAI (findings on the reference implementation, third vector)."""
    event = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "epcList": ["urn:epc:id:giai:0614141.5678"],
        "eventTime": "2024-05-01T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
    }
    assert "365f3945b79bab5f0a694f713de7985ee3be5746d670f5563dd37af3a27ba5d9" in event_hash(_event(event))


def _event(fields: dict[str, Any]) -> Event:
    return read_event(json.dumps(fields).encode())


def _hash(**changes: Any) -> str:
    return event_hash(_event(PLAIN | changes))


SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("another id", {}, {"eventID": "urn:uuid:2"}),
    ("a declared error", {}, {"errorDeclaration": {"declarationTime": "2026-05-01T08:00:00Z"}}),
    ("recordTime", {}, {"recordTime": "2026-05-01T08:00:01Z"}),
    ("the zone a time is written in", {}, {"eventTime": "2026-05-01T16:00:00+08:00"}),
    ("a word or its URI", {"bizStep": "shipping"}, {"bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"}),
    ("a word or its URN", {"bizStep": "shipping"}, {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}),
    ("URN or Digital Link", {}, {"epcList": ["urn:epc:id:sgtin:9506000.013435.1"]}),
    ("the resolver's domain", {}, {"epcList": ["https://example.com/01/09506000134352/21/1?17=301231"]}),
    ("order of a list", {"epcList": [PLAIN["epcList"][0], "urn:epc:id:sscc:4012345.0000000333"]},
     {"epcList": ["urn:epc:id:sscc:4012345.0000000333", PLAIN["epcList"][0]]}),
    ("zeros behind the point", {"cbvmda:a": 1.5}, {"cbvmda:a": "1.50"}),
    ("zeros in front", {"cbvmda:a": 7}, {"cbvmda:a": "007"}),
    ("half a millisecond is rounded up", {"eventTime": "2026-05-01T08:00:00.1425Z"},
     {"eventTime": "2026-05-01T08:00:00.143Z"}),
    ("up to the next second", {"eventTime": "2026-05-01T08:00:00.9996Z"}, {"eventTime": "2026-05-01T08:00:01Z"}),
]  # fmt: skip
OTHER: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("numbers beyond binary floats", {"cbvmda:a": "9007199254740993"}, {"cbvmda:a": "9007199254740992"}),
    ("underscores are no digits", {"cbvmda:a": "1_000"}, {"cbvmda:a": 1000}),
    ("full-width digits are no digits", {"cbvmda:a": "１２"}, {"cbvmda:a": 12}),
    ("an extension's text and a word", {"cbvmda:a": "receiving"}, {"cbvmda:a": "https://ref.gs1.org/cbv/BizStep-receiving"}),
    ("infinity is text", {"cbvmda:a": "Infinity"}, {"cbvmda:a": "1"}),
    ("a serial", {}, {"epcList": ["https://id.gs1.org/01/09506000134352/21/2"]}),
    ("the offset", {}, {"eventTimeZoneOffset": "+00:00"}),
    ("a millisecond", {}, {"eventTime": "2026-05-01T08:00:00.001Z"}),
]  # fmt: skip


@pytest.mark.parametrize("case", SAME, ids=[case[0] for case in SAME])
def test_what_means_the_same_hashes_the_same(case: tuple[str, dict[str, Any], dict[str, Any]]) -> None:
    """CBV 2.0, 8.9.2: rules of canonical form, and what takes no part."""
    assert _hash(**case[1]) == _hash(**case[2])


@pytest.mark.parametrize("case", OTHER, ids=[case[0] for case in OTHER])
def test_what_differs_hashes_differently(case: tuple[str, dict[str, Any], dict[str, Any]]) -> None:
    """Nothing passes through binary floats, and words are words only where the vocabulary applies."""
    assert _hash(**case[1]) != _hash(**case[2])


def test_a_prefix_of_one_document_means_nothing_in_the_next() -> None:
    """There is no state between events: the name of a prefix takes no part, its namespace does."""
    before = _hash()
    one = _hash(**{"@context": {"a": "https://example.com/"}, "a:x": "1"})
    two = _hash(**{"@context": {"b": "https://example.com/"}, "b:x": "1"})
    three = _hash(**{"@context": {"a": "https://example.org/"}, "a:x": "1"})
    assert one == two != three
    assert _hash() == before


def test_a_transaction_without_type_is_hashed() -> None:
    """It has no type in the string."""
    event = _event(PLAIN | {"bizTransactionList": [{"bizTransaction": "https://example.com/po/1"}]})
    assert pre_hash(event).endswith("bizTransactionListbizTransaction=https://example.com/po/1")


def test_an_incoming_hash_id_is_compared() -> None:
    """It matches, does not match, or is no hash id at all."""
    right = _hash()
    assert hash_matches(_event(PLAIN | {"eventID": right})) is True
    assert hash_matches(_event(PLAIN | {"eventID": right, "bizStep": "shipping"})) is False
    assert hash_matches(_event(PLAIN)) is None
