"""A file handed in as evidence: its content by hash, and what it is about. The file itself stays outside of the log."""

from __future__ import annotations

from hashlib import sha256 as digest_of
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.transport_leg import Moment, Name

MOST_BYTES: Final = 20_000_000
"""Bytes of one file."""
MediaType = Literal[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]


class EvidenceFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``bytes`` [B] of a file whose SHA-256 is ``sha256``, handed in by ``supplier`` (an organisation's id).

    ``about`` is the id of what it supports: a product, a footprint, a certificate. ``media_type`` was read from the
    content, ``name`` is what its owner calls it. Without a supplier it is the house's own.
    """

    about: Name
    bytes: Annotated[int, Meta(ge=1, le=MOST_BYTES)]
    id: Name
    kind: Literal["evidence_file"]
    media_type: MediaType
    name: Name
    occurred_at: Moment
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    supplier: Name | None = None
    version: Literal[1]


def evidence_id(supplier: str, about: str, sha256: str) -> str:
    """One content about one thing from one party is one record."""
    return "evidence:" + digest_of(f"{supplier}\n{about}\n{sha256}".encode()).hexdigest()[:40]


def check_evidence(record: EvidenceFile) -> None:
    """The id follows from what the record says."""
    if record.id != evidence_id(record.supplier or "", record.about, record.sha256):
        raise contradiction("the id is not that of this content about this thing", "编号与该内容及其对象不符", "/id")
