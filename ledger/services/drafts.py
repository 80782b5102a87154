"""Drafts of footprints: kept while one types, found again on another device, gone once the footprint is stated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Protocol

from ledger.desk.errors import DraftAbsent, DraftChanged, DraftTooLarge, TooManyDrafts
from ledger.pact.value import uuid
from ledger.ports import Clock
from ledger.ports.drafts import Draft, DraftStore
from ledger.records.record import microseconds

MOST: Final = 50
"""Drafts of one person."""
LARGEST: Final = 100_000
"""Characters in one draft."""
UNDO_FOR: Final = timedelta(days=7)
"""How long a discarded draft can be taken back."""
KEPT_FOR: Final = timedelta(days=365)
"""How long a draft that nobody touches is kept."""


class Drafting(Protocol):
    """What drafts need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def drafts(self) -> DraftStore: ...
    @property
    def clock(self) -> Clock: ...


def keep(ledger: Drafting, whose: tuple[str, str], draft_id: str, said: Mapping[str, str], seen: int = 0) -> Draft:
    """
    Keep what somebody (tenant, person) has filled in, going on from the draft as it was at ``seen``, 0 for a new one.

    Raises ``DraftTooLarge``, ``TooManyDrafts``, ``DraftAbsent`` for an id that is none, ``DraftChanged`` where another
    device kept it since: nothing is overwritten that its writer has not seen.
    """
    if uuid(draft_id) != draft_id:
        raise DraftAbsent(draft=draft_id[:60])
    size = sum(map(len, said.values()))
    if size > LARGEST:
        raise DraftTooLarge(size=size, most=LARGEST)
    if not seen:
        _sweep(ledger)
        if len(ledger.drafts.listed(*whose, MOST)) == MOST and ledger.drafts.get(*whose, draft_id) is None:
            raise TooManyDrafts(most=MOST)
    # A later change is later even by a clock that stands still.
    made = Draft(*whose, draft_id, dict(said), max(microseconds(ledger.clock.now()), seen + 1))
    if not ledger.drafts.keep(made, seen):
        raise DraftChanged(draft=draft_id)
    return made


def draft_of(ledger: Drafting, tenant: str, person: str, draft_id: str) -> Draft:
    """One of a person's drafts. Raises ``DraftAbsent`` alike for absent ones, others' and discarded ones."""
    found = ledger.drafts.get(tenant, person, draft_id[:60])
    if found is None or found.discarded_at:
        raise DraftAbsent(draft=draft_id[:60])
    return found


def drafts_of(ledger: Drafting, tenant: str, person: str) -> list[Draft]:
    """A person's drafts, the last changed first, discarded ones that can be taken back among them."""
    since = microseconds(ledger.clock.now() - UNDO_FOR)
    found = ledger.drafts.listed(tenant, person, MOST)
    return [one for one in found if not one.discarded_at or one.discarded_at >= since]


def going_on(ledger: Drafting, tenant: str, person: str, *, earlier: str, request: str) -> Draft | None:
    """The draft a person began for the same request or version, the last changed one."""
    mine = (one for one in drafts_of(ledger, tenant, person) if not one.discarded_at)
    same = (one for one in mine if (one.said.get("earlier", ""), one.said.get("request", "")) == (earlier, request))
    return next(same, None)


def discard(ledger: Drafting, tenant: str, person: str, draft_id: str, *, undo: bool = False) -> None:
    """Discard a draft, or take that back for a while. Raises ``DraftAbsent``."""
    at = 0 if undo else microseconds(ledger.clock.now())
    if not ledger.drafts.discard(tenant, person, draft_id[:60], at):
        raise DraftAbsent(draft=draft_id[:60])


def _sweep(ledger: Drafting) -> None:
    now = ledger.clock.now()
    ledger.drafts.sweep(microseconds(now - UNDO_FOR), microseconds(now - KEPT_FOR))
