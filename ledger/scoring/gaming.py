"""
The gaming desk: what in the bids of a tender somebody should look into.

Findings, each with its reason and figures. None is an accusation, and none sets a bid aside: honest bids can look so
too. Thresholds are the desk's own and stated in each finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Literal

from msgspec import UNSET

from ledger.scoring.abnormally_low import AbnormallyLow, low_test
from ledger.scoring.bid import Bid
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.form import Value
from ledger.scoring.rational import plain, readable
from ledger.scoring.robustness import left_out

Kind = Literal[
    "near-identical-price", "lines-in-step", "cover-bid", "low-price", "low-footprint", "digit-slip", "implied-factor"
]

NEAR = Fraction(1, 1000)
"""Prices closer than this share of the lower are near-identical."""
IN_STEP = 3
"""From how many common lines on a constant ratio of unit prices is remarkable."""
APART = 5
"""A figure this many times the median of the others, or this part of it, is far from them."""
AGREES = 2
"""Moved by powers of ten to within this factor of the median, a figure looks like a slip of digits."""
LOW_PRICE = AbnormallyLow(
    subject="price",
    below_mean=Fraction(85, 100),
    proximity=Fraction(1, 100),
    margin_min=Fraction(0),
    margin_max=Fraction(10**12),
)
"""The Scottish test without its amounts in pounds."""


class Finding(Value, frozen=True, kw_only=True):
    """Something to look into: which bids, why, and the figures by name."""

    kind: Kind
    bidders: tuple[str, ...]
    en: str
    zh: str
    figures: dict[str, Fraction]


def findings(e: Evaluation) -> tuple[Finding, ...]:
    """What there is to look into among all bids received, in the order of ``CHECKS``."""
    return tuple(finding for check in CHECKS for finding in check(e))


def near_identical_prices(e: Evaluation) -> Iterator[Finding]:
    """Pairs of neighbours in price that hardly differ."""
    ordered = sorted(e.bids, key=lambda bid: (bid.price, bid.bidder))
    for one, other in pairwise(ordered):
        gap = other.price - one.price
        if gap <= NEAR * one.price:
            yield Finding(
                kind="near-identical-price",
                bidders=(one.bidder, other.bidder),
                en=f"the prices differ by {readable(gap)}, no more than {plain(NEAR)} of the lower",
                zh=f"两份报价相差 {readable(gap)}，不超过较低报价的 {plain(NEAR)}",
                figures={"lower": one.price, "higher": other.price},
            )


def lines_in_step(e: Evaluation) -> Iterator[Finding]:
    """Pairs of bids whose unit prices stand in one ratio throughout: one list computed from the other."""
    lists = {bid.bidder: {line.item: line.unit_price for line in bid.lines} for bid in e.bids if bid.lines}
    groups: dict[tuple[tuple[str, Fraction], ...], list[str]] = {}
    for bidder, prices in lists.items():
        first = next(iter(sorted(prices)))
        if len(prices) >= IN_STEP and prices[first] > 0:
            # Equal after division by the first line: found by a look-up, not by comparing all pairs.
            shape = tuple((item, prices[item] / prices[first]) for item in sorted(prices))
            groups.setdefault(shape, []).append(bidder)
    for shape, bidders in groups.items():
        for one, other in combinations(sorted(bidders)[:20], 2):
            item = shape[0][0]
            rate = lists[other][item] / lists[one][item]
            yield Finding(
                kind="lines-in-step",
                bidders=(one, other),
                en=f"all {len(shape)} unit prices of one are {readable(rate)} times those of the other",
                zh=f"全部 {len(shape)} 项单价均为另一份的 {readable(rate)} 倍",
                figures={"ratio": rate, "lines": Fraction(len(shape))},
            )


def cover_bids(e: Evaluation) -> Iterator[Finding]:
    """Losers dearer than the winner but for whom another would have won: with relative formulas a cover bid does so."""
    price = {bid.bidder: bid.price for bid in e.remaining}
    relative = any(c.rule.relative for c in e.scheme.criteria) or any(a.works_by.relative for a in e.scheme.amounts)
    if e.winner is None or not relative:
        return
    for left in left_out(e):
        loser, other = left.bidder, left.winner or "-"
        if left.changes:
            yield Finding(
                kind="cover-bid",
                bidders=(loser, e.winner),
                en=f"without the bid of {loser}, {other} would be first instead of {e.winner}",
                zh=f"若无 {loser} 的投标，第一名将是 {other}，而非 {e.winner}",
                figures={"price": price[loser], "winner": price[e.winner]},
            )


def low_values(e: Evaluation) -> Iterator[Finding]:
    """Prices and declared footprints that are abnormally low among all bids."""
    for kind, values in (("low-price", _prices(e.bids)), ("low-footprint", _declared(e))):
        test = low_test(LOW_PRICE, list(values.values()))
        for bidder, value in values.items():
            if test is not None and test.catches(value):
                yield Finding(
                    kind="low-price" if kind == "low-price" else "low-footprint",
                    bidders=(bidder,),
                    en=f"{readable(value)} is below the limit of {readable(test.limit)}, 85 % of the adjusted mean",
                    zh=f"{readable(value)} 低于限值 {readable(test.limit)}（调整均值的 85%）",
                    figures={"value": value, "limit": test.limit, "adjusted_mean": test.adjusted_mean},
                )


def digit_slips(e: Evaluation) -> Iterator[Finding]:
    """Prices and footprints that agree with the others once a decimal point is moved."""
    for values in (_prices(e.bids), _declared(e)):
        for bidder, value, median in _far(values):
            moved, places = value, 0
            while moved > AGREES * median:
                moved, places = moved / 10, places + 1
            while moved * AGREES < median:
                moved, places = moved * 10, places - 1
            if places and median <= AGREES * moved and moved <= AGREES * median:
                yield Finding(
                    kind="digit-slip",
                    bidders=(bidder,),
                    en=f"{readable(value)} would be {readable(moved)}, near the others, with {abs(places)} digit(s) "
                    + ("fewer" if places > 0 else "more"),
                    zh=f"{readable(value)} 若{'少' if places > 0 else '多'} {abs(places)} 位，"
                    f"则为 {readable(moved)}，与其他投标接近",
                    figures={"value": value, "moved": moved, "median": median},
                )


def implied_factors(e: Evaluation) -> Iterator[Finding]:
    """Footprints that are implausible for the money: kg CO2e per unit of currency far from that of the others."""
    price = _prices(e.bids)
    factors = {bidder: value * e.scheme.quantity / price[bidder] for bidder, value in _declared(e).items()}
    for bidder, factor, median in _far(factors):
        yield Finding(
            kind="implied-factor",
            bidders=(bidder,),
            en=f"the bid implies {readable(factor)} kg CO2e per {e.scheme.currency}; the others' median is "
            f"{readable(median)}",
            zh=f"该投标隐含 {readable(factor)} kg CO2e/{e.scheme.currency}；其他投标中位数为 {readable(median)}",
            figures={"factor": factor, "median": median},
        )


CHECKS: tuple[Callable[[Evaluation], Iterable[Finding]], ...] = (
    near_identical_prices,
    lines_in_step,
    cover_bids,
    low_values,
    digit_slips,
    implied_factors,
)
"""Every check; a new one is a function and a line here."""


def _prices(bids: Sequence[Bid]) -> dict[str, Fraction]:
    return {bid.bidder: bid.price for bid in bids}


def _declared(e: Evaluation) -> dict[str, Fraction]:
    """Declared footprints that can be compared: on the scheme's unit, boundary and rule."""
    scheme = e.scheme
    return {
        bid.bidder: bid.footprint.value
        for bid in e.bids
        if bid.footprint.value is not None
        and (bid.footprint.declared_unit, bid.footprint.boundary) == (scheme.declared_unit, scheme.boundary)
        and scheme.category_rule in {UNSET, bid.footprint.category_rule}
    }


def _far(values: dict[str, Fraction]) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Values far from the median of the others, with it; three values or more."""
    if len(values) < 3:
        return
    ordered = sorted(values.values())
    for bidder, value in values.items():
        at, rest = ordered.index(value), len(ordered) - 1
        # The middle of the others without copying them: places at and after this value's own count one further.
        lower, upper = (ordered[k + (k >= at)] for k in ((rest - 1) // 2, rest // 2))
        median = (lower + upper) / 2
        if median > 0 and not median <= value * APART <= median * APART * APART:
            yield bidder, value, median
