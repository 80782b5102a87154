"""
The order of operations, as one tuple: ``STEPS``. Most scoring disputes come from doing these out of order.

Each step takes the evaluation so far and returns it with more known; it never takes anything back. A bid set aside in
one step is not seen by any later one, so nothing about it can move the points of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from ledger.scoring.abnormally_low import AbnormallyLow, LowTest, low_test
from ledger.scoring.amount import Amount
from ledger.scoring.amounts.base import Figures
from ledger.scoring.bid import Bid, Ruling
from ledger.scoring.bid_errors import BidderRepeated, FormulaUndefined, InputAbsent, RulingUnfounded
from ledger.scoring.criterion import FOOTPRINT, PRICE, QUANTITY, Criterion
from ledger.scoring.data_quality import scored_footprint, status_at
from ledger.scoring.evaluation import Cell, Evaluation, Figure, Rank, Total
from ledger.scoring.formulas import Benchmark, Undefined
from ledger.scoring.gate import gates_not_passed
from ledger.scoring.gate_errors import LowUnexplained
from ledger.scoring.rational import plain, product, total
from ledger.scoring.reason import LOW_FLAG, Reason, footprint_note, low_accepted, low_flag, low_untested
from ledger.scoring.scheme import Scheme
from ledger.scoring.tie_break import SortKey, tie_break
from ledger.units import shown

DISPLAYED_PLACES = 2
_FINE = 1 << 64

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


def work_amounts(e: Evaluation) -> Evaluation:
    """Step 5, continued. The scheme's amounts of each remaining bid, in the order of the scheme."""
    known = readings(e)
    figures = tuple(figure for amount in e.scheme.amounts for figure in _figures(amount, known))
    return replace(e, figures=figures)


def normalise(e: Evaluation) -> Evaluation:
    """Steps 6 and 7. Each criterion over the remaining bids only: formula, share, and share x weight in points."""
    known = readings(e)
    return replace(e, cells=tuple(cell for criterion in e.scheme.criteria for cell in _cells(criterion, known)))


def add_up(e: Evaluation) -> Evaluation:
    """Step 7, continued. The exact sum of points of each remaining bid."""
    parts: dict[str, list[Fraction]] = {bid.bidder: [] for bid in e.remaining}
    for cell in e.cells:
        parts[cell.bidder].append(cell.points)
    sums = ((bidder, total(points)) for bidder, points in parts.items())
    totals = (Total(bidder=b, points=p, shown=shown(p, DISPLAYED_PLACES)) for b, p in sums)
    return replace(e, totals=tuple(totals))


def rank(e: Evaluation) -> Evaluation:
    """Step 8. By exact total, then by the scheme's tie-breaks; who is still level shares the rank."""
    return replace(e, ranks=places(e, {one.bidder: one.points for one in e.totals}))


