"""
The fields of a draft: text by key, rows by number (``criteria.3.weight``), added, moved, removed and brought back.

A draft is what somebody typed, whatever it is; nothing of it was said to anyone. Numbers of rows are names that never
change while the row is there; their order is the order of the scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Said = Mapping[str, str]
GROUPS: Final = ("criteria", "amounts", "gates", "markups", "bids")
"""What a draft has rows of; ``bids`` are the lab's."""
MOST_ROWS: Final = 60
_ROW: Final = re.compile(r"(criteria|amounts|gates|markups|bids)\.([0-9]{1,4})\.(.{1,200})", re.ASCII | re.DOTALL)
_GONE: Final = "gone."
"""Before the fields of the row that was removed last."""


def numbers(said: Said, group: str) -> list[int]:
    """The rows of a group, in order."""
    found = {int(match[2]) for key in said if (match := _ROW.fullmatch(key)) and match[1] == group}
    return sorted(found)


def row(said: Said, group: str, number: int) -> dict[str, str]:
    """The fields of a row by their own names."""
    stem = f"{group}.{number}."
    return {key.removeprefix(stem): value for key, value in said.items() if key.startswith(stem)}


def added(said: Said, group: str, fields: Said) -> dict[str, str]:
    """With one more row at the end, unless there are ``MOST_ROWS``."""
    held = numbers(said, group)
    if len(held) >= MOST_ROWS:
        return dict(said)
    return dict(said) | _placed(group, held[-1] + 1 if held else 0, fields)


def removed(said: Said, group: str, number: int) -> dict[str, str]:
    """Without a row, which is kept aside to be brought back."""
    fields = row(said, group, number)
    if not fields:
        return dict(said)
    stem = f"{group}.{number}."
    kept = {key: value for key, value in said.items() if not key.startswith((stem, _GONE))}
    return kept | {f"{_GONE}{stem}{key}": value for key, value in fields.items()}


def can_bring_back(said: Said) -> bool:
    """Whether a row was removed and its place is free."""
    return any(key.startswith(_GONE) for key in said)


def brought_back(said: Said) -> dict[str, str]:
    """With the row that was removed last where it was."""
    gone = {key.removeprefix(_GONE): value for key, value in said.items() if key.startswith(_GONE)}
    return {key: value for key, value in said.items() if not key.startswith(_GONE)} | gone


def moved_up(said: Said, group: str, number: int) -> dict[str, str]:
    """With a row before the one above it."""
    held = numbers(said, group)
    place = held.index(number) if number in held else 0
    if place == 0:
        return dict(said)
    above = held[place - 1]
    upper, lower = row(said, group, above), row(said, group, number)
    stems = (f"{group}.{above}.", f"{group}.{number}.")
    rest = {key: value for key, value in said.items() if not key.startswith(stems)}
    return rest | _placed(group, above, lower) | _placed(group, number, upper)


def _placed(group: str, number: int, fields: Said) -> dict[str, str]:
    return {f"{group}.{number}.{key}": value for key, value in fields.items()}
