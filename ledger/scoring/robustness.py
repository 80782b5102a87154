"""
How firm an award is. Exact, without randomness; information beside the award, never part of it.

Three questions: at which carbon price would the first two change places, by how much one weight would have to change
for another winner, and whether any losing bid decides the winner by its mere presence.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from ledger.scoring.evaluation import Evaluation, first_of
from ledger.scoring.form import Value
from ledger.scoring.pipeline import add_up, benchmark_of, normalise, places, rank, readings, work_amounts
from ledger.scoring.rational import product
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
        left_out=tuple(left_out(e)),
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
    """
    The smallest over all criteria and challengers; on equal size the earlier criterion, then the better rank.

    With w one weight, T the sum of all, g the winner's lead on that criterion as a share and G its lead in points, the
    lead after a change d is G + d (T g - G) / (T - w), the other weights being rescaled: linear, and zero at
    d = -G (T - w) / (T g - G). In whole numbers, because there are as many d as cells.
    """
    scale = lcm(*(c.weight.denominator for c in e.scheme.criteria))
    weights = {c.key: int(c.weight * scale) for c in e.scheme.criteria}
    points = {one.bidder: one.points for one in e.totals}
    shares = {(cell.bidder, cell.criterion): cell.share.as_integer_ratio() for cell in e.cells}
    first, rest = e.ranks[0].bidder, [r.bidder for r in e.ranks[1:]]
    leads = [(bidder, (points[first] - points[bidder]).as_integer_ratio()) for bidder in rest]
    whole, best, found = sum(weights.values()), (1, 0), None
    for key, own in weights.items():
        ahead, ahead_of = shares[first, key]
        for bidder, (lead, lead_of) in leads:
            behind, behind_of = shares[bidder, key]
            gap, gap_of = ahead * behind_of - behind * ahead_of, ahead_of * behind_of
            change, of = -lead * (whole - own) * gap_of, whole * gap * lead_of - scale * lead * gap_of
            if of < 0:
                change, of = -change, -of
            # ``of`` is zero where the lead stays the same, and where there is no other criterion.
            allowed = of > 0 and own < whole and 0 <= own * of + change * scale <= whole * of
            if allowed and abs(change) * best[1] < best[0] * of:
                best, found = (abs(change), of), (key, bidder, change, of)
    if found is None:
        return None
    key, bidder, change, of = found
    return WeightChange(criterion=key, challenger=bidder, change=Fraction(change, of))


def left_out(e: Evaluation) -> Iterator[LeftOut]:
    """
    Each loser of a tender with a winner, from the second rank on: the comparison done again without it.

    Who was set aside stays aside. Only what its presence decided is worked out anew: where it had no part in any
    benchmark, nothing changes.
    """
    known, points = readings(e), {one.bidder: one.points for one in e.totals}
    criteria = [(criterion, benchmark_of(criterion, known)) for criterion in e.scheme.criteria]
    cells = {(cell.bidder, cell.criterion): cell.points for cell in e.cells}
    relative = any(amount.works_by.relative for amount in e.scheme.amounts)
    for loser in (r.bidder for r in e.ranks[1:]):
        winner, own = e.winner, known[loser]
        if relative:
            winner = rank(add_up(normalise(work_amounts(e.without(loser))))).winner
        elif moved := [(c, b) for c, b in criteria if c.rule.moved_by(own[c.reads], b)]:
            others = {bidder: of for bidder, of in known.items() if bidder != loser}
            totals = {bidder: points[bidder] for bidder in others}
            for criterion, benchmark in moved:
                again = benchmark_of(criterion, others)
                if again != benchmark:
                    for bidder, of in others.items():
                        share = criterion.share(of[criterion.reads], again)
                        totals[bidder] += product(criterion.weight, share) - cells[bidder, criterion.key]
            top = max(totals.values())
            level = [bidder for bidder, of in totals.items() if of == top]
            winner = level[0] if len(level) == 1 else first_of(places(e.without(loser), totals))
        yield LeftOut(bidder=loser, winner=winner, changes=winner != e.winner)
