"""Letters that wait to be sent, what became of them, and a tenant's settings for them: rows beside the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

LetterState = Literal["waiting", "sending", "sent", "refused", "doubtful", "dropped"]
"""
``refused`` for good by the mail server; ``doubtful``: whether it was taken is not known, so that it is not sent again
by itself; ``dropped``: what it was about is over.
"""


class Letter(NamedTuple):
    """
    A reminder to one person. Times are microseconds since the Unix epoch; ``due`` and ``days`` are the reminder's.

    Its text is written when it is sent, so that no secret waits here: of its one-time link only the hash is kept.
    """

    tenant: str
    id: str
    person: str
    request: str
    due: str
    days: int
    created_at: int
    next_at: int
    state: LetterState = "waiting"
    attempts: int = 0
    claimed_until: int = 0
    trouble: str = ""
    token_hash: bytes = b""
    used_at: int = 0


class LetterStore(Protocol):
    """The outbox of letters of all tenants."""

    def put(self, letters: Sequence[Letter]) -> None:
        """Put letters down, durable when it returns; one whose id is there already is left as it is."""
        ...

    def claim(self, now: int, until: int) -> Letter | None:
        """One that waits and is due, the longest due first, for one process until then; it is ``sending`` now."""
        ...

    def lapsed(self, now: int, state: LetterState, trouble: str) -> int:
        """Letters that a process was sending when it died get this state; how many."""
        ...

    def moved(self, letter: Letter) -> None:
        """Keep how it went."""
        ...

    def listed(self, tenant: str, limit: int, request: str = "") -> list[Letter]:
        """The newest of a tenant, of one request or of all."""
        ...

    def by_token(self, token_hash: bytes) -> Letter | None:
        """The letter with this one-time link."""
        ...

    def use(self, letter: Letter, now: int) -> bool:
        """Use its link up; False when it was used."""
        ...

    def setting(self, tenant: str, name: str) -> str | None:
        """What was set."""
        ...

    def set(self, tenant: str, name: str, value: str) -> None:
        """Set it."""
        ...
