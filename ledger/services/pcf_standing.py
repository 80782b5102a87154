"""How recorded footprints stand, now or at a past moment: their reviews and successors, out of the log."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol

from ledger.desk.reading import KINDS, stated
from ledger.desk.status import Standing, Stated, standing_of
from ledger.errors import IdentityError
from ledger.identity import canonical
from ledger.log.entry import Entry
from ledger.log.proof import record_of
from ledger.ports import EntryStore, Fact, Projections
from ledger.ports.listing import Among, Listing, Place
from ledger.records.pcf_review import PcfReview
from ledger.records.record import KIND_NUMBERS, decode_body
from ledger.services.corrections import withdrawal_of
from ledger.services.project import catch_up

AT_ONCE: Final = 100


class Reading(Protocol):
    """What telling how a footprint stands needs of a ledger."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...


class StoodFootprint(NamedTuple):
    """A footprint with how it stands and what was said of it, oldest first."""

    stated: Stated
    standing: Standing
    reviews: tuple[tuple[int, PcfReview], ...]


def footprint_named(ledger: Reading, tenant: str, record_id: str) -> Stated | None:
    """The footprint of a record id, if it stands in the tenant's log and was not withdrawn."""
    entry = ledger.entries.find(tenant, record_id)
    record = {} if entry is None else record_of(entry)
    if entry is None or record.get("kind") not in KINDS:
        return None
    if withdrawal_of(ledger.entries, tenant, record_id, record["kind"]) is not None:
        return None
    return stated(entry.index, record)


def footprints_of(
    ledger: Reading, tenant: str, supplier: str | None = None, product: str | None = None
) -> list[Stated]:
    """A tenant's footprints of one supplier, or of all, oldest first; of declarations one product's, where given."""
    # Of one kind the supplier is what its facts are found by; of the other it is the product.
    kinds = {kind: supplier if kind == "pcf" else product and named(product) for kind in KINDS}
    records = (each for kind, name in kinds.items() for each in _records(ledger, tenant, kind, name))
    found = (stated(index, record) for index, record in records)
    return sorted((one for one in found if supplier in {None, one.supplier}), key=lambda one: one.entry)


class Looking(Reading, Protocol):
    """What finding footprints of suppliers needs beside."""

    @property
    def listing(self) -> Listing:
        """Rows of lists."""
        ...


def stated_by(ledger: Looking, tenant: str, suppliers: Sequence[str]) -> list[Stated]:
    """Every footprint of some suppliers, oldest first: what they declared is found by the list's rows."""
    catch_up(ledger.entries, ledger.listing)
    places = list[int]()
    for kind in KINDS:
        for supplier in suppliers:
            after: Place | None = None
            while True:
                rows, after = ledger.listing.page(tenant, Among(kind, supplier), after, AT_ONCE)
                places += (row.seq for row in rows)
                if after is None:
                    break
    entries = ledger.entries.gathered(places)
    return [stated(seq, record_of(entries[seq])) for seq in sorted(places)]


def footprints_by(ledger: Reading, tenant: str, suppliers: Sequence[str], products: Sequence[str]) -> list[Stated]:
    """Footprints that some suppliers exchanged, and what they declared of some products, oldest first."""
    told = _told(ledger, tenant, "pcf", suppliers) + _told(
        ledger, tenant, "product_footprint", [named(product) for product in products]
    )
    found = (stated(index, record) for index, record in told if record["supplier"] in suppliers)
    return sorted(found, key=lambda one: one.entry)


def named(product: str) -> str:
    """A product as declarations are found by; a name that is no code, such as the URN of a partner's, as it is."""
    try:
        return canonical(product)
    except IdentityError:
        return product


def newest_footprints(ledger: Reading, tenant: str, before: int | None = None) -> Iterator[Stated]:
    """A tenant's footprints from the newest back, from below an entry on, read as they are asked for."""
    return heapq.merge(
        *(_newest(ledger, tenant, kind, before) for kind in KINDS), key=lambda one: one.entry, reverse=True
    )


