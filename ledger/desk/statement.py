"""
What a verifier signs, and whether a signature holds: Ed25519 (RFC 8032) over RFC 8785 bytes.

Signed by the ledger's note key, a statement says that the ledger let in the account that made it. Signed by the
verifier's own key, it says so without the ledger. Neither says that the footprint is true.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.desk.errors import StatementForged
from ledger.log.canonical import struct_bytes
from ledger.log.checkpoint import NoteKey, VerifierKey
from ledger.log.errors import ProofMalformed
from ledger.records.internal_verification import VerificationStep
from ledger.records.pcf_review import PcfReview, Signature

_KEY_BYTES = 32
Signed = TypeVar("Signed", PcfReview, VerificationStep)


def signed_bytes(said: PcfReview | VerificationStep) -> bytes:
    """What the signature is over: the statement without it."""
    return struct_bytes(msgspec.structs.replace(said, signature=None))


def signed_by_ledger(said: Signed, key: NoteKey) -> Signed:
    """The statement with the ledger's signature."""
    value = b64encode(key.private.sign(signed_bytes(said))).decode()
    signature = Signature(by="ledger", key=str(key.verifier), value=value)
    return msgspec.structs.replace(said, signature=signature)


def check_signature(review: PcfReview) -> None:
    """
    Raise ``StatementForged`` unless the signature holds by the key that the statement names.

    Whether that key is the ledger's, or the verifier's, is for who reads it to compare.
    """
    signature = review.signature
    if signature is None:
        raise StatementForged(review=review.id)
    try:
        public = Ed25519PublicKey.from_public_bytes(_public(signature))
        public.verify(b64decode(signature.value, validate=True), signed_bytes(review))
    except (InvalidSignature, ProofMalformed, ValueError) as error:
        raise StatementForged(review=review.id) from error


def _public(signature: Signature) -> bytes:
    if signature.by == "ledger":
        return VerifierKey.parse(signature.key).public
    raw = b64decode(signature.key, validate=True)
    if len(raw) != _KEY_BYTES:
        raise ValueError("an Ed25519 key has 32 bytes")
    return raw
