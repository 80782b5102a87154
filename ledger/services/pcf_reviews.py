"""Reviews of footprints: what waits for one, and a statement made, held against the rules, signed and entered."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Final, Literal, NamedTuple, Protocol

from ledger.desk.errors import FootprintAbsent, NotReviewable, OwnFootprint
from ledger.desk.reading import KINDS, stated
from ledger.desk.statement import signed_by_ledger
from ledger.desk.status import Stated
from ledger.footprint.amount import exact_text
from ledger.log.checkpoint import NoteKey
from ledger.log.proof import record_of
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.ports.listing import EVER, Among, Listed, Listing, Place
from ledger.records.pcf_review import Finding, PcfReview, Verdict
from ledger.records.pcf_share import HOUSE, VERIFIERS
from ledger.records.record import check, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.pcf_requests import Party
from ledger.services.pcf_sight import Sight, Subject
from ledger.services.pcf_standing import (
    StoodFootprint,
    footprint_named,
    footprints_of,
    newest_footprints,
    standing_at,
    standings,
)
from ledger.services.project import catch_up

PAGE: Final = 100
LONGEST_SEARCH: Final = 2_000
"""Footprints that one page looks through at most."""


class Reviewing(Protocol):
    """What reviews need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...

    @property
    def clock(self) -> Clock:
        """When a statement is made."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...

    @property
    def sight(self) -> Sight:
        """Who sees how much."""
        ...

    @property
    def listing(self) -> Listing:
        """Rows of lists."""
        ...

    @property
    def note_key(self) -> NoteKey:
        """The ledger's key."""
        ...


class Examined(NamedTuple):
    """What a verifier states, as ``PcfReview`` has it."""

    provider: str
    scope: str
    level: Literal["limited", "reasonable"]
    materiality_pct: str
    verdict: Verdict
    findings: Sequence[Finding] = ()
    reasons: str = ""
    valid_until: date | None = None


def queue(
    ledger: Reviewing, party: Party, after: Place | None = None, limit: int = PAGE
) -> tuple[list[StoodFootprint], Place | None]:
    """
    At most ``limit`` footprints behind a place that a verifier may review and that have no review in force, oldest
    first, never its own; and where the next page begins, or ``None``.

    Looks through a bounded number, as ``footprints_page`` does.
    """
    catch_up(ledger.entries, ledger.listing)
    reach, now = ledger.sight.looking(party.tenant, VERIFIERS), ledger.clock.now()
    rows = _unreviewed(ledger, party.tenant, after, now.astimezone(UTC).date())
    found: list[StoodFootprint] = []
    last, looked = after, 0
    while batch := list(islice(rows, limit)):
        entries = ledger.entries.gathered([row.seq for row in batch if row.supplier != verifier_of(party)])
        read = [stated(seq, record_of(entry)) for seq, entry in entries.items()]
        stood = standings(ledger, party.tenant, [one for one in read if reach(Subject.of(one)) == "whole"], now)
        good = {one.stated.entry: one for one in stood if one.standing.status in {"recorded", "returned"}}
        for row in batch:
            if len(found) == limit:
                return found, last
            last = row.place
            if row.seq in good:
                found.append(good[row.seq])
        looked += len(batch)
        if looked >= LONGEST_SEARCH:
            return found, last
    return found, None


def _newest_of(ledger: Reviewing, tenant: str, supplier: str, before: int | None = None) -> Iterator[Stated]:
    """A supplier's footprints of both kinds, from the newest back, read as they are asked for."""
    catch_up(ledger.entries, ledger.listing)

    def found(kind: str) -> Iterator[Stated]:
        place = None if before is None else Place(before, before)
        while True:
            rows, place = ledger.listing.page(tenant, Among(kind, supplier), place, descending=True)
            entries = ledger.entries.gathered([row.seq for row in rows])
            yield from (stated(row.seq, record_of(entries[row.seq])) for row in rows)
            if place is None:
                return

    return heapq.merge(*map(found, KINDS), key=lambda one: one.entry, reverse=True)


def _unreviewed(ledger: Reviewing, tenant: str, after: Place | None, day: date) -> Iterator[Listed]:
    """Rows of footprints of both kinds that hold on a day and that no statement verifies, oldest first."""
    holding = (day.toordinal() + 1, EVER[1])

    def rows(kind: str) -> Iterator[Listed]:
        among, behind = Among(kind, states=("open",), ends=holding), after
        while True:
            found, behind = ledger.listing.page(tenant, among, behind)
            yield from found
            if behind is None:
                return

    return heapq.merge(*map(rows, KINDS), key=lambda row: row.place)


def footprints_seen(
    ledger: Reviewing, party: Party, supplier: str | None = None, product: str | None = None
) -> list[StoodFootprint]:
    """
    The footprints that a party may see, as they stand now, the newest first: of one supplier where given, and of
    declarations those of one product where given.
    """
    catch_up(ledger.entries, ledger.projections)
    sees = _sees(ledger, party)
    of = supplier if party.sees_all else party.organisation
    if of is not None and product is None:
        found = [one for one in _newest_of(ledger, party.tenant, of) if sees(one)]
    else:
        found = [one for one in reversed(footprints_of(ledger, party.tenant, of, product)) if sees(one)]
    return standings(ledger, party.tenant, found, ledger.clock.now())


