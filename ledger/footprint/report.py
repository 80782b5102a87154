"""
A report: every item that a standard asks for, with what is known of it. Of an item that nobody stated, it says so.

An item is never left out and never filled in by guess: ``Item.says`` is empty where neither record nor figure says
anything. Codes are words of the reader's language; texts stand as their record has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.errors import LedgerError
from ledger.footprint.amount import exact_text


class Said(NamedTuple):
    """One thing said of an item: a ``code``, a ``text``, a ``value`` in its ``unit``, or these together."""

    code: str = ""
    text: str = ""
    value: Fraction | None = None
    unit: str = ""
    error: LedgerError | None = None
    """Why something is missing."""

    def to_record(self) -> dict[str, str]:
        """JSON-able: what there is of it, the value as exact text, an error in English."""
        figure = {} if self.value is None else {"value": exact_text(self.value)}
        words = {"code": self.code, "text": self.text, "unit": self.unit}
        fault = {} if self.error is None else {"error": self.error.code, "text": self.error.message("en")}
        return {name: word for name, word in words.items() if word} | figure | fault


class Item(NamedTuple):
    """One item by its code; ``says`` is empty where nothing is stated."""

    code: str
    says: tuple[Said, ...] = ()

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {"item": self.code, "stated": bool(self.says), "says": [said.to_record() for said in self.says]}


class Section(NamedTuple):
    """Items that belong together."""

    code: str
    items: tuple[Item, ...]


class Bar(NamedTuple):
    """A stage, a mode or a hub with its emissions [kg CO2e] and its ``share`` of the whole; ``None`` of nothing."""

    code: str
    text: str
    value: Fraction
    share: Fraction | None

    def to_record(self) -> dict[str, object]:
        """JSON-able, exact."""
        share = None if self.share is None else exact_text(self.share)
        return {"code": self.code, "text": self.text, "wtw_kg": exact_text(self.value), "share": share}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report of a product or a route: ``bars`` add up to ``whole`` [kg CO2e]; ``complete`` is without gaps."""

    kind: Literal["product", "route"]
    subject: str
    name: str
    whole: Fraction
    complete: bool
    bars: tuple[Bar, ...]
    sections: tuple[Section, ...]

    @property
    def not_stated(self) -> tuple[str, ...]:
        """Codes of the items of which nothing is known."""
        return tuple(item.code for section in self.sections for item in section.items if not item.says)

    def to_record(self) -> dict[str, object]:
        """JSON-able: every item, stated or not."""
        return {
            "report": self.kind,
            "subject": self.subject,
            "name": self.name,
            "wtw_kg": exact_text(self.whole),
            "complete": self.complete,
            "stages": [bar.to_record() for bar in self.bars],
            "sections": [
                {"section": code, "items": [item.to_record() for item in items]} for code, items in self.sections
            ],
            "not_stated": list(self.not_stated),
        }


def texts(words: Iterable[str | None]) -> tuple[Said, ...]:
    """Each word that there is, as it stands."""
    return tuple(Said(text=word) for word in words if word)


def bar(code: str, text: str, value: Fraction, whole: Fraction) -> Bar:
    """A bar with its share of the whole."""
    return Bar(code, text, value, value / whole if whole else None)
