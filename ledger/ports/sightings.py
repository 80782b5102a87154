"""What was scanned lately, so that a second scan of the same thing for the same step can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol


class Sighting(NamedTuple):
    """The first scan of a thing for a step at a place, within a window. Times are microseconds since the epoch."""

    key: int
    """Of tenant, thing, step and place: ``services.take_scans.sighting_key``."""
    event_id: str
    at: int


Decide = Callable[[Mapping[int, Sighting]], Sequence[Sighting]]
"""From the sightings that are kept, by key, to those to keep instead."""


class Sightings(Protocol):
    """A short memory beside the log; losing it costs flags, never scans."""

    def judge(self, keys: Sequence[int], now: int, decide: Decide) -> None:
        """Look up, decide and keep, in one transaction. What was kept long before ``now`` may be forgotten."""
        ...

    def forget(self, event_id: str) -> None:
        """An event was declared an error: what it alone has shown was not seen."""
        ...
