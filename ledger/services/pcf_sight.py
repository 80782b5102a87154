"""
Who sees how much of a footprint: the one place where it is decided, for pages, interfaces, exchange and tenders.

A supplier turns switches, each turn an entry. Where it turned none, what its own people stated is shown to the house by
its total, to verifiers whole (nobody reviews what is hidden), to partners not at all; what the house entered for it
the house knows anyway, and shares by its grants.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.desk.errors import FootprintAbsent
from ledger.desk.status import Stated
from ledger.log.proof import record_of
from ledger.ports import EntryStore, Projections, Receipt
from ledger.records.pcf_share import HOUSE, TENDER, VERIFIERS, PcfShare, Reach
from ledger.records.record import check, decode_body
from ledger.services.access import PrincipalStore
from ledger.services.capture import Capturing, Submission, capture_one
from ledger.services.project import catch_up

MOST_KNOWN: Final = 100_000
"""Entries of which is kept in memory whether the supplier's own people made them."""


class Subject(NamedTuple):
    """A footprint as far as the decision goes. ``granted``: a grant of the house would show it to this reader."""

    entry: int
    id: str
    supplier: str
    kind: str
    granted: bool = False

    @classmethod
    def of(cls, one: Stated) -> Subject:
        """Of a footprint that was read."""
        return cls(one.entry, one.id, one.supplier, one.kind)


class Turned(NamedTuple):
    """A switch as it was turned, with its entry."""

    entry: int
    share: PcfShare


class Recording(Capturing, Protocol):
    """What recording footprints, and who sees them, needs of a ledger."""

    @property
    def projections(self) -> Projections: ...
    @property
    def sight(self) -> Sight: ...


class _Submitted(msgspec.Struct):
    submitter: str


_SUBMITTER: Final = msgspec.json.Decoder(_Submitted)


class Sight:
    """Decides for every reader of every footprint. Safe from any thread; reads what is new of switches, once."""

    def __init__(self, entries: EntryStore, projections: Projections, principals: PrincipalStore) -> None:
        self._entries, self._projections, self._principals = entries, projections, principals
        self._turn = Lock()
        self._last: dict[str, int] = {}
        self._turned: dict[str, dict[tuple[str, str], list[Turned]]] = {}
        self._own: OrderedDict[int, bool] = OrderedDict()

    def looking(self, tenant: str, reader: str) -> Callable[[Subject], Reach]:
        """How much a reader sees of footprints, as switches stand now."""
        turned = self._followed(tenant)

        def reach(one: Subject) -> Reach:
            said = turned.get((one.id, reader), ())
            mine = [each.share.reach for each in said if each.share.supplier == one.supplier]
            return mine[-1] if mine else self._unsaid(reader, one)

        return reach

    def reach(self, tenant: str, reader: str, one: Subject) -> Reach:
        """How much a reader sees of one footprint."""
        return self.looking(tenant, reader)(one)

    def history(self, tenant: str, pcf: str, supplier: str) -> list[Turned]:
        """Every turn of a footprint's switches by its supplier, the newest first."""
        found = [one for (name, _), turns in self._followed(tenant).items() if name == pcf for one in turns]
        return sorted((one for one in found if one.share.supplier == supplier), key=lambda one: -one.entry)

    def _unsaid(self, reader: str, one: Subject) -> Reach:
        """What silence means."""
        if reader == VERIFIERS:
            return "whole"
        if one.kind == "product_footprint":  # a declaration is its total
            return "whole" if reader == HOUSE or reader.startswith(TENDER) or one.granted else "nobody"
        own = self._by_its_own(one.entry, one.supplier)
        if reader == HOUSE:
            return "total" if own else "whole"
        if reader.startswith(TENDER):
            return "total"
        return "whole" if one.granted and not own else "nobody"

    def _by_its_own(self, entry: int, supplier: str) -> bool:
        """Whether an account of the supplier's organisation handed an entry in."""
        with self._turn:
            known = self._own.get(entry)
        if known is None:
            submitter = _SUBMITTER.decode(self._entries.entry(entry).body).submitter
            stored = self._principals.get(submitter)
            known = stored is not None and bool(supplier) and stored.principal.organisation == supplier
            with self._turn:
                self._own[entry] = known
                while len(self._own) > MOST_KNOWN:
                    self._own.popitem(last=False)
        return known

    def _followed(self, tenant: str) -> dict[tuple[str, str], list[Turned]]:
        with self._turn:
            after = self._last.get(tenant, -1)
        fresh: list[Turned] = []
        for fact in self._projections.facts(tenant, "pcf_share", after=after):
            made = decode_body(self._entries.entry(fact.seq).body, "pcf_share")
            assert isinstance(made, PcfShare)
            if self._by_its_own(fact.seq, made.supplier):
                fresh.append(Turned(fact.seq, made))
            after = fact.seq
        with self._turn:
            turned = self._turned.setdefault(tenant, {})
            last = self._last.get(tenant, -1)
            for one in fresh:
                if one.entry > last:  # another thread may have come first
                    key = (one.share.pcf, one.share.reader)
                    turned[key] = [*turned.get(key, []), one]
            self._last[tenant] = max(last, after)
            return dict(turned)


def turn(ledger: Recording, submission: Submission, pcf: str, reader: str, reach: Reach) -> Receipt | None:
    """
    Turn a switch of one of the submitter's own footprints; ``None`` when it stands so already.

    Raises ``FootprintAbsent`` alike for absent ones and for others'.
    """
    catch_up(ledger.entries, ledger.projections)
    one = own_subject(ledger.entries, submission.tenant, submission.organisation, pcf)
    turns = [each for each in ledger.sight.history(submission.tenant, pcf, one.supplier) if each.share.reader == reader]
    if (turns[0].share.reach if turns else ledger.sight.reach(submission.tenant, reader, one)) == reach:
        return None
    record = PcfShare(
        id=f"share:{ledger.random.token(12).hex()}",
        kind="pcf_share",
        occurred_at=ledger.clock.now(),
        pcf=pcf,
        reach=reach,
        reader=reader,
        supplier=one.supplier,
        version=1,
    )
    check(record)
    outcome = capture_one(ledger, submission, record)
    catch_up(ledger.entries, ledger.projections)
    return outcome


def own_subject(entries: EntryStore, tenant: str, supplier: str, pcf: str) -> Subject:
    """A supplier's own footprint. Raises ``FootprintAbsent``."""
    entry = entries.find(tenant, pcf)
    record = {} if entry is None else record_of(entry)
    if entry is None or record.get("kind") not in {"pcf", "product_footprint"} or record["supplier"] != supplier:
        raise FootprintAbsent(pcf=pcf[:200])
    return Subject(entry.index, pcf, supplier, record["kind"])
