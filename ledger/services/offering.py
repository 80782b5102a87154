"""
Shipments that partners were granted, with the operation categories they are in, offered as footprints of the protocol.

What is offered is an entry, made once: its number follows from tenant, name and how often it was offered, under a key
of the house, so that two processes make the same one and nobody guesses it. When the legs of a shipment are others, or
its figure moved by ``MOVED`` or more, another is offered that names it, and it is deprecated in the same turn; a lesser
move (a hub's month goes on, and every pallet through it weighs a little less) leaves what was stated as it was.
Categories never change: what says something else has another name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from hashlib import sha256
from hmac import digest
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from ledger.errors import LedgerError
from ledger.ileap.derive import Derived, Shipment
from ledger.ileap.footprints import Stating, of_hoc, of_shipment, of_toc
from ledger.log.errors import RecordConflict
from ledger.ports import Folding, Random
from ledger.records.logistics_footprint import LogisticsFootprint, Of
from ledger.records.pcf import PcfStatus
from ledger.records.record import Record, check, decode_body
from ledger.services.capture import capture
from ledger.services.project import catch_up, catch_up_all
from ledger.services.shipment_grants import granted
from ledger.services.shipments import Shipping, shipments_page

MOVED: Final = Fraction(1, 100)
"""Of the figure last stated: PACT leaves to the owner which change is another footprint."""
EVERY: Final = timedelta(minutes=5)
SUBMITTER: Final = "exchange"
AT_ONCE: Final = 500
_KIND: Final = "logistics_footprint"
_DEPEND: Final = (
    "correction",
    "energy_use",
    "hub_operation",
    "shipment_grant",
    "site_refrigerant",
    "transport_leg",
    "transport_operation",
    "vehicle_model",
)
"""Kinds whose entries change what there is to offer."""


class Offerable(Shipping, Protocol):
    """What offering needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def random(self) -> Random: ...
    @property
    def further(self) -> Sequence[Folding]: ...


class House(NamedTuple):
    """Who states the footprints: name and ids (URNs) of the company, and the key that their numbers follow from."""

    company: str
    company_ids: tuple[str, ...]
    key: bytes


class Offered(NamedTuple):
    """How many footprints were offered, and how many of them or of earlier ones deprecated."""

    fresh: int
    deprecated: int

    def __add__(self, other: object) -> Offered:
        assert isinstance(other, Offered)
        return Offered(self.fresh + other.fresh, self.deprecated + other.deprecated)


class Statement(NamedTuple):
    """What was offered, with its entry, and whether it is deprecated since."""

    entry: int
    record: LogisticsFootprint
    deprecated: bool


def statements(ledger: Shipping, tenant: str, *, before: int | None = None, limit: int = 50) -> list[Statement]:
    """What was offered to any partner, the newest first."""
    facts = ledger.projections.last_facts(tenant, _KIND, before=before, limit=limit)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found: list[Statement] = []
    for fact in facts:
        record = decode_body(entries[fact.seq].body, _KIND)
        assert isinstance(record, LogisticsFootprint)
        gone = bool(ledger.projections.facts(tenant, "pcf_status", record.id, limit=1))
        found.append(Statement(fact.seq, record, gone))
    return found


