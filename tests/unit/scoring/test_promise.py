"""The promise of an award against what arrived: the published sanction, then properties."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ledger.scoring.award import ScoreSheet, score
from ledger.scoring.bid import NO_FOOTPRINT, Bid, Footprint, PriceLine
from ledger.scoring.promise import Arrived, kept
from tests.unit.scoring.tender import footprint, full_bid, full_scheme

JULY = datetime(2026, 7, 31, tzinfo=UTC)
FACTOR = Fraction(3, 2)


def sheet(promised: str = "95", quantity: int = 10_000) -> ScoreSheet:
    """Won by A with a verified footprint, against a bid that is dearer and worse; the default is 100."""
    bids = [_offer("A", 1_000_000, promised, quantity), _offer("B", 1_010_000, "96", quantity)]
    found = score(full_scheme(quantity=Fraction(quantity)), bids)
    assert found.winner == "A"
    return found


def _offer(bidder: str, price: int, kg: str, quantity: int) -> Bid:
    amount = Fraction(price)
    line = PriceLine(item="cabinet", quantity=Fraction(quantity), unit_price=amount / quantity, amount=amount)
    return full_bid(bidder, str(price), kg, "95", lines=(line,))


def arrived(units: int, value: Footprint | str, month: int = 24318) -> Arrived:
    """Units of a month, verified at a value."""
    return Arrived(month, Fraction(units), JULY, footprint(value) if isinstance(value, str) else value, 7)


def test_the_published_sanction() -> None:
    """SKAO, CO2 Performance Ladder, procurement guide: 1.5 x (50,000 - 30,000) = 30,000."""
    found = kept(sheet(), "A", [arrived(10_000, "97")], Fraction(1), FACTOR)
    assert (found.value_promised, found.value_achieved, found.owed) == (50_000, 30_000, 30_000)
    assert found.shortfall == 20_000


def test_a_promise_kept_or_beaten_costs_nothing() -> None:
    """And nothing is paid back."""
    for value, over in (("95", 0), ("90", -50_000)):
        found = kept(sheet(), "A", [arrived(10_000, value)], Fraction(1), FACTOR)
        assert (found.owed, found.shortfall, found.ranked_again[0]) == (0, over, "A")


def test_without_a_footprint_the_marked_up_default_counts() -> None:
    """A month without one is no gap to hide in: 100 x 1.1 in 2026; an unverified one below it gains nothing."""
    for stated in (NO_FOOTPRINT, footprint("20", "unverified")):
        found = kept(sheet(), "A", [arrived(5, stated), arrived(15, "95")], Fraction(1), FACTOR)
        assert found.judged[0].scored.scored == 110
        assert found.measured == Fraction(5 * 110 + 15 * 95, 20)


def test_what_came_beyond_the_quantity_is_not_this_tenders() -> None:
    """The first to arrive are those that were bought."""
    found = kept(sheet(quantity=10), "A", [arrived(8, "95"), arrived(8, "99"), arrived(8, "500")], Fraction(1), FACTOR)
    assert [one.arrived.units for one in found.judged] == [8, 2]
    assert (found.came, found.units) == (24, 10)
    assert found.measured == Fraction(8 * 95 + 2 * 99, 10)


def test_delivery_counts_only_where_it_was_promised() -> None:
    """Unknown while it counts, nothing is computed."""
    beside = kept(sheet(), "A", [arrived(10, "95")], Fraction(1), FACTOR, Fraction(3))
    counted = kept(sheet(), "A", [arrived(10, "95")], Fraction(1), FACTOR, Fraction(3), counts_delivery=True)
    unknown = kept(sheet(), "A", [arrived(10, "95")], Fraction(1), FACTOR, None, counts_delivery=True)
    assert (beside.measured, counted.measured, unknown.measured) == (95, 98, None)
    assert (unknown.owed, unknown.ranked_again) == (None, ())
    assert kept(sheet(), "A", [], Fraction(1), FACTOR).measured is None


def test_the_ranking_is_told_again_with_what_was_measured() -> None:
    """B stood behind A by its footprint alone; the bids and the scheme are the same."""
    found = kept(sheet(), "A", [arrived(10, "150")], Fraction(1), FACTOR)
    assert found.ranked_again == ("B", "A")


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(1, 400)), min_size=1, max_size=6),
    st.integers(1, 400),
    st.fractions(Fraction(0), Fraction(9)),
)
def test_delivering_worse_never_costs_less(months: list[tuple[int, int]], more: int, value: Fraction) -> None:
    """And what is owed is exactly the factor times the value of what is above the promise."""
    one = sheet()
    base = [arrived(units, str(kg), 24318 + n) for n, (units, kg) in enumerate(months)]
    worse = [*base[:-1], arrived(months[-1][0], str(months[-1][1] + more), 24318 + len(months))]
    first, second = (kept(one, "A", each, value, FACTOR) for each in (base, worse))
    assert first.owed is not None
    assert second.owed is not None
    assert first.owed <= second.owed
    assert first.shortfall is not None
    assert first.owed == max(FACTOR * value * first.shortfall, 0)
