"""What must hold for any bids: order of arrival, scale, excluded bids, monotony, bounds."""

from __future__ import annotations

import random
from fractions import Fraction

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.scoring.award import ScoreSheet, replay, score
from ledger.scoring.bid import Bid
from ledger.scoring.formulas import FORMULAS, Direction, Formula, formula
from ledger.scoring.robustness import flip_price
from ledger.units import shown
from tests.unit.scoring.tender import bid, criterion, footprint, full_bid, full_bids, full_scheme, scheme

positive = st.fractions(min_value=Fraction(1, 100), max_value=10**7, max_denominator=1000)
fields = st.lists(positive, min_size=1, max_size=6)
PARAMETERS = {
    "absolute-linear": {"best": Fraction(1), "worst": Fraction(10**6)},
    "mean-benchmark": {"deduction": Fraction(1), "factor": Fraction(1)},
    "interval-benchmark": {"deduction": Fraction(1), "factor": Fraction(1), "trimmed": Fraction(1)},
    "logarithmic": {"multiple": Fraction(2)},
}


def shares_of(
    f: Formula, field: list[Fraction], direction: Direction, parameters: dict[str, Fraction]
) -> list[Fraction]:
    """The share of each value of a field."""
    benchmark = f.benchmark(field, direction, parameters)
    return [f.work(value, benchmark, direction, parameters).share for value in field]


@st.composite
def tenders(draw: st.DrawFn) -> list[Bid]:
    """One to five bids that pass every gate, some with unverified or no footprint."""
    found = []
    for name in "ABCDE"[: draw(st.integers(1, 5))]:
        price = str(draw(st.integers(1, 2000)) * 1000)
        kg = footprint(str(draw(st.integers(1, 200))), draw(st.sampled_from(["verified", "unverified", "expired"])))
        found.append(full_bid(name, price, kg, str(draw(st.integers(0, 100)))))
    return found


def summary(sheet: ScoreSheet) -> object:
    """What a bidder cares about."""
    return sheet.cells, sheet.totals, sheet.ranks, sheet.winner


@settings(max_examples=60, deadline=None)
@given(tenders(), st.randoms(use_true_random=False))
def test_the_order_of_bids_changes_nothing(bids: list[Bid], rng: random.Random) -> None:
    """Shuffled bids give the same sheet, byte for byte."""
    shuffled = list(bids)
    rng.shuffle(shuffled)
    assert score(full_scheme(), shuffled).to_record() == score(full_scheme(), bids).to_record()


@settings(max_examples=60, deadline=None)
@given(tenders())
def test_a_bid_that_fails_a_gate_changes_no_figure(bids: list[Bid]) -> None:
    """An absurdly cheap, unsigned bid leaves every point and rank as it was."""
    ghost = msgspec.structs.replace(full_bid("Z", "1", "1", "100"), signature=None)
    assert summary(score(full_scheme(), [*bids, ghost])) == summary(score(full_scheme(), bids))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 1000), st.integers(20, 150), st.integers(1, 99), tenders())
def test_a_bid_better_on_every_criterion_never_ranks_lower(price: int, kg: int, mark: int, others: list[Bid]) -> None:
    """Cheaper, cleaner and more efficient: never behind, whoever else bids."""
    rules = full_scheme(abnormally_low=())
    worse = full_bid("Y", str(price * 1000), str(kg), str(mark))
    better = full_bid("Z", str((price - 1) * 1000), str(kg - 1), str(mark + 1))
    place = {r.bidder: r.rank for r in score(rules, [*others, worse, better]).ranks}
    assert place["Z"] < place["Y"]


@settings(max_examples=60, deadline=None)
@given(tenders())
def test_every_sheet_replays(bids: list[Bid]) -> None:
    """A sheet's record recomputes to an equal record."""
    record = score(full_scheme(), bids).to_record()
    assert replay(record).to_record() == record


@settings(max_examples=60, deadline=None)
@given(tenders())
def test_totals_are_the_exact_sums_and_stay_in_range(bids: list[Bid]) -> None:
    """Cells sum to totals; shares lie in [0, 1]; no total exceeds the points; display is of the exact figure."""
    sheet = score(full_scheme(), bids)
    for total in sheet.totals:
        cells = [c for c in sheet.cells if c.bidder == total.bidder]
        assert sum(c.points for c in cells) == total.points
        assert 0 <= total.points <= sheet.scheme.points
        assert total.shown == shown(total.points, 2)
    assert all(0 <= c.share <= 1 for c in sheet.cells)
    assert [t.points for t in sorted(sheet.totals, key=lambda t: -t.points)] == [
        next(t.points for t in sheet.totals if t.bidder == r.bidder) for r in sheet.ranks
    ]


@given(fields, positive)
def test_relative_formulas_do_not_mind_the_currency(field: list[Fraction], factor: Fraction) -> None:
    """Scaling every value by one factor leaves each share as it was."""
    for f in (f for f in FORMULAS if f.relative):
        parameters = PARAMETERS.get(f.key, {})
        for direction in f.directions:
            scaled = [v * factor for v in field]
            assert shares_of(f, scaled, direction, parameters) == shares_of(f, field, direction, parameters)


@given(fields)
def test_better_never_scores_less(field: list[Fraction]) -> None:
    """Of two bids the better value never has the smaller share; mean benchmarks are the known exception."""
    for f in (f for f in FORMULAS if not f.key.endswith("-benchmark")):
        for direction in f.directions:
            bounds = PARAMETERS.get(f.key, {})
            if f.key == "absolute-linear" and direction == "higher":
                bounds = {"best": Fraction(10**6), "worst": Fraction(1)}
            values = [v / max(field) for v in field] if f.key == "green-points" else field
            shares = shares_of(f, sorted(values, reverse=direction == "higher"), direction, bounds)
            assert shares == sorted(shares, reverse=True)
            assert all(0 <= s <= 1 for s in shares)


