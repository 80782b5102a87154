"""Telling whether something that was computed is still what would be computed now."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol


class Changes(Protocol):
    """What moves on behind the readers' backs."""

    def seen(self) -> Hashable:
        """A value that differs after any projection was folded further, or any checkpoint was added or moved on."""
        ...

    def close(self) -> None:
        """Give up what the looking needs."""
        ...
