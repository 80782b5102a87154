"""What the pages of calculation runs show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from api.pages.words import figure
from ledger.errors import Locale
from ledger.footprint.amount import exact_value
from ledger.records.calculation_run import CalculationRun
from ledger.services.replay_run import Replay
from ledger.units import shown

MOST_SHOWN: Final = 200
"""Routes, products and gaps on a page; all of them are in the result and in the evidence."""
LOOKS: Final = {"holds": "holds", "differs": "fails", "cannot-tell": "unknown"}


class RunRow(NamedTuple):
    """A run in the list; figures [kg CO2e] as people read them."""

    id: str
    entry: int
    at: datetime
    routes_kg: str
    products_kg: str
    gaps: int
    factor_set: str
    size: int


class RunsView(NamedTuple):
    """The newest runs, of ``total``; the factor sets one may start with."""

    rows: list[RunRow]
    total: int
    sets: list[str]
    current: str
    may_start: bool


class TotalRow(NamedTuple):
    """A route or product; ``exact`` is the figure in full."""

    name: str
    kg: str
    exact: str
    complete: bool


class GapRow(NamedTuple):
    """Something that could not be computed, with its reason and its first and last entry (-1 where there is none)."""

    subject: str
    reason: str
    first: int
    last: int


class RunView(NamedTuple):
    """One run, and the verdict of computing it again once that was asked for."""

    row: RunRow
    run: CalculationRun
    routes: list[TotalRow]
    products: list[TotalRow]
    gaps: list[GapRow]
    shares: list[tuple[str, str]]
    replayed: Replay | None
    look: str
    may_replay: bool


def run_row(entry: int, run: CalculationRun) -> RunRow:
    """A run for the list."""
    return RunRow(
        id=run.id,
        entry=entry,
        at=run.occurred_at,
        routes_kg=_kg(run.routes_wtw_kg),
        products_kg=_kg(run.products_wtw_kg),
        gaps=run.gaps,
        factor_set=run.factor_set.id,
        size=run.checkpoint.size,
    )


def run_view(
    entry: int,
    run: CalculationRun,
    content: Mapping[str, Any],
    replayed: Replay | None,
    locale: Locale,
    *,
    may_replay: bool,
) -> RunView:
    """Its page. ``content`` is the whole result; the largest figures come first."""
    reason = "zh" if locale == "zh-CN" else "en"
    gaps = [
        GapRow(gap["subject"], gap[reason], gap["entries"]["first"], gap["entries"]["last"]) for gap in content["gaps"]
    ]
    shares = (("primary", run.shares.primary), ("modelled", run.shares.modelled), ("default", run.shares.default))
    return RunView(
        row=run_row(entry, run),
        run=run,
        routes=_totals(content["routes"], "route"),
        products=_totals(content["products"], "product"),
        gaps=gaps[:MOST_SHOWN],
        shares=[(name, shown(exact_value(share) * 100, 1)) for name, share in shares if share is not None],
        replayed=replayed,
        look=LOOKS[replayed.verdict] if replayed else "",
        may_replay=may_replay,
    )


def _totals(rows: Iterable[Mapping[str, Any]], name: str) -> list[TotalRow]:
    ordered = sorted(rows, key=lambda row: (-exact_value(row["wtw_kg"]), row[name]))[:MOST_SHOWN]
    return [TotalRow(row[name], _kg(row["wtw_kg"]), row["wtw_kg"], row["complete"]) for row in ordered]


def _kg(exact: str) -> str:
    return figure(exact_value(exact)).shown
