"""
Plans on their way: what a planner asked, how far the work is, what came of it. Nothing of it is said before it is
recorded.

What is true of a draft is in the store, never in a process: one that works on it holds a claim for some seconds and
renews it with every word of progress; where it dies, the next process begins the same search again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from msgspec import Struct

from ledger.ports.intake import Fault

Kind = Literal["routes", "cartons"]
Stage = Literal["waiting", "working", "done", "failed"]


class PlanDraft(Struct, frozen=True, kw_only=True):
    """
    One plan of a tenant's planners. Times are microseconds since the Unix epoch.

    ``day`` is the id of the first draft of the same file: drafts of one day stand beside each other. ``said`` is what
    was asked, ``figures`` what comparisons show, as exact texts.
    """

    id: str
    tenant: str
    kind: Kind
    day: str
    person: str
    name: str
    file: str
    sha256: str
    """The file, among the ledger's contents."""
    said: Mapping[str, str] = {}
    created_at: int
    stage: Stage = "waiting"
    ending: bool = False
    """Somebody asked to end the work with the best plan so far."""
    claim: str = ""
    claimed_until: int = 0
    beat_at: int = 0
    started_at: int = 0
    finished_at: int = 0
    doing: str = ""
    done: int = 0
    total: int = 0
    curve: tuple[tuple[int, str], ...] = ()
    """The best so far by how much was done: what the search believes, as exact text."""
    fault: Fault | None = None
    table: str = ""
    """Measured distances, among the contents; empty where the file states them."""
    figures: Mapping[str, str] = {}
    refused: int = 0
    recorded: str = ""
    """Id of the record that it became."""
    entry: int = -1
    discarded_at: int = 0

    @property
    def open(self) -> bool:
        """Whether there is work for a process."""
        return self.stage in {"waiting", "working"}


Change = Callable[[PlanDraft], PlanDraft]
"""From a draft as it is to what it shall be; what it raises leaves everything as it was."""


class PlanDraftStore(Protocol):
    """Drafts of plans with what came of them."""

    def add(self, draft: PlanDraft) -> None:
        """Keep a new draft. Durable when it returns."""
        ...

    def get(self, tenant: str, draft_id: str) -> PlanDraft | None:
        """A tenant's draft, discarded or not."""
        ...

    def days(self, tenant: str, kind: Kind, limit: int, before: str = "") -> list[PlanDraft]:
        """The first draft of each day, newest first. Ids sort by time."""
        ...

    def of_day(self, tenant: str, day: str) -> list[PlanDraft]:
        """All drafts of a day, oldest first, discarded ones among them."""
        ...

    def claim(self, claim: str, now: int, until: int) -> PlanDraft | None:
        """The oldest draft with work that no one does, for the holder of ``claim`` until then."""
        ...

    def change(self, tenant: str, draft_id: str, change: Change, result: bytes | None = None) -> PlanDraft:
        """Change a draft, and keep what came of it. Raises ``PlanDraftAbsent``, and what ``change`` raises."""
        ...

    def result(self, tenant: str, draft_id: str) -> bytes:
        """What came of it; empty before anything did."""
        ...

    def sweep(self, discarded_before: int) -> None:
        """Delete what was discarded before a time, of everyone."""
        ...
