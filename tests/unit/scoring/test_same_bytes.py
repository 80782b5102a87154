"""A score sheet made by an earlier version of the code has the same bytes today, whatever was made faster since."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from ledger.scoring.amount import Amount
from ledger.scoring.award import replay, score
from ledger.scoring.bid import Bid
from ledger.scoring.criterion import Criterion
from ledger.scoring.pipeline import evaluate
from ledger.scoring.scheme import Scheme, digest
from tests.unit.scoring.tender import RULE, bid, criterion, footprint, full_bids, full_scheme, scheme

DIGESTS = json.loads((Path(__file__).parents[2] / "vectors" / "score_sheets.json").read_text("utf-8"))["sha256"]
"""SHA-256 of the RFC 8785 bytes of each sheet, by the code before it worked over common denominators."""
FORMULAS: dict[str, tuple[str, dict[str, Fraction]]] = {
    "absolute-linear": ("higher", {"best": Fraction(950), "worst": Fraction(50)}),
    "lowest-price": ("lower", {}),
    "best-ratio": ("higher", {}),
    "min-max": ("lower", {}),
    "logarithmic": ("lower", {"multiple": Fraction(3)}),
    "mean-benchmark": ("lower", {"deduction": Fraction(3, 2), "factor": Fraction(97, 100)}),
    "interval-benchmark": ("lower", {"deduction": Fraction(1), "factor": Fraction(1), "trimmed": Fraction(1)}),
}


def every_formula(weights: tuple[str, ...] = ("20", "10", "15", "15", "10", "20", "10")) -> tuple[Criterion, ...]:
    """One criterion for each."""
    return tuple(
        criterion(f"c{n}", weights[n], key, direction, parameters=parameters)
        for n, (key, (direction, parameters)) in enumerate(FORMULAS.items())
    )


def field(bids: int, level: bool = False) -> list[Bid]:
    """Bids with marks of two places, some in thirds; ``level``: the first two are alike but for their name."""
    found = []
    for n in range(bids):
        own = 0 if level and n == 1 else n
        marks = {f"c{k}": Fraction((7919 * own * (k + 1) + 104_729 * k) % 99_991 + 1, 100) for k in range(7)}
        marks["c2"] = Fraction((31 * own) % 17 + 1, 3)
        kg = footprint(str(Fraction(5000 + 611 * own % 4999, 100)), "unverified" if own % 3 == 2 else "verified")
        found.append(bid(f"B{n:02d}", str(100_000 + 7919 * own % 99_983), quality=marks, footprint=kg))
    return found


def amount(key: str, rule: str, inputs: dict[str, str], **parameters: str) -> Amount:
    """An amount of a scheme."""
    numbers = {name: Fraction(value) for name, value in parameters.items()}
    titles = {"title_en": key, "title_zh": key, "unit": "CNY"}
    return Amount(key=key, rule=rule, inputs=inputs, parameters=numbers, **titles)


def amounts() -> Scheme:
    """A carbon price upon the price, and a relative rating upon both."""
    return scheme(
        criterion("priced", "40", "lowest-price"),
        criterion("rated", "40", "min-max", "higher"),
        criterion("footprint", "20", "best-ratio"),
        amounts=(
            amount(
                "priced",
                "shadow-price",
                {"price": "price", "footprint": "footprint", "quantity": "quantity"},
                per_tonne="250",
            ),
            amount("rated", "rated-criteria", {"cost": "priced", "technical": "c0"}, cost_weight="0.4"),
        ),
        footprint_rule=RULE,
        gates=full_scheme().gates[4:5],
        quantity=Fraction(70),
    )


TENDERS: dict[str, tuple[Scheme, list[Bid]]] = {
    "full": (full_scheme(), full_bids()),
    "formulas": (scheme(*every_formula()), field(12)),
    "thirds": (
        scheme(*every_formula(("100/3", "50/3", "10", "10", "10", "10", "10"))),
        field(9),
    ),
    "level": (scheme(*every_formula()), field(2, level=True)),
    "undecided": (scheme(criterion("c1", "100", "lowest-price"), tie_break=("sealed-time",)), field(2, level=True)),
    "one": (scheme(*every_formula()), field(1)),
    "amounts": (amounts(), field(8)),
}


@pytest.mark.parametrize("name", TENDERS)
def test_a_sheet_has_the_bytes_it_always_had(name: str) -> None:
    """The whole sheet: inputs, workings, shares, points, ranks, robustness; and it replays."""
    record = score(*TENDERS[name]).to_record()
    assert digest(record) == DIGESTS[name]
    assert replay(json.loads(json.dumps(record))).to_record() == record


def test_left_out_as_if_never_made() -> None:
    """Every loser of a tender by all formulas, and of one by relative amounts: scored anew without its bid."""
    for name in ("formulas", "thirds", "amounts"):
        rules, bids = TENDERS[name]
        sheet = score(rules, bids)
        again = [evaluate(rules, [b for b in bids if b.bidder != r.bidder]).winner for r in sheet.ranks[1:]]
        assert [left.winner for left in sheet.robustness.left_out] == again
        assert [left.changes for left in sheet.robustness.left_out] == [winner != sheet.winner for winner in again]
