"""
The one place where a tenant's view of the log is cut out. Whatever is another's is absent, not forbidden.

Within a tenant, tenders' records (schemes, bids, score sheets) are seen only by roles with ``prices.read``, recorded
deeds only by roles with ``audit.read``, and a supplier sees what its organisation handed in and what names it: nothing
of another supplier. A footprint's entry is shown to whom its supplier shows it whole (``services.pcf_sight``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from api.permissions import Permission, may
from ledger.desk.reading import KINDS
from ledger.log.entry import Entry
from ledger.log.errors import EntryAbsent
from ledger.ports import LeafRow
from ledger.records.epcis import record_id
from ledger.records.pcf_share import HOUSE, VERIFIERS
from ledger.records.record import KIND_NUMBERS
from ledger.services.access import Principal
from ledger.services.coverage import states
from ledger.services.pcf_sight import Subject
from ledger.wiring import Ledger

PRICED: Final = frozenset({"scheme", "bid", "score_sheet", "robustness_card", "panel_marks"})
_OPENING: Final = frozenset({"key_release"})
"""What opens sealed bids."""
_NEEDS: Final[Mapping[str, Permission]] = {"audit": "audit.read", **dict.fromkeys(PRICED | _OPENING, "prices.read")}
"""Kinds that not everyone with ``entries.read`` sees, and what seeing them needs."""
LONGEST_SEARCH: Final = 50_000
"""Entries one page looks through at most; a tenant with few entries among many gets shorter pages, not slower ones."""


class _Kind(msgspec.Struct):
    kind: str
    id: str = ""
    supplier: str = ""
    grantee: str = ""

    def names(self, organisation: str) -> bool:
        """Whether the record is about an organisation, or opens something to it."""
        return organisation in {self.supplier, self.grantee}


class _Body(msgspec.Struct):
    record: _Kind


_FOOTPRINT_MARKS: Final = tuple(f'"kind":"{kind}"'.encode() for kind in KINDS)
"""What a body of such a kind has in it somewhere: only then is it taken apart."""
_BODY: Final = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries in order, and where the next page begins; ``None`` at the end of the log."""

    rows: list[LeafRow]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class _Party:
    """What of a tenant's entries one organisation sees."""

    organisation: str
    own: tuple[bytes, ...]
    """How a body ends that one of the organisation's principals handed in: RFC 8785 puts ``submitter`` last."""

    def sees(self, body: bytes) -> bool:
        if body.endswith(self.own):
            return True
        # Nearly every body is somebody else's: only one that has the id in it somewhere is taken apart.
        about = bool(self.organisation) and f'"{self.organisation}"'.encode() in body
        return about and _BODY.decode(body).record.names(self.organisation)


