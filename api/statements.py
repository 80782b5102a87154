"""A signed statement on the wire, as the interface and the page hand it out alike."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import msgspec

from api.schemas.pcf import ReviewView
from ledger.desk.statement import signed_bytes
from ledger.footprint.amount import exact_text
from ledger.log.canonical import struct_bytes
from ledger.records.pcf_review import PcfReview, uncorrected_kg


def review_view(entry: int, made: PcfReview) -> ReviewView:
    """A statement on the wire."""
    signed = signed_bytes(made)
    return ReviewView(
        entry=entry,
        sha256_of_signed=sha256(signed).hexdigest(),
        signed=b64encode(signed).decode(),
        uncorrected_kg_co2e=exact_text(uncorrected_kg(made)),
        record=msgspec.Raw(struct_bytes(made)),
    )