@given(fields, positive)
def test_absolute_points_do_not_depend_on_other_bids(field: list[Fraction], other: Fraction) -> None:
    """One more bid moves no one's share between published bounds: no ranking paradox."""
    f = formula("absolute-linear")
    assert f is not None
    more = shares_of(f, [*field, other], "lower", PARAMETERS[f.key])
    assert more[:-1] == shares_of(f, field, "lower", PARAMETERS[f.key])


@given(positive, positive, positive, positive)
def test_at_the_flip_price_both_bids_cost_the_same(pa: Fraction, pb: Fraction, ea: Fraction, eb: Fraction) -> None:
    """P + p* E is equal on both sides, and just above it the bidder named is the cheaper one."""
    flip = flip_price("A", "B", (pa, pb), (ea, eb))
    if flip.per_kg is None:
        assert (pb - pa) * (ea - eb) <= 0
        return
    assert pa + flip.per_kg * ea == pb + flip.per_kg * eb
    above = flip.per_kg + 1
    assert flip.cheaper_above == ("A" if pa + above * ea < pb + above * eb else "B")


@settings(max_examples=60, deadline=None)
@given(tenders())
def test_at_the_weight_change_the_challenger_draws_level(bids: list[Bid]) -> None:
    """With the changed weight, the others rescaled, both totals are equal."""
    sheet = score(full_scheme(), bids)
    found = sheet.robustness.weight_change
    if found is None or sheet.winner is None:
        return
    weights = {c.key: c.weight for c in sheet.scheme.criteria}
    rest = sheet.scheme.points - weights[found.criterion]
    new = {k: w * (rest - found.change) / rest for k, w in weights.items()}
    new[found.criterion] = weights[found.criterion] + found.change
    assert sum(new.values()) == sheet.scheme.points

    def total(bidder: str) -> Fraction:
        return sum((new[c.criterion] * c.share for c in sheet.cells if c.bidder == bidder), Fraction(0))

    assert total(sheet.winner) == total(found.challenger)


def test_a_bid_better_on_everything_wins_at_any_weights() -> None:
    """No single weight within its range lets the other bid draw level, and no carbon price flips the order."""
    bids = [full_bid("A", "900000", "50", "95"), full_bid("B", "1000000", "90", "90")]
    firm = score(full_scheme(), bids).robustness
    assert firm.weight_change is None
    assert firm.flip_price is not None
    assert firm.flip_price.per_kg is None


def test_equal_totals_are_decided_in_the_order_the_scheme_states() -> None:
    """Verified footprint, then price, then primary data, then sealing time; each decision is recorded."""
    rules = scheme(
        criterion("mark", "100", "best-ratio", "higher"),
        **{n: getattr(full_scheme(), n) for n in ("footprint_rule", "tie_break")},
        gates=tuple(g for g in full_scheme().gates if g.kind == "footprint-comparable"),
    )
    mark = {"quality": {"mark": Fraction(1)}}
    later = full_bids()[0].sealed_at.replace(hour=10)
    bids = [
        bid("A", "10", footprint=footprint("90", "unverified", primary_data_share=Fraction(99)), **mark),
        bid("B", "9", footprint=footprint("60", primary_data_share=Fraction(10)), **mark),
        bid("C", "9", footprint=footprint("60", primary_data_share=Fraction(50)), **mark),
        bid("D", "8", footprint=footprint("60"), **mark),
        bid("E", "9", footprint=footprint("60", primary_data_share=Fraction(10)), sealed_at=later, **mark),
        bid("F", "9", footprint=footprint("50"), **mark),
    ]
    ranks = score(rules, bids).ranks
    assert [(r.bidder, r.decided_by) for r in ranks] == [
        ("F", ""),
        ("D", "verified-footprint"),
        ("C", "price"),
        ("B", "primary-data-share"),
        ("E", "sealed-time"),
        ("A", "verified-footprint"),
    ]


def test_bids_level_to_the_last_tie_break_share_first_place() -> None:
    """No winner is made up: the tender's recorded draw must decide."""
    sheet = score(scheme(criterion("price", "100", "lowest-price")), [bid(n, p) for n, p in ("A5", "B5", "C9")])
    assert [(r.rank, r.bidder, r.decided_by) for r in sheet.ranks] == [
        (1, "A", ""),
        (1, "B", "undecided"),
        (3, "C", "total"),
    ]
    assert sheet.winner is None


def test_leaving_out_a_loser_shows_the_ranking_paradox() -> None:
    """With C in, B wins; without C, A does: the sheet says that C's presence decided."""
    quality = criterion(
        "quality",
        "60",
        "absolute-linear",
        "higher",
        parameters={"best": Fraction(100), "worst": Fraction(0)},
        unit="marks",
    )
    data = {"A": ("100", 60), "B": ("125", 70), "C": ("50", 20)}
    bids = [bid(n, p, quality={"quality": Fraction(q)}) for n, (p, q) in data.items()]
    sheet = score(scheme(criterion("price", "40", "lowest-price"), quality), bids)
    assert [(x.bidder, x.winner, x.changes) for x in sheet.robustness.left_out] == [
        ("A", "B", False),
        ("C", "A", True),
    ]
