"""
A statement of review: what a verifier examined of one recorded footprint, what was found, and the verdict, signed.

Terms are those of ISO 14064-3:2019: level of assurance, materiality, misstatement. The figures by which a verdict is
allowed are in the record itself, so that a stranger checks it without the ledger.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.pcf_request import Words
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

SignedText = Annotated[str, Meta(pattern=r"^(0|-?(0\.[0-9]{0,17}[1-9]|[1-9][0-9]{0,14}(\.[0-9]{0,17}[1-9])?))$")]
"""A decimal of either sign, in the one form of ``units.decimal_text``."""
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Verdict = Literal["returned", "verified", "verified_with_remarks"]
Severity = Literal["critical", "major", "minor"]
GOOD: Final[frozenset[Verdict]] = frozenset({"verified", "verified_with_remarks"})


class Finding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    One thing that was found, about a field or a part of the work.

    ``effect_kg_co2e`` is the misstatement per declared unit, stated minus right, where it can be told. ``evidence`` are
    SHA-256 of the files it rests on.
    """

    about: Name
    effect_kg_co2e: SignedText | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    severity: Severity
    state: Literal["corrected", "open"]
    words: Words


class Signature(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Ed25519 over the RFC 8785 bytes of the review without this field.

    ``by`` is whose ``key`` signed: the ledger's note key (``name+hash+base64``), for an account it let in, or the
    verifier's own (base64 of the 32 bytes). ``value`` is base64 of the 64 bytes.
    """

    by: Literal["ledger", "verifier"]
    key: Annotated[str, Meta(min_length=1, max_length=500)]
    value: Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{86}==$")]


class PcfReview(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``verifier`` (an organisation's id, or the house's name) on the record ``pcf`` of ``supplier``.

    ``sha256`` is that of the record's RFC 8785 bytes, ``stated_kg_co2e`` its figure per declared unit. Misstatements
    that were not corrected, added up by their size, may be ``materiality_pct`` of it [%], and no more.
    ``scope`` is what was examined and by which standard; ``valid_until`` ends the statement before the footprint ends.
    """

    findings: Annotated[tuple[Finding, ...], Meta(max_length=200)] = ()
    id: Name
    kind: Literal["pcf_review"]
    level: Literal["limited", "reasonable"]
    materiality_pct: DecimalText
    occurred_at: Moment
    pcf: Name
    provider: Name
    reasons: Words | None = None
    scope: Words
    sha256: Digest
    signature: Signature | None = None
    stated_kg_co2e: SignedText
    supplier: Name
    valid_until: date | None = None
    verdict: Verdict
    verifier: Name
    version: Literal[1]


def uncorrected_kg(review: PcfReview) -> Fraction:
    """Misstatements still open, added up by their size [kg CO2e per declared unit]: two that cancel out are two."""
    open_ones = (one.effect_kg_co2e for one in review.findings if one.state == "open")
    return sum((abs(Fraction(Decimal(kg))) for kg in open_ones if kg is not None), Fraction(0))


def is_material(review: PcfReview) -> bool:
    """Whether they exceed the threshold. Of a footprint of zero every misstatement is material."""
    limit = abs(Fraction(Decimal(review.stated_kg_co2e))) * Fraction(Decimal(review.materiality_pct)) / 100
    return uncorrected_kg(review) > limit


def check_review(record: PcfReview) -> None:
    """Nobody verifies its own; what is returned has reasons; what is open and too much forbids a good verdict."""
    if record.verifier == record.supplier:
        raise contradiction("a party does not verify its own footprint", "一方不得核查自己的碳足迹", "/verifier")
    if Decimal(record.materiality_pct) > 100:
        raise contradiction("a threshold lies between 0 and 100 %", "阈值须在 0 至 100 % 之间", "/materiality_pct")
    if record.verdict != "verified" and record.reasons is None:
        raise FieldMissing(field="reasons").at(Place(pointer="/reasons"))
    if record.verdict == "returned":
        return
    if any(one.severity == "critical" and one.state == "open" for one in record.findings):
        raise contradiction("a critical finding is still open", "仍有未关闭的严重发现", "/verdict")
    if is_material(record):
        raise contradiction(
            "misstatements that were not corrected exceed the materiality threshold",
            "未更正的错报超过实质性阈值",
            "/verdict",
        )
    if record.verdict == "verified" and any(one.state == "open" for one in record.findings):
        raise contradiction(
            "with open findings a footprint is verified with remarks at best",
            "有未关闭的发现时，最多只能给出带备注的核查结论",
            "/verdict",
        )
