"""How recorded footprints stand, now or at a past moment: their reviews and successors, out of the log."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol

from ledger.desk.reading import KINDS, stated
from ledger.desk.status import Standing, Stated, standing_of
from ledger.errors import IdentityError
from ledger.identity import canonical
from ledger.log.entry import Entry
from ledger.log.proof import record_of
from ledger.ports import EntryStore, Projections
from ledger.records.pcf_review import PcfReview
from ledger.records.record import KIND_NUMBERS, decode_body
from ledger.services.corrections import withdrawal_of

AT_ONCE: Final = 100
FEW: Final = 200
"""Footprints whose reviews are looked up one by one."""


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


def standings(ledger: Reading, tenant: str, footprints: Iterable[Stated], at: datetime) -> list[StoodFootprint]:
    """The same for many: of a page by footprint and supplier, of more of them all at once."""
    listed = list(footprints)
    few = len(listed) <= FEW
    reviews: dict[str, list[tuple[int, PcfReview]]] = {}
    for index, review in _reviews(ledger, tenant, [one.id for one in listed] if few else None):
        if review.occurred_at <= at:
            reviews.setdefault(review.pcf, []).append((index, review))
    replaced = _replaced(ledger, tenant, at, listed, few=few)
    day = at.astimezone(UTC).date()
    return [
        StoodFootprint(
            one,
            standing_of(one, reviews.get(one.id, ()), replaced.get((one.supplier, one.footprint_id), []), day),
            tuple(reviews.get(one.id, ())),
        )
        for one in listed
    ]


def _reviews(ledger: Reading, tenant: str, names: list[str] | None) -> list[tuple[int, PcfReview]]:
    known = ledger.projections
    facts = known.facts(tenant, "pcf_review") if names is None else known.facts_of(tenant, "pcf_review", names)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((index, decode_body(entries[index].body, "pcf_review")) for index in sorted(entries))
    return [(index, record) for index, record in found if isinstance(record, PcfReview)]


def _replaced(
    ledger: Reading, tenant: str, at: datetime, listed: Iterable[Stated], *, few: bool
) -> dict[tuple[str, str], list[int]]:
    """Entries that replace one of these, by its supplier and its own id: only who made it may replace it."""
    owners = {one.id: (one.supplier, one.footprint_id) for one in listed}
    found: dict[tuple[str, str], list[int]] = {}
    for supplier in {supplier for supplier, _ in owners.values()} if few else (None,):
        for index, record in _records(ledger, tenant, "pcf", supplier):
            one = stated(index, record)
            if datetime.fromisoformat(record["occurred_at"]) <= at:
                for earlier in one.replaces:
                    found.setdefault((one.supplier, earlier), []).append(index)
    for name in owners if few else (None,):
        for index, record in _records(ledger, tenant, "pcf_status", name):
            if record["pcf"] in owners and datetime.fromisoformat(record["occurred_at"]) <= at:
                found.setdefault(owners[record["pcf"]], []).append(index)
    return found


def _records(ledger: Reading, tenant: str, kind: str, subject: str | None = None) -> list[tuple[int, dict[str, Any]]]:
    if kind not in KIND_NUMBERS:
        return []
    facts = ledger.projections.facts(tenant, kind, subject)
    entries: dict[int, Entry] = ledger.entries.gathered([fact.seq for fact in facts])
    return [(index, record_of(entries[index])) for index in sorted(entries)]
