"""
Tenders: publish a scheme, take bids until it closes, score them once it has, record the score sheet.

A footprint counts as verified only by a review in the log of the footprint that the bid points at, in force when bids
closed: never by the bidder's word, nor by that of who declared the footprint.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import chain, count
from typing import Any, NamedTuple

import msgspec

from ledger.errors import LedgerError, ScoringError
from ledger.log.canonical import canonical_bytes
from ledger.log.proof import record_of
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.programme.schemes import satisfies
from ledger.records.document import Document
from ledger.records.record import decode_body
from ledger.scoring.award import ScoreSheet, score
from ledger.scoring.bid import Bid, RegistryCertificate, RegistryChange, Ruling
from ledger.scoring.gate import Registered
from ledger.scoring.scheme import Scheme
from ledger.services.capture import capture
from ledger.services.certificates import held_by
from ledger.services.corrections import withdrawal_of
from ledger.services.organisations import OrganisationStore
from ledger.services.pcf_standing import footprint_named, standing_at


class Desk(NamedTuple):
    """What procurement works with, and in whose name."""

    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random
    tenant: str
    submitter: str
    organisations: OrganisationStore


class TenderAbsent(ScoringError):
    """There is no such tender."""

    code = "scoring.tender-absent"
    tender: str
    en = "there is no tender {tender}"
    zh = "没有招标 {tender}"
    fix_en = "Publish its scheme first"
    fix_zh = "请先发布评分方案"


class TenderClosed(ScoringError):
    """A bid came after the tender closed."""

    code = "scoring.tender-closed"
    tender: str
    closed_at: str
    en = "tender {tender} closed at {closed_at}"
    zh = "招标 {tender} 已于 {closed_at} 截止"
    fix_en = "A late bid is not taken"
    fix_zh = "逾期投标不予接收"


class TenderOpen(ScoringError):
    """Scoring was asked for before the tender closed."""

    code = "scoring.tender-open"
    tender: str
    closes_at: str
    en = "tender {tender} takes bids until {closes_at}"
    zh = "招标 {tender} 的投标截止时间为 {closes_at}"
    fix_en = "Score it after it has closed"
    fix_zh = "请在截止后评分"


def publish_scheme(desk: Desk, scheme: Scheme) -> Receipt:
    """Record a scheme; the same version with other content is a conflict."""
    return _record(desk, "scheme", f"scheme:{scheme.id}:{scheme.version}", scheme.id, scheme.to_record())


def submit_bid(desk: Desk, tender: str, bid: Bid) -> Receipt:
    """Record a bid. Raises ``TenderAbsent``, ``TenderClosed`` and, for a second bid of one bidder, a conflict."""
    scheme = scheme_of(desk, tender)
    if desk.clock.now() > scheme.closes_at:
        raise TenderClosed(tender=tender, closed_at=scheme.closes_at.isoformat())
    return _record(desk, "bid", _bid_id(desk, tender, bid.bidder), tender, bid.to_record())


def _bid_id(desk: Desk, tender: str, bidder: str) -> str:
    """The id of a bidder's one bid; after a bid that was withdrawn, that of the next."""
    first = f"bid:{tender}:{bidder}"
    names = chain((first,), (f"{first}:{number}" for number in count(2)))
    return next(name for name in names if withdrawal_of(desk.entries, desk.tenant, name, "bid") is None)


def scheme_of(desk: Desk, tender: str) -> Scheme:
    """The newest version of a tender's scheme."""
    found = _contents(desk, "scheme", tender)
    if not found:
        raise TenderAbsent(tender=tender)
    return max((Scheme.from_record(content) for content in found), key=lambda scheme: scheme.version)


def bids_of(desk: Desk, scheme: Scheme) -> list[Bid]:
    """The bids as recorded, footprints and, where a gate asks, certificates as the log had them at closing."""
    asked = [gate.name for gate in scheme.gates if gate.kind == Registered.kind]
    named = {one.name: one.id for one in desk.organisations.listed(desk.tenant)}
    found = (Bid.from_record(content) for content in _contents(desk, "bid", scheme.id))
    # Whom a bidder's name means as a supplier in the log: itself, and the organisation of that name.
    meant = ((bid, {bid.bidder, named.get(bid.bidder, bid.bidder)}) for bid in found)
    vouched = ((_vouched(desk, bid, ids, scheme.closes_at), ids) for bid, ids in meant)
    return [msgspec.structs.replace(bid, registry=_registry(desk, ids, scheme, asked)) for bid, ids in vouched]


