"""Pictures show what the figures say: lengths in proportion, edges that meet, nothing that flows lost."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from api.charts.flow import REST, flow
from api.charts.nested import HEIGHT, nested
from api.charts.nested import WIDTH as ACROSS
from api.charts.waterfall import SUM, WIDTH, waterfall

amounts = st.fractions(min_value=0, max_value=10**9, max_denominator=1000)


def test_a_waterfall_of_a_loss_and_a_gain() -> None:
    """30 up, 10 back, then the sum: drawn by hand from the scale 0 to 30."""
    falls = waterfall([[(Fraction(20), "1"), (Fraction(10), "3")], [(Fraction(-10), "4")]])
    assert [[tuple(part) for part in fall.segments] for fall in falls] == [
        [(0, 667, "1"), (667, 333, "3")],
        [(667, 333, "4")],
        [(0, 667, SUM)],
    ]


@given(st.lists(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=100), max_size=12))
def test_steps_of_a_waterfall_meet_and_stay_inside(values: list[Fraction]) -> None:
    """Each bar begins where the one before ended, to the rounding of one edge; none leaves the picture."""
    falls = waterfall([[(value, "1")] for value in values])
    if not any(values):
        assert falls == []
        return
    assert len(falls) == len(values) + 1
    end: int | None = None
    for value, fall in zip(values, falls, strict=False):
        for part in fall.segments:
            begins, ends = (part.x, part.x + part.width) if value > 0 else (part.x + part.width, part.x)
            assert end is None or abs(begins - end) <= 1
            assert 0 <= part.x <= WIDTH
            assert part.x + part.width <= WIDTH + 1
            end = ends


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("uvwxyz"), amounts), min_size=1, max_size=30))
def test_what_flows_in_flows_out(rows: list[tuple[str, str, Fraction]]) -> None:
    """Every column carries the whole; bands carry what their pair of names was given."""
    drawn = flow([((a, b), amount) for a, b, amount in rows], lambda at, name: f"/{at}/{name}")
    whole = sum((amount for *_, amount in rows), Fraction(0))
    if not whole:
        assert drawn is None
        return
    assert drawn is not None
    columns: dict[int, Fraction] = defaultdict(Fraction)
    for node in drawn.nodes:
        columns[node.x] += node.value
        assert node.y >= 0
        assert node.y + node.height <= drawn.height + 1
    assert set(columns.values()) == {whole}
    told: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for a, b, amount in rows:
        told[a, b] += amount
    assert {(band.source, band.target): band.value for band in drawn.bands} == {k: v for k, v in told.items() if v}


def test_small_names_are_one_node_that_counts_them() -> None:
    """Thirty names: the nine largest stand alone, one more stands for twenty-one and for all they emit."""
    drawn = flow([((f"r{n:02}", "all"), Fraction(n)) for n in range(1, 31)], lambda at, name: name)
    assert drawn is not None
    left = [node for node in drawn.nodes if node.x == 0]
    assert [node.name for node in left] == [f"r{n}" for n in range(30, 21, -1)] + [REST]
    assert (left[-1].stands_for, left[-1].value, left[-1].href) == (21, Fraction(sum(range(1, 22))), "")


def test_amounts_below_zero_do_not_flow() -> None:
    """A removal is not a band of negative width: it is left out, and the caller says so."""
    drawn = flow([(("a", "b"), Fraction(-1)), (("a", "c"), Fraction(2))], lambda at, name: "")
    assert drawn is not None
    assert [(band.source, band.target) for band in drawn.bands] == [("a", "c")]


def test_packages_beside_each_other_have_one_scale() -> None:
    """A carton of 400 x 240 mm fills the drawing; another of half its height is half as high, both on one ground."""
    one, two = nested([[(400, 300, 240), (240, 100, 100)], [(400, 300, 120)]])
    assert (one.width, one.height) == (two.width, two.height)
    (outer, inner), (half,) = one.rects, two.rects
    assert (outer.width, outer.height, half.height) == (400, 240, 120)
    assert (inner.x - outer.x, inner.width) == (80, 240)
    assert outer.y + outer.height == inner.y + inner.height == half.y + half.height


sizes = st.tuples(*[st.integers(1, 100_000)] * 3)


@given(st.lists(st.lists(sizes, min_size=1, max_size=5), min_size=1, max_size=2))
def test_packages_stay_in_their_drawing(packages: list[list[tuple[int, int, int]]]) -> None:
    """Whatever their sizes; the larger direction of the largest fills it, to a pixel."""
    found = nested(packages)
    rects = [rect for one in found for rect in one.rects]
    for one in found:
        assert all(rect.x >= 0 and rect.y >= 0 for rect in one.rects)
        assert all(rect.x + rect.width <= one.width and rect.y + rect.height <= one.height for rect in one.rects)
    assert max(r.width for r in rects) in {ACROSS, ACROSS - 1} or max(r.height for r in rects) in {HEIGHT, HEIGHT - 1}
