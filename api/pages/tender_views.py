"""What the page of a tender shows: gates first, then every cell of the score sheet with its working."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from api.pages.catalogue import Translate
from api.pages.comparison_views import ComparisonView, comparison
from api.pages.own_record_views import OwnRow, own_rows
from ledger.errors import Locale
from ledger.footprint.amount import exact_text
from ledger.scoring.amount import Amount
from ledger.scoring.award import ScoreSheet
from ledger.scoring.criterion import Criterion
from ledger.scoring.data_quality import ScoredFootprint
from ledger.scoring.evaluation import Cell
from ledger.scoring.robustness import FlipPrice, Robustness
from ledger.scoring.scheme import Scheme
from ledger.scoring.tie_break import tie_break
from ledger.units import shown


class GateRow(NamedTuple):
    """One bidder at the gates."""

    bidder: str
    passed: bool
    reasons: list[str]


class CellView(NamedTuple):
    """One bid on one criterion."""

    bidder: str
    input: str
    working: str
    shown: str
    exact: str
    """Empty when what is shown is exact."""


class FootprintRow(NamedTuple):
    """A footprint as it was scored: how it stood at closing, why, and what came of it [kg CO2e per declared unit]."""

    bidder: str
    declared: str
    status: str
    why: str
    markup: str
    scored: str
    working: str
    evidence: str


class CriterionView(NamedTuple):
    """One criterion with its formula and all its cells."""

    title: str
    weight: str
    unit: str
    formula: str
    algebra: str
    source: str
    warning: str
    cells: list[CellView]


class FigureView(NamedTuple):
    """One bid's amount, worked out before criteria compare it."""

    bidder: str
    value: str
    working: str


class AmountView(NamedTuple):
    """One amount of the scheme with its rule and every bid's figure."""

    title: str
    unit: str
    rule: str
    algebra: str
    source: str
    warning: str
    figures: list[FigureView]


class RankRow(NamedTuple):
    """A remaining bid in its place."""

    rank: int
    bidder: str
    cells: list[CellView]
    total: str
    decided_by: str


class Flip(NamedTuple):
    """The flip carbon price."""

    price: str
    first: str
    second: str
    cheaper: str


class Weight(NamedTuple):
    """The smallest weight change that matters."""

    criterion: str
    change: str
    challenger: str


class Note(NamedTuple):
    """What a step remarked."""

    bidder: str
    text: str


class TenderView(NamedTuple):
    """A scored tender."""

    id: str
    title: str
    basis: str
    winner: str | None
    gates: list[GateRow]
    footprints: list[FootprintRow]
    amounts: list[AmountView]
    criteria: list[CriterionView]
    ranks: list[RankRow]
    comparison: ComparisonView
    own: list[OwnRow]
    tie_break: list[str]
    tie_log: list[str]
    flip: Flip | None
    weight: Weight | None
    spoilers: list[str]
    notes: list[Note]
    scheme_digest: str
    entries: list[tuple[str, int]]
    sheet_entry: int


def title_of(scheme: Scheme, locale: Locale) -> str:
    """The tender's title in the reader's language."""
    return scheme.title_zh if locale == "zh-CN" else scheme.title_en


def tender_view(sheet: ScoreSheet, entries: list[tuple[str, int]], t: Translate, locale: Locale) -> TenderView:
    """The score sheet for people; every figure is the sheet's own."""
    zh = locale == "zh-CN"
    excluded = sheet.excluded
    criteria = [_criterion(c, sheet, locale) for c in sheet.scheme.criteria]
    return TenderView(
        id=sheet.scheme.id,
        title=title_of(sheet.scheme, locale),
        basis=sheet.scheme.basis,
        winner=sheet.winner,
        gates=[
            GateRow(b.bidder, b.bidder not in excluded, [r.zh if zh else r.en for r in excluded.get(b.bidder, ())])
            for b in sheet.bids
        ],
        footprints=[_footprint(one, sheet, t) for one in sheet.footprints],
        amounts=[_amount(one, sheet, locale) for one in sheet.scheme.amounts],
        criteria=criteria,
        ranks=_ranks(sheet, criteria, t, locale),
        own=own_rows(sheet, t),
        comparison=comparison(sheet.evaluation, locale),
        tie_break=[_rule(key, t, locale) for key in sheet.scheme.tie_break],
        tie_log=[
            t("tender.tie-line", bidder=r.bidder, rank=r.rank, rule=_rule(r.decided_by, t, locale))
            for r in sheet.ranks
            if r.decided_by not in {"", "total"}
        ],
        flip=flip_view(sheet.robustness.flip_price, sheet.scheme),
        weight=_weight(sheet.robustness, sheet.scheme, locale),
        spoilers=[_spoiler(left.bidder, left.winner, t) for left in sheet.robustness.left_out if left.changes],
        notes=[Note(r.bidder, r.zh if zh else r.en) for r in sheet.reasons if not r.excludes],
        scheme_digest=sheet.scheme.digest(),
        entries=entries,
        sheet_entry=entries[-1][1],
    )


