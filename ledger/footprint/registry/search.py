"""Find factors in a set by what they are for."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.registry.words import aliases, sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; empty fields ask for nothing. ``text`` may be Chinese or English, all its words must fit."""

    text: str = ""
    mode: str = ""
    vehicle: str = ""
    fuel: str = ""
    region: str = ""
    year: int | None = None
    series: str = ""
    per: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is asked for."""
        return self != Query()


def search(within: FactorSet, query: Query) -> tuple[Factor, ...]:
    """The factors that fit every field of the query, by id."""
    named = defaultdict[str, list[str]](list)
    for row in within.classes.values():
        named[row.factor] += [row.name, row.en, row.zh]
    parts = [_pattern(words) for words in sought(query.text)]
    vehicle = [_pattern(words) for words in sought(query.vehicle)]
    found = (f for f in within.factors.values() if _fits(f, query))
    return tuple(
        sorted(
            (
                f
                for f in found
                if _holds(_told(f, named[f.id]), parts)
                and _holds(" ".join((f.vehicle, f.subject, *named[f.id])).casefold(), vehicle)
            ),
            key=lambda f: f.id,
        )
    )


def _fits(factor: Factor, query: Query) -> bool:
    return (
        (not query.mode or factor.mode == query.mode)
        and (not query.fuel or _same(query.fuel, factor.fuel))
        and (not query.region or _same(query.region, factor.region))
        and (query.year is None or factor.year == query.year)
        and (not query.series or factor.series == query.series)
        and (not query.per or factor.per == query.per)
    )


def _same(asked: str, stated: str) -> bool:
    return stated.casefold() in {word.casefold() for word in aliases(asked)}


def _told(factor: Factor, named: list[str]) -> str:
    """Everything a factor says of itself."""
    own = (factor.id, factor.subject, factor.vehicle, factor.fuel, factor.mode, factor.component, factor.series)
    where = (*aliases(factor.region), str(factor.year), factor.temperature, factor.source, factor.notes)
    return " ".join((*own, *where, *named)).casefold()


def _holds(told: str, parts: list[re.Pattern[str]]) -> bool:
    return all(part.search(told) for part in parts)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, a Latin one from its first letter on: ``air`` is not found in ``fair``."""
    return re.compile("|".join(("(?<![a-z])" if word[0].isascii() else "") + re.escape(word) for word in words))
