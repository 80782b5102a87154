"""Fields of a document shown without the document: they hold offline, no byte is free, and the rest stays hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, ProofError
from ledger.log.canonical import canonical_bytes
from ledger.log.disclosure import Disclosure
from ledger.log.errors import CannotTell, EntryAbsent, FieldAbsent, NotCanonical, OpeningMalformed
from ledger.log.fields import Opening, flattened
from ledger.log.merkle import root
from ledger.log.sealed import verify_file
from ledger.services.capture import Submission
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.field_disclosure import Subject, commit, disclose, read_document
from ledger.wiring import Ledger
from tests.builders import PRODUCT, TENANT, captured, leg, opened

DOCUMENT = b"""{"pcf_kg_co2e": 12.50, "stages": {"raw": "8.1", "manufacture": "4.4"},
    "inputs": [{"name": "copper", "amount_kg": 3.25}, {"name": "secret alloy", "amount_kg": 1e2}], "site/a~b": true}"""


def token(start: int) -> Any:
    """Bytes that look random and come again."""
    state = [start]

    def give(count: int) -> bytes:
        out = b""
        while len(out) < count:
            state[0] += 1
            out += sha256(str(state[0]).encode()).digest()
        return out[:count]

    return give


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, int, Opening]]:
    with opened(tmp_path_factory.mktemp("disclosure")) as ledger:
        captured(ledger, [leg("one"), leg("two")])
        subject = Subject(supplier="supplier-1", about="PCF of product-1", product=PRODUCT)
        entry, opening = commit(ledger, Submission(TENANT, "tester"), subject, read_document(DOCUMENT))
        captured(ledger, [leg("three")])
        close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
        yield ledger, entry, opening


def test_pointers_are_those_of_rfc_6901() -> None:
    """The examples of RFC 6901, section 5, that lead to a scalar."""
    document = {
        "foo": ["bar", "baz"],
        "": 0,
        "a/b": 1,
        "c%d": 2,
        "e^f": 3,
        "g|h": 4,
        "i\\j": 5,
        'k"l': 6,
        " ": 7,
        "m~n": 8,
    }
    assert dict(flattened(document)) == {
        "/foo/0": "bar", "/foo/1": "baz", "/": 0, "/a~1b": 1, "/c%d": 2, "/e^f": 3, "/g|h": 4, "/i\\j": 5, '/k"l': 6,
        "/ ": 7, "/m~0n": 8,
    }  # fmt: skip


def test_a_leaf_is_what_the_format_says() -> None:
    """Written out by hand: SHA-256(0x00 || RFC 8785 bytes), and the root over leaves in order of hash."""
    opening = Opening.of("r", {"a": "1", "b": "2", "c": 3}, token(0))
    leaves = [
        sha256(
            b"\x00"
            + json.dumps(
                {"format": "onecode/field/1", "path": one.path, "salt": one.salt.hex(), "value": one.value},
                separators=(",", ":"),
            ).encode()
        ).digest()
        for one in opening.fields
    ]
    assert len(opening.fill) == 1
    assert opening.root() == root(sorted([*leaves, *opening.fill]))


def test_some_fields_hold_and_the_others_are_not_there(held: tuple[Ledger, int, Opening]) -> None:
    """The figure and a stage; figures keep their digits; neither names nor amounts nor their salts are in the file."""
    ledger, entry, opening = held
    made = disclose(ledger, TENANT, opening, ["/pcf_kg_co2e", "/stages"])
    data = made.to_bytes()
    found = verify_file(data, key=ledger.note_key.verifier, pinned=made.checkpoint)
    assert isinstance(found, Disclosure)
    assert found == made
    assert found.index == entry
    shown = {one.field.path: one.field.value for one in found.fields}
    assert shown == {"/pcf_kg_co2e": "12.50", "/stages/raw": "8.1", "/stages/manufacture": "4.4"}
    text = data.decode()
    hidden = [one for one in opening.fields if one.path not in shown]
    assert len(hidden) == 5
    for one in hidden:
        assert one.path not in text
        assert one.salt.hex() not in text
    body = ledger.entries.entry(entry).body
    assert b"12.5" not in body
    assert b"alloy" not in body
    with pytest.raises(CannotTell):
        verify_file(data)


def test_no_byte_is_free(held: tuple[Ledger, int, Opening]) -> None:
    """Every byte changed or left out: it does not hold."""
    ledger, _, opening = held
    data = disclose(ledger, TENANT, opening, ["/stages/raw"]).to_bytes()
    changed = [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(len(data))]
    changed += [data[:n] + data[n + 1 :] for n in range(len(data))]
    for one in (*changed, b" " + data, data + b"\n"):
        with pytest.raises(ProofError):
            verify_file(one, key=ledger.note_key.verifier)


def test_forgeries_do_not_hold(held: tuple[Ledger, int, Opening]) -> None:
    """Well-formed files: another value, another name, another place, a field twice, none, another record."""
    ledger, _, opening = held
    good = json.loads(disclose(ledger, TENANT, opening, ["/pcf_kg_co2e", "/stages/raw"]).to_bytes())
    _, other = commit(
        ledger, Submission(TENANT, "tester"), Subject(supplier="supplier-1", about="x"), read_document(DOCUMENT)
    )
    captured(ledger, [leg("four")])
    close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
    elsewhere = json.loads(disclose(ledger, TENANT, other, ["/pcf_kg_co2e"]).to_bytes())
    first = good["fields"][0]
    plain = json.loads(msgspec.json.encode(good["proof"]))
    for forged in (
        good | {"fields": [first | {"value": "1"}]},
        good | {"fields": [first | {"path": "/stages/use"}]},
        good | {"fields": [first | {"index": first["index"] ^ 1}]},
        good | {"fields": [first | {"salt": "00"}]},
        good | {"fields": [first, first]},
        good | {"fields": list(reversed(good["fields"]))},
        good | {"fields": []},
        good | {"proof": elsewhere["proof"]},
        good | {"proof": plain | {"body": "e30="}},
    ):
        with pytest.raises(ProofError):
            verify_file(canonical_bytes(forged) + b"\n", key=ledger.note_key.verifier)


def test_an_opening_opens_its_own_record_alone(held: tuple[Ledger, int, Opening]) -> None:
    """Another document under the same record id, an unknown record, another tenant, a field that is not there."""
    ledger, _, opening = held
    assert Opening.from_bytes(opening.to_bytes()) == opening
    other = Opening.of(opening.record, {"pcf_kg_co2e": "1"}, token(7))
    for wrong, tenant, paths, refusal in (
        (other, TENANT, ["/pcf_kg_co2e"], OpeningMalformed),
        (Opening.of("nothing", {"a": "1"}, token(8)), TENANT, ["/a"], EntryAbsent),
        (opening, "strangers", ["/pcf_kg_co2e"], EntryAbsent),
        (opening, TENANT, ["/stage"], FieldAbsent),
    ):
        with pytest.raises(refusal):
            disclose(ledger, tenant, wrong, paths)


def test_a_document_has_fields_and_no_binary_float() -> None:
    """What cannot be committed to, and an opening that is not in its one form."""
    with pytest.raises(NotCanonical):
        Opening.of("r", {"a": 1.5}, token(0))
    for empty in ({}, [], {"a": []}):
        with pytest.raises(OpeningMalformed):
            Opening.of("r", empty, token(0))
    with pytest.raises(OpeningMalformed):
        read_document(b"{")
    data = Opening.of("r", {"a": "1"}, token(0)).to_bytes()
    for wrong in (data[:-1], data.replace(b'"1"', b'"1" '), b"[]\n", data.replace(b"opening/1", b"opening/2")):
        with pytest.raises(OpeningMalformed):
            Opening.from_bytes(wrong)


@given(
    st.dictionaries(
        st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers(-9, 9), st.none()), min_size=1, max_size=20
    )
)
def test_every_field_leads_to_the_root_and_the_tree_hides_their_number(document: dict[str, Any]) -> None:
    """Any document: a power of two of leaves, and each field shown alone has its path."""
    try:
        opening = Opening.of("r", document, token(1))
    except LedgerError:
        assert any(0xD800 <= ord(letter) <= 0xDFFF for letter in "".join(map(str, [*document, *document.values()])))
        return
    assert opening.size & (opening.size - 1) == 0
    for one in opening.fields:
        (shown,) = [each for each in opening.shown([one.path]) if each.field == one]
        node, at = shown.field.leaf(), shown.place
        for sibling in shown.path:
            pair = sibling + node if at & 1 else node + sibling
            node, at = sha256(b"\x01" + pair).digest(), at >> 1
        assert node == opening.root()


def test_by_the_command_line(tmp_path: Path) -> None:
    """commit keeps the opening to itself, disclose shows fields, verify says what holds."""
    from ledger.__main__ import main

    home, opening, out = tmp_path / "home", tmp_path / "opening.json", tmp_path / "shown.json"
    (tmp_path / "pcf.json").write_bytes(DOCUMENT)
    base = ["--home", str(home)]
    said = ["commit", str(tmp_path / "pcf.json"), "-o", str(opening), "--supplier", "s", "--about", "PCF"]
    assert main([*base, *said]) == 0
    assert opening.stat().st_mode & 0o077 == 0
    assert main([*base, "anchor"]) == 0
    assert main([*base, "disclose", str(opening), "--field", "/stages/raw", "-o", str(out)]) == 0
    assert main([*base, "verify", str(out)]) == 0
    out.write_bytes(out.read_bytes().replace(b'"8.1"', b'"0.1"'))
    assert main([*base, "verify", str(out)]) == 1
