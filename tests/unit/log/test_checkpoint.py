"""Signed notes and checkpoints: published examples, and strictness about every byte."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import MAX_NOTE, Checkpoint, Note, NoteKey, VerifierKey
from ledger.log.errors import ProofMalformed, SignatureMismatch
from tests.builders import ORIGIN, note_key

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "signed_note.json").read_text(encoding="utf-8")
)
TEXT: str = VECTORS["text"]
PETER, ENOCH = VECTORS["keys"]
NOTE = f"{TEXT}\n{PETER['signature']}"


# ---------------------------------------------------------------- published examples


@pytest.mark.parametrize("key", VECTORS["keys"], ids=["Peter", "Enoch"])
def test_published_notes_verify(key: dict[str, str]) -> None:
    """The published signatures hold under the published keys, alone and side by side, and keys print as published."""
    verifier = VerifierKey.parse(key["verifier"])
    assert str(verifier) == key["verifier"]
    for lines in (key["signature"], PETER["signature"] + ENOCH["signature"], ENOCH["signature"] + PETER["signature"]):
        note = Note.parse(f"{TEXT}\n{lines}")
        assert note.text == TEXT
        verifier.verify(note)


def test_the_published_note_is_made_again() -> None:
    """With the published private key we write the published note, byte for byte."""
    seed = b64decode(PETER["signer"].split("+", 4)[4])[1:]
    key = NoteKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))
    assert str(key.verifier) == PETER["verifier"]
    assert key.sign(TEXT) == NOTE


def test_every_part_of_a_published_key_is_refused() -> None:
    """No part of the key's text, no text with one character moved on, and no published bad key is a key."""
    good = PETER["verifier"]
    parts = [good[a:b] for a in range(len(good)) for b in range(a + 1, len(good) + 1) if (a, b) != (0, len(good))]
    moved = [good[:at] + chr(ord(good[at]) + 1) + good[at + 1 :] for at in range(len(good))]
    for text in (*parts, *moved, *VECTORS["bad_verifiers"].values(), ""):
        with pytest.raises(ProofMalformed):
            VerifierKey.parse(text)


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        "\x01" + NOTE,
        f"{TEXT}\n{PETER['signature'].replace('PeterNeumann', 'Bad Name')}",
        f"{TEXT}\n{PETER['signature'].replace('PeterNeumann', 'Bad+Name')}",
        NOTE + "Unexpected line.\n",
        f"{TEXT}\n{PETER['signature'] * 101}" + "x" * MAX_NOTE,
        "\n" + PETER["signature"],
        "",
        f"{TEXT}\n{PETER['signature'].replace('— ', '- ')}",
        f"{TEXT}\n{PETER['signature'].replace('AM=', 'AN=')}",
        f"{TEXT}\n{PETER['signature'][:40]}\n",
    ],
)
def test_malformed_notes(note: str) -> None:
    """Everything that the published tests call malformed is refused, and so is base64 in a second form."""
    with pytest.raises(ProofMalformed):
        Note.parse(note)


def test_an_altered_signature() -> None:
    """A changed signature, text, or key is a mismatch that names the key."""
    peter, enoch = (VerifierKey.parse(key["verifier"]) for key in (PETER, ENOCH))
    altered = Note.parse(NOTE.replace("x08go/ZJ", "x08go/ZK"))
    for verifier, note in (
        (peter, altered),
        (peter, Note.parse(NOTE.replace("answer", "question"))),
        (enoch, Note.parse(NOTE)),
        (VerifierKey("PeterNeumann", enoch.public), Note.parse(NOTE)),
    ):
        with pytest.raises(SignatureMismatch):
            verifier.verify(note)


# ---------------------------------------------------------------- checkpoints


def test_the_published_checkpoint_text() -> None:
    """The example of C2SP tlog-checkpoint is read and written as it is."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.parse(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.text == text


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"\n5\n{ROOT}\n",
        f"log\n5\n{ROOT}",
        f"log\n5\n{ROOT}\n\n",
        f"log\n5\n{ROOT}\nextension\n",
        f"log\n05\n{ROOT}\n",
        f"log\n-5\n{ROOT}\n",
        f"log\n+5\n{ROOT}\n",
        f"log\n5 \n{ROOT}\n",
        f"log\n5.0\n{ROOT}\n",
        f"log\n٥\n{ROOT}\n",
        f"log\n\n{ROOT}\n",
        f"log\n18446744073709551616\n{ROOT}\n",
        f"log\n{'9' * 5000}\n{ROOT}\n",
        f"log\n5\n{ROOT[:-4]}\n",
        f"log\n5\n{ROOT.replace('2I=', '2J=')}\n",
        f"log\n5\n{ROOT.replace('+', '-').replace('/', '_')}\n",
        f"log\n5\n{ROOT.rstrip('=')}\n",
        f"log\r\n5\r\n{ROOT}\r\n",
    ],
)
def test_malformed_checkpoints(text: str) -> None:
    """Three lines, one form of each: anything else is refused."""
    with pytest.raises(ProofMalformed):
        Checkpoint.parse(text)


@given(size=st.integers(0, 2**64 - 1), root=st.binary(min_size=32, max_size=32))
def test_a_checkpoint_survives_its_note(size: int, root: bytes) -> None:
    """Signed, parsed, verified and read, it is the same."""
    key, checkpoint = note_key(), Checkpoint(ORIGIN, size, root)
    note = Note.parse(key.sign(checkpoint.text))
    key.verifier.verify(note)
    assert Checkpoint.parse(note.text) == checkpoint


def test_a_key_does_not_print_its_secret() -> None:
    """Neither repr nor str of a signing key holds any of its private bytes."""
    key = note_key(seed=0xC0FFEE)
    assert "c0ffee" not in repr(key).lower() + str(key).lower()
