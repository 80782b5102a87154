"""The figures' base as the log stood at a size: what runs at older checkpoints, and replays, are computed from."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from ledger.footprint.activity import ActivityCube


class Base(Protocol):
    """What figures of a tenant are computed from; ``Projections`` is one, of the present."""

    def cube(self, tenant: str) -> ActivityCube:
        """See ``Projections.cube``."""
        ...

    def units(self, tenant: str) -> dict[str, int]:
        """See ``Projections.units``."""
        ...


class Snapshots(Protocol):
    """Bases computed anew from the entries."""

    def at(self, tenant: str, size: int, corrected_until: int | None = None) -> AbstractContextManager[Base]:
        """
        The base from the tenant's entries in ``[0, size)``, streamed, in bounded memory; gone when the block ends.

        With ``corrected_until`` without what corrections in ``[size, corrected_until)`` withdraw of it.
        """
        ...
