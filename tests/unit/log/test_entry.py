"""The leaf commits to who, when, where and what, and to nothing else; without the salt it says nothing."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.entry import Entry, commitment, entry_body, leaf, record_key, tenant_tag

ENTRY = Entry(5, "demo", 1_700_000_000_000_000, bytes(range(32)), b'{"record":{"id":"x"},"submitter":"s"}')


def test_the_leaf_by_its_definition() -> None:
    """Written out by hand from the documented form, the leaf is the same."""
    committed = sha256(ENTRY.salt + ENTRY.body).digest()
    tag = sha256(b"onecode/tenant/1\ndemo").digest()
    text = b"onecode/entry/1\n" + (5).to_bytes(8) + tag + ENTRY.recorded_at.to_bytes(8) + committed
    assert ENTRY.leaf() == sha256(b"\x00" + text).digest()


@pytest.mark.parametrize(
    "changed",
    [
        {"index": 6},
        {"tenant": "demo2"},
        {"recorded_at": ENTRY.recorded_at + 1},
        {"salt": bytes(32)},
        {"body": ENTRY.body + b" "},
        {"salt": ENTRY.salt + b"{", "body": ENTRY.body[1:]},
    ],
    ids=" and ".join,
)
def test_the_leaf_binds_every_field(changed: dict[str, Any]) -> None:
    """Any change changes the leaf; only a byte moved from body to salt does not, so salts have one length."""
    moved = changed.get("salt", b"") + changed.get("body", b"") == ENTRY.salt + ENTRY.body
    assert (replace(ENTRY, **changed).leaf() == ENTRY.leaf()) == moved


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_submitter_cannot_break_out(text: str) -> None:
    """Whatever a submitter is called, the body is one JSON object with the record as it was."""
    body = msgspec.json.decode(entry_body(b'{"id":"x"}', text))
    assert body == {"record": {"id": "x"}, "submitter": text}


def test_keys_are_spread_and_repeatable() -> None:
    """Keys depend on tenant, id and attempt, fit into a signed 64-bit column, and are the same in every process."""
    keys = {record_key(tenant, name, attempt) for tenant in "ab" for name in ("x", "y", "xy") for attempt in range(3)}
    assert len(keys) == 18
    assert all(-(2**63) <= key < 2**63 for key in keys)
    prefix = b"onecode/key/1\n" + b"\x00" + tenant_tag("demo")
    want = sha256(prefix + b"/waybill").digest()[:3] + sha256(prefix + b"waybill-00012").digest()[:5]
    assert record_key("demo", "waybill-00012") == int.from_bytes(want, signed=True)


def test_neighbouring_ids_have_neighbouring_keys() -> None:
    """Ids numbered one after the other, and UUIDs of one minute, share the upper 24 bits of their keys."""

    def upper(name: str) -> int:
        return record_key("demo", name) >> 40

    assert upper("WB2025000001-1") == upper("WB2025009999-3") != upper("WB2026000001-1")
    assert upper("urn:uuid:01938f2e-1111-7abc-8000-000000000001") == upper(
        "urn:uuid:01938f2e-ffff-7def-9000-123456789012"
    )
    assert upper("urn:uuid:01938f2e-1111-7abc-8000-000000000001") != upper(
        "urn:uuid:01938f2f-1111-7abc-8000-000000000001"
    )


def test_a_guess_needs_the_salt() -> None:
    """Knowing all but the salt, the right value among a thousand cannot be told from the leaf."""
    hidden = leaf(0, tenant_tag("demo"), 1, commitment(sha256(b"secret").digest(), b"437"))
    guesses = [
        leaf(0, tenant_tag("demo"), 1, commitment(salt, b"%d" % n)) for n in range(1_000) for salt in (b"", bytes(32))
    ]
    assert hidden not in guesses
