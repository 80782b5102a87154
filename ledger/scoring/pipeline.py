"""
The order of operations, as one tuple: ``STEPS``. Most scoring disputes come from doing these out of order.

Each step takes the evaluation so far and returns it with more known; it never takes anything back. A bid set aside in
one step is not seen by any later one, so nothing about it can move the points of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from ledger.scoring.abnormally_low import AbnormallyLow, LowTest, low_test
from ledger.scoring.bid import Bid, Ruling
from ledger.scoring.criterion import FOOTPRINT, PRICE, Criterion
from ledger.scoring.data_quality import ScoredFootprint, scored_footprint, status_at
from ledger.scoring.errors import BidderRepeated, FormulaUndefined, InputAbsent, LowUnexplained, RulingUnfounded
from ledger.scoring.form import Value
from ledger.scoring.formulas import Undefined
from ledger.scoring.gate import gates_not_passed
from ledger.scoring.rational import plain
from ledger.scoring.reason import Reason, footprint_note, low_accepted, low_flag, low_untested
from ledger.scoring.scheme import Scheme
from ledger.scoring.tie_break import SortKey, TieBreak, tie_break
from ledger.units import shown

DISPLAYED_PLACES = 2


class Cell(Value, frozen=True, kw_only=True):
    """One bid on one criterion: what went in [the criterion's unit], the working, the share and the points."""

    bidder: str
    criterion: str
    input: Fraction
    working: str
    share: Fraction
    points: Fraction
    shown: str


class Total(Value, frozen=True, kw_only=True):
    """The points of one bid over all criteria."""

    bidder: str
    points: Fraction
    shown: str


class Rank(Value, frozen=True, kw_only=True):
    """
    A bid's place, from 1. ``decided_by`` says what put it below the one above: ``total``, the key of a tie-break, or
    ``undecided`` when it shares the rank; empty for the first.
    """

    rank: int
    bidder: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is known so far."""

    scheme: Scheme
    bids: tuple[Bid, ...]
    rulings: tuple[Ruling, ...] = ()
    reasons: tuple[Reason, ...] = ()
    footprints: tuple[ScoredFootprint, ...] = ()
    cells: tuple[Cell, ...] = ()
    totals: tuple[Total, ...] = ()
    ranks: tuple[Rank, ...] = ()

    @property
    def remaining(self) -> tuple[Bid, ...]:
        """The bids not set aside."""
        aside = {reason.bidder for reason in self.reasons if reason.excludes}
        return tuple(bid for bid in self.bids if bid.bidder not in aside)

    @property
    def winner(self) -> str | None:
        """The only bidder at rank 1; ``None`` without bids, or when a draw must decide."""
        first = [r.bidder for r in self.ranks if r.rank == 1]
        return first[0] if len(first) == 1 else None

    def footprint_of(self, bidder: str) -> ScoredFootprint | None:
        """The footprint scored for a remaining bid."""
        return next((f for f in self.footprints if f.bidder == bidder), None)

    def with_reasons(self, reasons: Iterable[Reason]) -> Evaluation:
        """The same with more reasons."""
        return replace(self, reasons=(*self.reasons, *reasons))


Step = Callable[[Evaluation], Evaluation]


def receive(e: Evaluation) -> Evaluation:
    """Step 1. One bid per bidder, rulings only on bids; sorted by bidder, so that the order of arrival is nothing."""
    for bidder, count in Counter(bid.bidder for bid in e.bids).items():
        if count > 1:
            raise BidderRepeated(bidder=bidder)
    bidders = {bid.bidder for bid in e.bids}
    for (bidder, subject), count in Counter((r.bidder, r.subject) for r in e.rulings).items():
        if bidder not in bidders or count > 1:
            raise RulingUnfounded(bidder=bidder, subject=subject)
    return replace(
        e,
        bids=tuple(sorted(e.bids, key=lambda bid: bid.bidder)),
        rulings=tuple(sorted(e.rulings, key=lambda r: (r.bidder, r.subject))),
    )


def pass_gates(e: Evaluation) -> Evaluation:
    """Steps 2 and 3. Gates, the arithmetic check last. Who fails leaves here, before anything is compared."""
    return e.with_reasons(
        Reason.of("gates", bid.bidder, error, excludes=True)
        for bid in e.bids
        for error in gates_not_passed(e.scheme, bid)
    )


def find_abnormally_low(e: Evaluation) -> Evaluation:
    """Step 4. Abnormally low prices and declared footprints, each among all bids that passed the gates."""
    return e.with_reasons(reason for rule in e.scheme.abnormally_low for reason in _low(e, rule))


def adjust_footprints(e: Evaluation) -> Evaluation:
    """Step 5. The footprint that is scored for each remaining bid, by the scheme's data-quality rule."""
    rule = e.scheme.footprint_rule
    if rule is None:
        return e
    scored = tuple(scored_footprint(b.bidder, b.footprint, rule, e.scheme.closes_at) for b in e.remaining)
    notes = (footprint_note(footprint, rule) for footprint in scored)
    return replace(e, footprints=scored).with_reasons(note for note in notes if note)


def normalise(e: Evaluation) -> Evaluation:
    """Steps 6 and 7. Each criterion over the remaining bids only: formula, share, and share x weight in points."""
    return replace(e, cells=tuple(cell for criterion in e.scheme.criteria for cell in _cells(e, criterion)))


def add_up(e: Evaluation) -> Evaluation:
    """Step 7, continued. The exact sum of points of each remaining bid."""
    sums = {bid.bidder: Fraction(0) for bid in e.remaining}
    for cell in e.cells:
        sums[cell.bidder] += cell.points
    totals = (Total(bidder=b, points=p, shown=shown(p, DISPLAYED_PLACES)) for b, p in sums.items())
    return replace(e, totals=tuple(totals))


def rank(e: Evaluation) -> Evaluation:
    """Step 8. By exact total, then by the scheme's tie-breaks; who is still level shares the rank."""
    rules = [rule for key in e.scheme.tie_break if (rule := tie_break(key))]
    names = ["total", *(rule.key for rule in rules)]
    keys = {bid.bidder: _sort_keys(e, bid, rules) for bid in e.remaining}
    ranks: list[Rank] = []
    for position, bidder in enumerate(sorted(keys, key=lambda b: (keys[b], b)), 1):
        if not ranks:
            ranks.append(Rank(rank=1, bidder=bidder, decided_by=""))
            continue
        above = ranks[-1]
        pairs = zip(names, keys[above.bidder], keys[bidder], strict=True)
        decided_by = next((name for name, upper, lower in pairs if upper != lower), "undecided")
        place = above.rank if decided_by == "undecided" else position
        ranks.append(Rank(rank=place, bidder=bidder, decided_by=decided_by))
    return replace(e, ranks=tuple(ranks))


STEPS: tuple[Step, ...] = (
    receive,
    pass_gates,
    find_abnormally_low,
    adjust_footprints,
    normalise,
    add_up,
    rank,
)
"""The order of operations. Robustness and the score sheet follow in ``award``."""


def evaluate(scheme: Scheme, bids: Iterable[Bid], rulings: Iterable[Ruling] = ()) -> Evaluation:
    """The bids of one tender through every step. Raises a ``BidFault`` where a bid cannot be scored as stated."""
    evaluation = Evaluation(scheme, tuple(bids), tuple(rulings))
    for step in STEPS:
        evaluation = step(evaluation)
    return evaluation


def _declared(scheme: Scheme, bid: Bid, subject: str) -> Fraction | None:
    if subject == PRICE:
        return bid.price
    return None if status_at(bid.footprint, scheme.closes_at) == "missing" else bid.footprint.value


def _low(e: Evaluation, rule: AbnormallyLow) -> list[Reason]:
    """The reasons one rule leaves."""
    values = {b.bidder: v for b in e.remaining if (v := _declared(e.scheme, b, rule.subject)) is not None}
    test = low_test(rule, list(values.values()))
    if test is None:
        return [low_untested(bidder, rule) for bidder in values]
    found = []
    for bidder, value in values.items():
        if test.catches(value):
            found += _low_bid(e, rule, test, bidder, value)
    return found


def _low_bid(e: Evaluation, rule: AbnormallyLow, test: LowTest, bidder: str, value: Fraction) -> list[Reason]:
    flag = low_flag(bidder, rule, test, value)
    ruling = next((r for r in e.rulings if (r.bidder, r.subject) == (bidder, rule.subject)), None)
    if ruling is not None and ruling.accepted:
        return [flag, low_accepted(ruling)]
    if rule.consequence == "flag":
        return [flag]
    error = LowUnexplained(
        subject=rule.subject,
        subject_zh="报价" if rule.subject == PRICE else "碳足迹",
        ruling=f"the explanation was refused: {ruling.reason}" if ruling else "no explanation was accepted",
        ruling_zh=f"其说明未被接受：{ruling.reason}" if ruling else "未有被接受的书面说明",
    )
    return [flag, Reason.of("abnormally-low", bidder, error, excludes=True)]


def _input(e: Evaluation, criterion: Criterion, bid: Bid) -> Fraction:
    """What the criterion reads from the bid."""
    if criterion.reads == PRICE:
        return bid.price
    footprint = e.footprint_of(bid.bidder)
    if criterion.reads == FOOTPRINT and footprint is not None:
        return footprint.scored
    if criterion.reads not in bid.quality:
        raise InputAbsent(bidder=bid.bidder, criterion=criterion.key, name=criterion.reads)
    return bid.quality[criterion.reads]


def _cells(e: Evaluation, criterion: Criterion) -> list[Cell]:
    values = {bid.bidder: _input(e, criterion, bid) for bid in e.remaining}
    return [_cell(criterion, bidder, value, list(values.values())) for bidder, value in values.items()]


def _cell(criterion: Criterion, bidder: str, value: Fraction, field: list[Fraction]) -> Cell:
    try:
        working = criterion.rule.work(value, field, criterion.direction, criterion.parameters)
    except Undefined as undefined:
        raise FormulaUndefined(
            bidder=bidder, criterion=criterion.key, formula=criterion.formula, value=str(undefined)
        ) from undefined
    points = criterion.weight * working.share
    return Cell(
        bidder=bidder,
        criterion=criterion.key,
        input=value,
        working=f"{plain(criterion.weight)} x [{working.text}]",
        share=working.share,
        points=points,
        shown=shown(points, DISPLAYED_PLACES),
    )


def _sort_keys(e: Evaluation, bid: Bid, rules: list[TieBreak]) -> tuple[SortKey, ...]:
    total = next(t.points for t in e.totals if t.bidder == bid.bidder)
    return (0, -total), *(rule.order(bid, e.footprint_of(bid.bidder)) for rule in rules)
