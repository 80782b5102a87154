"""A bid's footprint is verified by a review in force when bids closed, and by nothing that anybody says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from ledger.records.product_footprint import ProductFootprint
from ledger.scoring.award import score
from ledger.services.organisations import Organisation
from ledger.services.pcf_requests import Party
from ledger.services.pcf_reviews import Examined, review
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk, scheme_of
from ledger.services.tenders import bids_of, publish_scheme, submit_bid
from ledger.wiring import Ledger
from tests.builders import captured, opened
from tests.e2e.sample import Stopped
from tests.unit.scoring.tender import CLOSES, RULE, full_bids, full_scheme

DECLARED = ProductFootprint(
    boundary="cradle_to_gate",
    declared_unit="piece",
    id="pcf-1",
    kind="product_footprint",
    name="cabinet",
    occurred_at=CLOSES - timedelta(days=60),
    pcf_kg_co2e="60",
    product="https://id.gs1.org/01/09506000134352",
    supplier="anhe",
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    verified_by="CQC",
    version=1,
)
EXAMINED = Examined("CQC", "ISO 14064-3:2019", "limited", "5", "verified")
DOUBTS: list[object] = []
"""What stood against each footprint, as the sheets say."""
MARKED_UP = RULE.default * Fraction(11, 10)


def scored(ledger: Ledger, declared: ProductFootprint, value: str = "60", unit: str = "piece") -> Fraction:
    """What is scored of a bid that names the footprint and says it is verified."""
    (claims, *_) = (one for one in full_bids() if one.footprint.status == "verified")
    footprint = replace(claims.footprint, evidence=declared.id, value=Fraction(value), declared_unit=unit)
    desk = Desk(
        ledger.entries,
        ledger.projections,
        Stopped(CLOSES - timedelta(days=1)),
        ledger.random,
        ledger.settings.tenant,
        "p",
        ledger.organisations,
        ledger.sight,
    )
    ledger.organisations.add(Organisation("anhe", desk.tenant, claims.bidder, "supplier"))
    publish_scheme(desk, full_scheme())
    catch_up(ledger.entries, ledger.projections)
    submit_bid(desk, full_scheme().id, replace(claims, footprint=footprint))
    catch_up(ledger.entries, ledger.projections)
    scheme = scheme_of(desk, full_scheme().id)
    sheet = score(scheme, bids_of(desk, scheme))
    (found,) = sheet.footprints
    (bid,) = sheet.bids
    assert (bid.footprint.status == "verified") == (bid.footprint.doubt is UNSET)
    DOUBTS.append(bid.footprint.doubt)
    return found.scored


def examine(ledger: Ledger, at: datetime, examined: Examined = EXAMINED, verifier: str = "org:v") -> None:
    """A verifier's statement at a moment."""
    review(ledger, Party(ledger.settings.tenant, "v", verifier), DECLARED.id, examined, at)


BEFORE, AFTER = CLOSES - timedelta(hours=1), CLOSES + timedelta(seconds=1)
RETURNED = EXAMINED._replace(verdict="returned", reasons="电表")
SHORT = EXAMINED._replace(valid_until=CLOSES.date() - timedelta(days=1))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (lambda _: None, MARKED_UP),
        (lambda ledger: examine(ledger, BEFORE), Fraction(60)),
        (lambda ledger: examine(ledger, AFTER), MARKED_UP),
        (lambda ledger: examine(ledger, BEFORE, RETURNED), MARKED_UP),
        (lambda ledger: [examine(ledger, BEFORE), examine(ledger, BEFORE, RETURNED)], MARKED_UP),
        (lambda ledger: [examine(ledger, BEFORE), examine(ledger, AFTER, RETURNED)], Fraction(60)),
        (lambda ledger: examine(ledger, BEFORE, SHORT), MARKED_UP),
    ],
    ids=["none", "before", "after", "returned", "returned-last", "returned-after", "ended"],
)
def test_a_review_counts_when_it_was_in_force_at_closing(
    tmp_path: Path, said: Callable[[Ledger], object], expected: Fraction
) -> None:
    """The declaration's own word is nothing; a review counts until the next, and by the hour of closing."""
    with opened(tmp_path) as ledger:
        captured(ledger, [DECLARED], ledger.settings.tenant)
        said(ledger)
        assert scored(ledger, DECLARED) == expected


def test_a_review_is_of_one_figure_in_one_unit(tmp_path: Path) -> None:
    """A bid that declares less than was verified is scored as if nobody had verified anything."""
    with opened(tmp_path) as ledger:
        captured(ledger, [DECLARED], ledger.settings.tenant)
        examine(ledger, BEFORE)
        assert scored(ledger, DECLARED, "59.999") == MARKED_UP
        assert DOUBTS[-1] == "another-figure"


def test_nobody_rides_on_anothers_review(tmp_path: Path) -> None:
    """A verified footprint of another supplier, or of nobody, gives a bidder nothing, and the sheet says why."""
    with opened(tmp_path) as ledger:
        captured(ledger, [replace(DECLARED, supplier="org:b")], ledger.settings.tenant)
        examine(ledger, BEFORE)
        assert scored(ledger, DECLARED) == MARKED_UP
        assert DOUBTS[-1] == "of-another"
    with opened(tmp_path / "empty") as ledger:
        assert scored(ledger, DECLARED) == MARKED_UP
        assert DOUBTS[-1] == "not-recorded"
