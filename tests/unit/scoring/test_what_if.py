"""What-if: a published example, then what must hold for any weights and carbon price."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.charts.crossing import crossing
from api.charts.heat import heat_map
from api.charts.stacked import stacked
from ledger.scoring.pipeline import evaluate
from ledger.scoring.robustness import flip_price
from ledger.scoring.what_if import ADDED, WhatIfRefused, carbon_price, changed, what_if
from tests.unit.scoring.tender import RULE, bid, criterion, footprint, full_bid, full_scheme, scheme
from tests.unit.scoring.test_same_bytes import amounts, field

AMOUNTS = amounts()
weights = st.integers(0, 100).map(Fraction)


def test_without_a_change_nothing_changes() -> None:
    """The scheme's own weights and carbon price give the award, cell by cell."""
    for rules, bids in ((full_scheme(), [full_bid(n, p, "60", "9") for n, p in ("A5", "B6")]), (AMOUNTS, field(6))):
        before = evaluate(rules, bids)
        own = {c.key: c.weight for c in rules.criteria}
        assert what_if(before, own, carbon_price(rules)) == before
        assert what_if(before, {}, None) == before


def test_a_carbon_price_tips_the_published_example() -> None:
    """1.00 M and 900 t against 1.03 M and 600 t: level at 100 per t; below the first is cheaper, above the second."""
    rules = scheme(
        criterion("price", "100", "lowest-price"),
        footprint_rule=RULE,
        gates=full_scheme().gates[4:5],
        tie_break=("sealed-time",),
    )
    bids = [bid(n, p, footprint=footprint(kg)) for n, p, kg in (("A", "1000000", "900000"), ("B", "1030000", "600000"))]
    before = evaluate(rules, bids)
    assert [what_if(before, {}, Fraction(price)).winner for price in (0, 99, 100, 101)] == ["A", "A", None, "B"]
    assert before.winner == "A"


@settings(max_examples=40, deadline=None)
@given(st.tuples(weights, weights, weights), st.integers(0, 2000))
def test_weights_are_rescaled_and_points_stay_in_range(tried: tuple[Fraction, ...], price: int) -> None:
    """They sum to the scheme's points in the same proportion; what has none drops out."""
    named = dict(zip((c.key for c in AMOUNTS.criteria), tried, strict=True))
    if not any(tried):
        with pytest.raises(WhatIfRefused):
            changed(AMOUNTS, named, None)
        return
    after = what_if(evaluate(AMOUNTS, field(5)), named, Fraction(price))
    assert {c.key: c.weight for c in after.scheme.criteria} == {
        key: weight * 100 / sum(tried) for key, weight in named.items() if weight
    }
    assert all(0 <= total.points <= 100 for total in after.totals)
    assert carbon_price(after.scheme) == price


def test_what_no_scheme_could_have_is_refused() -> None:
    """A weight below zero, a criterion that is none, a carbon price where nothing scores footprints."""
    plain = scheme(criterion("price", "100", "lowest-price"))
    for named, price in (({"price": Fraction(-1)}, None), ({"other": Fraction(1)}, None), ({}, Fraction(1))):
        with pytest.raises(WhatIfRefused):
            changed(plain, named, price)
    added = changed(full_scheme(), {}, Fraction(250))
    assert [one.key for one in added.amounts] == [ADDED]
    assert added.criteria[0].reads == ADDED


def test_a_panels_mark_can_be_tried_without() -> None:
    """Its criterion drops out, and with it the panel; the bids keep their marks."""
    mark = criterion("design", "40", "green-points", "higher")
    rules = scheme(criterion("price", "60", "lowest-price"), mark, panel=("design",))
    bids = [bid(n, p, quality={"design": Fraction(m)}) for n, p, m in (("A", "9", 0), ("B", "10", 1))]
    before = evaluate(rules, bids)
    after = what_if(before, {"design": Fraction(0)}, None)
    assert (before.winner, after.winner, after.scheme.panel_names) == ("B", "A", ())


def test_pictures_meet_where_the_figures_do() -> None:
    """Stacked parts leave no gap and end at their sum; lines cross at the flip price; shares of a row are its own."""
    parts = stacked([Fraction(100, 3), Fraction(50, 3), Fraction(25)], Fraction(100))
    assert [(one.x, one.x + one.width) for one in parts] == [(0, 333), (333, 500), (500, 750)]
    flip = flip_price("A", "B", (Fraction(100), Fraction(130)), (Fraction(9), Fraction(6)))
    assert flip.per_kg == 10
    lines = crossing((Fraction(100), Fraction(9)), (Fraction(130), Fraction(6)), flip.per_kg)
    assert lines.first == "24,176 576,24"
    assert 24 < lines.y < 176
    assert [[cell.percent for cell in row] for row in heat_map([[3, 1], [1, 7]]).rows] == [[75, 25], [13, 88]]
    assert evaluate(scheme(criterion("price", "100", "lowest-price")), [bid("A", "5")]).winner == "A"
