"""
What procurement looks at beside an award: the robustness card of a score sheet, and the findings of the gaming desk.

The card is counted step by step for a page's bar and recorded; the same sheet and uncertainties give the same entry.
Findings are computed whenever somebody looks, of the newest sheet, or before there is one of the bids as opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import ScoringError
from ledger.ports import Receipt
from ledger.scoring.award import replay
from ledger.scoring.bid import FootprintStatus
from ledger.scoring.card import Card, Progress, robustness_card
from ledger.scoring.card_record import card_form, card_of, terms_of
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.gaming import Finding, findings
from ledger.scoring.pipeline import evaluate
from ledger.scoring.scheme import digest
from ledger.services.tender_desk import Desk, TenderOpen, contents_of, record_document, scheme_of
from ledger.services.tenders import bids_of, sheets_of

USUAL_UNCERTAINTY: Mapping[FootprintStatus, Fraction] = {
    "verified": Fraction(1, 10),
    "unverified": Fraction(3, 10),
    "expired": Fraction(3, 10),
    "missing": Fraction(3, 10),
}
"""Half widths that a page offers: 10 % where somebody verified the footprint, 30 % else."""


class CardWithoutAward(ScoringError):
    """A robustness card was asked for where there is no winner whose firmness it could tell."""

    code = "scoring.card-without-award"
    tender: str
    en = "{tender} has no score sheet with a winner"
    zh = "{tender} 没有确定中选者的评分表"
    fix_en = "Score the tender first; where first place is level, decide the draw"
    fix_zh = "请先完成评分；若并列第一，请先抽签确定"


class Carded(NamedTuple):
    """A recorded card: its entry, the entry of the score sheet that it is of, and the card."""

    entry: int
    sheet_entry: int
    card: Card


def card_known(desk: Desk, tender: str) -> Carded | None:
    """The newest card of a tender's newest score sheet; ``None`` where none was computed. Raises ``TenderAbsent``."""
    scheme_of(desk, tender)
    sheets = sheets_of(desk, tender)
    if not sheets:
        return None
    seed = digest(sheets[-1][1])
    facts = desk.projections.facts(desk.tenant, "robustness_card", tender)
    forms = zip((fact.seq for fact in facts), contents_of(desk, "robustness_card", tender), strict=True)
    found = [(at, form) for at, form in forms if form["terms"]["seed"] == seed]
    return Carded(found[-1][0], sheets[-1][0], card_of(found[-1][1])) if found else None


def compute_card(
    desk: Desk, tender: str, uncertainty: Mapping[FootprintStatus, Fraction], told: Callable[[Progress], object]
) -> Receipt:
    """
    Count the card of the newest score sheet and record it. ``told`` hears how far it is, and may raise to end it.

    Raises ``TenderAbsent``, ``CardWithoutAward``.
    """
    scheme_of(desk, tender)
    sheets = sheets_of(desk, tender)
    if not sheets or not sheets[-1][1]["winner"]:
        raise CardWithoutAward(tender=tender)
    terms = terms_of(digest(sheets[-1][1]), uncertainty)
    working = robustness_card(replay(sheets[-1][1]).evaluation, terms)
    while True:
        try:
            told(next(working))
        except StopIteration as end:
            form = card_form(end.value)
            break
    return record_document(desk, "robustness_card", f"card:{tender}:{digest(form)}", tender, form)


def evaluated(desk: Desk, tender: str) -> Evaluation:
    """
    A tender's bids as the newest sheet scored them, or before there is one as they would be, without rulings.

    Raises ``TenderAbsent``, ``TenderOpen``, ``SealingKeysMissing`` and what scoring refuses.
    """
    scheme = scheme_of(desk, tender)
    if sheets := sheets_of(desk, tender):
        return replay(sheets[-1][1]).evaluation
    if desk.clock.now() <= scheme.closes_at:
        raise TenderOpen(tender=tender, closes_at=scheme.closes_at.isoformat())
    return evaluate(scheme, bids_of(desk, scheme))


def findings_of(desk: Desk, tender: str) -> tuple[Evaluation, tuple[Finding, ...]]:
    """What there is to look into among the bids of a tender. Raises as ``evaluated``."""
    evaluation = evaluated(desk, tender)
    return evaluation, findings(evaluation)
