"""
Footprints that are exchanged, found by whoever may see them.

Who may see one ``pcf_sight`` decides, and of shipments and their categories the grants of shipments: lists, single
footprints, answers to requests and announcements all ask it by the shelf. The protocol has no form for a part, so that
only what is shown whole is on the shelf of whoever asks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final, Generic, NamedTuple, TypeVar

from ledger.errors import AccessError, RecordError
from ledger.log.proof import record_of
from ledger.pact.filters import Filters
from ledger.pact.value import uuid
from ledger.ports import Clock, EntryStore, Fact, Projections, Random
from ledger.ports.shipments import Shipments, Wanted
from ledger.records.logistics_footprint import LogisticsFootprint
from ledger.records.pcf import Pcf, PcfGrant
from ledger.records.pcf_share import HOUSE, ORGANISATION, VERIFIERS
from ledger.records.record import decode_body
from ledger.services.pcf_sight import Recording, Sight, Subject
from ledger.services.shipment_grants import visible

MOST_KEPT: Final = 20_000
"""Decoded footprints kept in memory, some kilobytes each."""
LONGEST_SEARCH: Final = 2_000
"""Footprints that one page looks through at most."""
AT_ONCE: Final = 500
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
OFFERED: Final = ("pcf", "logistics_footprint")
"""Kinds of records that are footprints of the protocol."""


class PcfAbsent(RecordError):
    """There is no such footprint."""

    code = "pcf.absent"
    id: str
    en = "there is no footprint {id}"
    zh = "没有碳足迹 {id}"
    fix_en = "Compare the id with the list of footprints"
    fix_zh = "请与碳足迹列表核对编号"


class PcfNotShared(AccessError):
    """A footprint that its owner has not shared with who asks."""

    code = "pcf.not-shared"
    en = "the footprint is not shared with you"
    zh = "该碳足迹未向您共享"
    fix_en = "Ask its owner for access"
    fix_zh = "请向数据所有者申请授权"


class Viewer(NamedTuple):
    """Who asks: of which tenant, for which organisation, whether it is the house itself, and whether to verify."""

    tenant: str
    organisation: str
    house: bool
    verifies: bool = False

    @property
    def reader(self) -> str:
        """Whose switches count."""
        if self.verifies:
            return VERIFIERS
        return HOUSE if self.house else f"{ORGANISATION}{self.organisation}"


Footprint = Pcf | LogisticsFootprint


class Held(NamedTuple):
    """A footprint, its entry, and when it was deprecated, if it was."""

    entry: int
    record: Footprint
    deprecated_at: datetime | None

    @property
    def id(self) -> str:
        """The footprint's own id."""
        return str(self.record.footprint["id"])

    def asked_for(self, filters: Filters) -> bool:
        """Whether criteria ask for it."""
        return filters.matches(self.record.footprint, deprecated=self.deprecated_at is not None)


Shown = TypeVar("Shown")


class Page(NamedTuple, Generic[Shown]):
    """Footprints in the order of their entries; ``after`` is where the next page begins, ``None`` at the end."""

    found: list[Shown]
    after: int | None


class Recorder(NamedTuple):
    """``Recording`` of parts that are at hand before a ledger is."""

    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random
    sight: Sight


