"""A report in the words of its reader: for the page and the printed file alike."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from html import unescape
from typing import Final, NamedTuple

from api.names import readable
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure, segment
from ledger.errors import Locale
from ledger.footprint.product import STAGES
from ledger.footprint.quality import CATEGORIES, FLAGS
from ledger.footprint.report import Bar, Item, Report, Said

_STAGES: Final = frozenset(code for code, _, _ in STAGES)
_FLAGS: Final = {code: (en, zh) for code, en, zh in FLAGS}
WIDTH: Final = 1000
"""A bar as wide as the whole."""


class Line(NamedTuple):
    """An item and what is said of it; nothing where it is not stated."""

    label: str
    says: list[str]


class Part(NamedTuple):
    """Items under a heading."""

    heading: str
    lines: list[Line]


class BarView(NamedTuple):
    """A bar from ``x`` on, both of ``WIDTH``; ``percent`` of the whole."""

    label: str
    value: Figure
    percent: str
    x: int
    width: int


class ReportView(NamedTuple):
    """A report, every text as it is read."""

    kind: str
    id: str
    name: str
    title: str
    lead: str
    made: str
    tally: str
    warning: str
    chart: str
    bars: list[BarView]
    parts: list[Part]
    none_stated: str
    back: str
    """The page of the figures themselves."""


def report_view(report: Report, made: date, t: Translate, locale: Locale) -> ReportView:
    """Everything of the report."""
    words = _Words(t, locale)
    items = sum(len(section.items) for section in report.sections)
    return ReportView(
        kind=report.kind,
        id=readable(report.subject),
        name=report.name,
        title=words.t(f"report.title.{report.kind}"),
        lead=words.t(f"report.lead.{report.kind}"),
        made=words.t("report.made", day=made.isoformat()),
        tally=words.t("report.count", stated=items - len(report.not_stated), all=items),
        warning="" if report.complete else words.t("report.incomplete"),
        chart=words.t("report.by-stage" if report.kind == "product" else "report.by-part"),
        bars=words.bars(report),
        parts=[
            Part(words.t(f"report.section.{code}"), [words.line(item) for item in items])
            for code, items in report.sections
        ],
        none_stated=words.t("report.none-stated"),
        back=f"/{report.kind}s/{segment(report.subject)}",
    )


class _Words:
    """What is said, as plain text: page and printed file escape it each in its own way."""

    def __init__(self, t: Translate, locale: Locale) -> None:
        self._t, self._locale = t, locale

    def t(self, key: str, /, **values: object) -> str:
        return unescape(self._t(key, **values))

    def code(self, code: str) -> str:
        if code in _FLAGS:
            return _FLAGS[code][self._locale == "zh-CN"]
        if code in _STAGES:
            return self.t(f"stage.{code}")
        if code in CATEGORIES:
            return self.t(f"category.{code}")
        return self.t(f"report.is.{code}")

    def line(self, item: Item) -> Line:
        return Line(self.t(f"report.item.{item.code}"), [self._said(said) for said in item.says])

    def _said(self, said: Said) -> str:
        if said.error is not None:
            return f"{said.error.message(self._locale)} {said.error.fix(self._locale)}"
        value = "" if said.value is None else f"{_short(figure(said.value, 3).shown)} {said.unit}".rstrip()
        words = (self.code(said.code) if said.code else "", said.text, value)
        return " · ".join(word for word in words if word)

    def bars(self, report: Report) -> list[BarView]:
        """Each begins where the one before ended, and the whole; none are drawn where a part is less than nothing."""
        drawn = all(bar.share is not None and bar.share >= 0 for bar in report.bars)
        found, here, done = list[BarView](), 0, Fraction(0)
        for bar in report.bars:
            done += bar.share or 0
            end = round(done * WIDTH)
            found.append(self._bar(bar, here, max(end - here, 1) if drawn else 0))
            here = end
        whole = BarView(self.t("report.whole"), figure(report.whole), "100", 0, WIDTH if drawn else 0)
        return [*found, whole] if found else []

    def _bar(self, bar: Bar, x: int, width: int) -> BarView:
        label = " · ".join(word for word in (self.code(bar.code), bar.text) if word)
        percent = "–" if bar.share is None else _short(figure(bar.share * 100, 1).shown)
        return BarView(label, figure(bar.value), percent, x if width else 0, width)


def _short(shown: str) -> str:
    """Without zeros at the end that say nothing."""
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
