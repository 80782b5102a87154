"""
A figure as stated, and the interval it can stand for.

A number in print was rounded: 57万 is anything from 565,000 up to, but not including, 575,000 (half up).
The last printed digit counts as printed, zeros too. Words such as 超过 or 近 are kept beside the figure; it is read as
printed, because a bound without its other end could be rebuilt from anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.claims.errors import FigureUnreadable
from ledger.claims.unit import MULTIPLIERS, Dimension, unit

_BEFORE: Final = (
    "超过",
    "逾",
    "不低于",
    "不少于",
    "至少",
    "近",
    "约",
    "不超过",
    "至多",
    ">=",
    "<=",
    ">",
    "<",
    "≥",
    "≤",
    "~",
)
_AFTER: Final = ("以上", "以内", "以下", "左右", "余", "多")
_NUMBER: Final = re.compile(
    r"(?P<sign>[-−]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.(?P<part>[0-9]{1,12}))?(?P<many>[百千万亿]*)",
    re.ASCII,
)

_BREAK: Final = re.compile(r"[;；\n]")
_STATED: Final = re.compile(r"(?P<name>[^\W\d]\w{0,39})\s*(?P<sign>:?=)\s*(?P<rest>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    One stated figure in base units of its dimension: ``value``, and the interval ``low`` <= x < ``high``.

    ``exact`` figures are definitions or counts: the interval is the value alone. ``hedge`` is the word printed beside
    it, such as 超过.
    """

    name: str
    text: str
    unit: str
    value: Fraction
    low: Fraction
    high: Fraction
    dimension: Dimension
    exact: bool = False
    hedge: str = ""

    @property
    def printed(self) -> str:
        """As it stands in the statement."""
        return f"{self.text}{'' if self.unit in {'%', '％'} or self.unit[:1] > '⺀' else ' '}{self.unit}".strip()

    def rounds_from(self, exact: Fraction) -> bool:
        """Whether the exact number, rounded half up at this precision, prints the same."""
        return exact == self.value if self.exact else self.low <= exact < self.high

    def meets(self, low: Fraction, high: Fraction) -> bool:
        """Whether a number from ``low`` to ``high`` can print the same; ends that only rounding down reaches do not."""
        if self.exact or low == high:
            return low <= self.value <= high if self.exact else self.low <= low < self.high
        return low < self.high and high > self.low


def figure(name: str, text: str, unit_name: str = "", *, exact: bool = False) -> Figure:
    """A figure from its text as printed and its unit. Raises ``FigureUnreadable``, ``FigureUnitUnknown``."""
    body, hedge = _unhedged(text.strip())
    found = _NUMBER.fullmatch(body)
    many = None if found is None else _multiplier(found["many"])
    if found is None or many is None:
        raise FigureUnreadable(text=text)
    measure = unit(unit_name.strip())
    places = found["part"] or ""
    digits = Fraction(f"{found['whole'].replace(',', '')}.{places or '0'}")
    value = digits * many * measure.scale * (-1 if found["sign"] else 1)
    half = Fraction(0) if exact else many * measure.scale / 10 ** len(places) / 2
    return Figure(
        name=name,
        text=text.strip(),
        unit=unit_name.strip(),
        value=value,
        low=value - half,
        high=value + half,
        dimension=measure.dimension,
        exact=exact,
        hedge=hedge,
    )


def _unhedged(text: str) -> tuple[str, str]:
    before = next((word for word in _BEFORE if text.startswith(word)), "")
    after = next((word for word in _AFTER if text.endswith(word)), "")
    body = text.removeprefix(before).strip()
    return (body.removesuffix(after).strip() if after else body), before or after


def _multiplier(words: str) -> int | None:
    """``None`` for what is not a number word, such as 万百."""
    many = 1
    while words:
        word = next((word for word in MULTIPLIERS if words.startswith(word)), None)
        if word is None or many != 1:
            return None
        many *= MULTIPLIERS[word]
        words = words.removeprefix(word)
    return many


def figures(text: str) -> tuple[Figure, ...]:
    """
    Figures on one line: ``energy = 5.7亿 度; avoided = 32.5万 吨``; ``:=`` for what is exact by definition or count.

    Raises ``FigureUnreadable``, ``FigureUnitUnknown``; a name stated twice is unreadable.
    """
    found: dict[str, Figure] = {}
    for part in filter(None, (part.strip() for part in _BREAK.split(text))):
        parsed = _STATED.fullmatch(part)
        if parsed is None or parsed["name"] in found:
            raise FigureUnreadable(text=part)
        amount, unit_name = _parted(parsed["rest"])
        found[parsed["name"]] = figure(parsed["name"], amount, unit_name, exact=parsed["sign"] == ":=")
    return tuple(found.values())


def _parted(text: str) -> tuple[str, str]:
    """Amount and unit, between them a blank or nothing: ``5.7亿 度``, ``13.0%``, ``1.65万吨公里``."""
    body, hedge = _unhedged(text)
    found = _NUMBER.match(body)
    if found is None:
        raise FigureUnreadable(text=text)
    unit_name = body[found.end() :].strip()
    amount = text[: text.index(found[0]) + len(found[0])]
    return (amount + hedge if hedge and text.endswith(hedge) else amount), unit_name
