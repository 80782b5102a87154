"""Sealing: published vectors of its parts, then what opens, what does not, and what a seal shows."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.scoring.sealing import BLOCK, MOST, Purpose, Sealed, commitment, exchanged, opened, public_key, seal
from ledger.scoring.sealing_errors import SealBroken, SealTooLarge

BUYER, AUDITOR, BIDDER, OTHER = (hashlib.sha256(name).digest() for name in (b"buyer", b"auditor", b"bidder", b"other"))
NONCE = hashlib.sha256(b"nonce").digest()
PURPOSE = Purpose("T-1", "a" * 64, "org-a", public_key(BUYER), public_key(AUDITOR))
BODY = b'{"price":"987654321"}'


def test_the_exchange_of_rfc_7748() -> None:
    """RFC 7748, section 6.1: Bob's public key, and the secret that he shares with Alice."""
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    alice = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    assert public_key(bob).hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    assert exchanged(bob, alice).hex() == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"


@given(st.binary(max_size=9_000))
def test_both_keys_open_what_was_sealed(body: bytes) -> None:
    """Byte for byte; and what is sent is as long for a short body as for a shorter one."""
    sealed = seal(body, PURPOSE, NONCE, BIDDER)
    assert opened(sealed, PURPOSE, BUYER, AUDITOR) == body
    assert (len(sealed.ciphertext) - 16) % BLOCK == 0
    assert sealed.commitment == commitment(NONCE, body)


def test_neither_key_opens_anything_alone() -> None:
    """Nor does one of them twice, nor the two exchanged."""
    sealed = seal(BODY, PURPOSE, NONCE, BIDDER)
    for buyer, auditor in ((BUYER, BUYER), (AUDITOR, AUDITOR), (AUDITOR, BUYER), (BUYER, BIDDER), (bytes(32), AUDITOR)):
        with pytest.raises(SealBroken):
            opened(sealed, PURPOSE, buyer, auditor)


@pytest.mark.parametrize(
    "changes",
    [
        {"tender": "T-2"},
        {"scheme": "b" * 64},
        {"supplier": "org-b"},
        {"buyer": public_key(OTHER)},
        {"auditor": public_key(OTHER)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_seal_is_for_one_tender_scheme_bidder_and_pair_of_keys(changes: dict[str, object]) -> None:
    """A copy for anything else does not open."""
    sealed = seal(BODY, PURPOSE, NONCE, BIDDER)
    with pytest.raises(SealBroken):
        opened(sealed, replace(PURPOSE, **changes), BUYER, AUDITOR)  # type: ignore[arg-type]


def test_every_changed_byte_is_noticed() -> None:
    """Of the key, the payload and the commitment."""
    sealed = seal(BODY, PURPOSE, NONCE, BIDDER)
    for field in ("ephemeral", "ciphertext", "commitment"):
        data = getattr(sealed, field)
        # The top bit of an X25519 key is ignored (RFC 7748, section 5); the key of the body is derived from all of it.
        for at in {0, 1, len(data) // 2, len(data) - 1}:
            changed = bytearray(data)
            changed[at] ^= 0x80
            with pytest.raises(SealBroken):
                opened(replace(sealed, **{field: bytes(changed)}), PURPOSE, BUYER, AUDITOR)


def test_bodies_are_bounded_and_hidden() -> None:
    """The largest fits, one more does not; the body is nowhere in what is sent."""
    assert seal(bytes(MOST - 36), PURPOSE, NONCE, BIDDER)
    with pytest.raises(SealTooLarge):
        seal(bytes(MOST - 35), PURPOSE, NONCE, BIDDER)
    sealed = seal(BODY, PURPOSE, NONCE, BIDDER)
    assert b"987654321" not in sealed.ciphertext
    assert isinstance(sealed, Sealed)
