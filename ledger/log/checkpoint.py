"""
Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint), Ed25519.

A checkpoint's text is three lines: origin, size, root in base64. A signature line is
``— name base64(4-byte key hash || signature)``. The key hash is the head of
SHA-256(name || 0x0A || 0x01 || public key).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.log.errors import ProofMalformed, SignatureMismatch
from ledger.log.merkle import HASH_SIZE, MAX_SIZE

ED25519 = b"\x01"  # signed-note: signature type of Ed25519
MAX_NOTE = 16_384
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A note key's public half, with its name: ``name+hash+base64`` in text."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes that name this key on a signature line."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key from its text. Raises ``ProofMalformed``."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not parts[0] or any(c.isspace() for c in parts[0]):
            raise ProofMalformed(why="a public key is written name+hash+base64")
        raw = _base64(parts[2], "public key")
        if len(raw) != 33 or raw[:1] != ED25519:
            raise ProofMalformed(why="the public key is not an Ed25519 note key")
        key = cls(parts[0], raw[1:])
        if key.hash.hex() != parts[1]:
            raise ProofMalformed(why="the public key does not fit its key hash")
        return key

    def verify(self, note: Note) -> None:
        """Raise ``SignatureMismatch`` unless the note carries a valid signature of this key."""
        for name, key_hash, signature in note.signatures:
            if name == self.name and key_hash == self.hash:
                try:
                    Ed25519PublicKey.from_public_bytes(self.public).verify(signature, note.text.encode())
                except InvalidSignature:
                    break
                return
        raise SignatureMismatch(name=self.name)


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A note key that signs. Its repr shows no secret."""

    name: str
    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"NoteKey({self.name!r})"

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, text: str) -> str:
        """The whole note over ``text``, which must end in a line feed."""
        line = b64encode(self.verifier.hash + self.private.sign(text.encode())).decode()
        return f"{text}\n{_DASH}{self.name} {line}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note, taken apart; nothing is verified yet."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]
    """(name, key hash, signature) of each line, in order."""

    @classmethod
    def parse(cls, note: str) -> Self:
        """Strict: one blank line, then signature lines only, each in its one base64 form."""
        if len(note) > MAX_NOTE:
            raise ProofMalformed(why=f"a note is at most {MAX_NOTE} characters")
        if _CONTROL.search(note):
            raise ProofMalformed(why="a note holds no control characters but line feeds")
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not text or not lines.endswith("\n"):
            raise ProofMalformed(why="a note is a text, an empty line, and signature lines")
        signatures = []
        for line in lines[:-1].split("\n"):
            name, space, encoded = line.removeprefix(_DASH).partition(" ")
            raw = _base64(encoded, "signature") if line.startswith(_DASH) and space and name else b""
            if len(raw) != 68 or "+" in name:
                raise ProofMalformed(why="a signature line is '— name base64' with an Ed25519 signature")
            signatures.append((name, raw[:4], raw[4:]))
        return cls(text + "\n", tuple(signatures))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``size`` entries of the log named ``origin`` have ``root``."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint from its three lines; no extension lines are taken. Raises ``ProofMalformed``."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise ProofMalformed(why="a checkpoint is three lines: origin, size, root")
        origin, size, encoded = lines[:3]
        plain = size.isascii() and size.isdigit() and len(size) <= 20 and (size[0] != "0" or size == "0")
        if not plain or int(size) > MAX_SIZE:
            raise ProofMalformed(why="the checkpoint's size is not a plain unsigned 64-bit number")
        root = _base64(encoded, "root")
        if len(root) != HASH_SIZE:
            raise ProofMalformed(why="the checkpoint's root is not 32 bytes")
        return cls(origin, int(size), root)


def _base64(text: str, what: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise ProofMalformed(why=f"the {what} is not base64") from error
    if b64encode(raw).decode() != text:
        raise ProofMalformed(why=f"the {what} is not in its one base64 form")
    return raw
