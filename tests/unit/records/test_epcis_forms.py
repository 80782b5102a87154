"""EPCIS events as records: every type and field, canonical bytes, exact numbers, and the way from the wire."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.log.canonical import is_canonical
from ledger.log.entry import Entry, entry_body
from ledger.records.epcis import DECLARED, Event, record_of
from ledger.records.epcis.checking import check_event, check_things
from ledger.records.epcis.document import read_document
from ledger.records.epcis.reading import read_event
from ledger.records.record import decode, identities
from ledger.services.capture import record_bytes
from ledger.services.event_query.presented import presented
from tests.builders import scan

VECTORS = Path(__file__).parents[2] / "vectors"
PLAIN: dict[str, Any] = {
    "type": "ObjectEvent",
    "action": "OBSERVE",
    "eventID": "urn:uuid:1",
    "eventTime": "2026-05-01T08:00:00Z",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["https://id.gs1.org/01/09506000134352/21/1"],
}
EX = {"@context": [{"ex": "https://example.com/voc/"}]}


def document(name: str) -> list[Event]:
    """The events of a vector file, all of them good."""
    data = (VECTORS / name).read_text()
    # The bytes of the file itself go in: its numbers must not pass through Python's floats.
    start = data.index('"document": ') + len('"document": ')
    found = read_document(data[start : data.rindex("}")].encode())
    events = [event for event in found.events if isinstance(event, Event)]
    assert len(events) == len(found.events), [error for error in found.events if isinstance(error, LedgerError)]
    return events


def test_every_type_and_field_becomes_a_record_of_canonical_bytes() -> None:
    """What an independent RFC 8785 implementation writes of the same value, and the record reads back equal."""
    events = document("epcis_all_types.json")
    assert {event.type for event in events} == set(msgspec.inspect.type_info(Event).fields[-1].type.values)  # type: ignore[attr-defined]
    for event in events:
        check_event(event)
        check_things(event)
        data = record_bytes(record_of(event))
        assert is_canonical(data)
        assert data == rfc8785.dumps(json.loads(data))
        assert decode(data) == record_of(event)


def test_numbers_keep_every_digit_on_their_way_in_and_out() -> None:
    """Decimals, exponents and integers beyond 2^53, inside fields and inside extensions."""
    events = document("epcis_all_types.json")
    sent = json.loads((VECTORS / "epcis_all_types.json").read_text(), parse_float=str)["document"]["epcisBody"]
    for event, wire in zip(events, sent["eventList"], strict=True):
        entry = Entry(0, "demo", 0, bytes(32), entry_body(record_bytes(record_of(event)), "tester"))
        shown = json.loads(msgspec.json.encode(presented(entry, "now", "Never_Translates")), parse_float=str)
        ilmd, reports = wire.get("ilmd"), wire.get("sensorElementList")
        assert shown.get("ilmd") == ilmd
        assert shown.get("sensorElementList") is None or [
            {name: str(value) for name, value in report.items()}
            for report in shown["sensorElementList"][0]["sensorReport"]
        ] == [{name: str(value) for name, value in report.items()} for report in reports[0]["sensorReport"]]


def test_an_event_keeps_the_prefixes_it_uses_and_no_others() -> None:
    """So that the same event in a document with more prefixes is the same record."""
    few = {"ex": "https://example.com/voc/"}
    event = PLAIN | {"ex:a": "1"}
    one = read_event(json.dumps(event).encode(), few)
    two = read_event(json.dumps(event).encode(), few | {"other": "https://example.com/other/"})
    assert one == two
    assert one.context == few
    assert read_event(json.dumps(PLAIN).encode(), few).context is None


def test_record_time_and_known_contexts_take_no_part() -> None:
    """They are the capturing system's, or say nothing about the event."""
    known = {
        "@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        "recordTime": "2026-01-01T00:00:00Z",
    }
    assert read_event(json.dumps(PLAIN | known).encode()) == read_event(json.dumps(PLAIN).encode())


def test_an_event_without_an_id_is_named_by_its_hash_every_time() -> None:
    """Whatever the order of its fields."""
    nameless = {name: value for name, value in PLAIN.items() if name != "eventID"}
    other = dict(reversed(nameless.items()))
    names = {read_event(json.dumps(event).encode()).event_id for event in (nameless, other)}
    assert len(names) == 1
    assert names.pop().startswith("ni:///sha-256;")


def test_a_declaration_is_a_record_beside_its_event() -> None:
    """One id leads to the other; everything the event names is still named."""
    declared = scan(errorDeclaration={"declarationTime": "2026-05-02T08:00:00Z", "reason": "incorrect_data"})
    assert declared.id == scan().id + DECLARED
    assert identities(declared) == identities(scan())


@pytest.mark.parametrize("field", ["extensions", "context"])
def test_the_record_s_own_names_are_no_way_in(field: str) -> None:
    """An event on the wire cannot bring the fields under which the record keeps extensions."""
    name = {"context": "@context"}.get(field, field)
    value = {"ex": "https://example.com/"} if field == "context" else {"ex:a": 1}
    with pytest.raises(LedgerError):
        read_event(json.dumps(PLAIN | {name: value, "ex2:b": 1}).encode())
    with pytest.raises(LedgerError):
        read_event(
            json.dumps(PLAIN | {"readPoint": {"id": "https://example.com/1", "extensions": {"ex:a": 1}}}).encode()
        )


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
LEAF = st.one_of(
    TEXT, st.booleans(), st.none(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=4)
)
FREE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXT.filter(lambda name: ":" not in name and name != "@decimal"), inner, max_size=3)
    ),
    max_leaves=8,
)


def _json(value: Any) -> str:
    """JSON of a value whose decimals keep their digits."""
    return msgspec.json.encode(_marked(value)).decode()


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return msgspec.Raw(str(value).encode())
    return msgspec.Raw(format(value, "f").encode()) if hasattr(value, "as_tuple") else value


@given(free=FREE, names=st.permutations(["ex:a", "ex:b", "ex:\ue000", "ex:\U0001f600"]))
@settings(max_examples=60, deadline=None)
def test_any_extension_goes_in_and_comes_out_the_same(free: Any, names: list[str]) -> None:
    """Canonical bytes whatever its names and values, and the digits it came with."""
    sent = PLAIN | EX | dict.fromkeys(names, free)
    event = read_event(_json(sent).encode())
    check_event(event)
    data = record_bytes(record_of(event))
    assert is_canonical(data)
    assert data == rfc8785.dumps(json.loads(data))
    entry = Entry(0, "demo", 0, bytes(32), entry_body(data, "tester"))
    shown = json.loads(msgspec.json.encode(presented(entry, "now", "Never_Translates")), parse_float=str)
    assert shown[names[0]] == json.loads(_json(free), parse_float=str)


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_changed_byte_is_another_record_with_other_bytes_or_none(position: int, flip: int) -> None:
    """Two records are equal exactly when the bytes are that the log commits to."""
    record = record_of(document("epcis_all_types.json")[5])
    data = bytearray(record_bytes(record))
    data[position % len(data)] ^= flip
    try:
        other = decode(bytes(data))
    except LedgerError:
        return
    assert (other == record) == (record_bytes(other) == record_bytes(record))
