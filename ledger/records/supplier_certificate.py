"""
A supplier's certificate as it was handed in, and what became of it: confirmed with its issuer, suspended, revoked.

Handing one in confirms nothing. A certificate counts from the record that the house, or a verifier, compared it with
the issuer's own register.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Moment, Name

CertificateScheme = Literal["ISO 9001", "ISO 14001", "ISO 45001", "ISO 50001", "OHSAS 18001", "SA8000"]
"""What each is about, and what follows one that was withdrawn: ``ledger.programme.schemes``."""
CertificateStep = Literal["confirmed", "suspended", "reinstated", "revoked"]
Number = Annotated[str, Meta(min_length=1, max_length=80)]


class SupplierCertificate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Certificate ``number`` of ``issuer``, accredited by ``accreditation``, that ``supplier`` (an organisation's id) has.

    ``scope`` is the certified activity in the words of the certificate, ``sites`` those it names. It holds on
    ``valid_from``, on ``valid_to`` and between. ``evidence`` are SHA-256 of files that show it.
    """

    accreditation: Name | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    id: Name
    issuer: Name
    kind: Literal["supplier_certificate"]
    number: Number
    occurred_at: Moment
    scheme: CertificateScheme
    scope: Words
    sites: Annotated[tuple[Name, ...], Meta(max_length=200)] = ()
    supplier: Name
    valid_from: date
    valid_to: date
    version: Literal[1]


class CertificateStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What became of the record ``certificate`` from ``effective_at``: ``status``, for ``reason``, as ``by`` states it.

    ``by`` is a verifier's organisation, or the house's name; ``occurred_at`` is when it was stated here, which may be
    later than when the issuer made it so. ``revoked`` is for good.
    """

    by: Name
    certificate: Name
    effective_at: Moment
    id: Name
    kind: Literal["certificate_status"]
    occurred_at: Moment
    reason: Words
    status: CertificateStep
    supplier: Name
    version: Literal[1]


def check_supplier_certificate(record: SupplierCertificate) -> None:
    """It is valid for a day at least, and every site and file is named once."""
    if record.valid_to < record.valid_from:
        raise contradiction("the certificate ends before it starts", "证书的失效日早于生效日", "/valid_to")
    for name in ("evidence", "sites"):
        listed = getattr(record, name)
        if len(set(listed)) < len(listed):
            raise contradiction("one is named twice", "有一项重复", f"/{name}")


def check_status(record: CertificateStatus) -> None:
    """Nobody confirms its own certificate; nothing takes effect after it is stated."""
    if record.by == record.supplier:
        raise contradiction(
            "a party does not state what becomes of its own certificate", "一方不得登记自己证书的状态", "/by"
        )
    if record.effective_at > record.occurred_at:
        raise contradiction("it takes effect after it was stated", "生效时间晚于登记时间", "/effective_at")
