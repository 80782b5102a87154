"""
The robustness card: how firm an award is, from five sides. Information beside the award, never part of it.

Exact where there is an exact answer; where there is not, counts over draws from a stored seed (``draws``), so that
anybody gets the same counts. A generator, so that a page can show how far it is.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import msgspec

from ledger.scoring.bid import FootprintStatus
from ledger.scoring.criterion import FOOTPRINT, Criterion
from ledger.scoring.draws import draws, simplex
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.form import Value
from ledger.scoring.pipeline import benchmark_of, readings, work_amounts
from ledger.scoring.robustness import FlipPrice, LeftOut, flip_of_first_two, left_out

_BATCH = 200
_MILLE = 1000


class CardTerms(Value, frozen=True, kw_only=True):
    """
    What is drawn: ``seed``, ``samples`` of weights, ``variations`` of footprints.

    ``uncertainty`` is the half width by status, as a share of the scored footprint below 1; a status not named is
    taken as sure.
    """

    seed: str
    samples: int = 2000
    variations: int = 500
    uncertainty: dict[FootprintStatus, Fraction] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.samples <= 100_000 or not 0 <= self.variations <= 10_000:
            raise ValueError("samples 1 to 100,000, variations 0 to 10,000")
        if not all(0 <= share < 1 for share in self.uncertainty.values()):
            raise ValueError("uncertainty is a share from 0 to below 1")


class Shift(Value, frozen=True, kw_only=True):
    """
    The smallest change of weights at which ``challenger`` draws level: points moved, by criterion, that sum to zero.

    ``size`` is the sum of all changes without their signs; beyond it the winner changes.
    """

    challenger: str
    moved: dict[str, Fraction]
    size: Fraction


class Acceptability(Value, frozen=True, kw_only=True):
    """How often a bid took each rank, first to last, over all samples of weights (SMAA-2, Lahdelma, Salminen 2001)."""

    bidder: str
    counts: tuple[int, ...]


class Wins(Value, frozen=True, kw_only=True):
    """How often a bid came first over all variations of footprints."""

    bidder: str
    count: int


class Card(Value, frozen=True, kw_only=True):
    """The card. ``terms`` are needed to count again."""

    terms: CardTerms
    winner: str
    flip_price: FlipPrice | None
    shift: Shift | None
    left_out: tuple[LeftOut, ...]
    acceptability: tuple[Acceptability, ...]
    wins: tuple[Wins, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the card is; ``part`` is the name of the card's field that is being worked out."""

    part: str
    done: int
    of: int


def robustness_card(e: Evaluation, terms: CardTerms) -> Generator[Progress, None, Card | None]:
    """The card of a ranked evaluation, returned at the end; ``None`` where there is no winner."""
    winner = e.winner
    if winner is None:
        return None
    of = len(e.ranks) - 1 + terms.samples + terms.variations
    left = []
    for one in left_out(e):
        left.append(one)
        yield Progress("left_out", len(left), of)
    done = len(left)
    counts = _acceptability(e, terms)
    acceptability = yield from _counted("acceptability", counts, done, of)
    wins = yield from _counted("wins", _wins(e, terms), done + terms.samples, of)
    order = [r.bidder for r in e.ranks]
    return Card(
        terms=terms,
        winner=winner,
        flip_price=flip_of_first_two(e),
        shift=smallest_shift(e),
        left_out=tuple(left),
        acceptability=tuple(
            Acceptability(bidder=b, counts=tuple(c)) for b, c in zip(order, acceptability, strict=True)
        ),
        wins=tuple(Wins(bidder=b, count=c[0]) for b, c in zip(order, wins, strict=True)),
    )


def smallest_shift(e: Evaluation) -> Shift | None:
    """
    The least sum of changes of weights, each kept at zero or more and their sum kept, that lets another bid draw level.

    For each challenger it is best to move weight to the criterion where it leads most, from the criteria where the
    winner leads most: the exact answer of that linear programme, whose gap is linear in what is moved.
    """
    if e.winner is None:
        return None
    weights = {c.key: c.weight for c in e.scheme.criteria}
    shares = {(cell.bidder, cell.criterion): cell.share for cell in e.cells}
    found = []
    for challenger in (r.bidder for r in e.ranks[1:]):
        gaps = {key: shares[e.winner, key] - shares[challenger, key] for key in weights}
        moved = _moved(weights, gaps)
        if moved is not None:
            size = sum((abs(change) for change in moved.values()), Fraction(0))
            found.append(Shift(challenger=challenger, moved=moved, size=size))
    return min(found, key=lambda shift: shift.size, default=None)


