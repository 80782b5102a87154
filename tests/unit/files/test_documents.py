"""EPCIS documents and records line by line."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ledger.adapters.files import open_file
from ledger.adapters.files.errors import FormatUnknown
from tests.builders import leg, scan
from tests.unit.files.tables import VEHICLE, VEHICLES, read, records

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def document(*events: Any) -> bytes:
    """An EPCIS document of these events."""
    body = {"eventList": [event if isinstance(event, dict) else msgspec.to_builtins(event.event) for event in events]}
    header = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01"}
    return json.dumps(header | {"epcisBody": body}).encode()


def test_every_event_of_a_document_becomes_its_record() -> None:
    """Typed, and the same records as captured one by one."""
    events = [scan(f"urn:uuid:{n}") for n in range(3)]
    assert records(read(document(*events))) == events


def test_a_document_with_a_byte_order_mark_is_read() -> None:
    """Some programs write one before JSON."""
    assert len(read(b"\xef\xbb\xbf" + document(scan()))) == 1


def test_a_bad_event_among_good_ones_comes_back_with_its_pointer() -> None:
    """Missing time, unknown field: each at its place; the good ones kept, one without an id named by its hash."""
    good = msgspec.to_builtins(scan().event)  # type: ignore[union-attr]
    nameless = {key: value for key, value in good.items() if key != "eventID"}
    timeless = {key: value for key, value in good.items() if key != "eventTime"}
    found = read(document(nameless, good, timeless, good | {"smell": "pine"}))
    assert [row.pointer for row in found] == [f"/epcisBody/eventList/{n}" for n in range(4)]
    assert [isinstance(row.outcome, tuple) for row in found] == [False, False, True, True]
    assert found[0].outcome.id.startswith("ni:///sha-256;")  # type: ignore[union-attr]
    assert "eventTime" in str(found[2].outcome[0].error)  # type: ignore[index]


def test_other_json_documents_are_refused() -> None:
    """Another type, another edition, a context that would have to be fetched, and JSON that breaks off."""
    good = document(scan())
    for data in (
        good.replace(b"EPCISDocument", b"EPCISMasterDataDocument"),
        good.replace(b'"2.0"', b'"1.2"'),
        good.replace(CONTEXT.encode(), b"http://127.0.0.1:9/must-not-be-fetched.jsonld"),
        good[:-2],
    ):
        with pytest.raises(FormatUnknown):
            open_file(data)


def test_records_line_by_line_are_read_with_their_line_numbers() -> None:
    """Empty lines count; a line that is no record comes back, a vehicle without a factor as well."""
    lines = [
        msgspec.json.encode(leg("a", vehicle=VEHICLE)),
        b"",
        b'{"kind": "transport_leg"}',
        msgspec.json.encode(leg("b", vehicle="camel")),
        b"not json",
        msgspec.json.encode(scan()),
    ]
    found = read(b"\n".join(lines))
    assert [row.row for row in found] == [1, 3, 4, 5, 6]
    assert [isinstance(row.outcome, tuple) for row in found] == [False, True, True, True, False]
    assert [row.outcome[0].error.code for row in found if isinstance(row.outcome, tuple)] == [
        "record.unreadable",
        "cell.vehicle",
        "record.unreadable",
    ]
    assert open_file(b"\n".join(lines)).kinds == ()
    assert len(list(open_file(b"\n".join(lines)).rows(VEHICLES))) == 5
