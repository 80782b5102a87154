"""Records: what is taken, what is refused and where the fault sits."""

import json
from typing import Any

import msgspec
import pytest

from ledger.log.canonical import canonical_bytes, struct_bytes
from ledger.records.errors import FieldContradicts, FieldMissing, KindUnknown, RecordUnreadable
from ledger.records.record import KINDS, decode

LEG: dict[str, Any] = {
    "carrier": "苏物流",
    "consignment": "WB1",
    "destination": "南京",
    "distance_basis": "sfd",
    "distance_m": 540_000,
    "id": "WB1-1",
    "kind": "transport_leg",
    "mass_g": 1_000_000,
    "mode": "road",
    "occurred_at": "2023-05-04T08:00:00+08:00",
    "origin": "武汉",
    "product": "https://id.gs1.org/01/09506000134352",
    "quantity": 2,
    "route": "武汉-溧水",
    "vehicle": "road.hgv.artic-33t.diesel.avg",
    "version": 1,
}
EVENT: dict[str, Any] = {
    "event": {
        "action": "OBSERVE",
        "bizStep": "shipping",
        "epcList": ["https://id.gs1.org/01/09506000134352/21/1"],
        "eventID": "urn:uuid:1",
        "eventTime": "2023-05-04T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "type": "ObjectEvent",
    },
    "id": "urn:uuid:1",
    "kind": "epcis_event",
    "occurred_at": "2023-05-04T08:00:00Z",
    "version": 1,
}

CLAIM: dict[str, Any] = {
    "baseline": "plan:before",
    "counts": ["meter:1"],
    "executed": "plan:after",
    "factor": "CN-ETS-2022",
    "factor_set": "cn-2026.1",
    "figures": [{"amount": "325", "exact": True, "name": "avoided", "unit": "吨"}],
    "formula": "a + b",
    "id": "claim:1",
    "kind": "claim",
    "occurred_at": "2024-03-21T00:00:00+08:00",
    "period_end": "2023-12-31",
    "period_start": "2023-01-01",
    "region": "江苏",
    "result": "avoided",
    "rule": "saving",
    "source": "report",
    "version": 1,
    "words": "减少二氧化碳排放 325 吨",
}
PLAN: dict[str, Any] = {
    "id": "plan:before",
    "kind": "transport_plan",
    "lanes": [
        {
            "distance_km": "540",
            "fill": "0.6",
            "goods_kg": "80000",
            "name": "武汉-溧水",
            "packaging_factor": "f",
            "packaging_kg": "10000",
            "packed_m3": "400",
            "vehicle": {
                "factor": "g",
                "factor_load_kg": "10000",
                "hold_m3": "90",
                "name": "lorry",
                "payload_kg": "18000",
            },
        }
    ],
    "occurred_at": "2022-12-01T00:00:00+08:00",
    "period_end": "2024-01-01T00:00:00+08:00",
    "period_start": "2023-01-01T00:00:00+08:00",
    "version": 1,
}


def _without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != name}


def _bytes(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


@pytest.mark.parametrize("record", [LEG, EVENT, CLAIM, PLAN], ids=["leg", "event", "claim", "plan"])
def test_struct_order_is_canonical_order(record: dict[str, Any]) -> None:
    """Fields are declared in wire order: encoding a struct is RFC 8785 without a sort."""
    encoded = struct_bytes(decode(_bytes(record)))
    assert encoded == canonical_bytes(msgspec.json.decode(encoded))


@pytest.mark.parametrize(("kind", "form"), KINDS, ids=[kind for kind, _ in KINDS])
def test_every_kind_declares_its_fields_in_wire_order(kind: str, form: type[msgspec.Struct]) -> None:
    """Nested structs too."""
    queue, seen = [form], set[Any]()
    while queue:
        seen.add(queue[-1])
        node = msgspec.inspect.type_info(queue.pop())
        if isinstance(node, msgspec.inspect.StructType):
            names = [field.encode_name for field in node.fields]
            assert names == sorted(names), node.cls
            queue += [inner.cls for field in node.fields for inner in _structs(field.type) if inner.cls not in seen]


def _structs(node: Any) -> list[Any]:
    if isinstance(node, msgspec.inspect.StructType):
        return [node]
    inner = [getattr(node, name, None) for name in ("item_type", "value_type")]
    return [found for part in (*inner, *getattr(node, "types", ())) if part for found in _structs(part)]


@pytest.mark.parametrize(
    "name", ["distance_m", "mass_g", "product", "vehicle", "mode", "distance_basis", "occurred_at"]
)
def test_nothing_is_guessed(name: str) -> None:
    """A leg without distance, mass, product or class is refused, naming the field."""
    with pytest.raises(RecordUnreadable) as found:
        decode(_bytes(_without(LEG, name)))
    assert name in found.value.why


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mass_g", 0),
        ("mass_g", -5),
        ("mass_g", 1.5),
        ("mass_g", "5"),
        ("mass_g", 2**53),
        ("distance_m", True),
        ("mode", "teleport"),
        ("occurred_at", "2023-05-04T08:00:00"),
        ("occurred_at", "yesterday"),
        ("product", ""),
        ("version", 2),
    ],
)
def test_a_wrong_value_is_refused_at_its_place(name: str, value: object) -> None:
    """The JSON pointer leads to the field."""
    with pytest.raises(RecordUnreadable) as found:
        decode(_bytes(LEG | {name: value}))
    assert found.value.place is not None
    assert found.value.place.pointer == f"/{name}"


def test_unknown_fields_are_refused() -> None:
    """A misspelt optional field must not vanish in silence."""
    with pytest.raises(RecordUnreadable):
        decode(_bytes(LEG | {"drivenm": 5}))


def test_air_is_measured_on_the_great_circle() -> None:
    """GLEC v3.0: great circle distance is mandatory for air."""
    with pytest.raises(FieldContradicts):
        decode(_bytes(LEG | {"mode": "air"}))
    decode(_bytes(LEG | {"mode": "air", "distance_basis": "gcd"}))


def test_an_unknown_kind_is_refused() -> None:
    """Kinds are a closed list."""
    with pytest.raises(KindUnknown):
        decode(_bytes(LEG | {"kind": "rumour"}))


def test_broken_json_is_refused_with_a_reason() -> None:
    """Bytes that are no JSON, or too deep, are a typed error."""
    for data in (b"", b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(RecordUnreadable):
            decode(data, "transport_leg")


def test_an_event_must_name_something() -> None:
    """An object event without things or amounts says nothing."""
    event = _without(EVENT["event"], "epcList")
    with pytest.raises(FieldMissing):
        decode(_bytes(EVENT | {"event": event}))


def test_quantities_stay_exact() -> None:
    """A JSON number is taken digit by digit, never through a binary float."""
    amounts = [{"epcClass": "urn:x:cable", "quantity": 0.1, "uom": "MTR"}]
    text = _bytes(EVENT | {"event": EVENT["event"] | {"quantityList": amounts}})
    exact = text.replace(b'"quantity": 0.1', b'"quantity": 0.10000000000000000001')
    assert b'"quantity":"0.10000000000000000001"' in struct_bytes(decode(exact))
