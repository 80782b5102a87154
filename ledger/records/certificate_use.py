"""
Part of a certificate used for the electricity of a site. Its ids are numbered through for each certificate.

So two uses that are stated at once are one too many for the log: the second finds its number taken, looks again at
what is left, and is refused when that is too little.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name


class CertificateUse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``mwh`` [MWh] of the record ``certificate``, used for a ``site`` between two days of one calendar year."""

    certificate: Name
    id: Name
    kind: Literal["certificate_use"]
    mwh: DecimalText
    occurred_at: Moment
    period_end: date
    period_start: date
    site: Name
    version: Literal[1]


def use_id(certificate: str, number: int) -> str:
    """The id of the ``number``-th use of a certificate, counted from 1, those withdrawn among them."""
    return f"certificate-use:{number}:{sha256(certificate.encode()).hexdigest()[:40]}"


def check_use(record: CertificateUse) -> None:
    """It is of some energy, in a period within one year."""
    if Decimal(record.mwh) == 0:
        raise contradiction("a use is of some energy", "使用电量须大于零", "/mwh")
    if record.period_end < record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
    if record.period_end.year != record.period_start.year:
        raise contradiction("a use is within one calendar year", "使用期间须在同一自然年内", "/period_end")
    if record.id.rpartition(":")[2] != use_id(record.certificate, 1).rpartition(":")[2]:
        raise contradiction("the id is not that of this certificate", "编号与该绿证不符", "/id")
