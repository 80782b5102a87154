"""
Internal verification: what is to be sampled and by which rule, the sample drawn, and each step of checking it.

A plan is stated before the sample can be known: the draw is made of the root of the checkpoint that covers the plan.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest, Severity, Signature
from ledger.records.transport_leg import Moment, Name

SampledKind = Literal[
    "bill_of_materials",
    "energy_certificate",
    "energy_use",
    "epcis_event",
    "hub_operation",
    "meter_reading",
    "pledge_value",
    "product_footprint",
    "site_statement",
    "target_actual",
    "transport_leg",
    "transport_operation",
    "waste_transfer",
]
VerificationAct = Literal["closed", "found_error", "found_in_order", "restated"]
FOUND: Final[frozenset[VerificationAct]] = frozenset({"found_error", "found_in_order"})
Index = Annotated[int, Meta(ge=0, le=2**53 - 1)]
MOST_DRAWN: Final = 1_000
"""Entries drawn of one kind."""
_SAYS: Final[dict[VerificationAct, tuple[frozenset[str], frozenset[str]]]] = {
    "closed": (frozenset({"words"}), frozenset({"signature"})),
    "found_error": (frozenset({"due", "entry", "severity", "words"}), frozenset({"evidence"})),
    "found_in_order": (frozenset({"entry"}), frozenset({"evidence", "words"})),
    "restated": (frozenset({"entry", "replaced_by"}), frozenset({"words"})),
}
"""What a step has to say, and what it may."""
_FIELDS: Final = ("due", "entry", "evidence", "replaced_by", "severity", "signature", "words")


class VerificationPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Entries of ``kinds`` (the strata) that were recorded before this plan are sampled, each kind for itself.

    As many as find at least one error with ``confidence_pct`` [%] if ``tolerable_pct`` [%] of a kind are wrong.
    """

    by: Name
    confidence_pct: Annotated[int, Meta(ge=50, le=99)]
    id: Name
    kind: Literal["verification_plan"]
    kinds: Annotated[tuple[SampledKind, ...], Meta(min_length=1, max_length=13)]
    occurred_at: Moment
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    tolerable_pct: Annotated[int, Meta(ge=1, le=50)]
    version: Literal[1]


class Stratum(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of ``population`` entries of ``of_kind`` these were drawn, in the order of the log."""

    drawn: Annotated[tuple[Index, ...], Meta(max_length=MOST_DRAWN)]
    of_kind: SampledKind
    population: Index


class VerificationSample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sample of a ``plan``, drawn by the ``root`` of the checkpoint of ``size`` entries."""

    id: Name
    kind: Literal["verification_sample"]
    occurred_at: Moment
    plan: Name
    root: Digest
    size: Index
    strata: tuple[Stratum, ...]
    version: Literal[1]


class VerificationStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A ``step`` of checking a ``plan``'s sample that ``by`` took.

    A finding is about one sampled ``entry``; an error is to be restated by ``due``, by a correction or a new version:
    the record ``replaced_by``. ``closed`` is the statement at the end, signed.
    """

    by: Name
    due: date | None = None
    entry: Index | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    id: Name
    kind: Literal["verification_step"]
    occurred_at: Moment
    plan: Name
    replaced_by: Name | None = None
    severity: Severity | None = None
    signature: Signature | None = None
    step: VerificationAct
    version: Literal[1]
    words: Words | None = None


def check_plan(record: VerificationPlan) -> None:
    """Each kind is there once, in order."""
    if list(record.kinds) != sorted(set(record.kinds)):
        raise contradiction("kinds are in order, each once", "类别须按顺序且不重复", "/kinds")


def check_verification_step(record: VerificationStep) -> None:
    """A step says what it has to and no more."""
    needed, allowed = _SAYS[record.step]
    for name in _FIELDS:
        given = getattr(record, name) not in {None, ()}
        at = Place(pointer=f"/{name}")
        if name in needed and not given:
            raise FieldMissing(field=name).at(at)
        if given and name not in needed | allowed:
            raise contradiction(f"the step {record.step} has no {name}", f"步骤 {record.step} 没有字段 {name}").at(at)
