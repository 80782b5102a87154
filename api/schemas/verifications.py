"""Wire shapes of internal verification."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from ledger.programme.verification import ItemState, PlanState
from ledger.records.internal_verification import Index, SampledKind, VerificationAct
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest, Severity
from ledger.records.transport_leg import Name


class NewVerification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be sampled: kinds of records, and how surely which share of wrong ones is to show."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    kinds: Annotated[tuple[SampledKind, ...], Meta(min_length=1, max_length=13)]
    confidence_pct: Annotated[int, Meta(ge=50, le=99)] = 95
    tolerable_pct: Annotated[int, Meta(ge=1, le=50)] = 5


class NewVerificationStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step; which fields it needs, its record says."""

    step: VerificationAct
    due: date | None = None
    entry: Index | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    replaced_by: Name | None = None
    severity: Severity | None = None
    words: Words | None = None


class StratumView(msgspec.Struct, frozen=True, kw_only=True):
    """A kind's counts; ``rate`` and ``extrapolated`` are exact fractions, empty before anything was checked."""

    kind: SampledKind
    population: int
    drawn: int
    checked: int
    errors: int
    rate: str
    extrapolated: str


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """A sampled entry as it stands."""

    entry: int
    kind: SampledKind
    state: ItemState
    finding_entry: int | None
    severity: Severity | None
    words: str | None
    due: date | None
    replaced_by: str | None


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """The signed statement; its signature is over the record's RFC 8785 bytes without ``signature``."""

    entry: int
    record: msgspec.Raw


class VerificationView(msgspec.Struct, frozen=True, kw_only=True):
    """A verification; the sample was drawn by ``root`` (hex) of the checkpoint of ``checkpoint_size`` entries."""

    plan: str
    entry: int
    title: str
    kinds: list[SampledKind]
    confidence_pct: int
    tolerable_pct: int
    state: PlanState
    checkpoint_size: int | None
    root: str | None
    strata: list[StratumView]
    overdue: int
    items: list[ItemView]
    next_after: int | None
    statement: StatementView | None


class VerificationList(msgspec.Struct, frozen=True, kw_only=True):
    """Plans in the order of the log, without their items; ``next_after`` begins the next page."""

    verifications: list[VerificationView]
    next_after: int | None
