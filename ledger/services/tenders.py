"""
Tenders: publish a scheme, take bids until it closes, score them once it has, record the score sheet.

A footprint counts as verified only by a review in the log of the footprint that the bid points at, in force when bids
closed: never by the bidder's word, nor by that of who declared the footprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import chain, count
from typing import Any, Final

import msgspec

from ledger.log.canonical import canonical_bytes
from ledger.log.proof import record_of
from ledger.ports import Receipt
from ledger.ports.listing import EVER, Among, Place
from ledger.programme.schemes import satisfies
from ledger.records.pcf_share import TENDER
from ledger.records.record import microseconds
from ledger.scoring.award import ScoreSheet, score
from ledger.scoring.bid import Bid, RegistryCertificate, RegistryChange, Ruling
from ledger.scoring.gate import Registered
from ledger.scoring.panel_marks import PanelNeedsSeal
from ledger.scoring.scheme import Scheme
from ledger.scoring.sealing_errors import SealRefused, TenderSealed
from ledger.services.certificates import held_by
from ledger.services.corrections import withdrawal_of
from ledger.services.panel import with_marks
from ledger.services.pcf_sight import Subject
from ledger.services.pcf_standing import footprint_named, standing_at
from ledger.services.project import catch_up
from ledger.services.sealed_bids import opened_bids, sealing_of
from ledger.services.tender_desk import (
    Desk,
    TenderClosed,
    TenderOpen,
    contents_of,
    newest_schemes,
    record_document,
    scheme_of,
)
from ledger.services.tender_records import own_records, with_records

PAGE: Final = 50


def publish_scheme(desk: Desk, scheme: Scheme) -> Receipt:
    """
    Record a scheme; the same version with other content is a conflict.

    Raises ``SealRefused`` once bids were sealed for the version before: they would not open any more.
    """
    if contents_of(desk, "scheme", scheme.id):
        state = sealing_of(desk, scheme.id)
        if state.rows and state.scheme.digest() != scheme.digest():
            why, why_zh = "bids were sealed for the version before", "已有投标按此前版本密封"
            raise SealRefused(tender=scheme.id, why=why, why_zh=why_zh)
    return record_document(desk, "scheme", f"scheme:{scheme.id}:{scheme.version}", scheme.id, scheme.to_record())


def submit_bid(desk: Desk, tender: str, bid: Bid) -> Receipt:
    """
    Record a bid in the open.

    Raises ``TenderAbsent``, ``TenderSealed``, ``PanelNeedsSeal``, ``TenderClosed`` and, for a second bid of one bidder,
    a conflict.
    """
    state = sealing_of(desk, tender)
    if state.is_sealed:
        raise TenderSealed(tender=tender)
    if state.scheme.panel_names:
        raise PanelNeedsSeal(tender=tender)
    if desk.clock.now() > state.scheme.closes_at:
        raise TenderClosed(tender=tender, closed_at=state.scheme.closes_at.isoformat())
    return record_document(desk, "bid", _bid_id(desk, tender, bid.bidder), tender, bid.to_record())


def _bid_id(desk: Desk, tender: str, bidder: str) -> str:
    """The id of a bidder's one bid; after a bid that was withdrawn, that of the next."""
    first = f"bid:{tender}:{bidder}"
    names = chain((first,), (f"{first}:{number}" for number in count(2)))
    return next(name for name in names if withdrawal_of(desk.entries, desk.tenant, name, "bid") is None)


def bids_of(desk: Desk, scheme: Scheme) -> list[Bid]:
    """
    The bids as recorded, or as they were sealed and opened.

    Footprints and, where the scheme asks, certificates, catalogue, incentives, second lives and the draw are as our
    own log has them.
    """
    asked = [gate.name for gate in scheme.gates if gate.kind == Registered.kind]
    named = {one.name: one.id for one in desk.organisations.listed(desk.tenant)}
    found = with_marks(desk, scheme, _handed_in(desk, scheme))
    # Whom a bidder's name means as a supplier in the log: itself, and the organisation of that name.
    meant = [(bid, {bid.bidder, named.get(bid.bidder, bid.bidder)}) for bid in found]
    vouched = ((_vouched(desk, bid, ids, scheme.id, scheme.closes_at), ids) for bid, ids in meant)
    known = own_records(desk, scheme, sorted({name for _, ids in meant for name in ids}))
    return [
        msgspec.structs.replace(with_records(desk, known, bid, ids), registry=_registry(desk, ids, scheme, asked))
        for bid, ids in vouched
    ]


