"""
The ``$filter`` of PACT 2: the part of OData 4 that the specification names, as a tree that is asked of each footprint.

``eq lt le gt ge`` on ``created``, ``updated``, ``productCategoryCpc``, ``pcf/geographyCountry``,
``pcf/referencePeriodStart`` and ``End``; ``and``; parentheses; ``productIds/any(x:(x eq '...'))``, ``companyIds``
likewise.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ledger.pact.errors import FilterRefused
from ledger.pact.value import moment

Asked = Callable[[Mapping[str, Any]], bool]
"""Whether a footprint, as version 2 says it, is asked for."""
_TOKEN: Final = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>[():])|(?P<word>[A-Za-z][A-Za-z/]*))")
_COMPARES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
_TIMES: Final = ("created", "updated", "pcf/referencePeriodStart", "pcf/referencePeriodEnd")
_TEXTS: Final = ("productCategoryCpc", "pcf/geographyCountry")
_LISTS: Final = ("productIds", "companyIds")
LONGEST: Final = 4_000
DEEPEST: Final = 20


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise _refused(text[at : at + 20])
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.at = 0

    def take(self, kind: str, *words: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            raise _refused(self.tokens[self.at][1] if self.at < len(self.tokens) else "end")
        said = self.tokens[self.at][1]
        if words and said not in words:
            raise _refused(said)
        self.at += 1
        return said

    def sees(self, kind: str, word: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == (kind, word)

    def every(self, depth: int) -> Asked:
        parts = [self.one(depth)]
        while self.sees("word", "and"):
            self.at += 1
            parts.append(self.one(depth))
        return lambda footprint: all(part(footprint) for part in parts)

    def one(self, depth: int) -> Asked:
        if depth > DEEPEST:
            raise _refused("(")
        if self.sees("sign", "("):
            self.at += 1
            inner = self.every(depth + 1)
            self.take("sign", ")")
            return inner
        name = self.take("word")
        if name.removesuffix("/any") in _LISTS and name.endswith("/any"):
            return self.any(name.removesuffix("/any"))
        if name not in (*_TIMES, *_TEXTS):
            raise _refused(name)
        return _compared(name, self.take("word", *_COMPARES), _unquoted(self.take("text")))

    def any(self, name: str) -> Asked:
        self.take("sign", "(")
        variable = self.take("word")
        self.take("sign", ":")
        wrapped = self.sees("sign", "(")
        self.at += wrapped
        self.take("word", variable)
        self.take("word", "eq")
        value = _unquoted(self.take("text")).casefold()
        if wrapped:
            self.take("sign", ")")
        self.take("sign", ")")
        return lambda footprint: value in {str(one).casefold() for one in footprint.get(name, ())}


def read_filter(text: str) -> Asked:
    """The question in a ``$filter``. Raises ``FilterRefused`` for what is not offered."""
    if len(text) > LONGEST:
        raise _refused(f"more than {LONGEST} characters")
    reader = _Reader(text)
    asked = reader.every(0)
    if reader.at < len(reader.tokens):
        raise _refused(reader.tokens[reader.at][1])
    return asked


def _compared(name: str, word: str, value: str) -> Asked:
    first, _, rest = name.partition("/")

    def held(footprint: Mapping[str, Any]) -> Any:
        return footprint.get(first, {}).get(rest) if rest else footprint.get(first)

    compare = _COMPARES[word]
    if name in _TEXTS:
        return lambda footprint: held(footprint) is not None and compare(held(footprint), value)
    wanted = moment(value)
    if wanted is None:
        raise _refused(value)

    def asked(footprint: Mapping[str, Any]) -> bool:
        at = moment(held(footprint))
        return at is not None and compare(at, wanted)

    return asked


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _refused(said: str) -> FilterRefused:
    shown = said[:60]
    return FilterRefused(name="$filter", why=f"{shown!r} is not offered here", why_zh=f"此处不支持 {shown!r}")
