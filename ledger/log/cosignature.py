"""
Cosignatures of witnesses (C2SP tlog-cosignature, the Ed25519 type), and notes that carry lines of several signers.

A cosignature says: at this time, the largest tree that I have seen of this log, consistent with all before it, has this
root. Its line is ``— name base64(4-byte key hash || 8-byte time || signature)``, over ``cosignature/v1``, ``time
SECONDS`` and the checkpoint's text.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.log.checkpoint import MAX_NOTE, Checkpoint, Note, VerifierKey
from ledger.log.errors import ProofMalformed, SignatureMismatch

COSIGNATURE: Final = b"\x04"
"""Signature type of Ed25519 cosignatures."""
LATEST: Final = 2**63 - 1
_LINE: Final = re.compile("\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)")
_SHORTEST: Final = 5
_STAMPED: Final = 8 + 64
"""Bytes of time and signature."""


class SignatureLine(NamedTuple):
    """One line of a note, of whatever type: the signer's name, the key's hash, and what follows it."""

    name: str
    key_hash: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {b64encode(self.key_hash + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note with lines of any signers and types. Nothing is verified yet."""

    text: str
    lines: tuple[SignatureLine, ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """The text and every line. Raises ``ProofMalformed``."""
        text, blank, rest = note.rpartition("\n\n")
        if len(note) > MAX_NOTE or not blank or not text or not rest.endswith("\n"):
            raise ProofMalformed(why="a note is a text, an empty line, and signature lines")
        if re.search(r"[\x00-\x09\x0b-\x1f]", note):
            raise ProofMalformed(why="a note holds no control characters but line feeds")
        return cls(text + "\n", tuple(map(_line, rest[:-1].split("\n"))))

    def cosigned_by(self, keys: Iterable[WitnessKey]) -> str:
        """The lines of witnesses with these keys whose signature holds, one each, in the order of the keys."""
        return "".join(str(one) for one in filter(None, map(self._cosignature, keys)))

    def _cosignature(self, key: WitnessKey) -> SignatureLine | None:
        return next((one for one in self.lines if key.signed(one, self.text) is not None), None)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint in the first three lines; further lines are the log's own. Raises ``ProofMalformed``."""
        lines = self.text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]):
            raise ProofMalformed(why="a checkpoint is three lines: origin, size, root")
        return Checkpoint.parse("\n".join(lines[:3]) + "\n")

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether a line is this log's key's and valid; lines of others count for nothing."""
        return any(
            _valid(key.public, one.signature, self.text.encode())
            for one in self.lines
            if (one.name, one.key_hash) == (key.name, key.hash)
        )


def lines_of(text: str) -> tuple[SignatureLine, ...]:
    """The lines of cosignatures as a note ends in them, each with its line feed. Raises ``ProofMalformed``."""
    if text and (not text.endswith("\n") or len(text) > MAX_NOTE):
        raise ProofMalformed(why="signature lines end in a line feed, each")
    lines = tuple(map(_line, text.split("\n")[:-1]))
    if any(len(one.signature) != _STAMPED for one in lines):
        raise ProofMalformed(why="a cosignature is a time and an Ed25519 signature")
    return lines


def _line(text: str) -> SignatureLine:
    found = _LINE.fullmatch(text)
    try:
        raw = b64decode(found[2], validate=True) if found else b""
    except (Base64Error, ValueError):
        raw = b""
    if found is None or len(raw) < _SHORTEST or b64encode(raw).decode() != found[2]:
        raise ProofMalformed(why="a signature line is '— name base64'")
    return SignatureLine(found[1], raw[:4], raw[4:])


def _valid(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def cosigned_message(text: str, time: int) -> bytes:
    """What a witness signs: ``text`` is the checkpoint's, with its last line feed; ``time`` is seconds since 1970."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's public half, with its name: ``name+hash+base64`` in text, of type 4."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes that name this key on a line."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64encode(COSIGNATURE + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key from its text. Raises ``ProofMalformed``."""
        name, _, rest = text.strip().partition("+")
        _, _, encoded = rest.partition("+")
        try:
            raw = b64decode(encoded, validate=True)
        except (Base64Error, ValueError):
            raw = b""
        key = cls(name, raw[1:])
        if len(raw) != 33 or raw[:1] != COSIGNATURE or str(key) != text.strip() or re.search(r"\s", name) or not name:
            raise ProofMalformed(why="a witness's public key is written name+hash+base64, of the cosignature type")
        return key

    def signed(self, line: SignatureLine, text: str) -> int | None:
        """When this witness cosigned a checkpoint's text by this line, in seconds; ``None`` when it did not."""
        time = int.from_bytes(line.signature[:8])
        if (line.name, line.key_hash) != (self.name, self.hash) or time > LATEST:
            return None
        return time if _valid(self.public, line.signature[8:], cosigned_message(text, time)) else None

    def time_of(self, note: OpenNote) -> int:
        """When this witness cosigned, in seconds. Raises ``SignatureMismatch`` when it did not."""
        times = (self.signed(one, note.text) for one in note.lines)
        found = next((time for time in times if time is not None), None)
        if found is None:
            raise SignatureMismatch(name=self.name)
        return found


@dataclass(frozen=True, slots=True)
class CosigningKey:
    """A witness's key that signs. Its repr shows no secret."""

    name: str
    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"CosigningKey({self.name!r})"

    @property
    def public(self) -> WitnessKey:
        """The public half."""
        return WitnessKey(self.name, self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def line(self, note: Note | OpenNote, time: int) -> str:
        """The line to add to the note, with its line feed."""
        signature = self.private.sign(cosigned_message(note.text, time))
        line = b64encode(self.public.hash + time.to_bytes(8) + signature).decode()
        return f"\u2014 {self.name} {line}\n"
