"""Fixed readers and what they have seen lately: windows of presence, strange tags, events on their way into the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from ledger.reads.presence import Presence
from ledger.reads.reader import Judged, Reader
from ledger.records.epcis import Event


class ReaderState(NamedTuple):
    """A reader with how many of its reads were what. Times are microseconds; 0 when nothing came yet."""

    reader: Reader
    latest_read: int
    received_at: int
    taken: int
    weak: int
    elsewhere: int
    foreign: int
    unknown: int
    present: int = 0
    """Things that have come and not left yet, by the reader's latest read."""
    waiting: int = 0
    """Arrivals that no event reports yet."""


class Stray(NamedTuple):
    """A tag that names nothing (``unknown``) or a thing of another company (``foreign``), as it was read."""

    reader: str
    tag: str
    verdict: str
    reads: int
    first_at: int
    last_at: int


class Outgoing(NamedTuple):
    """An event that reports windows, not yet known to be an entry."""

    tenant: str
    submitter: str
    event: Event


class Folded(NamedTuple):
    """What becomes of a reader's windows: those of each thing that changed, and the events that report some."""

    windows: Mapping[str, Sequence[Presence]]
    events: Sequence[Event]


Fold = Callable[[Mapping[str, Sequence[Presence]], int], Folded]
"""From the windows that are kept of the things read and of all that wait, and the reader's latest read."""


class ReadStore(Protocol):
    """What is durable of reads."""

    def configure(self, reader: Reader) -> None:
        """A new reader, or another configuration of it; its counts and windows stay."""
        ...

    def remove(self, tenant: str, reader_id: str) -> bool:
        """Forget a reader, not what it has seen; False when there is none."""
        ...

    def readers(self, tenant: str) -> list[ReaderState]:
        """A tenant's readers by id."""
        ...

    def reader(self, tenant: str, reader_id: str) -> Reader | None:
        """A reader by its id."""
        ...

    def of_key(self, tenant: str, key_id: str) -> Reader | None:
        """The reader that sends this key."""
        ...

    def take(self, reader: Reader, judged: Sequence[Judged], submitter: str, now: int, fold: Fold) -> None:
        """
        Count and keep reads, fold their windows, put the events out: one transaction, one at a time per reader.

        Windows that ended long before the reader's latest read and were reported may be forgotten.
        """
        ...

    def silent(self, before: int) -> list[Reader]:
        """Readers with windows to report that nothing came from since ``before``."""
        ...

    def outgoing(self, limit: int = 1000) -> list[Outgoing]:
        """Events that are not known to be entries."""
        ...

    def arrived(self, event_ids: Sequence[str]) -> None:
        """These are entries now."""
        ...

    def strays(self, tenant: str, limit: int = 200) -> list[Stray]:
        """Strange tags, the latest first."""
        ...