class Shelf:
    """
    The footprints of a ledger as its projection names them. Safe from any thread.

    Records read once are kept; grants and deprecations are followed, so that a look costs what is new of them.
    """

    def __init__(self, ledger: Recording, shipments: Shipments) -> None:
        self.ledger = ledger
        self._shipments = shipments
        self._read: OrderedDict[int, Footprint] = OrderedDict()
        self._gone: dict[str, _Followed[datetime]] = {}
        self._granted: dict[str, _Followed[PcfGrant]] = {}
        self._turn = Lock()

    def page(
        self, viewer: Viewer, shown: Callable[[Held], Shown | None], *, after: int = -1, limit: int = 100
    ) -> Page[Shown]:
        """At most ``limit`` of what ``shown`` makes of footprints that ``viewer`` may see, with entry > ``after``."""
        found: list[Shown] = []
        last = after
        for looked, (entry, held) in enumerate(self._looked_at(viewer, after)):
            if len(found) == limit or looked == LONGEST_SEARCH:
                return Page(found, last)
            last = entry
            said = shown(held) if held is not None else None
            if said is not None:
                found.append(said)
        return Page(found, None)

    def seen(self, viewer: Viewer) -> Iterator[Held]:
        """What a viewer may see, in the order of entries, read as it is asked for."""
        return (held for _, held in self._looked_at(viewer, -1) if held is not None)

    def _looked_at(self, viewer: Viewer, after: int) -> Iterator[tuple[int, Held | None]]:
        """Every footprint of the tenant by its entry, ``None`` for one that the viewer may not see."""
        gone = self._deprecated(viewer.tenant)
        for facts in self._chunks(viewer.tenant, after):
            held = [self._held(fact.seq, fact.kind, gone) for fact in facts]
            for one, seen in zip(held, self._seen(viewer, held), strict=True):
                yield one.entry, one if seen else None

    def _chunks(self, tenant: str, after: int) -> Iterator[list[Fact]]:
        """Facts of every kind of footprint in the order of entries, some at once."""
        while True:
            by_kind = [self.ledger.projections.facts(tenant, kind, after=after, limit=AT_ONCE) for kind in OFFERED]
            # behind the last one of a full answer there may be more of its kind
            stop = min((facts[-1].seq for facts in by_kind if len(facts) == AT_ONCE), default=None)
            chunk = [one for facts in by_kind for one in facts if stop is None or one.seq <= stop]
            if not chunk:
                return
            yield sorted(chunk, key=lambda one: one.seq)
            after = max(one.seq for one in chunk)

    def sees(self, viewer: Viewer, held: Held) -> bool:
        """Whether a viewer may see a footprint."""
        return self._seen(viewer, [held])[0]

    def get(self, viewer: Viewer, name: str) -> Held:
        """One footprint by its own id. Raises ``PcfAbsent``, ``PcfNotShared``."""
        found = uuid(name)
        entry = self.ledger.entries.find(viewer.tenant, f"pcf:{found}") if found else None
        if entry is None:
            raise PcfAbsent(id=name[:100])
        held = self._held(entry.index, None, self._deprecated(viewer.tenant))
        if not self.sees(viewer, held):
            raise PcfNotShared
        return held

    def pcf(self, entry: int) -> Pcf:
        """The record of an entry of a product footprint, whoever asks: the caller has decided who may."""
        record = self._record(entry, "pcf")
        assert isinstance(record, Pcf)
        return record

    def changes(self, tenant: str, start: int) -> list[tuple[int, Held]]:
        """Footprints that are new, or newly deprecated, from an entry on, with the entry that says so, in order."""
        gone = self._deprecated(tenant)
        facts = self.ledger.projections.facts
        found = [(fact.seq, fact.seq) for kind in OFFERED for fact in facts(tenant, kind, after=start - 1)]
        for fact in facts(tenant, "pcf_status", after=start - 1):
            entry = self.ledger.entries.find(tenant, fact.subject)
            if entry is not None:
                found.append((fact.seq, entry.index))
        return [(at, self._held(entry, None, gone)) for at, entry in sorted(found)]

    def grants(self, tenant: str, *, to: str | None = None) -> list[PcfGrant]:
        """The grants in force, the last of each kind: to a partner, or all."""
        now = self.ledger.clock.now()
        with self._turn:
            held = self._granted.setdefault(tenant, _Followed())
            for fact in self.ledger.projections.facts(tenant, "pcf_grant", after=held.last):
                one = decode_body(self.ledger.entries.entry(fact.seq).body, "pcf_grant")
                assert isinstance(one, PcfGrant)
                held.add(fact.seq, f"{one.supplier}\n{one.grantee}\n{one.scope}\n{(one.value or '').casefold()}", one)
            last = list(held.kept.values())
        in_force = (one for one in last if not one.revoked and (one.until is None or one.until > now))
        return [one for one in in_force if to is None or one.grantee == to]

    def _seen(self, viewer: Viewer, held: Sequence[Held]) -> list[bool]:
        """Which footprints are shown whole: one's own, and what switches and grants show."""
        own = viewer.organisation
        granted = self.grants(viewer.tenant, to=own) if own and not viewer.house else []
        reach = self.ledger.sight.looking(viewer.tenant, viewer.reader)
        logistics = [one.record for one in held if isinstance(one.record, LogisticsFootprint)]
        carried = self._carried(viewer, logistics) if logistics else frozenset()

        def sees(one: Held) -> bool:
            record = one.record
            if isinstance(record, LogisticsFootprint):
                return record.id in carried
            if own and record.supplier == own:
                return True
            shared = any(covers(each, record) for each in granted)
            return reach(Subject(one.entry, record.id, record.supplier, "pcf", shared)) == "whole"

        return [sees(one) for one in held]

    def _carried(self, viewer: Viewer, logistics: Sequence[LogisticsFootprint]) -> frozenset[str]:
        """Those of shipments that a viewer was granted, and of the categories that these are in, by record id."""
        wanted = Wanted()
        if viewer.house or viewer.organisation:
            wanted = visible(self.ledger, viewer.tenant, "" if viewer.house else viewer.organisation)
        categories = [one.category for one in logistics if one.of != "shipment"]
        shown = self._shipments.categories(viewer.tenant, wanted, categories)
        return frozenset(
            one.id
            for one in logistics
            if (wanted.covers(one.name, one.routes) if one.of == "shipment" else one.category in shown)
        )

    def _deprecated(self, tenant: str) -> Mapping[str, datetime]:
        """When each footprint was deprecated, by its record's id."""
        with self._turn:
            held = self._gone.setdefault(tenant, _Followed())
            for fact in self.ledger.projections.facts(tenant, "pcf_status", after=held.last):
                held.add(fact.seq, fact.subject, EPOCH + timedelta(microseconds=fact.occurred_at))
            return dict(held.kept)

    def _held(self, entry: int, kind: str | None, gone: Mapping[str, datetime]) -> Held:
        record = self._record(entry, kind)
        return Held(entry, record, gone.get(record.id))

    def _record(self, entry: int, kind: str | None = None) -> Footprint:
        with self._turn:
            known = self._read.get(entry)
        if known is None:
            stored = self.ledger.entries.entry(entry)
            found = decode_body(stored.body, kind or record_of(stored)["kind"])
            assert isinstance(found, Footprint)
            with self._turn:
                self._read[entry] = known = found
                while len(self._read) > MOST_KEPT:
                    self._read.popitem(last=False)
        return known


Kept = TypeVar("Kept")


class _Followed(Generic[Kept]):
    """What a kind of record says by name, the last of each, up to an entry."""

    def __init__(self) -> None:
        self.last = -1
        self.kept: dict[str, Kept] = {}

    def add(self, entry: int, name: str, one: Kept) -> None:
        self.last = entry
        self.kept[name] = one


def covers(grant: PcfGrant, record: Pcf) -> bool:
    """Whether a grant shows a footprint."""
    if grant.supplier != record.supplier:
        return False
    if grant.scope == "all":
        return True
    held = "productIds" if grant.scope == "product" else "productClassifications"
    names: list[str] = record.footprint.get(held, [])
    return any(name.casefold() == (grant.value or "").casefold() for name in names)
