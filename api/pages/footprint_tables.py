"""A footprint as tables for a spreadsheet: its figures with their trail, sums, factors, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from api.pages.catalogue import Translate
from ledger.adapters.files.written_table import Cell, WrittenTable
from ledger.errors import Locale
from ledger.footprint.amount import exact_text
from ledger.footprint.emission import Emission, Gap
from ledger.footprint.factor import Factor, FactorSet
from ledger.units import decimal_text

_FIGURE = ("stage", "subject", "ttw.short", "wtt.short", "wtw.short", "quality", "standing")
_TRAIL = ("exact", "entries", "first", "last", "method", "version", "primary", "factors", "flags")
_FACTOR = ("factor", "ttw", "wtt", "wtw", "unit", "gwp", "year", "source", "licence")


class Sum(NamedTuple):
    """A sum of the footprint: its message, figure and unit."""

    message: str
    value: Fraction | int
    unit: str


class Content(NamedTuple):
    """What the tables are about."""

    name: str
    sums: Sequence[Sum]
    rows: Sequence[Emission]
    gaps: Sequence[Gap]
    factors: FactorSet


def tables_of(content: Content, t: Translate, locale: Locale) -> list[WrittenTable]:
    """Figures, sums and factors, and gaps where there are any."""
    found = [_figures(content, t), _sums(content, t), _factors(content, t)]
    return [*found, _gaps(content, t, locale)] if content.gaps else found


def _figures(content: Content, t: Translate) -> WrittenTable:
    headings = [t(f"footprint.{word}") for word in _FIGURE] + [t(f"export.{word}") for word in _TRAIL]
    return WrittenTable(t("export.figures"), headings, [_figure(row, t) for row in content.rows])


def _figure(row: Emission, t: Translate) -> list[Cell]:
    trail = row.trail
    return [
        t(f"stage.{row.stage}"),
        row.subject,
        row.ttw,
        row.wtt,
        row.wtw,
        t(f"category.{trail.category}"),
        t(f"standing.{trail.verification}"),
        exact_text(row.wtw),
        *row.entries,
        trail.method,
        trail.version,
        trail.primary,
        "; ".join(trail.factors),
        "; ".join(trail.flags),
    ]


def _sums(content: Content, t: Translate) -> WrittenTable:
    rows: list[Sequence[Cell]] = [(t("export.subject"), None, "", content.name)]
    rows += [(t(one.message), one.value, one.unit, exact_text(Fraction(one.value))) for one in content.sums]
    rows += [
        (t("trail.factor-set"), None, "", content.factors.id),
        (t("trail.factor-hash"), None, "", content.factors.hash),
    ]
    return WrittenTable(t("export.sums"), [t(f"export.{word}") for word in ("item", "value", "unit", "exact")], rows)


def _factors(content: Content, t: Translate) -> WrittenTable:
    used = dict.fromkeys(name for row in content.rows for name in row.trail.factors)
    rows = [_factor(content.factors.factor(name)) for name in used]
    return WrittenTable(t("export.factors"), [t(f"export.{word}") for word in _FACTOR], rows)


def _factor(factor: Factor) -> list[Cell]:
    """Values as their source prints them: text, because a spreadsheet would drop digits."""
    values = [None if value is None else decimal_text(value) for value in (factor.ttw, factor.wtt, factor.wtw)]
    return [factor.id, *values, factor.unit, factor.gwp_set, factor.year, factor.source, factor.licence]


def _gaps(content: Content, t: Translate, locale: Locale) -> WrittenTable:
    rows = [(t(f"stage.{gap.stage}"), gap.error.message(locale), gap.error.fix(locale)) for gap in content.gaps]
    return WrittenTable(t("export.gaps"), (t("footprint.stage"), t("export.reason"), t("export.fix")), rows)
