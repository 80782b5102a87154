"""From an engine's rows to sums by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ledger.segments.activity import Activity
from ledger.segments.tables import HUB_KEY, KEY


def activity(legs: Iterable[Sequence[Any]], hubs: Iterable[Sequence[Any]]) -> Activity:
    """Rows of ``expression.LEG_COLUMNS`` and ``expression.HUB_COLUMNS``."""
    return Activity(_by_key(legs, len(KEY)), _by_key(hubs, len(HUB_KEY)))


def _by_key(rows: Iterable[Sequence[Any]], width: int) -> dict[tuple[str, ...], list[int]]:
    return {tuple(row[:width]): list(map(int, row[width:])) for row in rows}
