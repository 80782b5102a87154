"""What a reader takes, from Accept and Accept-Language (RFC 9110, 12.5.1 and 12.5.4)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_LONGEST = 500


class Range(NamedTuple):
    """One media range with its weight in thousandths."""

    name: str
    weight: int


@lru_cache(maxsize=1024)
def ranges(header: str) -> tuple[Range, ...]:
    """The ranges of a header, best first; equals stay in their order. Weights that cannot be read count as 1."""
    found = []
    for part in header[:_LONGEST].split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            weight = next((_weight(one[2:]) for one in parameters if one.startswith("q=")), 1000)
            found.append(Range(name, weight))
    return tuple(sorted((one for one in found if one.weight > 0), key=lambda one: -one.weight))


def _weight(text: str) -> int:
    whole, _, thousandths = text.partition(".")
    if whole not in {"0", "1"} or not (thousandths == "" or (thousandths.isascii() and thousandths.isdigit())):
        return 1000
    return 1000 if whole == "1" else int(thousandths[:3].ljust(3, "0"))


def best(header: str, offered: Iterable[str]) -> str | None:
    """The offered media type that a reader likes best, its wildcards included; ``None`` when none will do."""
    types = list(offered)
    for one in ranges(header or "*/*"):
        for name in types:
            if one.name in {name, "*/*"} or (one.name.endswith("/*") and name.startswith(one.name[:-1])):
                return name
    return None


def named(header: str, name: str) -> bool:
    """Whether a media type is asked for by its name, not by a wildcard."""
    return any(one.name == name for one in ranges(header))


def wants_page(accept: str) -> bool:
    """Whether the reader is a browser: it names HTML before any kind of JSON. Programs get JSON, also by ``*/*``."""
    given = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    page = min((given.index(kind) for kind in ("text/html", "application/xhtml+xml") if kind in given), default=None)
    data = min((n for n, kind in enumerate(given) if kind.endswith("json")), default=None)
    return page is not None and (data is None or page < data)