def _footprint(one: ScoredFootprint, sheet: ScoreSheet, t: Translate) -> FootprintRow:
    stated = next(bid.footprint for bid in sheet.bids if bid.bidder == one.bidder)
    if one.status == "verified":
        why = t("tender.footprint.reviewed", verifier=stated.verifier or "", until=str(stated.valid_to or "–"))
    else:
        why = t(f"tender.doubt.{stated.doubt}") if isinstance(stated.doubt, str) else ""
    return FootprintRow(
        bidder=one.bidder,
        declared="–" if one.declared is None else exact_text(one.declared),
        status=t(f"tender.footprint.{one.status}"),
        why=why,
        markup=f"{shown(one.markup * 100, 2)} %",
        scored=exact_text(one.scored),
        working=one.working,
        evidence=stated.evidence,
    )


def _amount(amount: Amount, sheet: ScoreSheet, locale: Locale) -> AmountView:
    zh, rule = locale == "zh-CN", amount.works_by
    found = [figure for figure in sheet.figures if figure.amount == amount.key]
    return AmountView(
        title=amount.title_zh if zh else amount.title_en,
        unit=amount.unit,
        rule=rule.title_zh if zh else rule.title_en,
        algebra=rule.algebra,
        source=rule.source,
        warning=rule.warning_zh if zh else rule.warning_en,
        figures=[FigureView(one.bidder, exact_text(one.value), one.working) for one in found],
    )


def _criterion(criterion: Criterion, sheet: ScoreSheet, locale: Locale) -> CriterionView:
    zh, rule = locale == "zh-CN", criterion.rule
    return CriterionView(
        title=criterion.title_zh if zh else criterion.title_en,
        weight=exact_text(criterion.weight),
        unit=criterion.unit,
        formula=rule.title_zh if zh else rule.title_en,
        algebra=rule.algebra,
        source=rule.source,
        warning=rule.warning_zh if zh else rule.warning_en,
        cells=[_cell(cell) for cell in sheet.cells if cell.criterion == criterion.key],
    )


def _cell(cell: Cell) -> CellView:
    exact = "" if Fraction(cell.shown) == cell.points else exact_text(cell.points)
    return CellView(cell.bidder, exact_text(cell.input), cell.working, cell.shown, exact)


def _ranks(sheet: ScoreSheet, criteria: list[CriterionView], t: Translate, locale: Locale) -> list[RankRow]:
    totals = {total.bidder: total.shown for total in sheet.totals}
    cells = {(cell.bidder, c.title): cell for c in criteria for cell in c.cells}
    return [
        RankRow(
            r.rank,
            r.bidder,
            [cells[r.bidder, c.title] for c in criteria],
            totals[r.bidder],
            _rule(r.decided_by, t, locale),
        )
        for r in sheet.ranks
    ]


def _rule(key: str, t: Translate, locale: Locale) -> str:
    """What decided a place, in words; nothing for the first."""
    rule = tie_break(key)
    if rule is None:
        return t(f"decided.{key}") if key else "–"
    return rule.title_zh if locale == "zh-CN" else rule.title_en


def flip_view(flip: FlipPrice | None, scheme: Scheme) -> Flip | None:
    """The flip price in words; ``None`` where there is none above zero."""
    if flip is None or flip.per_tonne is None:
        return None
    price = f"{shown(flip.per_tonne, 2)} {scheme.currency}/t CO₂e"
    return Flip(price, flip.first, flip.second, flip.cheaper_above or flip.second)


def _weight(robustness: Robustness, scheme: Scheme, locale: Locale) -> Weight | None:
    change = robustness.weight_change
    if change is None:
        return None
    criterion = next(c for c in scheme.criteria if c.key == change.criterion)
    title = criterion.title_zh if locale == "zh-CN" else criterion.title_en
    return Weight(title, f"{'+' if change.change > 0 else ''}{shown(change.change, 2)}", change.challenger)


def _spoiler(bidder: str, winner: str | None, t: Translate) -> str:
    if winner is None:
        return t("tender.left-out.draw", bidder=bidder)
    return t("tender.left-out.line", bidder=bidder, name=winner)