def places(e: Evaluation, points: Mapping[str, Fraction]) -> tuple[Rank, ...]:
    """The ranks of the remaining bids with these points."""
    rules = [rule for key in e.scheme.tie_break if (rule := tie_break(key))]
    names = ["total", *(rule.key for rule in rules)]
    scored = {f.bidder: f for f in e.footprints}
    keys: dict[str, tuple[SortKey, ...]] = {
        b.bidder: ((0, -points[b.bidder]), *(rule.order(b, scored.get(b.bidder)) for rule in rules))
        for b in e.remaining
    }
    ranks: list[Rank] = []
    # Whole numbers settle most comparisons of totals; where they are level, the exact ones follow.
    rough = {bidder: -points[bidder].numerator * _FINE // points[bidder].denominator for bidder in keys}
    for position, bidder in enumerate(sorted(keys, key=lambda b: (rough[b], keys[b], b)), 1):
        if not ranks:
            ranks.append(Rank(rank=1, bidder=bidder, decided_by=""))
            continue
        above = ranks[-1]
        pairs = zip(names, keys[above.bidder], keys[bidder], strict=True)
        decided_by = next((name for name, upper, lower in pairs if upper != lower), "undecided")
        place = above.rank if decided_by == "undecided" else position
        ranks.append(Rank(rank=place, bidder=bidder, decided_by=decided_by))
    return tuple(ranks)


STEPS: tuple[Step, ...] = (
    receive,
    pass_gates,
    find_abnormally_low,
    adjust_footprints,
    work_amounts,
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


def flagged(scheme: Scheme, bids: Iterable[Bid]) -> list[tuple[str, Reason]]:
    """What a panel rules on before scoring: abnormally low bids, each with its subject and the figures of the test."""
    e = pass_gates(receive(Evaluation(scheme, tuple(bids))))
    return [(rule.subject, r) for rule in scheme.abnormally_low for r in _low(e, rule) if r.code == LOW_FLAG]


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


Readings = dict[str, dict[str, Fraction]]
"""Every figure of each remaining bid, by bidder and by the name under which criteria and amounts read it."""


def readings(e: Evaluation) -> Readings:
    """What criteria and amounts can read: recorded marks, price, quantity, scored footprint and amounts so far."""
    known = {b.bidder: {**b.quality, PRICE: b.price, QUANTITY: e.scheme.quantity} for b in e.remaining}
    for footprint in e.footprints:
        known[footprint.bidder][FOOTPRINT] = footprint.scored
    for figure in e.figures:
        known[figure.bidder][figure.amount] = figure.value
    return known


def benchmark_of(criterion: Criterion, known: Readings) -> Benchmark:
    """What the remaining bids set for each other on a criterion. Raises ``FormulaUndefined``, ``InputAbsent``."""
    values = [_read(of, criterion.reads, bidder, criterion.key) for bidder, of in known.items()]
    if not values:
        return ()
    try:
        return criterion.rule.benchmark(values, criterion.direction, criterion.parameters)
    except Undefined as undefined:
        worst = min(known, key=lambda bidder: known[bidder][criterion.reads])
        raise _undefined(worst, criterion.key, criterion.formula, undefined) from undefined


def _read(figures: Figures, name: str, bidder: str, reader: str) -> Fraction:
    found = figures.get(name)
    if found is None:
        raise InputAbsent(bidder=bidder, criterion=reader, name=name)
    return found


def _figures(amount: Amount, known: Readings) -> list[Figure]:
    """One amount of every bid; each is added to what is known, for those that read it."""
    taken = {
        bidder: {role: _read(of, name, bidder, amount.key) for role, name in amount.inputs.items()}
        for bidder, of in known.items()
    }
    if not taken:
        return []
    rule, found = amount.works_by, []
    benchmark = rule.benchmark(list(taken.values()), amount.parameters)
    for bidder, figures in taken.items():
        try:
            result = rule.work(figures, benchmark, amount.parameters)
        except Undefined as undefined:
            raise _undefined(bidder, amount.key, amount.rule, undefined) from undefined
        known[bidder][amount.key] = result.value
        found.append(Figure(bidder=bidder, amount=amount.key, value=result.value, working=result.text))
    return found


def _cells(criterion: Criterion, known: Readings) -> list[Cell]:
    benchmark, rule, weight = benchmark_of(criterion, known), criterion.rule, criterion.weight
    stated, found = plain(weight), []
    for bidder, of in known.items():
        value = of[criterion.reads]
        try:
            working = rule.work(value, benchmark, criterion.direction, criterion.parameters)
        except Undefined as undefined:
            raise _undefined(bidder, criterion.key, criterion.formula, undefined) from undefined
        points = product(weight, working.share)
        cell = Cell(
            bidder=bidder,
            criterion=criterion.key,
            input=value,
            working=f"{stated} x [{working.text}]",
            share=working.share,
            points=points,
            shown=shown(points, DISPLAYED_PLACES),
        )
        found.append(cell)
    return found


def _undefined(bidder: str, reader: str, formula: str, undefined: Undefined) -> FormulaUndefined:
    return FormulaUndefined(bidder=bidder, criterion=reader, formula=formula, value=str(undefined))
