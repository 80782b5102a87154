"""Which of the two languages a reader gets: the ``lang`` cookie, else Accept-Language, else English."""

from __future__ import annotations

from functools import lru_cache

from ledger.errors import Locale

LANGUAGE_COOKIE = "lang"


def locale_of(cookie: str | None, accept: str | None) -> Locale:
    """The reader's locale from the cookie's value and the Accept-Language header."""
    if cookie:
        return "zh-CN" if cookie.lower().startswith("zh") else "en"
    return _accepted(accept) if accept else "en"


@lru_cache(maxsize=1024)
def _accepted(header: str) -> Locale:
    """RFC 9110, 12.5.4; the earlier wins among equals. Any Chinese is answered in zh-CN."""
    best: tuple[float, Locale] = (0.0, "en")
    for part in header[:200].split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        found: Locale | None = "zh-CN" if tag[:2] == "zh" else "en" if tag[:2] == "en" else None
        weight = _weight(parameter)
        if found is not None and weight > best[0]:
            best = (weight, found)
    return best[1]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
