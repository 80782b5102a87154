"""Drafts of forms: what somebody has filled in so far. Nothing in them was said, so nothing of them is in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Draft(NamedTuple):
    """
    What one person has filled in of one form. Times are microseconds since the Unix epoch.

    ``id`` is that of the footprint to be; ``discarded_at`` is 0 while the draft stands.
    """

    tenant: str
    person: str
    id: str
    said: Mapping[str, str]
    changed_at: int
    discarded_at: int = 0


class DraftStore(Protocol):
    """Drafts of all people, each seen by its own person alone."""

    def keep(self, draft: Draft, seen: int) -> bool:
        """Keep a draft, durable when it returns; False where the kept one is not as it was at ``seen`` (0: none)."""
        ...

    def get(self, tenant: str, person: str, draft_id: str) -> Draft | None:
        """One of a person's drafts, discarded or not."""
        ...

    def listed(self, tenant: str, person: str, limit: int) -> list[Draft]:
        """A person's drafts, the last changed first."""
        ...

    def discard(self, tenant: str, person: str, draft_id: str, at: int) -> bool:
        """Discard a draft at a time, or take it back (0); False when there is none."""
        ...

    def forget(self, tenant: str, person: str, draft_id: str) -> None:
        """Delete a draft: it was handed in."""
        ...

    def sweep(self, discarded_before: int, changed_before: int) -> int:
        """Delete what was discarded, or last changed, before these times, of everyone; how many."""
        ...