@dataclass(frozen=True, slots=True)
class Scope:
    """The log as one principal may see it."""

    ledger: Ledger
    principal: Principal

    @property
    def tenant(self) -> str:
        """The principal's tenant."""
        return self.principal.tenant

    @property
    def _unseen(self) -> frozenset[str]:
        """Kinds that the principal does not see."""
        return frozenset(kind for kind, needed in _NEEDS.items() if not may(self.principal, needed))

    @property
    def sees_all(self) -> bool:
        """Whether it is one of the house's, who see all of the tenant, and neither supplier nor partner."""
        return self.principal.role not in {"supplier", "partner"}

    def sees_job(self, submitter: str) -> bool:
        """Whether what this submitter handed in may be followed: a supplier follows its own organisation's."""
        return self.sees_all or submitter in self._colleagues()

    def entry(self, index: int) -> Entry:
        """An entry of the tenant. Raises ``EntryAbsent`` alike for absent and for foreign ones."""
        entry = self.ledger.entries.entry(index)
        if entry.tenant != self.tenant or not self._sees(entry):
            raise EntryAbsent(entry=str(index))
        return entry

    def shows(self, index: int) -> bool:
        """Whether an entry of the tenant is shown to the principal as it is."""
        entry = self.ledger.entries.entry(index)
        return entry.tenant == self.tenant and self._sees(entry)

    def find(self, record_id: str) -> Entry:
        """The tenant's entry of a record id. Raises ``EntryAbsent``."""
        entry = self.ledger.entries.find(self.tenant, record_id)
        if entry is None or not self._sees(entry):
            raise EntryAbsent(entry=record_id)
        return entry

    def event(self, event_id: str) -> Entry:
        """
        The tenant's event of an eventID, or, once it was declared an error, its declaration, which repeats it.

        Raises ``EntryAbsent``, also for a record that is no event.
        """
        declared = self.ledger.entries.find(self.tenant, record_id(event_id, declared=True))
        entry = declared or self.find(event_id)
        if _BODY.decode(entry.body).record.kind != "epcis_event":
            raise EntryAbsent(entry=event_id)
        return entry

    def page(self, after: int, limit: int) -> Page:
        """The tenant's entries with index > ``after``, at most ``limit``, in order."""
        start, size = after + 1, self.ledger.entries.size()
        stop = min(size, start + LONGEST_SEARCH)
        rows: list[LeafRow] = []
        for row in self._own(start, stop, limit + 1):
            if len(rows) == limit:
                return Page(rows, rows[-1].seq)
            rows.append(row)
        return Page(rows, stop - 1 if stop < size else None)

    def sees_range(self, start: int, stop: int) -> bool:
        """Whether every entry from ``start`` to ``stop`` - 1 is the tenant's and shown to the principal as it is."""
        upcoming = start
        for row in self._own(start, stop, 1024):
            if row.seq != upcoming:
                return False
            upcoming += 1
        return upcoming == stop

    def newest(self, stop: int, limit: int) -> tuple[list[LeafRow], int]:
        """The tenant's last ``limit`` entries below ``stop``, in order; and the stop of the page before, or 0."""
        floor = max(0, stop - LONGEST_SEARCH)
        found: list[LeafRow] = []
        low, step = stop, limit + 1
        while low > floor and len(found) <= limit:
            high, low = low, max(floor, low - step)
            found[:0] = self._own(low, high, step)
            step *= 2
        rows = found[-limit:]
        return rows, rows[0].seq if len(found) > limit else low

    def state(self, index: int) -> str:
        """How far an entry has come."""
        return next(self.states([index]))

    def states(self, indices: list[int]) -> Iterator[str]:
        """The same for rising indices, asking once per checkpoint."""
        return states(self.ledger.checkpoints, indices)

    def _own(self, start: int, stop: int, step: int) -> Iterator[LeafRow]:
        """The tenant's rows; reads in steps that double, so that a short page reads little."""
        unseen, party = {KIND_NUMBERS[kind] for kind in self._unseen}, self._party()
        whole = self._whole()
        while start < stop:
            upto = min(stop, start + step)
            for rows in self.ledger.entries.rows(start, upto):
                for row in rows:
                    seen = row.tenant == self.tenant and row.kind not in unseen
                    if seen and (whole(row.seq, row.body) if party is None else party.sees(row.body)):
                        yield row
            start, step = upto, step * 2

    def _sees(self, entry: Entry) -> bool:
        party = self._party()
        unseen = _BODY.decode(entry.body).record.kind in self._unseen
        if unseen:
            return False
        return self._whole()(entry.index, entry.body) if party is None else party.sees(entry.body)

    def _whole(self) -> Callable[[int, bytes], bool]:
        """Whether the house's reader sees an entry as it is: of footprints, what their suppliers show whole."""
        verifies = may(self.principal, "pcf.review")
        reach = self.ledger.sight.looking(self.tenant, VERIFIERS if verifies else HOUSE)

        def shown(index: int, body: bytes) -> bool:
            if not any(mark in body for mark in _FOOTPRINT_MARKS):
                return True
            said = _BODY.decode(body).record
            if said.kind not in KINDS or said.supplier == self.principal.organisation:
                return True
            return reach(Subject(index, said.id, said.supplier, said.kind)) == "whole"

        return shown

    def _party(self) -> _Party | None:
        """The organisation whose entries alone are seen; ``None`` for the house."""
        if self.sees_all:
            return None
        own = tuple(f'"submitter":"{each}"}}'.encode() for each in self._colleagues())
        return _Party(self.principal.organisation, own)

    def _colleagues(self) -> set[str]:
        """Ids of everyone who acts or acted for the principal's organisation, itself among them."""
        who = self.principal
        found = self.ledger.principals.of_organisation(who.tenant, who.organisation) if who.organisation else []
        return {who.id, *found}