def footprints_page(
    ledger: Reviewing, party: Party, before: int | None = None, limit: int = PAGE
) -> tuple[list[StoodFootprint], int | None]:
    """
    At most ``limit`` of them with entry < ``before``, the newest first; and where the next page begins, or ``None``.

    Looks through a bounded number, so that a party that sees few among many gets short pages and not slow ones.
    """
    catch_up(ledger.entries, ledger.projections)
    sees = _sees(ledger, party)
    if party.sees_all:
        newest = newest_footprints(ledger, party.tenant, before)
    else:
        newest = _newest_of(ledger, party.tenant, party.organisation, before)
    found: list[Stated] = []
    last = None
    for looked, one in enumerate(newest):
        if len(found) == limit or looked == LONGEST_SEARCH:
            return standings(ledger, party.tenant, found, ledger.clock.now()), last
        last = one.entry
        if sees(one):
            found.append(one)
    return standings(ledger, party.tenant, found, ledger.clock.now()), None


def statement(ledger: Reviewing, party: Party, name: str) -> tuple[int, PcfReview]:
    """A statement with its entry, for who may see its footprint. Raises ``FootprintAbsent``."""
    entry = ledger.entries.find(party.tenant, name)
    if entry is None or record_of(entry)["kind"] != "pcf_review":
        raise FootprintAbsent(pcf=name)
    record = decode_body(entry.body, "pcf_review")
    if not isinstance(record, PcfReview):
        raise FootprintAbsent(pcf=name)
    if verifier_of(party) != record.verifier:  # who signed it may read it always
        _found(ledger, party, record.pcf)
    return entry.index, record


def footprint_seen(ledger: Reviewing, party: Party, pcf: str) -> StoodFootprint:
    """A footprint as it stands now. Raises ``FootprintAbsent``."""
    catch_up(ledger.entries, ledger.projections)
    return standing_at(ledger, party.tenant, _found(ledger, party, pcf), ledger.clock.now())


def verifier_of(party: Party) -> str:
    """The name a party verifies under: its organisation's id, or the tenant's for the house's own people."""
    return party.organisation or party.tenant


def review(
    ledger: Reviewing, party: Party, pcf: str, examined: Examined, at: datetime | None = None
) -> tuple[PcfReview, Receipt]:
    """
    The statement, signed by the ledger for the account that makes it, and its receipt.

    Raises ``FootprintAbsent``, ``OwnFootprint``, ``NotReviewable``, and ``FieldContradicts`` when the findings forbid
    the verdict.
    """
    catch_up(ledger.entries, ledger.projections)
    one, moment = _found(ledger, party._replace(verifies=True), pcf), at or ledger.clock.now()
    if ledger.sight.reach(party.tenant, VERIFIERS, Subject.of(one)) != "whole":
        raise FootprintAbsent(pcf=pcf)
    if one.supplier in {verifier_of(party), examined.provider}:
        raise OwnFootprint(organisation=one.supplier)
    stood = standing_at(ledger, party.tenant, one, moment)
    if stood.standing.status == "superseded" or one.valid_end <= moment.date():
        raise NotReviewable(pcf=pcf, status=stood.standing.status)
    made = PcfReview(
        findings=tuple(examined.findings),
        id=f"review:{len(stood.reviews) + 1}:{one.sha256[:32]}",
        kind="pcf_review",
        level=examined.level,
        materiality_pct=examined.materiality_pct,
        occurred_at=moment,
        pcf=one.id,
        provider=examined.provider,
        reasons=examined.reasons or None,
        scope=examined.scope,
        sha256=one.sha256,
        stated_kg_co2e=exact_text(one.kg_co2e),
        supplier=one.supplier,
        valid_until=examined.valid_until,
        verdict=examined.verdict,
        verifier=verifier_of(party),
        version=1,
    )
    check(made)
    signed = signed_by_ledger(made, ledger.note_key)
    outcome = capture_one(ledger, Submission(party.tenant, party.submitter), signed)
    return signed, outcome


def _found(ledger: Reviewing, party: Party, pcf: str) -> Stated:
    found = footprint_named(ledger, party.tenant, pcf)
    if found is None or not _sees(ledger, party)(found):
        raise FootprintAbsent(pcf=pcf)
    return found


def _sees(ledger: Reviewing, party: Party) -> Callable[[Stated], bool]:
    """Whether a party sees at least the total of a footprint: its own, else as the switches stand."""
    reach = ledger.sight.looking(party.tenant, VERIFIERS if party.verifies else HOUSE)

    def sees(one: Stated) -> bool:
        return one.supplier == party.organisation or (party.sees_all and reach(Subject.of(one)) != "nobody")

    return sees
