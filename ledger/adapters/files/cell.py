"""
One cell of a table: from what a person wrote to a value, or the one error that says what is wrong with it.

Every reader takes text without blanks around it. Full-width forms, as a Chinese input method writes them, are read as
what they show (Unicode NFKC); nothing else is repaired: thousands separators, local times without an offset and amounts
without a unit are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from ledger.adapters.files.errors import (
    ChoiceUnknown,
    NotADay,
    NotAMoment,
    NotPositive,
    NotWhole,
    OffsetMissing,
    TooLong,
    UnitMissing,
)
from ledger.identity import GTIN, canonical, made
from ledger.records.errors import contradiction
from ledger.units import AmountUnreadable, UnitUnknown, decimal_text, parse_decimal, to_base

NAME = 200
"""Characters of a name or code, at most; the records' own limit."""
Reader = Callable[[str], Any]
_WIDE_LETTER = re.compile("[\uff0d-\uff19\uff21-\uff3a\uff3f\uff41-\uff5a]")
"""Letters, digits and ``-./_`` of codes in their full-width forms; brackets and commas of Chinese names are no such."""
_WIDE_FROM = 0xFEE0
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)")
_TIME = re.compile(r"[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0*)?)?\s*(Z|[+-][0-9]{2}:[0-9]{2})?")
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_WITH_UNIT = re.compile(r"([0-9.]+\s*[万亿]*)\s*([^\s0-9.万亿]+)")
_KG_CO2E = re.compile(r"(?:kgco2(?:e|eq|-eq)|千克二氧化碳当量|公斤二氧化碳当量)(?:/(.+))?")


class LostDigits(str):
    """A number of over 15 digits out of a numeric cell: what is left of it."""

    __slots__ = ()


def name(text: str) -> str:
    """A name in any language."""
    if len(text) > NAME:
        raise TooLong(length=len(text), limit=NAME)
    return text


def code(text: str) -> str:
    """A code that is compared letter by letter: waybill, meter, route; brackets of Chinese names in it stay."""
    if not text.isascii():
        text = _WIDE_LETTER.sub(lambda wide: chr(ord(wide[0]) - _WIDE_FROM), text)
    return name(text)


@lru_cache(maxsize=65_536)
def product(text: str) -> str:
    """
    The product's canonical text.

    8, 12, 13 or 14 digits are a GTIN, and its check digit must hold; everything else is read as a code that was
    scanned: ``(01)...``, ``urn:epc:...``, a Digital Link, or an https address of the party's own.
    """
    text = plain(text)
    if text.isdecimal() and len(text) in {8, 12, 13, 14}:
        return made(GTIN, text.zfill(14)).text
    return canonical(text)


@lru_cache(maxsize=65_536)
def count(text: str) -> int:
    """A whole number above zero."""
    text = plain(text)
    found = parse_decimal(text)
    if found != found.to_integral_value():
        raise NotWhole(text=text)
    if found == 0:
        raise NotPositive(text=text)
    return int(found)


@lru_cache(maxsize=65_536)
def decimal(text: str) -> str:
    """A non-negative decimal in its one stored form."""
    text = plain(text)
    return decimal_text(parse_decimal(text))


def number(text: str) -> int:
    """A whole number, zero or more."""
    text = plain(text)
    found = parse_decimal(text)
    if found != found.to_integral_value():
        raise NotWhole(text=text)
    return int(found)


def tonne_km(text: str, unit: str) -> str:
    """A transport activity [t km], in tonne kilometres or ten thousands of them."""
    bare = unit.replace(" ", "").replace("·", "").lower()
    scale = {"tkm": 1, "吨公里": 1, "万吨公里": 10_000, "万tkm": 10_000}.get(bare)
    if not unit:
        raise UnitMissing(text=text)
    if scale is None:
        raise UnitUnknown(unit=unit, dimension="t km")
    return decimal_text(parse_decimal(decimal(text)) * scale)


def percent(text: str, unit: str = "%") -> str:
    """A percentage from 0 to 100, with or without its sign."""
    if unit not in {"", "%"}:
        raise UnitUnknown(unit=unit, dimension="%")
    found = decimal(plain(text).removesuffix("%").strip())
    if parse_decimal(found) > 100:
        raise AmountUnreadable(text=text)
    return found