def _newest(ledger: Reading, tenant: str, kind: str, before: int | None) -> Iterator[Stated]:
    while facts := ledger.projections.last_facts(tenant, kind, before=before, limit=AT_ONCE):
        entries = ledger.entries.gathered([fact.seq for fact in facts])
        for fact in facts:
            yield stated(fact.seq, record_of(entries[fact.seq]))
        before = facts[-1].seq


def standing_at(ledger: Reading, tenant: str, one: Stated, at: datetime) -> StoodFootprint:
    """How a footprint stood at a moment, by what was said until then."""
    return standings(ledger, tenant, (one,), at)[0]


class Heard(NamedTuple):
    """
    All that was said on some footprints, the oldest first: reviews by record id; what replaced or deprecated one, and
    when, by supplier and the footprint's own id.
    """

    reviews: dict[str, list[tuple[int, PcfReview]]]
    replaced: dict[tuple[str, str], list[tuple[int, datetime]]]

    def stood(self, one: Stated, at: datetime) -> StoodFootprint:
        """How one of them stood at a moment, by what was said until then."""
        reviews = [pair for pair in self.reviews.get(one.id, ()) if pair[1].occurred_at <= at]
        replaced = [seq for seq, when in self.replaced.get((one.supplier, one.footprint_id), ()) if when <= at]
        return StoodFootprint(one, standing_of(one, reviews, replaced, at.astimezone(UTC).date()), tuple(reviews))


def standings(ledger: Reading, tenant: str, footprints: Iterable[Stated], at: datetime) -> list[StoodFootprint]:
    """The same for many, what was said of all of them read at once."""
    listed = list(footprints)
    heard = heard_of(ledger, tenant, listed)
    return [heard.stood(one, at) for one in listed]


def heard_of(ledger: Reading, tenant: str, footprints: Iterable[Stated]) -> Heard:
    """What was said of these footprints. Only who made one may replace it."""
    owners = {one.id: (one.supplier, one.footprint_id) for one in footprints}
    found = Heard({}, {})
    facts = ledger.projections.facts_of(tenant, "pcf_review", list(owners))
    for index, entry in sorted(ledger.entries.gathered([fact.seq for fact in facts]).items()):
        review = decode_body(entry.body, "pcf_review")
        assert isinstance(review, PcfReview)
        found.reviews.setdefault(review.pcf, []).append((index, review))
    for index, record in _told(ledger, tenant, "pcf", sorted({supplier for supplier, _ in owners.values()})):
        one = stated(index, record)
        for earlier in one.replaces:
            said = (index, datetime.fromisoformat(record["occurred_at"]))
            found.replaced.setdefault((one.supplier, earlier), []).append(said)
    for index, record in _told(ledger, tenant, "pcf_status", list(owners)):
        said = (index, datetime.fromisoformat(record["occurred_at"]))
        found.replaced.setdefault(owners[record["pcf"]], []).append(said)
    return found


def _told(ledger: Reading, tenant: str, kind: str, subjects: Sequence[str]) -> list[tuple[int, dict[str, Any]]]:
    """Records of a kind on any of these, in the order of the log."""
    return _read(ledger, ledger.projections.facts_of(tenant, kind, subjects))


def _records(ledger: Reading, tenant: str, kind: str, subject: str | None = None) -> list[tuple[int, dict[str, Any]]]:
    return _read(ledger, ledger.projections.facts(tenant, kind, subject)) if kind in KIND_NUMBERS else []


def _read(ledger: Reading, facts: Sequence[Fact]) -> list[tuple[int, dict[str, Any]]]:
    entries: dict[int, Entry] = ledger.entries.gathered([fact.seq for fact in facts])
    return [(index, record_of(entries[index])) for index in sorted(entries)]
