"""Wire shapes of the desk: footprints asked for, as they stand, and reviewed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.schemas.problem import Problem
from ledger.records.pcf_request import By, Step, Words
from ledger.records.pcf_review import Digest, Finding, SignedText, Verdict
from ledger.records.pcf_share import Reach
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Name


class AskedProduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product that a footprint is asked of."""

    product: Name
    name: Annotated[str, Meta(max_length=200)] = ""


class NewRequests(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A round of requests: each product of each supplier (organisation ids), by the end of the due date in its zone."""

    suppliers: Annotated[list[Name], Meta(min_length=1, max_length=200)]
    products: Annotated[list[AskedProduct], Meta(min_length=1, max_length=200)]
    due: date
    grace_days: Annotated[int, Meta(ge=0, le=365)] = 0
    words: Annotated[str, Meta(max_length=2_000)] = ""


class RequestOutcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one request of a round: its entry, or why there is none."""

    index: int | None = None
    problem: Problem | None = None


class RequestsOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome per request, supplier by supplier, product by product."""

    requests: list[RequestOutcome]


class NewStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of a request; which fields it needs, its record says."""

    step: Step
    due: date | None = None
    reason: Words | None = None
    organisation: Name | None = None
    person: Name | None = None
    pcf: Name | None = None


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was taken, with its entry."""

    entry: int
    step: Step
    by: By
    at: str
    due: str | None
    reason: str | None


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it stands."""

    request: str
    entry: int
    supplier: str
    holder: str
    product: str
    product_name: str | None
    words: str | None
    status: Literal["closed", "declined", "fulfilled", "open", "withdrawn"]
    asked_at: str
    due: str
    days_left: int
    closes_on: str
    extension_asked: str | None
    pcf: str | None
    steps: list[StepView]


class RequestList(msgspec.Struct, frozen=True, kw_only=True):
    """
    Requests, the ones due next first, then those that ended, the last one first.

    ``next_after`` asks for the next page, and is null on the last.
    """

    requests: list[RequestView]
    next_after: str | None = None


class FootprintView(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded footprint as it stands now; ``reviews`` are ids of statements, oldest first."""

    pcf: str
    entry: int
    kind: Literal["pcf", "product_footprint"]
    supplier: str
    product: str
    name: str
    kg_co2e: str
    declared_unit_amount: str
    declared_unit: str
    sha256: str
    valid_from: str
    valid_before: str
    status: Literal["expired", "recorded", "returned", "superseded", "verified"]
    superseded_by_entry: int | None
    reviews: list[str]


class NewShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A switch to turn: how much of a footprint of one's own a reader sees from now on."""

    pcf: Name
    reader: Name
    reach: Reach


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    """A reader, and how much it sees now."""

    reader: str
    name: str
    reach: Reach


class ShareTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A turn of a switch, with its entry."""

    entry: int
    at: datetime
    reader: str
    reach: Reach


class ShareList(msgspec.Struct, frozen=True, kw_only=True):
    """Who sees how much of a footprint; ``turns`` the newest first."""

    pcf: str
    readers: list[ShareView]
    turns: list[ShareTurn]


class FootprintList(msgspec.Struct, frozen=True, kw_only=True):
    """Footprints, the newest first; ``next_before`` asks for the next page, and is null on the last."""

    footprints: list[FootprintView]
    next_before: int | None = None


class NewReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a verifier states of a footprint; the ledger adds what it is of, signs it and records it."""

    pcf: Name
    provider: Name
    scope: Words
    level: Literal["limited", "reasonable"]
    materiality_pct: DecimalText
    verdict: Verdict
    findings: Annotated[list[Finding], Meta(max_length=200)] = []
    reasons: Annotated[str, Meta(max_length=2_000)] = ""
    valid_until: date | None = None


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A statement: ``record`` as it was entered, and ``signed``, base64 of the bytes that its signature is over.

    ``uncorrected_kg_co2e`` is what is held against the threshold.
    """

    entry: int
    sha256_of_signed: Digest
    signed: str
    uncorrected_kg_co2e: SignedText
    record: msgspec.Raw