@lru_cache(maxsize=65_536)
def amount(text: str, unit: str, dimension: str, positive: bool = True) -> int:
    """
    Whole base units (g, m, Wh). The unit is the column's, or the cell's own behind the number; both must agree.

    ``万`` and ``亿`` may stand behind the number or before the unit (万公里).
    """
    text = plain(text)
    inside = _WITH_UNIT.fullmatch(text)
    if inside:
        text, own = inside[1].strip(), inside[2]
        if unit and own.lower() != unit.lower():
            raise contradiction(f"{own} / {unit}", f"{own} / {unit}")
        unit = own
    if not unit:
        raise UnitMissing(text=text)
    bare = unit.lstrip("万亿")
    found = to_base(text + unit[: len(unit) - len(bare)], bare, dimension)
    if positive and not found:
        raise NotPositive(text=text)
    return found


def kilograms(text: str, unit: str) -> str:
    """A mass in kilograms, of any mass unit; whole grams."""
    return decimal_text(parse_decimal(str(amount(text, unit, "mass"))).scaleb(-3))


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """2023-05-03, 2023/5/3 or 2023年5月3日; a time of midnight behind it is what spreadsheets add."""
    text = plain(text)
    match = _DAY.match(text)
    rest = text[match.end() :] if match else ""
    if match is None or rest.strip("T 0:"):
        raise NotADay(text=text)
    return _day(match, text)


def _day(match: re.Match[str], text: str) -> date:
    parts = [int(part) for part in match.groups() if part is not None]
    try:
        return date(*parts)
    except ValueError:
        raise NotADay(text=text) from None


@lru_cache(maxsize=65_536)
def moment(text: str, offset: str) -> datetime:
    """
    A time with its offset from UTC, its own or the heading's (``北京时间``, ``UTC+8``, ``+08:00``).

    A day alone is its first instant.
    """
    text = plain(text)
    match = _DAY.match(text)
    time = _TIME.fullmatch(text, match.end()) if match else None
    if match is None or (time is None and text[match.end() :]):
        raise NotAMoment(text=text)
    own = time[4] if time else None
    zone = zone_of(own or offset)
    if zone is None:
        raise OffsetMissing(text=text)
    hour, minute, second = (int(part or 0) for part in (time.groups()[:3] if time else (0, 0, 0)))
    found = _day(match, text)
    try:
        return datetime(found.year, found.month, found.day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise NotAMoment(text=text) from None


@lru_cache(maxsize=1024)
def zone_of(text: str) -> timezone | None:
    """The offset that a heading or a time names, ``None`` when it names none."""
    said = text.replace(" ", "").lower()
    if said in {"z", "utc", "gmt"}:
        return UTC
    if said in {"北京时间", "中国标准时间", "beijingtime", "beijing", "chinatime"}:
        return timezone(timedelta(hours=8))
    match = _OFFSET.fullmatch(said)
    if match is None or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-span if match[1] == "-" else span)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; every accepted spelling maps to the recorded word."""

    words: Mapping[str, str]
    offered: str

    @classmethod
    def of(cls, *rows: tuple[str, ...]) -> Choice:
        """Rows of (recorded word, further spellings ...)."""
        words = {word.casefold(): row[0] for row in rows for word in row}
        return cls(words, ", ".join(" / ".join(row[:2]) for row in rows))

    def __call__(self, text: str) -> str:
        """The recorded word. Raises ``ChoiceUnknown``."""
        found = self.words.get(text.casefold())
        if found is None:
            raise ChoiceUnknown(text=text, choices=self.offered)
        return found


DECLARED_UNIT = Choice.of(
    ("piece", "件", "台", "个", "套", "盘", "pcs", "unit"),
    ("kilogram", "千克", "公斤", "kg"),
    ("kilometre", "公里", "千米", "km", "kilometer"),
    ("kilowatt_hour", "千瓦时", "度", "kwh"),
)


def kg_co2e(text: str, unit: str) -> str:
    """An emission [kg CO2e]; the unit must say so, an optional ``/件`` behind it is the declared unit's affair."""
    if not unit:
        raise UnitMissing(text=text)
    if not _KG_CO2E.fullmatch(_folded_unit(unit)):
        raise UnitUnknown(unit=unit, dimension="kg CO2e")
    return decimal(text)


def declared_unit_in(unit: str) -> str | None:
    """The declared unit behind the slash of ``kg CO2e/件``, ``None`` without one."""
    match = _KG_CO2E.fullmatch(_folded_unit(unit))
    return DECLARED_UNIT(match[1]) if match and match[1] and match[1] not in {"声明单位", "declaredunit"} else None


def _folded_unit(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).replace(" ", "").replace("₂", "2").lower()


def plain(text: str) -> str:
    """The text with full-width forms as their plain ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)