def score_tender(desk: Desk, tender: str, rulings: Sequence[Ruling] = ()) -> tuple[ScoreSheet, Receipt]:
    """The score sheet, computed and recorded; scoring again with the same inputs gives the same entry."""
    scheme = scheme_of(desk, tender)
    if desk.clock.now() <= scheme.closes_at:
        raise TenderOpen(tender=tender, closes_at=scheme.closes_at.isoformat())
    sheet = score(scheme, bids_of(desk, scheme), rulings)
    record = sheet.to_record()
    digest = sha256(canonical_bytes(record)).hexdigest()
    return sheet, _record(desk, "score_sheet", f"sheet:{tender}:{digest}", tender, record)


def sheets_of(desk: Desk, tender: str) -> list[tuple[int, dict[str, Any]]]:
    """Recorded score sheets of a tender with their entry's index, oldest first."""
    facts = desk.projections.facts(desk.tenant, "score_sheet", tender)
    return [(fact.seq, record_of(desk.entries.entry(fact.seq))["content"]) for fact in facts]


def tenders(desk: Desk) -> list[str]:
    """Tenders with a published scheme, by name."""
    return sorted({fact.subject for fact in desk.projections.facts(desk.tenant, "scheme")})


def _contents(desk: Desk, kind: str, tender: str) -> list[dict[str, Any]]:
    facts = desk.projections.facts(desk.tenant, kind, tender)
    return [record_of(desk.entries.entry(fact.seq))["content"] for fact in facts]


def _vouched(desk: Desk, bid: Bid, ids: set[str], closes_at: datetime) -> Bid:
    """
    The bid with its footprint ``verified`` only by a review that was in force when bids closed.

    It has to be a footprint of the bidder's own, and figure and unit those that were reviewed; of a verified one,
    verifier and validity are taken from the log. Else the sheet says what stands against it. A bid that claims less
    than verified gains nothing from a review.
    """
    footprint = bid.footprint
    if footprint.status != "verified":
        return _with(bid, doubt=msgspec.UNSET)
    named = footprint_named(desk, desk.tenant, footprint.evidence) if footprint.evidence else None
    if named is None:
        return _with(bid, status="unverified", doubt="not-recorded")
    if named.supplier not in ids:
        return _with(bid, status="unverified", doubt="of-another")
    held = standing_at(desk, desk.tenant, named, closes_at)
    if not held.standing.is_verified or held.standing.review is None:
        return _with(bid, status="unverified", doubt="not-reviewed")
    one, review = held.stated, held.standing.review
    if one.kg_per_unit != footprint.value or one.unit != footprint.declared_unit:
        return _with(bid, status="unverified", doubt="another-figure")
    last = min(one.valid_end - timedelta(days=1), review.valid_until or date.max)
    return _with(bid, verifier=review.provider, valid_from=one.valid_from, valid_to=last, doubt=msgspec.UNSET)


def _registry(
    desk: Desk, ids: set[str], scheme: Scheme, asked: Sequence[str]
) -> tuple[RegistryCertificate, ...] | msgspec.UnsetType:
    """The certificates that gates ask for, known at closing, of the bidder's organisation."""
    if not asked:
        return msgspec.UNSET
    return tuple(
        RegistryCertificate(
            entry=held.entry,
            scheme=one.scheme,
            number=one.number,
            issuer=one.issuer,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            changes=tuple(
                RegistryChange(entry=entry, status=said.status, effective_at=said.effective_at)
                for entry, said in held.statuses
            ),
        )
        for supplier in sorted(ids)
        for held in held_by(desk, desk.tenant, supplier, scheme.closes_at)
        for one in (held.certificate,)
        if any(satisfies(name, one.scheme) for name in asked)
    )


def _with(bid: Bid, **changes: Any) -> Bid:
    return msgspec.structs.replace(bid, footprint=msgspec.structs.replace(bid.footprint, **changes))


def _record(desk: Desk, kind: Any, record_id: str, tender: str, content: dict[str, Any]) -> Receipt:
    known = desk.entries.find(desk.tenant, record_id)
    # The moment is part of the record, so handing the same content in again must not change it.
    at = decode_body(known.body, kind).occurred_at if known else desk.clock.now()
    document = Document(content=content, id=record_id, kind=kind, occurred_at=at, tender=tender, version=1)
    (outcome,) = capture(
        desk.entries, desk.clock, desk.random, tenant=desk.tenant, submitter=desk.submitter, records=[document]
    )
    if isinstance(outcome, LedgerError):
        raise outcome
    return outcome