def _moved(weights: dict[str, Fraction], gaps: dict[str, Fraction]) -> dict[str, Fraction] | None:
    target = min(gaps, key=lambda key: gaps[key])
    gap = sum((weights[key] * gaps[key] for key in weights), Fraction(0))
    moved: dict[str, Fraction] = {}
    if gap <= 0:
        return moved
    if gaps[target] > 0:
        return None
    for key in sorted(gaps, key=lambda key: -gaps[key]):
        lever = gaps[key] - gaps[target]
        if lever == 0:
            break
        part = min(weights[key], gap / lever)
        moved[key], gap = -part, gap - part * lever
        if gap == 0:
            moved[target] = moved.get(target, Fraction(0)) - sum(moved.values(), Fraction(0))
            return moved
    return None


_Counting = Generator[int, None, list[list[int]]]


def _counted(part: str, counting: _Counting, before: int, of: int) -> Generator[Progress, None, list[list[int]]]:
    while True:
        try:
            yield Progress(part, before + next(counting), of)
        except StopIteration as end:
            counts: list[list[int]] = end.value
            return counts


def _acceptability(e: Evaluation, terms: CardTerms) -> _Counting:
    """Ranks at weights drawn uniformly; equal totals stay in the order of the award. Whole numbers throughout."""
    order, keys = [r.bidder for r in e.ranks], [c.key for c in e.scheme.criteria]
    shares = {(cell.bidder, cell.criterion): cell.share for cell in e.cells}
    common = lcm(*(share.denominator for share in shares.values()))
    rows = [[int(shares[bidder, key] * common) for key in keys] for bidder in order]
    counts = [[0] * len(order) for _ in order]
    source = draws(f"{terms.seed}/weights")
    for sample in range(1, terms.samples + 1):
        weights = simplex(source, len(keys))
        totals = [-sum(w * s for w, s in zip(weights, row, strict=True)) for row in rows]
        for place, index in enumerate(sorted(range(len(order)), key=totals.__getitem__)):
            counts[index][place] += 1
        if sample % _BATCH == 0 or sample == terms.samples:
            yield sample
    return counts


def _wins(e: Evaluation, terms: CardTerms) -> _Counting:
    """First places with footprints drawn evenly, in steps of a thousandth of the half width; equal totals as above."""
    order = [r.bidder for r in e.ranks]
    amounts = {amount.key for amount in e.scheme.amounts}
    moving = [c for c in e.scheme.criteria if c.reads == FOOTPRINT or c.reads in amounts]
    moved = {c.key for c in moving}
    fixed = dict.fromkeys(order, Fraction(0))
    for cell in e.cells:
        if cell.criterion not in moved:
            fixed[cell.bidder] += cell.points
    counts = [[0] for _ in order]
    source = draws(f"{terms.seed}/footprints")
    for variation in range(1, terms.variations + 1):
        scored = []
        for footprint in e.footprints:
            step = next(source) % (2 * _MILLE + 1) - _MILLE
            width = terms.uncertainty.get(footprint.status, Fraction(0))
            scored.append(msgspec.structs.replace(footprint, scored=footprint.scored * (1 + width * step / _MILLE)))
        totals = _totals(replace(e, footprints=tuple(scored), figures=()), moving, fixed)
        counts[max(range(len(order)), key=lambda index: (totals[order[index]], -index))][0] += 1
        if variation % _BATCH == 0 or variation == terms.variations:
            yield variation
    return counts


def _totals(e: Evaluation, moving: list[Criterion], fixed: dict[str, Fraction]) -> dict[str, Fraction]:
    known, totals = readings(work_amounts(e)), dict(fixed)
    for criterion in moving:
        benchmark = benchmark_of(criterion, known)
        for bidder, of in known.items():
            totals[bidder] += criterion.weight * criterion.share(of[criterion.reads], benchmark)
    return totals
