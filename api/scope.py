"""
The one place where a tenant's view of the log is cut out. Whatever is another's is absent, not forbidden.

Within a tenant, tenders' records (schemes, bids, score sheets) are seen only by roles with ``prices.read``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from api.permissions import may
from ledger.log.entry import Entry
from ledger.log.errors import EntryAbsent
from ledger.ports import LeafRow
from ledger.records.epcis import record_id
from ledger.records.record import KINDS
from ledger.services.access import Principal
from ledger.services.coverage import states
from ledger.wiring import Ledger

PRICED: Final = frozenset({"scheme", "bid", "score_sheet"})
_PRICED_NUMBERS: Final = frozenset(number for number, (kind, _) in enumerate(KINDS) if kind in PRICED)
LONGEST_SEARCH: Final = 50_000
"""Entries one page looks through at most; a tenant with few entries among many gets shorter pages, not slower ones."""


class _Kind(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Kind


_BODY: Final = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries in order, and where the next page begins; ``None`` at the end of the log."""

    rows: list[LeafRow]
    next_after: int | None


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
    def sees_prices(self) -> bool:
        """Whether schemes, bids and score sheets are visible."""
        return may(self.principal, "prices.read")

    def entry(self, index: int) -> Entry:
        """An entry of the tenant. Raises ``EntryAbsent`` alike for absent and for foreign ones."""
        entry = self.ledger.entries.entry(index)
        if entry.tenant != self.tenant or not self._sees(entry):
            raise EntryAbsent(entry=str(index))
        return entry

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

    def state(self, index: int) -> str:
        """How far an entry has come."""
        return next(self.states([index]))

    def states(self, indices: list[int]) -> Iterator[str]:
        """The same for rising indices, asking once per checkpoint."""
        return states(self.ledger.checkpoints, indices)

    def _own(self, start: int, stop: int, step: int) -> Iterator[LeafRow]:
        """The tenant's rows; reads in steps that double, so that a short page reads little."""
        prices = self.sees_prices
        while start < stop:
            upto = min(stop, start + step)
            for rows in self.ledger.entries.rows(start, upto):
                for row in rows:
                    if row.tenant == self.tenant and (prices or row.kind not in _PRICED_NUMBERS):
                        yield row
            start, step = upto, step * 2

    def _sees(self, entry: Entry) -> bool:
        return self.sees_prices or _BODY.decode(entry.body).record.kind not in PRICED
