"""Whether the libraries that search are there: they are an extra."""

from __future__ import annotations

from importlib.util import find_spec

from ledger.planning.errors import PlannerMissing


def needed(package: str) -> None:
    """Raises ``PlannerMissing``."""
    if find_spec(package) is None:
        raise PlannerMissing(package=package)