def _handed_in(desk: Desk, scheme: Scheme) -> list[Bid]:
    """Bids in the open; of a sealed tender, what opened, and nothing else that stands in the log as a bid."""
    state = sealing_of(desk, scheme.id)
    if not state.is_sealed:
        if scheme.panel_names:
            raise PanelNeedsSeal(tender=scheme.id)
        return [Bid.from_record(content) for content in contents_of(desk, "bid", scheme.id)]
    return [one.bid for one in opened_bids(desk, state) if one.bid is not None]


def score_tender(desk: Desk, tender: str, rulings: Sequence[Ruling] = ()) -> tuple[ScoreSheet, Receipt]:
    """The score sheet, computed and recorded; scoring again with the same inputs gives the same entry."""
    scheme = scheme_of(desk, tender)
    if desk.clock.now() <= scheme.closes_at:
        raise TenderOpen(tender=tender, closes_at=scheme.closes_at.isoformat())
    sheet = score(scheme, bids_of(desk, scheme), rulings)
    record = sheet.to_record()
    digest = sha256(canonical_bytes(record)).hexdigest()
    return sheet, record_document(desk, "score_sheet", f"sheet:{tender}:{digest}", tender, record)


def sheets_of(desk: Desk, tender: str) -> list[tuple[int, dict[str, Any]]]:
    """Recorded score sheets of a tender with their entry's index, oldest first."""
    facts = desk.projections.facts(desk.tenant, "score_sheet", tender)
    return [(fact.seq, record_of(desk.entries.entry(fact.seq))["content"]) for fact in facts]


def schemes_page(desk: Desk, after: str = "", limit: int = PAGE) -> tuple[list[tuple[int, Scheme]], str | None]:
    """
    At most ``limit`` tenders behind a name, in the order of names: the newest version of each scheme and its entry; and
    the last one's name, where more follow.
    """
    found = desk.projections.subjects(desk.tenant, ("scheme",), after=after, limit=limit + 1)
    return newest_schemes(desk, found[:limit]), found[limit - 1] if len(found) > limit else None


def sealed_page(
    desk: Desk, after: Place | None = None, limit: int = PAGE, *, unsealed: bool = False
) -> tuple[list[str], Place | None]:
    """
    At most ``limit`` tenders behind a place whose bids are sealed, those that close last first; with ``unsealed`` also
    those that are open and have no key yet. And the last one's place, where more follow.
    """
    assert desk.listing is not None  # every desk of a ledger has one
    catch_up(desk.entries, desk.listing)
    now = microseconds(desk.clock.now())
    among = Among("scheme", states=() if unsealed else ("sealed",), at=(now, EVER[1]))
    over = Among("scheme", states=("sealed",), at=(0, now - 1))
    rows, more = desk.listing.page(desk.tenant, among, after, limit + 1, descending=True)
    if more is None and len(rows) <= limit:
        rest, _ = desk.listing.page(desk.tenant, over, after, limit + 1 - len(rows), descending=True)
        rows += rest
    return [row.supplier for row in rows[:limit]], rows[limit - 1].place if len(rows) > limit else None


def sealed_open(desk: Desk) -> Iterator[str]:
    """Tenders whose bids are sealed and that have not closed."""
    assert desk.listing is not None
    catch_up(desk.entries, desk.listing)
    among, after = Among("scheme", states=("sealed",), at=(microseconds(desk.clock.now()), EVER[1])), None
    while True:
        rows, after = desk.listing.page(desk.tenant, among, after)
        yield from (row.supplier for row in rows)
        if after is None:
            return


def _vouched(desk: Desk, bid: Bid, ids: set[str], tender: str, closes_at: datetime) -> Bid:
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
    hidden = desk.sight.reach(desk.tenant, f"{TENDER}{tender}", Subject.of(named)) == "nobody"
    if hidden or named.supplier not in ids:
        return _with(bid, status="unverified", doubt="not-shown" if hidden else "of-another")
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
