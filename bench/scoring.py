"""
Scoring: a thousand bids on fifty criteria, and the robustness card of twenty bids.

    .venv/bin/python -m bench scoring
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from time import process_time
from typing import Any

from bench.table import Line, show
from ledger.scoring.award import score
from ledger.scoring.bid import Bid, Footprint
from ledger.scoring.card import CardTerms, robustness_card
from ledger.scoring.criterion import Criterion
from ledger.scoring.data_quality import FootprintRule, Markup
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.gate import Gate
from ledger.scoring.pipeline import evaluate
from ledger.scoring.scheme import Scheme

BIDS, CRITERIA, SCORE_SECONDS = 1000, 50, 1.0
CARD_BIDS, CARD_CRITERIA, CARD_SECONDS = 20, 12, 10.0
FORMULAS: tuple[tuple[str, dict[str, Fraction]], ...] = (
    ("absolute-linear", {"best": Fraction(1000), "worst": Fraction(0)}),
    ("best-ratio", {}),
    ("min-max", {}),
)
CLOSES = datetime.fromisoformat("2026-06-30T17:00:00+08:00")


def measure() -> list[dict[str, Any]]:
    """Seconds of the processor."""
    began = process_time()
    evaluation = tender(BIDS, CRITERIA)
    built = process_time()
    evaluate(evaluation.scheme, evaluation.bids)
    scored = process_time() - built
    sheet_began = process_time()
    score(evaluation.scheme, evaluation.bids)
    sheet = process_time() - sheet_began
    card_began = process_time()
    small = tender(CARD_BIDS, CARD_CRITERIA)
    steps = sum(1 for _ in robustness_card(evaluate(small.scheme, small.bids), terms()))
    card = process_time() - card_began
    baseline = obvious(evaluation)
    show(
        f"{BIDS:,} bids on {CRITERIA} criteria; robustness card of {CARD_BIDS} bids",
        [
            Line(
                "scored, exact, with every working",
                scored,
                "s",
                f"< {SCORE_SECONDS:.0f}; {scored / baseline:.0f}x binary floats without workings",
                reached=scored < SCORE_SECONDS,
            ),
            Line(
                "score sheet from records, with robustness",
                sheet,
                "s",
            ),
            Line("building the bids", built - began, "s"),
            Line("card", card, "s", f"< {CARD_SECONDS:.0f}; {steps} steps told", reached=card < CARD_SECONDS),
        ],
    )
    return [
        {
            "score_seconds": scored,
            "sheet_seconds": sheet,
            "float_seconds": baseline,
            "card_seconds": card,
            "card_steps": steps,
        }
    ]


def terms() -> CardTerms:
    """What a page asks for."""
    return CardTerms(seed="bench", samples=10_000, variations=1_000, uncertainty={"verified": Fraction(1, 10)})


def obvious(e: Evaluation) -> float:
    """Seconds of the same points in binary floats, nothing kept but totals."""
    columns = [[float(bid.quality[c.reads]) for bid in e.bids] for c in e.scheme.criteria[2:]]
    began = process_time()
    totals = [0.0] * len(e.bids)
    for column in columns:
        lowest, highest = min(column), max(column)
        for index, value in enumerate(column):
            totals[index] += (value - lowest) / (highest - lowest)
    return process_time() - began


def tender(bids: int, criteria: int) -> Evaluation:
    """A tender not yet scored: price, footprint and marks with two decimals, all different."""
    marks = [f"m{n}" for n in range(criteria - 2)]
    rules = [_criterion("price", "lowest-price", "lower", {})]
    rules.append(_criterion("footprint", "min-max", "lower", {}))
    rules += [_criterion(m, *FORMULAS[n % 3][:1], "higher", FORMULAS[n % 3][1]) for n, m in enumerate(marks)]
    scheme = Scheme(
        id="bench",
        version=1,
        title_en="Bench",
        title_zh="测速",
        basis="bench",
        currency="CNY",
        declared_unit="piece",
        boundary="cradle-to-gate",
        quantity=Fraction(1000),
        closes_at=CLOSES,
        criteria=tuple(rules),
        gates=(Gate(kind="footprint-comparable"),),
        footprint_rule=FootprintRule(
            default=Fraction(100), default_source="bench", markups=(Markup(year=2026, share=Fraction(1, 10)),)
        ),
        points=Fraction(criteria),
    )
    made = [
        Bid(
            bidder=f"B{n:04d}",
            price=Fraction(1_000_000 + 7919 * n % 999_983),
            sealed_at=CLOSES,
            quality={m: Fraction((104_729 * n + 7919 * k * k) % 99_991 + 1, 100) for k, m in enumerate(marks)},
            footprint=Footprint(
                status="verified",
                value=Fraction(5000 + 611 * n % 4999, 100),
                declared_unit="piece",
                boundary="cradle-to-gate",
                verifier="V",
                valid_to=CLOSES.date(),
            ),
        )
        for n in range(bids)
    ]
    return Evaluation(scheme, tuple(made))


def _criterion(key: str, formula: str, direction: Any, parameters: dict[str, Fraction]) -> Criterion:
    return Criterion(
        key=key,
        title_en=key,
        title_zh=key,
        reads=key,
        unit="1",
        direction=direction,
        weight=Fraction(1),
        formula=formula,
        parameters=parameters,
    )
