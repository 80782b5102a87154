"""Gates, statuses at closing, and the test for abnormally low values: each leaves its reason in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from ledger.scoring.abnormally_low import low_test
from ledger.scoring.award import score
from ledger.scoring.bid import NO_FOOTPRINT, Bid, PriceLine, Ruling
from ledger.scoring.data_quality import status_at
from ledger.scoring.gate import GATES, gates_not_passed
from ledger.scoring.scheme import Scheme
from tests.unit.scoring.tender import (
    CLOSES,
    ISO_14001,
    SCOTLAND,
    bid,
    criterion,
    footprint,
    full_bid,
    full_scheme,
    scheme,
)

GOOD = full_bid("Anhe", "1000000", "60", "95")
BAD_LINE = (PriceLine(item="x", quantity=Fraction(2), unit_price=Fraction(500_000), amount=Fraction(999_999)),)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sealed_at": CLOSES + timedelta(microseconds=1)}, "scoring.gate.sealed-late"),
        ({"signature": None}, "scoring.gate.signature"),
        ({"pledges": ("other",)}, "scoring.gate.pledge"),
        ({"certificates": ()}, "scoring.gate.certificate-absent"),
        (
            {"certificates": (msgspec.structs.replace(ISO_14001, valid_to=date(2026, 6, 29)),)},
            "scoring.gate.certificate-not-valid",
        ),
        (
            {"certificates": (msgspec.structs.replace(ISO_14001, valid_from=date(2026, 7, 1)),)},
            "scoring.gate.certificate-not-valid",
        ),
        (
            {"certificates": (msgspec.structs.replace(ISO_14001, revoked_on=date(2026, 6, 30)),)},
            "scoring.gate.certificate-not-valid",
        ),
        ({"footprint": footprint("60", declared_unit="kg")}, "scoring.gate.footprint-not-comparable"),
        ({"footprint": footprint("60", boundary="cradle-to-grave")}, "scoring.gate.footprint-not-comparable"),
        ({"lines": ()}, "scoring.gate.lines-absent"),
        ({"lines": BAD_LINE}, "scoring.gate.line"),
        ({"price": Fraction(1_000_001)}, "scoring.gate.sum"),
    ],
)
def test_each_gate_sets_the_bid_aside_with_its_reason(change: dict[str, Any], code: str) -> None:
    """One thing wrong, one reason, said in Chinese and in English."""
    (reason,) = gates_not_passed(full_scheme(), msgspec.structs.replace(GOOD, **change))
    assert reason.code == code
    assert reason.message("en") != reason.message("zh-CN") != ""


def test_every_gate_is_passed_by_a_good_bid() -> None:
    """A certificate is valid on its last day, and sealing at the instant of closing is in time."""
    assert gates_not_passed(full_scheme(), msgspec.structs.replace(GOOD, sealed_at=CLOSES)) == ()


@pytest.mark.parametrize(
    ("wanted", "stated", "passes"),
    [
        (msgspec.UNSET, "EN 50693:2019", True),
        ("ISO 14067:2018", "ISO 14067:2018", True),
        ("ISO 14067:2018", "EN 50693:2019", False),
        ("ISO 14067:2018", msgspec.UNSET, False),
    ],
)
def test_footprints_are_compared_by_one_rule(wanted: Any, stated: Any, passes: bool) -> None:
    """Where the scheme names a rule, a footprint by another, or by none that is stated, is set aside."""
    scheme = msgspec.structs.replace(full_scheme(), category_rule=wanted)
    found = gates_not_passed(scheme, msgspec.structs.replace(GOOD, footprint=footprint("60", category_rule=stated)))
    assert [reason.code for reason in found] == ([] if passes else ["scoring.gate.footprint-by-another-rule"])
    assert Scheme.from_record(scheme.to_record()) == scheme


def test_all_reasons_are_given_at_once_in_the_order_of_gates() -> None:
    """A bidder who fails three gates learns all three."""
    bad = msgspec.structs.replace(GOOD, signature=None, pledges=(), lines=())
    codes = [r.code for r in gates_not_passed(full_scheme(), bad)]
    assert codes == ["scoring.gate.signature", "scoring.gate.pledge", "scoring.gate.lines-absent"]
    assert GATES[-1].kind == "arithmetic"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "verified"),
        ({"valid_to": date(2026, 6, 30)}, "verified"),
        ({"valid_to": date(2026, 6, 29)}, "expired"),
        ({"valid_from": date(2026, 7, 1)}, "unverified"),
        ({"received_at": CLOSES + timedelta(seconds=1)}, "missing"),
        ({"received_at": CLOSES}, "verified"),
    ],
)
def test_the_status_that_counts_is_the_one_at_closing(change: dict[str, Any], status: str) -> None:
    """Late counts as missing, past its validity as expired, not yet valid as unverified."""
    assert status_at(footprint("60", **change), CLOSES) == status


def test_the_day_of_closing_is_the_day_where_the_tender_closes() -> None:
    """A closing at 00:30 in Beijing is judged by Beijing's date, not by the earlier UTC date."""
    early = datetime.fromisoformat("2026-07-01T00:30:00+08:00")
    (reason,) = gates_not_passed(full_scheme(closes_at=early), GOOD)
    assert reason.code == "scoring.gate.certificate-not-valid"


