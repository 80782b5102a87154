"""
Footprints that are exchanged: published, deprecated, granted, and found by whoever may see them.

Who may see one ``pcf_sight`` decides: lists, single footprints, answers to requests and announcements all ask it by the
shelf. The protocol has no form for a part, so that only what is shown whole is on the shelf of whoever asks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar

from ledger.errors import AccessError, RecordError
from ledger.pact.filters import Filters
from ledger.pact.footprint import taken
from ledger.pact.value import instant, uuid
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.records.pcf import Pcf, PcfGrant, PcfStatus, Received, Scope
from ledger.records.pcf_share import HOUSE, ORGANISATION, VERIFIERS
from ledger.records.record import Record, check, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.pcf_sight import Recording, Sight, Subject
from ledger.services.project import catch_up

MOST_KEPT: Final = 20_000
"""Decoded footprints kept in memory, some kilobytes each."""
LONGEST_SEARCH: Final = 2_000
"""Footprints that one page looks through at most."""
AT_ONCE: Final = 500
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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


class PcfDeprecated(RecordError):
    """A footprint that is deprecated already; that is for good."""

    code = "pcf.deprecated"
    id: str
    en = "the footprint {id} is deprecated already"
    zh = "碳足迹 {id} 已停用"
    fix_en = "Publish a new footprint that names it as preceding"
    fix_zh = "请发布新的碳足迹并将其列为前一版本"


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


class Held(NamedTuple):
    """A footprint, its entry, and when it was deprecated, if it was."""

    entry: int
    record: Pcf
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

    def __init__(self, ledger: Recording) -> None:
        self.ledger = ledger
        self._read: OrderedDict[int, Pcf] = OrderedDict()
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
        sees = self._sight(viewer)
        gone = self._deprecated(viewer.tenant)
        while facts := self.ledger.projections.facts(viewer.tenant, "pcf", after=after, limit=AT_ONCE):
            for fact in facts:
                record = self._record(fact.seq)
                held = Held(fact.seq, record, gone.get(record.id))
                yield fact.seq, held if sees(held) else None
            after = facts[-1].seq

    def sees(self, viewer: Viewer, held: Held) -> bool:
        """Whether a viewer may see a footprint."""
        return self._sight(viewer)(held)

    def get(self, viewer: Viewer, name: str) -> Held:
        """One footprint by its own id. Raises ``PcfAbsent``, ``PcfNotShared``."""
        found = uuid(name)
        entry = self.ledger.entries.find(viewer.tenant, f"pcf:{found}") if found else None
        if entry is None:
            raise PcfAbsent(id=name[:100])
        record = self._record(entry.index)
        held = Held(entry.index, record, self._deprecated(viewer.tenant).get(record.id))
        if not self.sees(viewer, held):
            raise PcfNotShared
        return held

    def held(self, entry: int) -> Pcf:
        """The record of an entry of a footprint, whoever asks: the caller has decided who may."""
        return self._record(entry)

    def changes(self, tenant: str, start: int) -> list[tuple[int, Held]]:
        """Footprints that are new, or newly deprecated, from an entry on, with the entry that says so, in order."""
        gone = self._deprecated(tenant)
        facts = self.ledger.projections.facts
        found = [(fact.seq, fact.seq) for fact in facts(tenant, "pcf", after=start - 1)]
        for fact in facts(tenant, "pcf_status", after=start - 1):
            entry = self.ledger.entries.find(tenant, fact.subject)
            if entry is not None:
                found.append((fact.seq, entry.index))
        records = ((at, entry, self._record(entry)) for at, entry in sorted(found))
        return [(at, Held(entry, record, gone.get(record.id))) for at, entry, record in records]

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

    def _sight(self, viewer: Viewer) -> Callable[[Held], bool]:
        """Whether a footprint is shown whole: one's own, and what the switches and grants show."""
        own = viewer.organisation
        granted = self.grants(viewer.tenant, to=own) if own and not viewer.house else []
        reach = self.ledger.sight.looking(viewer.tenant, viewer.reader)

        def sees(held: Held) -> bool:
            record = held.record
            if own and record.supplier == own:
                return True
            shared = any(covers(one, record) for one in granted)
            return reach(Subject(held.entry, record.id, record.supplier, "pcf", shared)) == "whole"

        return sees

    def _deprecated(self, tenant: str) -> Mapping[str, datetime]:
        """When each footprint was deprecated, by its record's id."""
        with self._turn:
            held = self._gone.setdefault(tenant, _Followed())
            for fact in self.ledger.projections.facts(tenant, "pcf_status", after=held.last):
                held.add(fact.seq, fact.subject, EPOCH + timedelta(microseconds=fact.occurred_at))
            return dict(held.kept)

    def _record(self, entry: int) -> Pcf:
        with self._turn:
            known = self._read.get(entry)
        if known is None:
            found = decode_body(self.ledger.entries.entry(entry).body, "pcf")
            assert isinstance(found, Pcf)
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
