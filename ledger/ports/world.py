"""Clock and randomness."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time, UTC."""

    def now(self) -> datetime:
        """The present, timezone-aware, UTC."""
        ...


class Random(Protocol):
    """Unpredictable bytes: salts, keys."""

    def token(self, size: int) -> bytes:
        """``size`` fresh random bytes."""
        ...
