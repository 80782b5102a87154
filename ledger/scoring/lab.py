"""
The formula lab: one tender through every formula that could score a criterion, before anything is published.

It says who would win by each, and shows on the very bids what a formula invites: a further bid that nobody means to
win and that moves the winner (``Cover``), and a loser whose absence does (``Absence``, the ranking paradox). Only the
formula of one criterion changes; gates do not apply, because invented bids hold no certificates.

Source: Stilger, Siderius, Van Raaij, A Comparative Study of Formulas for Choosing the Economically Most Advantageous
Tender, J. Public Procurement 17(1), 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from msgspec.structs import replace

from ledger.errors import ScoringError
from ledger.scoring.bid import Bid
from ledger.scoring.criterion import PRICE, Criterion
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.formulas import FORMULAS, Direction, Formula
from ledger.scoring.gate import Gate
from ledger.scoring.pipeline import evaluate
from ledger.scoring.rational import highest, lowest
from ledger.scoring.scheme import Scheme

MOST_BIDS: Final = 30
"""Every loser is left out in turn, by every formula."""
COVER: Final = "?"
"""The bidder's name of the further bid."""
COVERS: Final = tuple(Fraction(one) for one in ("6/5", "3/2", "2", "3"))
"""Of the highest price of the field; the least that moves the winner is shown."""
_COMPARABLE: Final = Gate(kind="footprint-comparable")


class Cover(NamedTuple):
    """A further bid at this price would have made another one win."""

    price: Fraction
    winner: str


class Absence(NamedTuple):
    """Without this loser another one would have won."""

    without: str
    winner: str


class Trial(NamedTuple):
    """One formula: what came of it, or why it has no answer for these bids."""

    formula: Formula
    own: bool
    """Whether it is the scheme's own formula, with its own parameters."""
    parameters: Mapping[str, Fraction]
    evaluation: Evaluation | None
    refused: ScoringError | None
    cover: Cover | None
    absences: tuple[Absence, ...]


def trials(scheme: Scheme, bids: Sequence[Bid], criterion: str) -> Iterator[Trial]:
    """The bids by each formula in turn for the criterion of that key, in the order of ``FORMULAS``."""
    bare = replace(scheme, gates=tuple(one for one in scheme.gates if one == _COMPARABLE))
    varied = next(one for one in scheme.criteria if one.key == criterion)
    held = bids[:MOST_BIDS]
    field = _field(bare, held, varied)
    for formula in FORMULAS:
        if varied.direction in formula.directions:
            yield _trial(bare, held, varied, formula, field)


def suggested(formula: Formula, field: Sequence[Fraction], direction: Direction) -> dict[str, Fraction]:
    """Parameters to try a formula with: bounds from the field itself, and what is usual for the rest."""
    said = SUGGESTED.get(formula.key)
    return said(field, direction) if said else {}


def _bounds(field: Sequence[Fraction], direction: Direction) -> dict[str, Fraction]:
    low, high = (lowest(field), highest(field)) if field else (Fraction(0), Fraction(1))
    if low == high:
        high = low + 1
    best, worst = (low, high) if direction == "lower" else (high, low)
    return {"best": best, "worst": worst}


SUGGESTED: Final[Mapping[str, Callable[[Sequence[Fraction], Direction], dict[str, Fraction]]]] = {
    "absolute-linear": _bounds,
    "logarithmic": lambda _, __: {"multiple": Fraction(2)},
    "mean-benchmark": lambda _, __: {"deduction": Fraction(1), "factor": Fraction(1)},
    "interval-benchmark": lambda _, __: {"deduction": Fraction(1), "factor": Fraction(1), "trimmed": Fraction(1)},
}
"""One point lost per percent, and a multiple of two, are the usual figures; a formula without a line takes none."""


def _trial(
    scheme: Scheme, bids: Sequence[Bid], varied: Criterion, formula: Formula, field: Sequence[Fraction]
) -> Trial:
    own = varied.formula == formula.key
    parameters = varied.parameters if own else suggested(formula, field, varied.direction)
    changed = replace(varied, formula=formula.key, parameters=parameters)
    criteria = tuple(changed if one is varied else one for one in scheme.criteria)
    try:
        tried = replace(scheme, criteria=criteria)
        evaluation = evaluate(tried, bids)
    except ScoringError as error:
        return Trial(formula, own, parameters, None, error, None, ())
    reads_price = varied.reads == PRICE
    cover = _cover(tried, bids, evaluation) if reads_price and formula.relative else None
    absences = tuple(_absences(tried, bids, evaluation)) if formula.relative else ()
    return Trial(formula, own, parameters, evaluation, None, cover, absences)


def _field(scheme: Scheme, bids: Sequence[Bid], varied: Criterion) -> list[Fraction]:
    """What goes into the criterion, by the scheme as it is; empty where that has no answer."""
    try:
        cells = evaluate(scheme, bids).cells
    except ScoringError:
        return [bid.price for bid in bids] if varied.reads == PRICE else []
    return [cell.input for cell in cells if cell.criterion == varied.key]


def _cover(scheme: Scheme, bids: Sequence[Bid], found: Evaluation) -> Cover | None:
    """The least of ``COVERS`` that moves the winner: as the last in rank, but dearer than all."""
    if found.winner is None:
        return None
    last = found.ranks[-1].bidder
    model = next(bid for bid in bids if bid.bidder == last)
    most = highest([bid.price for bid in bids])
    for times in COVERS:
        further = replace(model, bidder=COVER, price=most * times, lines=())
        winner = _winner(scheme, [*bids, further])
        if winner not in {None, found.winner, COVER}:
            assert winner is not None
            return Cover(further.price, winner)
    return None


def _absences(scheme: Scheme, bids: Sequence[Bid], found: Evaluation) -> Iterator[Absence]:
    if found.winner is None:
        return
    for loser in (one.bidder for one in found.ranks if one.bidder != found.winner):
        winner = _winner(scheme, [bid for bid in bids if bid.bidder != loser])
        if winner not in {None, found.winner}:
            assert winner is not None
            yield Absence(loser, winner)


def _winner(scheme: Scheme, bids: Sequence[Bid]) -> str | None:
    try:
        return evaluate(scheme, bids).winner
    except ScoringError:
        return None
