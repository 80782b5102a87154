"""How often something happened within a while, counted by all processes together."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Window(NamedTuple):
    """``times`` since the first, counted until ``until`` [microseconds since the Unix epoch]; then it begins anew."""

    times: int
    until: int


class Windows(Protocol):
    """Counts by name. A name is 32 bytes, so that what is counted is not kept."""

    def add(self, name: bytes, now: int, length: int) -> Window:
        """Count once more, atomically: in the window that is open, or in a new one of ``length`` microseconds."""
        ...

    def get(self, name: bytes, now: int) -> Window | None:
        """The window that is open; ``None`` where none is."""
        ...

    def sweep(self, now: int) -> int:
        """Forget the windows that are over: how many."""
        ...
