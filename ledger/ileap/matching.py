"""Which activity data a query asks for: names as the data have them, nested ones too; values without regard to case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def matches(value: Mapping[str, Any], filters: Mapping[str, Sequence[str]]) -> bool:
    """Whether the plain JSON has, of every name asked for, one of the values asked for."""
    return all(
        {text.casefold() for text in _values(value, name)} & {one.casefold() for one in wanted}
        for name, wanted in filters.items()
    )


def _values(value: object, name: str) -> Iterator[str]:
    match value:
        case Mapping():
            for key, item in value.items():
                if key == name:
                    yield from _leaves(item)
                else:
                    yield from _values(item, name)
        case list() | tuple():
            for item in value:
                yield from _values(item, name)


def _leaves(value: object) -> Iterator[str]:
    match value:
        case Mapping():
            for item in value.values():
                yield from _leaves(item)
        case list() | tuple():
            for item in value:
                yield from _leaves(item)
        case _:
            yield str(value)
