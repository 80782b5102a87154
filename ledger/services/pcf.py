"""Footprints that are exchanged are published, deprecated and granted: each is an entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ledger.errors import RecordError
from ledger.pact.footprint import taken
from ledger.pact.value import instant
from ledger.ports import Receipt
from ledger.records.pcf import Pcf, PcfGrant, PcfStatus, Received, Scope
from ledger.records.record import Record, check, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.pcf_shelf import Held
from ledger.services.pcf_sight import Recording
from ledger.services.project import catch_up


class PcfDeprecated(RecordError):
    """A footprint that is deprecated already; that is for good."""

    code = "pcf.deprecated"
    id: str
    en = "the footprint {id} is deprecated already"
    zh = "碳足迹 {id} 已停用"
    fix_en = "Publish a new footprint that names it as preceding"
    fix_zh = "请发布新的碳足迹并将其列为前一版本"


def publish(
    ledger: Recording,
    submission: Submission,
    document: Mapping[str, Any],
    *,
    supplier: str,
    product: str | None = None,
    received: Received | None = None,
) -> Receipt:
    """
    Record a footprint. The same again is the same entry; another under its id is a conflict, never an overwrite.

    Raises ``PactFieldRefused`` at its place, ``RecordConflict``, and what ``capture`` gives.
    """
    footprint = taken(document)
    at = ledger.clock.now()
    known = ledger.entries.find(submission.tenant, f"pcf:{footprint['id']}")
    if known is not None:
        earlier = decode_body(known.body, "pcf")
        assert isinstance(earlier, Pcf)
        at = earlier.occurred_at if earlier.footprint == footprint else at
        received = earlier.received if earlier.footprint == footprint else received
    record = Pcf(
        footprint=footprint,
        id=f"pcf:{footprint['id']}",
        kind="pcf",
        occurred_at=at,
        product=product,
        received=received,
        supplier=supplier,
        version=1,
    )
    return _one(ledger, submission, record)


def deprecate(
    ledger: Recording, submission: Submission, held: Held, reason: str, successor: str | None = None
) -> Receipt:
    """Deprecate a footprint, for good. Raises ``PcfDeprecated``."""
    if held.deprecated_at is not None:
        raise PcfDeprecated(id=held.id)
    record = PcfStatus(
        id=f"{held.record.id}#deprecated",
        kind="pcf_status",
        occurred_at=ledger.clock.now(),
        pcf=held.record.id,
        reason=reason,
        status="Deprecated",
        successor=successor,
        supplier=held.record.supplier,
        version=1,
    )
    return _one(ledger, submission, record)


def grant(
    ledger: Recording,
    submission: Submission,
    *,
    supplier: str,
    grantee: str,
    scope: Scope = "all",
    value: str | None = None,
    until: datetime | None = None,
    revoked: bool = False,
) -> Receipt:
    """Let a partner see footprints, or no longer. Raises ``FieldMissing`` for a scope without its value."""
    record = PcfGrant(
        grantee=grantee,
        id=f"grant:{ledger.random.token(12).hex()}",
        kind="pcf_grant",
        occurred_at=ledger.clock.now(),
        revoked=revoked,
        scope=scope,
        supplier=supplier,
        until=until,
        value=value,
        version=1,
    )
    return _one(ledger, submission, record)


def _one(ledger: Recording, submission: Submission, record: Record) -> Receipt:
    check(record)
    receipt = capture_one(ledger, submission, record)
    catch_up(ledger.entries, ledger.projections)
    return receipt


def stamp(at: datetime | None) -> str | None:
    """When it was deprecated, as version 2 says it."""
    return None if at is None else instant(at)