class Offering:
    """Offers what is new. Safe to run in several processes at once."""

    def __init__(self, ledger: Offerable, house: House, tenants: Callable[[], Iterable[str]]) -> None:
        self._ledger, self._house, self._tenants = ledger, house, tenants
        self._seen: dict[str, tuple[object, ...]] = {}
        self._next: datetime | None = None

    def work(self, stopped: Callable[[], bool]) -> bool:
        """One turn: every tenant where something changed, every few minutes at most. Never asks for another turn."""
        now = self._ledger.clock.now()
        if self._next is not None and now < self._next:
            return False
        self._next = now + EVERY
        for tenant in sorted(self._tenants()):
            counts = self._ledger.projections.counts(tenant)
            stands = (*(counts.get(kind, 0) for kind in _DEPEND), self._ledger.factors.current().hash)
            if counts.get("shipment_grant", 0) and self._seen.get(tenant) != stands:
                self.offer(tenant, stopped)
                if not stopped():
                    self._seen[tenant] = stands
        return False

    def offer(self, tenant: str, stopped: Callable[[], bool] = lambda: False) -> Offered:
        """Go through all that any partner was granted, and offer what is new or became another."""
        ledger = self._ledger
        catch_up(ledger.entries, ledger.projections)
        catch_up_all(ledger.entries, ledger.further)
        wanted = granted(ledger, tenant)
        done, after = Offered(0, 0), ""
        while not stopped():
            page = shipments_page(ledger, tenant, wanted, after=after)
            done += self._recorded(tenant, list(self._news(tenant, page.derived)))
            after = page.after
            if not after:
                return done + self._recorded(tenant, list(self._gone(tenant)))
        return done

    def _news(self, tenant: str, derived: Derived) -> Iterator[Record]:
        """Footprints of categories and shipments that are new, each before what names it, and what they replace."""
        at = self._ledger.clock.now()
        factor_set = self._ledger.factors.current().hash
        told: set[str] = set()

        def made(of: Of, name: str, state: Callable[[Stating], dict[str, object]], **parts: object) -> Iterator[Record]:
            earlier = self._earlier(tenant, f"{of}:{name}")
            preceding = earlier[-1].id.removeprefix("pcf:") if earlier else None
            number = self._number(tenant, f"{of}:{name}", len(earlier))
            stating = Stating(self._house.company, self._house.company_ids, number, at, preceding)
            yield LogisticsFootprint(
                **parts,  # type: ignore[arg-type]  # they are a shipment's
                factor_set=factor_set,
                footprint=state(stating),
                id=f"pcf:{number}",
                kind=_KIND,
                name=name,
                occurred_at=at,
                of=of,
                supplier=tenant,
                version=1,
            )
            if earlier and not self._deprecated(tenant, earlier[-1]):
                yield self._deprecation(earlier[-1], at, "stated anew", f"pcf:{number}")

        for name, shipment in sorted(derived.shipments.items()):
            earlier = self._earlier(tenant, f"shipment:{name}")
            if earlier and not _moved(earlier[-1], shipment) and not self._deprecated(tenant, earlier[-1]):
                continue
            categories = _categories(shipment)
            for category in categories:
                of, _, held = category.partition(":")
                if category in told or self._earlier(tenant, category):
                    continue
                told.add(category)
                backing = derived.backing[held]
                if of == "toc":
                    yield from made("toc", held, partial(of_toc, derived.tocs[held], backing))
                else:
                    yield from made("hoc", held, partial(of_hoc, derived.hocs[held], backing))
            yield from made(
                "shipment",
                name,
                partial(of_shipment, shipment),
                categories=categories,
                entries=shipment.entries,
                routes=shipment.routes,
            )
        for name, error in sorted(derived.gaps.items()):
            yield from self._no_more(tenant, name, at, f"it can no longer be stated: {error.message('en')}"[:500])

    def _gone(self, tenant: str) -> Iterator[Record]:
        """Deprecations of shipments of which nothing is recorded any more."""
        at, after = self._ledger.clock.now(), -1
        while facts := self._ledger.projections.facts(tenant, _KIND, after=after, limit=AT_ONCE):
            after = facts[-1].seq
            names = sorted({fact.subject.partition(":")[2] for fact in facts if fact.subject.startswith("shipment:")})
            recorded = self._ledger.shipments.entries(tenant, names)
            for name in names:
                if name not in recorded:
                    yield from self._no_more(tenant, name, at, "its records were withdrawn")

    def _no_more(self, tenant: str, name: str, at: datetime, reason: str) -> Iterator[Record]:
        for earlier in self._earlier(tenant, f"shipment:{name}")[-1:]:
            if not self._deprecated(tenant, earlier):
                yield self._deprecation(earlier, at, reason, None)

    def _earlier(self, tenant: str, subject: str) -> list[LogisticsFootprint]:
        """What was offered under a name, the newest last."""
        facts = self._ledger.projections.facts(tenant, _KIND, subject)
        entries = self._ledger.entries.gathered([fact.seq for fact in facts])
        return [decode_body(entries[fact.seq].body, _KIND) for fact in facts]  # type: ignore[misc]  # it is of that kind

    def _deprecated(self, tenant: str, one: LogisticsFootprint) -> bool:
        return bool(self._ledger.projections.facts(tenant, "pcf_status", one.id, limit=1))

    def _number(self, tenant: str, subject: str, earlier: int) -> str:
        said = f"{tenant}\n{subject}\n{earlier}".encode()
        return str(UUID(bytes=digest(self._house.key, said, sha256)[:16], version=4))

    def _deprecation(self, one: LogisticsFootprint, at: datetime, reason: str, successor: str | None) -> PcfStatus:
        return PcfStatus(
            id=f"{one.id}#deprecated",
            kind="pcf_status",
            occurred_at=at,
            pcf=one.id,
            reason=reason,
            status="Deprecated",
            successor=successor,
            supplier=one.supplier,
            version=1,
        )

    def _recorded(self, tenant: str, records: list[Record]) -> Offered:
        """Record them together. What another process recorded first is there already. Raises what else is wrong."""
        if not records:
            return Offered(0, 0)
        for record in records:
            check(record)
        ledger = self._ledger
        outcomes = capture(
            ledger.entries, ledger.clock, ledger.random, tenant=tenant, submitter=SUBMITTER, records=records
        )
        taken: list[str] = []
        for record, outcome in zip(records, outcomes, strict=True):
            if not isinstance(outcome, LedgerError):
                taken.append(record.kind)
            elif not isinstance(outcome, RecordConflict):
                raise outcome
        catch_up(ledger.entries, ledger.projections)
        catch_up_all(ledger.entries, ledger.further)
        return Offered(taken.count(_KIND), taken.count("pcf_status"))


def _categories(shipment: Shipment) -> tuple[str, ...]:
    """The categories of a shipment's elements, each once."""
    named = {f"toc:{one.toc_id}" if one.toc_id is not None else f"hoc:{one.hoc_id}" for one in shipment.footprint.tces}
    return tuple(sorted(named))


def _moved(earlier: LogisticsFootprint, shipment: Shipment) -> bool:
    """Whether a shipment is another than the one that was stated."""
    if earlier.entries != shipment.entries:
        return True
    stated = Fraction(str(earlier.footprint["pcf"]["pcfExcludingBiogenicUptake"]))
    now = sum((Fraction(one.co2e_wtw) for one in shipment.footprint.tces), Fraction(0))
    return abs(now - stated) >= MOVED * stated if stated else now != 0
