"""How recorded footprints stand, now or at a past moment: their reviews and successors, out of the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from ledger.desk.reading import KINDS, stated
from ledger.desk.status import Standing, Stated, standing_of
from ledger.log.entry import Entry
from ledger.log.proof import record_of
from ledger.ports import EntryStore, Projections
from ledger.records.pcf_review import PcfReview
from ledger.records.record import KIND_NUMBERS, decode_body
from ledger.services.corrections import withdrawal_of


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


def footprints_of(ledger: Reading, tenant: str, supplier: str | None = None) -> list[Stated]:
    """A tenant's footprints of one supplier, or of all, oldest first."""
    found = (stated(index, record) for kind in KINDS for index, record in _records(ledger, tenant, kind))
    return sorted((one for one in found if supplier in {None, one.supplier}), key=lambda one: one.entry)


def standing_at(ledger: Reading, tenant: str, one: Stated, at: datetime) -> StoodFootprint:
    """How a footprint stood at a moment, by what was said until then."""
    return standings(ledger, tenant, (one,), at)[0]


def standings(ledger: Reading, tenant: str, footprints: Iterable[Stated], at: datetime) -> list[StoodFootprint]:
    """The same for many: reviews and successors are read once."""
    listed = list(footprints)
    only = listed[0].id if len(listed) == 1 else None
    reviews: dict[str, list[tuple[int, PcfReview]]] = {}
    for index, review in _reviews(ledger, tenant, only):
        if review.occurred_at <= at:
            reviews.setdefault(review.pcf, []).append((index, review))
    replaced = _replaced(ledger, tenant, at)
    day = at.astimezone(UTC).date()
    return [
        StoodFootprint(
            one,
            standing_of(one, reviews.get(one.id, ()), replaced.get((one.supplier, one.footprint_id), []), day),
            tuple(reviews.get(one.id, ())),
        )
        for one in listed
    ]


def _reviews(ledger: Reading, tenant: str, pcf: str | None) -> list[tuple[int, PcfReview]]:
    facts = ledger.projections.facts(tenant, "pcf_review", pcf)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((index, decode_body(entries[index].body, "pcf_review")) for index in sorted(entries))
    return [(index, record) for index, record in found if isinstance(record, PcfReview)]


def _replaced(ledger: Reading, tenant: str, at: datetime) -> dict[tuple[str, str], list[int]]:
    """Entries that replace a footprint, by its supplier and its own id: only who made it may replace it."""
    found: dict[tuple[str, str], list[int]] = {}
    owners: dict[str, tuple[str, str]] = {}
    for index, record in _records(ledger, tenant, "pcf"):
        one = stated(index, record)
        owners[one.id] = (one.supplier, one.footprint_id)
        if datetime.fromisoformat(record["occurred_at"]) <= at:
            for earlier in one.replaces:
                found.setdefault((one.supplier, earlier), []).append(index)
    for index, record in _records(ledger, tenant, "pcf_status"):
        if record["pcf"] in owners and datetime.fromisoformat(record["occurred_at"]) <= at:
            found.setdefault(owners[record["pcf"]], []).append(index)
    return found


def _records(ledger: Reading, tenant: str, kind: str) -> list[tuple[int, dict[str, Any]]]:
    if kind not in KIND_NUMBERS:
        return []
    entries: dict[int, Entry] = ledger.entries.gathered([fact.seq for fact in ledger.projections.facts(tenant, kind)])
    return [(index, record_of(entries[index])) for index in sorted(entries)]
