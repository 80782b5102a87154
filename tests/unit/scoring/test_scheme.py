"""A scheme that exists is valid; a refused one names every fault at its place. Bids refuse impossible figures."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from ledger.errors import LedgerError, Place
from ledger.log.canonical import canonical_bytes
from ledger.scoring import bid_errors, errors, gate_errors, scheme_errors, sealing_errors
from ledger.scoring.award import score
from ledger.scoring.bid import Bid, Footprint, Ruling
from ledger.scoring.data_quality import Markup
from ledger.scoring.formulas import FORMULAS
from ledger.scoring.gate import Gate
from ledger.scoring.rational import parse_rational, plain, readable
from ledger.scoring.scheme import Scheme
from tests.unit.scoring.tender import RULE, SEALED, bid, criterion, footprint, full_bids, full_scheme, scheme

PRICE = criterion("price", "100", "lowest-price")


def linear(best: str, worst: str, direction: str = "lower") -> Any:
    """A price criterion between two bounds."""
    return criterion(
        "price", "100", "absolute-linear", direction, parameters={"best": Fraction(best), "worst": Fraction(worst)}
    )


@pytest.mark.parametrize(
    ("build", "code", "pointer"),
    [
        (lambda: scheme(PRICE, title_zh=" "), "scoring.text-absent", "/title_zh"),
        (lambda: scheme(PRICE, basis=""), "scoring.text-absent", "/basis"),
        (lambda: scheme(PRICE, version=0), "scoring.scheme-amount", "/version"),
        (lambda: scheme(PRICE, quantity=Fraction(0)), "scoring.scheme-amount", "/quantity"),
        (lambda: scheme(criterion("price", "99", "lowest-price")), "scoring.weights", "/criteria"),
        (scheme, "scoring.weights", "/criteria"),
        (lambda: scheme(PRICE, criterion("x", "0", "best-ratio")), "scoring.scheme-amount", "/criteria/1"),
        (lambda: scheme(criterion("price", "100", "guess")), "scoring.formula-unknown", "/criteria/0"),
        (lambda: scheme(criterion("price", "100", "lowest-price", "higher")), "scoring.direction", "/criteria/0"),
        (lambda: scheme(criterion("price", "100", "absolute-linear")), "scoring.parameters", "/criteria/0"),
        (lambda: scheme(linear("10", "10")), "scoring.bounds", "/criteria/0"),
        (lambda: scheme(linear("10", "20", "higher")), "scoring.bounds", "/criteria/0"),
        (lambda: scheme(PRICE, gates=(Gate(kind="luck"),)), "scoring.gate-unknown", "/gates/0"),
        (lambda: scheme(PRICE, gates=(Gate(kind="pledge"),)), "scoring.gate-unknown", "/gates/0"),
        (lambda: scheme(PRICE, gates=(Gate(kind="signature"),) * 2), "scoring.key-repeated", "/gates"),
        (lambda: scheme(PRICE, tie_break=("luck",)), "scoring.tie-break", "/tie_break/0"),
        (lambda: scheme(PRICE, tie_break=()), "scoring.tie-break", "/tie_break"),
        (lambda: scheme(PRICE, tie_break=("verified-footprint",)), "scoring.footprint-rule", "/footprint_rule"),
        (lambda: full_scheme(gates=()), "scoring.footprint-rule", "/footprint_rule"),
        (
            lambda: full_scheme(closes_at=datetime.fromisoformat("2025-06-30T17:00:00+08:00")),
            "scoring.markup-year",
            "/footprint_rule",
        ),
        (
            lambda: full_scheme(
                footprint_rule=type(RULE)(
                    default=Fraction(1), default_source="x", markups=(Markup(year=2026, share=Fraction(-1)),)
                )
            ),
            "scoring.bounds",
            "/footprint_rule",
        ),
    ],
)
def test_a_faulty_scheme_is_refused_at_its_place(build: Any, code: str, pointer: str) -> None:
    """The first fault has the expected code and JSON pointer."""
    with pytest.raises(scheme_errors.SchemeRefused) as caught:
        build()
    first = caught.value.faults[0]
    assert first.code == code
    assert first.place == Place(pointer=pointer)
    assert caught.value.count == len(caught.value.faults)


def test_all_faults_of_a_scheme_are_told_at_once() -> None:
    """Three mistakes, three faults."""
    with pytest.raises(scheme_errors.SchemeRefused) as caught:
        scheme(criterion("price", "90", "guess"), basis="")
    assert [f.code for f in caught.value.faults] == [
        "scoring.text-absent",
        "scoring.formula-unknown",
        "scoring.weights",
    ]


def test_a_scheme_and_its_bids_survive_their_recorded_form() -> None:
    """to_record and from_record are inverse, and the bytes are the same each time."""
    rules = full_scheme()
    assert Scheme.from_record(rules.to_record()) == rules
    assert Scheme.from_record(rules.to_record()).digest() == rules.digest()
    for one in full_bids():
        assert Bid.from_record(one.to_record()) == one
        assert canonical_bytes(Bid.from_record(one.to_record()).to_record()) == canonical_bytes(one.to_record())


def test_one_digit_changes_the_digest_of_a_scheme() -> None:
    """Locking a scheme commits to every figure in it."""
    assert full_scheme().digest() != full_scheme(quantity=Fraction(1001)).digest()


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("quantity", 1000, "/quantity"),
        ("quantity", 1.5, "/quantity"),
        ("quantity", "1e3", "/quantity"),
        ("quantity", "1/0", "/quantity"),
        ("closes_at", "2026-06-30T17:00:00", "/closes_at"),
        ("surprise", "1", ""),
    ],
)
def test_a_record_with_a_wrong_field_is_refused_at_its_place(field: str, value: object, pointer: str) -> None:
    """Binary numbers, exponents, times without offset and unknown fields do not enter."""
    record = full_scheme().to_record() | {field: value}
    with pytest.raises(errors.FormUnreadable) as caught:
        Scheme.from_record(record)
    assert ((caught.value.place or Place()).pointer or "") == pointer


@pytest.mark.parametrize("price", ["0", "-5"])
def test_a_price_of_zero_or_less_is_refused(price: str) -> None:
    """A negative price can never score."""
    with pytest.raises(bid_errors.BidAmountWrong):
        bid("A", price)


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_footprint_of_zero_or_less_is_refused(value: str) -> None:
    """Removals and offsets never lower the footprint that is scored."""
    with pytest.raises(bid_errors.BidAmountWrong):
        bid("A", "1", footprint=footprint(value))


def test_a_footprint_may_not_contradict_its_status() -> None:
    """Verified needs a verifier and validity; missing has no value; all others have one."""
    for build in (
        lambda: footprint("1", verifier=None),
        lambda: footprint("1", valid_to=None),
        lambda: footprint("1", "missing"),
        lambda: Footprint(status="unverified"),
    ):
        with pytest.raises(bid_errors.FootprintContradicts):
            build()


def test_bids_that_cannot_be_scored_as_stated_are_refused() -> None:
    """Two bids of one bidder, a missing test result, a ratio to zero, a ruling on nobody."""
    quality = criterion("decibel", "100", "best-ratio", unit="dB")
    with pytest.raises(bid_errors.BidderRepeated):
        score(scheme(PRICE), [bid("A", "1"), bid("A", "2")])
    with pytest.raises(bid_errors.InputAbsent) as absent:
        score(scheme(quality), [bid("A", "1")])
    assert absent.value.name == "decibel"
    with pytest.raises(bid_errors.FormulaUndefined) as undefined:
        score(scheme(quality), [bid("A", "1", quality={"decibel": Fraction(0)})])
    assert undefined.value.bidder == "A"
    ruling = Ruling(bidder="Z", subject="price", accepted=True, reason="x", decided_by="y")
    with pytest.raises(bid_errors.RulingUnfounded):
        score(scheme(PRICE), [bid("A", "1")], [ruling])


def test_a_binary_float_never_scores() -> None:
    """A float slipped past the types is refused by its form."""
    with pytest.raises(errors.FormUnreadable):
        score(scheme(PRICE), [Bid(bidder="A", price=1.5, sealed_at=SEALED)])  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["0", "-3", "12.5", "1/3", "-22/7", "0.000001", "17247224171"])
def test_exact_text_is_read_back_as_written(text: str) -> None:
    """Decimals where they are exact, fractions where not."""
    assert plain(parse_rational(text)) == text


def test_a_figure_without_a_decimal_is_also_told_roughly() -> None:
    """The exact fraction comes first, the rounded figure after it."""
    assert readable(Fraction(2490500, 3)) == "2490500/3 ≈ 830166.67"
    assert readable(Fraction(1, 8)) == "0.125"


def test_every_formula_says_what_it_is_in_both_languages() -> None:
    """Key, titles, algebra and source are there; a relative formula warns."""
    assert len({f.key for f in FORMULAS}) == len(FORMULAS)
    for f in FORMULAS:
        assert all((f.key, f.title_en, f.title_zh, f.algebra, f.source))
        assert bool(f.warning_en) == bool(f.warning_zh) == f.relative


def test_every_leaf_speaks_both_languages() -> None:
    """Each error under scoring has its own code and sentences."""
    modules = (bid_errors, errors, gate_errors, scheme_errors, sealing_errors)
    found = [(module, c) for module in modules for c in vars(module).values() if isinstance(c, type)]
    leaves = [c for module, c in found if issubclass(c, LedgerError) and c.__module__ == module.__name__]
    assert len(leaves) > 35
    assert len({c.code for c in leaves}) == len(leaves)
    spoken = [c for c in leaves if not c.__subclasses__()]
    assert all("en" in vars(c) and "zh" in vars(c) for c in spoken)
