"""
Sealed bids: a body that nobody reads before bids are opened, and that nobody can exchange afterwards.

The body is encrypted on the bidder's side to two X25519 keys (RFC 7748) that were published for this tender alone, the
buyer's and the auditor's, through a fresh key of the bidder's. The key of the body is HKDF-SHA256 (RFC 5869) over both
shared secrets, so that neither holder opens anything without the other; AES-256-GCM (NIST SP 800-38D) encrypts. What
the bid is for, and whose it is, is authenticated with it: a copy for another tender or by another bidder does not open.

Payload: nonce (32 bytes), length of the body (4, big endian), body, zeros up to a multiple of ``BLOCK``: the length of
what is sent says little of what is in it. ``commitment`` = SHA-256(``onecode/sealed-bid/1`` LF || nonce || body); with
nonce and body its bidder can show it even where a key was lost.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.log.canonical import canonical_bytes
from ledger.scoring.sealing_errors import SealBroken, SealTooLarge

FORMAT: Final = "onecode/sealed-bid/1"
BLOCK: Final = 4_096
MOST: Final = 262_144
"""Bytes of a payload, at most."""
KEY_SIZE: Final = 32
NONCE_SIZE: Final = 32
_HEAD: Final = NONCE_SIZE + 4
_ONCE: Final = bytes(12)
"""The key is used for one message: each has a fresh key of the bidder's in it."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a bid is sealed for: the tender and its scheme's digest, whose bid it is, and the two published keys."""

    tender: str
    scheme: str
    supplier: str
    buyer: bytes
    auditor: bytes

    @property
    def data(self) -> bytes:
        """RFC 8785 bytes of all of it."""
        return canonical_bytes(
            {
                "auditor": self.auditor.hex(),
                "buyer": self.buyer.hex(),
                "format": FORMAT,
                "scheme": self.scheme,
                "supplier": self.supplier,
                "tender": self.tender,
            }
        )


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is handed in: the bidder's fresh public key, the encrypted payload, the commitment."""

    ephemeral: bytes
    ciphertext: bytes
    commitment: bytes


def commitment(nonce: bytes, body: bytes) -> bytes:
    """What the log holds of a body."""
    return hashlib.sha256(FORMAT.encode() + b"\n" + nonce + body).digest()


def public_key(private: bytes) -> bytes:
    """The public half of a private key of 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(body: bytes, purpose: Purpose, nonce: bytes, ephemeral: bytes) -> Sealed:
    """
    The sealed body. ``nonce`` and ``ephemeral`` (a private key) are 32 fresh random bytes each, used once.

    Raises ``SealTooLarge``.
    """
    payload = nonce + len(body).to_bytes(4) + body
    payload += bytes(-len(payload) % BLOCK)
    if len(payload) > MOST:
        raise SealTooLarge(size=len(body), limit=MOST - _HEAD)
    own = public_key(ephemeral)
    shares = exchanged(ephemeral, purpose.buyer) + exchanged(ephemeral, purpose.auditor)
    box = AESGCM(_key(shares, purpose, own))
    return Sealed(own, box.encrypt(_ONCE, payload, purpose.data), commitment(nonce, body))


def opened(sealed: Sealed, purpose: Purpose, buyer: bytes, auditor: bytes) -> bytes:
    """
    The body, by both private keys, compared with its commitment.

    Raises ``SealBroken`` for what was sealed for something else, for other keys, or was changed since.
    """
    shares = exchanged(buyer, sealed.ephemeral) + exchanged(auditor, sealed.ephemeral)
    try:
        payload = AESGCM(_key(shares, purpose, sealed.ephemeral)).decrypt(_ONCE, sealed.ciphertext, purpose.data)
    except InvalidTag:
        raise SealBroken(
            why="it was sealed for another bidder, tender or key, or changed since",
            why_zh="密封对象为其他投标人、招标或密钥，或封存后被改动",
        ) from None
    nonce, size = payload[:NONCE_SIZE], int.from_bytes(payload[NONCE_SIZE:_HEAD])
    body = payload[_HEAD : _HEAD + size]
    if len(body) != size or commitment(nonce, body) != sealed.commitment:
        raise SealBroken(why="its body is not the one committed to", why_zh="内容与所承诺的不符")
    return body


def exchanged(private: bytes, public: bytes) -> bytes:
    """The secret that two keys share (RFC 7748, section 6.1). Raises ``SealBroken``."""
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise SealBroken(why="a key is none of X25519", why_zh="密钥不是有效的 X25519 密钥") from None


def _key(shares: bytes, purpose: Purpose, ephemeral: bytes) -> bytes:
    salt = hashlib.sha256(purpose.data).digest()
    return HKDF(SHA256(), KEY_SIZE, salt, FORMAT.encode() + b"\n" + ephemeral).derive(shares)
