"""
How firm an award is. Exact, without randomness; information beside the award, never part of it.

Three questions: at which carbon price would the first two change places, by how much one weight would have to change
for another winner, and whether any losing bid decides the winner by its mere presence.
"""

from __future__ import annotations

from fractions import Fraction

from ledger.scoring.evaluation import Evaluation
from ledger.scoring.form import Value
from ledger.scoring.pipeline import add_up, normalise, rank, work_amounts
from ledger.units import to_base

KG_PER_TONNE = Fraction(to_base("1", "t", "mass"), to_base("1", "kg", "mass"))


class FlipPrice(Value, frozen=True, kw_only=True):
    """
    The carbon price at which the first two bids cost the same, emissions included: p* = (P_B - P_A) / (E_A - E_B).

    ``per_kg`` [currency / kg CO2e] and ``per_tonne`` [currency / t CO2e]; both ``None`` when no positive carbon price
    makes them equal, because one bid is no dearer and no dirtier. P in currency, E = scored footprint x quantity [kg].
    ``cheaper_above`` is the bidder who costs less, emissions included, at every price above p*.
    """

    first: str
    second: str
    per_kg: Fraction | None
    per_tonne: Fraction | None
    cheaper_above: str | None


class WeightChange(Value, frozen=True, kw_only=True):
    """
    The smallest change of one weight, the others rescaled in proportion, at which ``challenger`` draws level.

    ``change`` in points, signed; beyond it the winner changes. Weights stay between 0 and the points of the scheme.
    """

    criterion: str
    challenger: str
    change: Fraction


class LeftOut(Value, frozen=True, kw_only=True):
    """Who would win had a losing bid not been made; ``winner`` is ``None`` when a draw would have to decide."""

    bidder: str
    winner: str | None
    changes: bool


class Robustness(Value, frozen=True, kw_only=True):
    """What is known of the firmness of one award."""

    flip_price: FlipPrice | None
    weight_change: WeightChange | None
    left_out: tuple[LeftOut, ...]


def robustness(e: Evaluation) -> Robustness:
    """The firmness of a ranked evaluation; empty answers where there is no winner."""
    if e.winner is None:
        return Robustness(flip_price=None, weight_change=None, left_out=())
    return Robustness(
        flip_price=flip_of_first_two(e),
        weight_change=_weight_change(e),
        left_out=tuple(leave_out(e, r.bidder) for r in e.ranks[1:]),
    )


def flip_price(
    first: str, second: str, prices: tuple[Fraction, Fraction], emissions: tuple[Fraction, Fraction]
) -> FlipPrice:
    """
    The flip price of two bids, prices in currency and emissions in kg CO2e.

    Source: shadow-price comparison P + p x E of both bids, set equal and solved for p.
    """
    dearer, cleaner = prices[1] - prices[0], emissions[0] - emissions[1]
    price = dearer / cleaner if cleaner else Fraction(0)
    if price <= 0:
        return FlipPrice(first=first, second=second, per_kg=None, per_tonne=None, cheaper_above=None)
    above = second if cleaner > 0 else first
    return FlipPrice(first=first, second=second, per_kg=price, per_tonne=price * KG_PER_TONNE, cheaper_above=above)


def flip_of_first_two(e: Evaluation) -> FlipPrice | None:
    """The flip price of the first two bids; ``None`` with fewer bids or without footprints."""
    if len(e.ranks) < 2 or not e.footprints:
        return None
    first, second = e.ranks[0].bidder, e.ranks[1].bidder
    price = {bid.bidder: bid.price for bid in e.remaining}
    kilograms = {f.bidder: f.scored * e.scheme.quantity for f in e.footprints}
    return flip_price(first, second, (price[first], price[second]), (kilograms[first], kilograms[second]))


def _weight_change(e: Evaluation) -> WeightChange | None:
    """The smallest over all criteria and challengers; on equal size the earlier criterion, then the better rank."""
    weights = {c.key: c.weight for c in e.scheme.criteria}
    shares = {(cell.bidder, cell.criterion): cell.share for cell in e.cells}
    found = []
    for key in weights:
        for challenger in (r.bidder for r in e.ranks[1:]):
            gaps = {k: shares[e.ranks[0].bidder, k] - shares[challenger, k] for k in weights}
            change = _level_at(key, weights, gaps)
            if change is not None:
                found.append(WeightChange(criterion=key, challenger=challenger, change=change))
    return min(found, key=lambda w: abs(w.change), default=None)


def _level_at(key: str, weights: dict[str, Fraction], gaps: dict[str, Fraction]) -> Fraction | None:
    """
    The change d of one weight w at which the gap of two totals is zero; ``None`` when no allowed change does it.

    Gap(d) = (w + d) g + (T - w - d) / (T - w) R, with R the gap on all other criteria and T the sum of weights: linear.
    """
    own, total = weights[key], sum(weights.values(), Fraction(0))
    if own == total:
        return None
    others = sum((weights[k] * gaps[k] for k in weights if k != key), Fraction(0))
    slope = gaps[key] - others / (total - own)
    if slope == 0:
        return None
    change = -(own * gaps[key] + others) / slope
    return change if 0 <= own + change <= total else None


def leave_out(e: Evaluation, loser: str) -> LeftOut:
    """The comparison done again without one remaining loser; who was set aside stays aside."""
    without = rank(add_up(normalise(work_amounts(e.without(loser)))))
    return LeftOut(bidder=loser, winner=without.winner, changes=without.winner != e.winner)
