"""The machine's own clock and randomness."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


class SystemClock:
    """``ports.Clock`` by the operating system."""

    def now(self) -> datetime:
        """See ``Clock.now``."""
        return datetime.now(UTC)


class SystemRandom:
    """``ports.Random`` by the operating system."""

    def token(self, size: int) -> bytes:
        """See ``Random.token``."""
        return secrets.token_bytes(size)
