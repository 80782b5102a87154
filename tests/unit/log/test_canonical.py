"""RFC 8785 bytes against another implementation, and the values that have none here."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.canonical import MAX_DEPTH, MAX_INTEGER, canonical_bytes, is_canonical
from ledger.log.errors import NotCanonical
from ledger.services.capture import record_bytes
from tests.builders import leg, scan

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES)
def test_the_bytes_of_rfc8785(value: Any) -> None:
    """For all the JSON that the ledger admits, another implementation of RFC 8785 writes the same bytes."""
    data = canonical_bytes(value)
    assert data == rfc8785.dumps(value)
    assert is_canonical(data)
    assert json.loads(data) == value


@given(value=VALUES)
def test_one_form_only(value: Any) -> None:
    """Any other way to write the same value is not canonical."""
    data = canonical_bytes(value)
    for other in (json.dumps(value, indent=1).encode(), json.dumps(value).encode() + b" ", b"\n" + data):
        assert is_canonical(other) == (other == data)


def test_keys_sort_by_utf16() -> None:
    """RFC 8785, 3.2.3: its own example of keys whose order differs between UTF-16 and code points."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(canonical_bytes(dict.fromkeys(keys, 0)))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        1.0,
        math.nan,
        math.inf,
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        nested(MAX_DEPTH + 1),
        {"a": [{"b": 0.1}]},
        {1, 2},
        b"bytes",
    ],
    ids=repr,
)
def test_values_without_a_canonical_form(value: Any) -> None:
    """Floats, integers past 2^53 - 1, lone surrogates, keys that are no strings, and depth past 32 are refused."""
    with pytest.raises(NotCanonical):
        canonical_bytes(value)


@pytest.mark.parametrize("value", [MAX_INTEGER, -MAX_INTEGER, nested(MAX_DEPTH), "\U0010ffff", {"": ""}], ids=repr)
def test_values_at_the_edge(value: Any) -> None:
    """The largest integers, the greatest depth and the last code point have one."""
    assert canonical_bytes(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b"[1, 2]",
        b"[" * 5_000,
        b"\xef\xbb\xbf1",
    ],
    ids=repr,
)
def test_bytes_that_are_not_canonical(data: bytes) -> None:
    """Wrong order, doubled keys, other escapes, other numbers, broken or bottomless JSON: not canonical."""
    assert not is_canonical(data)


@given(origin=TEXTS.filter(bool), mass=st.integers(1, 10**8))
def test_records_encode_canonically(origin: str, mass: int) -> None:
    """A record is written without sorting, and still in canonical form, driven distance given or not."""
    record = leg(origin=origin, mass_g=mass)
    assert record_bytes(record) == rfc8785.dumps(msgspec.to_builtins(record))
    assert is_canonical(record_bytes(leg(origin=origin, driven_m=mass)))


def test_events_encode_canonically() -> None:
    """So is an EPCIS event, with free master data inside."""
    event = scan(
        action="ADD",
        ilmd={"cbvmda:b": {"z": "1", "a": "2"}, "cbvmda:a": ["x"]},
        bizLocation={"id": "urn:epc:id:sgln:0614141.07346.0"},
    )
    assert is_canonical(record_bytes(event))
    assert is_canonical(record_bytes(scan()))
