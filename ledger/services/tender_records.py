"""What our own log says of a bidder when bids close: catalogue, incentives, assessment, offered assets, its lot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET

from ledger.errors import IdentityError, ScoringError
from ledger.identity import canonical
from ledger.lifecycle.stage import ENDED, Role, stage_after
from ledger.ports import Clock, EntryStore, Projections, Random
from ledger.ports.listing import Listing as Lists
from ledger.records.record import microseconds
from ledger.scoring.bid import Bid
from ledger.scoring.gate import InCatalogue
from ledger.scoring.own_records import (
    ASSESSMENT,
    BONUS,
    SECOND_LIFE,
    Bonus,
    Judgement,
    Listing,
    Lot,
    SecondLife,
    assessment_points,
    bonus_points,
    second_life_share,
)
from ledger.scoring.scheme import Scheme
from ledger.scoring.tie_break import DRAW
from ledger.services.assessments import result_of
from ledger.services.catalogue import CatalogueEntry, catalogue_of
from ledger.services.incentives import bonuses_of
from ledger.services.organisations import OrganisationStore
from ledger.services.pcf_requests import Party
from ledger.services.pcf_standing import footprint_named
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk

_PAGE: Final = 1000
_ROLES: Final[dict[str, Role]] = {"self": "self", "child": "child", "parent": "parent"}
"""How an asset may be named by an event that takes it off a site."""
MOST_EVENTS: Final = 1000
"""Events of one asset that are looked through, the oldest first."""


class DrawWaits(ScoringError):
    """The draw needs the first checkpoint made after bids closed, and there is none yet."""

    code = "scoring.draw-waits"
    retryable = True
    tender: str
    en = "the draw of tender {tender} waits for the first checkpoint made after bids closed"
    zh = "招标 {tender} 的抽签须等待截标后的第一个检查点"
    fix_en = "Try again when the next checkpoint is made"
    fix_zh = "请待下一个检查点生成后再试"


class OwnRecords(NamedTuple):
    """What a scheme asks of our own log, read once for all bidders."""

    scheme: Scheme
    listed: list[CatalogueEntry] | None
    bonuses: dict[str, tuple[Bonus, ...]] | None
    lot: Lot | None


class _Reading(NamedTuple):
    """What catalogue and incentives are read with: a desk that has all of it."""

    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random
    organisations: OrganisationStore
    listing: Lists


def _reading(desk: Desk) -> _Reading:
    assert desk.listing is not None  # every desk of a ledger has one
    return _Reading(desk.entries, desk.projections, desk.clock, desk.random, desk.organisations, desk.listing)


def own_records(desk: Desk, scheme: Scheme, bidders: Sequence[str]) -> OwnRecords:
    """Read what the scheme asks for of these suppliers. Raises ``DrawWaits``."""
    house, reads = Party(desk.tenant, desk.submitter), scheme.reads
    listed = None
    if any(gate.kind == InCatalogue.kind for gate in scheme.gates):
        at = microseconds(scheme.closes_at)
        every = catalogue_of(_reading(desk), house, bidders, scheme.closing_day)
        entries = [one for one in every if one.state == "listed"]
        known = desk.entries.gathered(sorted(one.entry for one in entries))
        listed = [one for one in entries if known[one.entry].recorded_at <= at]
    if SECOND_LIFE in reads and desk.lifecycles is not None:
        catch_up(desk.entries, desk.lifecycles)
    year = scheme.closing_day.year - 1
    bonuses = bonuses_of(_reading(desk), house, year, bidders) if BONUS in reads else None
    return OwnRecords(scheme, listed, bonuses, _lot(desk, scheme) if DRAW in scheme.tie_break else None)


def with_records(desk: Desk, known: OwnRecords, bid: Bid, ids: set[str]) -> Bid:
    """The bid with what our log says of its bidder, whose ids are these; what nobody asks for is taken off."""
    scheme, quality = known.scheme, dict(bid.quality)
    listings = None if known.listed is None else _listings(desk, known.listed, bid, ids)
    bonuses = None
    if known.bonuses is not None:
        bonuses = tuple(one for name in sorted(ids) for one in known.bonuses.get(name, ()))
        quality[BONUS] = bonus_points(bonuses)
    lives = None
    if SECOND_LIFE in scheme.reads:
        lives = _second_lives(desk, bid.assets if isinstance(bid.assets, tuple) else (), scheme.closes_at)
        quality[SECOND_LIFE] = second_life_share(lives, scheme.quantity)
    assessed = None
    if ASSESSMENT in scheme.reads:
        assessed = tuple(_judgements(desk, ids, scheme))
        quality[ASSESSMENT] = assessment_points(assessed)
    return msgspec.structs.replace(
        bid,
        quality=quality,
        catalogue=UNSET if listings is None else listings,
        bonuses=UNSET if bonuses is None else bonuses,
        second_lives=UNSET if lives is None else lives,
        assessed=UNSET if assessed is None else assessed,
        lot=UNSET if known.lot is None else known.lot,
    )


def _listings(desk: Desk, listed: Sequence[CatalogueEntry], bid: Bid, ids: set[str]) -> tuple[Listing, ...]:
    """The offered product where it is listed: the one whose recorded footprint the bid names."""
    evidence = bid.footprint.evidence
    named = footprint_named(desk, desk.tenant, evidence) if evidence else None
    if named is None or named.supplier not in ids:
        return ()
    return tuple(
        Listing(entry=one.entry, product=one.product.id, category=one.product.category)
        for one in listed
        if one.product.supplier in ids and _code(one.product.product) == _code(named.product)
    )


def _judgements(desk: Desk, ids: set[str], scheme: Scheme) -> Iterator[Judgement]:
    """The bidder's assessment as it was known when bids closed, in force or not."""
    for supplier in sorted(ids):
        found = result_of(desk, desk.tenant, supplier, scheme.closes_at, scheme.closing_day)
        if found is not None:
            yield Judgement(
                entry=found.score.entry,
                assessment=found.assessment,
                scheme=found.scheme,
                points=Fraction(found.score.points),
                status=found.status,
            )


