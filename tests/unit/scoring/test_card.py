"""The robustness card and the gaming desk: figures by hand, then what must hold for any bids."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from itertools import islice

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.scoring.bid import Bid, PriceLine
from ledger.scoring.card import Card, CardTerms, Progress, robustness_card, smallest_shift
from ledger.scoring.draws import draws, simplex
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.gaming import findings
from ledger.scoring.pipeline import evaluate
from tests.unit.scoring.tender import bid, criterion, footprint, full_bid, full_scheme, scheme

TERMS = CardTerms(
    seed="T-2026-1", samples=300, variations=50, uncertainty={"verified": Fraction(1, 10), "unverified": Fraction(1, 5)}
)


def drawn(e: Evaluation, terms: CardTerms = TERMS) -> tuple[Card | None, list[Progress]]:
    """The card and all it told on the way."""
    steps, working = [], robustness_card(e, terms)
    while True:
        try:
            steps.append(next(working))
        except StopIteration as end:
            return end.value, steps


def marks(**by_bidder: tuple[int, int]) -> Evaluation:
    """Two marks of 100, 60 and 40 points."""
    bounds = {"best": Fraction(100), "worst": Fraction(0)}
    rules = scheme(
        *(criterion(k, w, "absolute-linear", "higher", parameters=bounds) for k, w in (("a", "60"), ("b", "40")))
    )
    given = {name: {"a": Fraction(a), "b": Fraction(b)} for name, (a, b) in by_bidder.items()}
    return evaluate(rules, [bid(name, "10", quality=quality) for name, quality in given.items()])


def test_draws_are_sha256_of_seed_and_counter() -> None:
    """The first four numbers are the first block; weights sum to 2^64."""
    block = hashlib.sha256(b"seed\0" + bytes(8)).hexdigest()
    assert [f"{number:016x}" for number in islice(draws("seed"), 4)] == [block[i : i + 16] for i in range(0, 64, 16)]
    weights = simplex(draws("seed"), 5)
    assert sum(weights) == 2**64
    assert min(weights) >= 0


def test_the_smallest_shift_by_hand() -> None:
    """A leads by 60 x 0.2 - 40 x 0.1 = 8 points; moving w from a to b changes that by 0.3 w: w = 80/3."""
    shift = smallest_shift(marks(A=(80, 50), B=(60, 60)))
    assert shift is not None
    assert shift.challenger == "B"
    assert shift.moved == {"a": Fraction(-80, 3), "b": Fraction(80, 3)}
    assert shift.size == Fraction(160, 3)
    assert smallest_shift(marks(A=(80, 60), B=(60, 50))) is None


@st.composite
def fields(draw: st.DrawFn) -> Evaluation:
    """Two to five bids, some unverified."""
    found = []
    for name in "ABCDE"[: draw(st.integers(2, 5))]:
        kg = footprint(str(draw(st.integers(20, 200))), draw(st.sampled_from(["verified", "unverified"])))
        found.append(full_bid(name, str(draw(st.integers(500, 2000)) * 1000), kg, str(draw(st.integers(1, 100)))))
    return evaluate(full_scheme(abnormally_low=()), found)


@settings(max_examples=25, deadline=None)
@given(fields())
def test_at_the_smallest_shift_the_challenger_draws_level_and_no_single_weight_needs_less(e: Evaluation) -> None:
    """Totals are equal, weights stay weights, and every sample of weights agrees with what is possible at all."""
    shift = smallest_shift(e)
    if shift is None or e.winner is None:
        return
    weights = {c.key: c.weight + shift.moved.get(c.key, 0) for c in e.scheme.criteria}
    assert min(weights.values()) >= 0
    assert sum(weights.values()) == e.scheme.points

    def total(bidder: str) -> Fraction:
        return sum((weights[c.criterion] * c.share for c in e.cells if c.bidder == bidder), Fraction(0))

    assert total(e.winner) == total(shift.challenger)


@settings(max_examples=6, deadline=None)
@given(fields())
def test_counts_are_complete_and_the_same_again(e: Evaluation) -> None:
    """Each bid has a rank in each sample, each variation one first place; progress only rises and ends at the whole."""
    card, steps = drawn(e)
    if e.winner is None:
        assert card is None
        return
    assert card is not None
    assert drawn(e)[0] == card
    for row in card.acceptability:
        assert sum(row.counts) == TERMS.samples
    assert [sum(column) for column in zip(*(row.counts for row in card.acceptability), strict=True)] == [
        TERMS.samples
    ] * len(e.ranks)
    assert sum(one.count for one in card.wins) == TERMS.variations
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == steps[-1].of


def test_a_bid_better_on_everything_takes_first_place_always() -> None:
    """At any weights and with any footprint within its uncertainty."""
    card, _ = drawn(evaluate(full_scheme(), [full_bid("A", "900000", "50", "95"), full_bid("B", "990000", "90", "90")]))
    assert card is not None
    assert card.shift is None
    assert card.acceptability[0].counts == (TERMS.samples, 0)
    assert [one.count for one in card.wins] == [TERMS.variations, 0]


def test_an_even_pair_shares_first_places_evenly() -> None:
    """Mirrored marks: each is first for half of all weights, within five standard deviations of the draws."""
    card, _ = drawn(marks(A=(80, 20), B=(20, 80)), msgspec.structs.replace(TERMS, samples=4000))
    assert card is not None
    assert abs(card.acceptability[0].counts[0] - 2000) < 5 * 32


def kinds(bids: list[Bid], **more: object) -> list[tuple[str, tuple[str, ...]]]:
    """What the desk finds."""
    return [
        (f.kind, f.bidders) for f in findings(evaluate(scheme(criterion("price", "100", "lowest-price"), **more), bids))
    ]


def test_the_desk_finds_the_slip_of_digits_nobody_flagged() -> None:
    """17,247,224,171 among prices of about two million, of a public record of bids."""
    prices = {"A": "1729800", "B": "2270000", "C": "2876875", "D": "17247224171"}
    found = findings(
        evaluate(scheme(criterion("price", "100", "lowest-price")), [bid(n, p) for n, p in prices.items()])
    )
    (slip,) = [f for f in found if f.kind == "digit-slip"]
    assert slip.bidders == ("D",)
    assert slip.figures["moved"] == Fraction("1724722.4171")


def test_the_desk_finds_cover_bids_on_a_mean() -> None:
    """A fourth bid of 150 moves the win from 110 to 120."""
    rules = scheme(
        criterion("price", "100", "mean-benchmark", parameters={"deduction": Fraction(1), "factor": Fraction(1)})
    )
    found = findings(evaluate(rules, [bid(p, p) for p in ("100", "110", "120", "150")]))
    assert ("cover-bid", ("150", "120")) in [(f.kind, f.bidders) for f in found]


def test_the_desk_finds_bids_in_step_near_identical_and_low() -> None:
    """Lists that differ by one factor; prices a hair apart; the low price of the Scottish example; a low footprint."""

    def lines(*prices: int) -> tuple[PriceLine, ...]:
        return tuple(
            PriceLine(item=str(i), quantity=Fraction(1), unit_price=Fraction(p), amount=Fraction(p))
            for i, p in enumerate(prices)
        )

    assert kinds([bid("A", "600", lines=lines(100, 200, 300)), bid("B", "660", lines=lines(110, 220, 330))]) == [
        ("lines-in-step", ("A", "B"))
    ]
    assert kinds([bid("A", "100000"), bid("B", "100090")]) == [("near-identical-price", ("A", "B"))]
    scottish = [bid(p, p) for p in ("800000", "1000000", "1010000", "1050000", "1400000")]
    assert ("low-price", ("800000",)) in kinds(scottish)
    kg = {"A": "100", "B": "110", "C": "9", "D": "120"}
    low = kinds([bid(name, "1000", footprint=footprint(value)) for name, value in kg.items()])
    assert {"low-footprint", "digit-slip", "implied-factor"} <= {kind for kind, bidders in low if bidders == ("C",)}


def test_the_desk_says_nothing_of_ordinary_bids() -> None:
    """Different prices, lists and footprints of one size."""
    prices = {"A": "1000", "B": "1100", "C": "1250"}
    assert kinds([bid(n, p, footprint=footprint(str(90 + 5 * i))) for i, (n, p) in enumerate(prices.items())]) == []
