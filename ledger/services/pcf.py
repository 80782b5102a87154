"""
Footprints that are exchanged: published, deprecated, granted, and found by whoever may see them.

Who may see one is decided in ``Shelf.seen`` and nowhere else: lists, single footprints, answers to requests and
announcements all ask it. A house's people see the tenant's, a supplier its own, a partner what was granted to it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from ledger.errors import AccessError, LedgerError, RecordError
from ledger.pact.filters import Filters
from ledger.pact.footprint import served, taken
from ledger.pact.value import instant, uuid
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.records.pcf import Pcf, PcfGrant, PcfStatus, Received, Scope
from ledger.records.record import Record, check, decode_body
from ledger.services.capture import Submission, capture
from ledger.services.project import catch_up

MOST_KEPT: Final = 20_000
"""Decoded footprints kept in memory, some kilobytes each."""
LONGEST_SEARCH: Final = 2_000
"""Footprints that one page looks through at most."""


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
    """Who asks: of which tenant, for which organisation, and whether it is the house itself."""

    tenant: str
    organisation: str
    house: bool


class Held(NamedTuple):
    """A footprint, its entry, and when it was deprecated, if it was."""

    entry: int
    record: Pcf
    deprecated_at: datetime | None

    @property
    def id(self) -> str:
        """The footprint's own id."""
        return str(self.record.footprint["id"])

    def document(self) -> dict[str, Any]:
        """As version 3 sends it."""
        return served(self.record.footprint, deprecated=self.deprecated_at is not None)


class Page(NamedTuple):
    """Footprints in the order of their entries; ``after`` is where the next page begins, ``None`` at the end."""

    found: list[Held]
    after: int | None


class Recording(Protocol):
    """What is needed of a ledger."""

    @property
    def entries(self) -> EntryStore: ...
    @property
    def projections(self) -> Projections: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> Random: ...


class Recorder(NamedTuple):
    """``Recording`` of parts that are at hand before a ledger is."""

    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random


Kind = TypeVar("Kind", Pcf, PcfStatus, PcfGrant)


class Shelf:
    """The footprints of a ledger as its projection names them; records read once are kept. Safe from any thread."""

    def __init__(self, ledger: Recording) -> None:
        self.ledger = ledger
        self._read: OrderedDict[int, Record] = OrderedDict()

    def page(self, viewer: Viewer, filters: Filters, *, after: int = -1, limit: int = 100) -> Page:
        """At most ``limit`` footprints that ``viewer`` may see and ``filters`` ask for, with entry > ``after``."""
        found: list[Held] = []
        last, looked = after, 0
        for held in self.seen(viewer, after=after):
            if len(found) == limit or looked == LONGEST_SEARCH:
                return Page(found, last)
            looked, last = looked + 1, held.entry
            if filters.matches(held.record.footprint, deprecated=held.deprecated_at is not None):
                found.append(held)
        return Page(found, None)

    def seen(self, viewer: Viewer, *, after: int = -1) -> Iterator[Held]:
        """What a viewer may see, in the order of entries."""
        gone = self._deprecated(viewer.tenant)
        own = viewer.organisation if not viewer.house else None
        granted = self.grants(viewer.tenant, to=own) if own is not None else []
        facts = self.ledger.projections.facts(viewer.tenant, "pcf")
        for fact in facts:
            if fact.seq <= after:
                continue
            record = self._record(fact.seq, Pcf)
            if viewer.house or record.supplier == own or any(covers(one, record) for one in granted):
                yield Held(fact.seq, record, gone.get(record.id))

    def get(self, viewer: Viewer, name: str) -> Held:
        """One footprint by its own id. Raises ``PcfAbsent``, ``PcfNotShared``."""
        found = uuid(name)
        entry = self.ledger.entries.find(viewer.tenant, f"pcf:{found}") if found else None
        if entry is None:
            raise PcfAbsent(id=name[:100])
        record = self._record(entry.index, Pcf)
        own = record.supplier == viewer.organisation
        if not viewer.house and not own:
            granted = self.grants(viewer.tenant, to=viewer.organisation)
            if not any(covers(one, record) for one in granted):
                raise PcfNotShared
        return Held(entry.index, record, self._deprecated(viewer.tenant).get(record.id))

    def grants(self, tenant: str, *, to: str | None = None, of: str | None = None) -> list[PcfGrant]:
        """The grants in force, the last of each kind: to a partner, of a supplier, or all."""
        last: dict[tuple[str, str, str, str], PcfGrant] = {}
        now = self.ledger.clock.now()
        for fact in self.ledger.projections.facts(tenant, "pcf_grant", of):
            one = self._record(fact.seq, PcfGrant)
            last[one.supplier, one.grantee, one.scope, (one.value or "").casefold()] = one
        in_force = (one for one in last.values() if not one.revoked and (one.until is None or one.until > now))
        return [one for one in in_force if to is None or one.grantee == to]

    def _deprecated(self, tenant: str) -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        for fact in self.ledger.projections.facts(tenant, "pcf_status"):
            one = self._record(fact.seq, PcfStatus)
            found.setdefault(one.pcf, one.occurred_at)
        return found

    def _record(self, entry: int, form: type[Kind]) -> Kind:
        known = self._read.get(entry)
        if known is None:
            kind = {Pcf: "pcf", PcfStatus: "pcf_status", PcfGrant: "pcf_grant"}[form]
            known = self._read[entry] = decode_body(self.ledger.entries.entry(entry).body, kind)
            while len(self._read) > MOST_KEPT:
                self._read.popitem(last=False)
        assert isinstance(known, form)
        return known


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
    parts: dict[str, Any] = {"entries": ledger.entries, "clock": ledger.clock, "random": ledger.random}
    held: list[Record] = [record]
    (outcome,) = capture(**parts, tenant=submission.tenant, submitter=submission.submitter, records=held)
    if isinstance(outcome, LedgerError):
        raise outcome
    catch_up(ledger.entries, ledger.projections)
    return outcome


def stamp(at: datetime | None) -> str | None:
    """When it was deprecated, as version 2 says it."""
    return None if at is None else instant(at)


def documents(found: Iterable[Held]) -> list[dict[str, Any]]:
    """As version 3 sends them."""
    return [held.document() for held in found]