def _low_bids(**more: Any) -> list[Bid]:
    kg = ("60", "100", "101", "105", "140")
    return [full_bid(n, "1000000", k, "95", **(more if n == "A" else {})) for n, k in zip("ABCDE", kg, strict=True)]


def test_an_abnormally_low_footprint_is_set_aside_until_explained() -> None:
    """60 kg is under 85 % of 91.5 and far under 100: it needs an accepted explanation."""
    sheet = score(full_scheme(), _low_bids())
    assert [r.code for r in sheet.excluded["A"]] == ["scoring.low-unexplained"]
    assert "A" not in {c.bidder for c in sheet.cells}


@pytest.mark.parametrize("accepted", [True, False])
def test_the_panels_ruling_decides_over_a_low_footprint(accepted: bool) -> None:
    """Accepted: scored, with the flag and the ruling in the sheet. Refused: set aside, with the reason given."""
    ruling = Ruling(bidder="A", subject="footprint", accepted=accepted, reason="own hydropower", decided_by="panel")
    sheet = score(full_scheme(), _low_bids(), [ruling])
    assert ("A" in sheet.excluded) is not accepted
    said = [r for r in sheet.reasons if r.bidder == "A"]
    assert said[0].code == "scoring.note.abnormally-low"
    assert "own hydropower" in said[1].en
    assert "own hydropower" in said[1].zh


def test_a_flagged_price_goes_on() -> None:
    """A rule that only flags leaves its figures in the sheet and sets nobody aside."""
    prices = ("800000", "1000000", "1010000", "1050000", "1400000")
    bids = [full_bid(n, p, "60", "95") for n, p in zip("ABCDE", prices, strict=True)]
    sheet = score(full_scheme(), bids)
    assert not sheet.excluded
    (flag,) = (r for r in sheet.reasons if r.code == "scoring.note.abnormally-low")
    assert flag.bidder == "A"
    assert "820250" in flag.en


def test_a_low_price_close_to_the_next_is_not_abnormal() -> None:
    """845,000 is under the limit of 850,000, but within 1 % of the lowest qualifying 850,000."""
    test = low_test(SCOTLAND, [Fraction(n) for n in (845_000, 850_000, 1_150_000, 1_155_000, 1_400_000)])
    assert test is not None
    assert (test.limit, test.lowest_qualifying, test.margin) == (850_000, 850_000, 8_500)
    assert not test.catches(Fraction(845_000))
    assert not test.catches(Fraction(841_500))
    assert test.catches(Fraction(841_499))


def test_no_bid_left_is_a_sheet_without_winner() -> None:
    """A tender in which everyone fails the gates still yields a sheet with all reasons."""
    sheet = score(full_scheme(), [msgspec.structs.replace(GOOD, signature=None)])
    assert sheet.winner is None
    assert sheet.ranks == ()
    assert sheet.reasons


def test_a_single_low_value_is_said_to_be_untested() -> None:
    """One bid has no mean to be low against, and the sheet says so."""
    codes = {r.code for r in score(full_scheme(), [GOOD]).reasons}
    assert codes == {"scoring.note.low-untested"}


def test_without_a_footprint_the_default_is_scored_and_the_reason_given() -> None:
    """A missing footprint passes the gate and is scored as the default value plus 10 percent."""
    sheet = score(full_scheme(), [GOOD, full_bid("B", "1000000", NO_FOOTPRINT, "95")])
    (cell,) = (c for c in sheet.cells if (c.bidder, c.criterion) == ("B", "footprint"))
    assert cell.input == 110
    assert any(r.code == "scoring.note.footprint-missing" for r in sheet.reasons)


def test_a_scheme_without_gates_lets_a_bare_price_through() -> None:
    """Only the gates of the scheme are tried."""
    sheet = score(scheme(criterion("price", "100", "lowest-price")), [bid("A", "10")])
    assert sheet.winner == "A"