def _second_lives(desk: Desk, assets: Sequence[str], closes_at: datetime) -> tuple[SecondLife, ...]:
    """
    Those of the assets that came off a site before bids closed and have not ended, by events recorded until then.

    The published rule of the mark ``second-life-share``: what is offered again has to have been in use, and a bidder's
    word for it is not enough.
    """
    if desk.lifecycles is None:
        return ()
    at, found = microseconds(closes_at), []
    for code in dict.fromkeys(_code(asset) for asset in assets):
        held = desk.lifecycles.asset(desk.tenant, code, at)
        if held is None or held.life.stage in ENDED:
            continue
        for row in desk.lifecycles.history(desk.tenant, code, at, MOST_EVENTS):
            event, role = row.event, _ROLES.get(row.role)
            if role is None or row.voided:
                continue
            stage = stage_after(event.type, event.action, event.step, event.disposition, role)
            if stage == "dismantled" and desk.entries.entry(event.seq).recorded_at <= at:
                found.append(SecondLife(asset=held.id, entry=event.seq, stage=held.life.stage))
                break
    return tuple(found)


def _lot(desk: Desk, scheme: Scheme) -> Lot:
    """The lot of the first checkpoint made after closing; sought behind those over what was recorded before."""
    if desk.checkpoints is None:
        raise DrawWaits(tender=scheme.id)
    closed = microseconds(scheme.closes_at)
    first = desk.projections.facts(desk.tenant, "scheme", scheme.id)[0].seq
    covering = desk.checkpoints.covering(first)
    after = covering.previous_size if covering else 0
    while page := desk.checkpoints.all(after, _PAGE):
        for one in page:
            if one.created_at > closed:
                return Lot(checkpoint=one.checkpoint.size, root=one.checkpoint.root.hex(), tender=scheme.id)
        after = page[-1].checkpoint.size
    raise DrawWaits(tender=scheme.id)


def _code(text: str) -> str:
    """The one form of an identity; a text that is none stands for itself."""
    try:
        return canonical(text)
    except IdentityError:
        return text
