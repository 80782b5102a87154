"""An inventory as tables for a spreadsheet: its lines, sums, and everything that is not counted."""

from __future__ import annotations

from collections.abc import Sequence

from api.pages.catalogue import Translate
from ledger.adapters.files.written_table import Cell, WrittenTable
from ledger.errors import Locale
from ledger.footprint.amount import exact_text
from ledger.footprint.inventory.inventory import NOT_COMPUTED, Inventory
from ledger.footprint.inventory.line import Line
from ledger.records.inventory_boundary import SCOPES

_LINE = ("scope", "subject", "what", "kg", "gases", "market-kg", "amount", "unit", "formula", "factors")
_TRAIL = ("count", "first", "last", "category", "primary", "standing", "flags", "exact", "market-exact")


def inventory_tables(found: Inventory, t: Translate, locale: Locale) -> list[WrittenTable]:
    """Lines, sums, and what is missing or left out."""
    lines = WrittenTable(
        t("inventory.lines"),
        [t(f"inventory.column.{name}") for name in (*_LINE, *_TRAIL)],
        [_line(line, t) for line in found.lines],
    )
    return [lines, _sums(found, t), _missing(found, t, locale)]


def _line(line: Line, t: Translate) -> list[Cell]:
    return [
        line.scope,
        line.subject,
        line.what,
        line.kg,
        line.gases,
        line.market,
        line.amount,
        line.unit,
        t(f"inventory.formula.{line.formula}"),
        "; ".join(line.factors),
        *line.entries,
        t(f"category.{line.category}"),
        line.primary,
        t(f"standing.{line.verification}"),
        "; ".join(line.flags),
        exact_text(line.kg),
        "" if line.market is None else exact_text(line.market),
    ]


def _sums(found: Inventory, t: Translate) -> WrittenTable:
    sums = [(t(f"inventory.scope.{scope}"), found.scope(scope)) for scope in SCOPES]
    sums += [
        (t("inventory.scope2-market"), found.market),
        (t("inventory.total.location"), found.total_kg(market=False)),
        (t("inventory.total.market"), found.total_kg(market=True)),
    ]
    rows: list[Sequence[Cell]] = [(name, kg, exact_text(kg)) for name, kg in sums]
    rows.append((t("trail.factor-hash"), None, found.factors.hash))
    headings = [t("inventory.column.scope"), t("inventory.column.kg"), t("inventory.column.exact")]
    return WrittenTable(t("inventory.totals"), headings, rows)


def _missing(found: Inventory, t: Translate, locale: Locale) -> WrittenTable:
    rows: list[Sequence[Cell]] = [
        (one.scope, one.subject, one.error.message(locale), one.error.fix(locale)) for one in found.missing
    ]
    rows += [("", one.what, one.reason, "") for one in found.recorded.boundary.exclusions]
    zh = locale == "zh-CN"
    rows += [(scope, said if zh else en, t("inventory.not-computed"), "") for scope, en, said in NOT_COMPUTED]
    headings = [t(f"inventory.column.{name}") for name in ("scope", "subject", "reason", "fix")]
    return WrittenTable(t("inventory.missing"), headings, rows)
