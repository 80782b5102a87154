"""What our own log says counts in a tender that asks for it: catalogue, incentives, second lives, the draw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from api.pages.catalogue import translator
from api.pages.own_record_views import own_rows
from ledger.lifecycle.vocabulary import step_uri
from ledger.programme.example_incentives import example_incentives
from ledger.records.green_catalogue import CatalogueCategory, CatalogueProduct, CatalogueRules, EntryRule
from ledger.records.incentive import IncentiveException
from ledger.scoring.award import replay, score
from ledger.scoring.bid import Bid
from ledger.scoring.errors import SheetDiffers
from ledger.scoring.gate import Gate
from ledger.scoring.own_records import ASSESSMENT, BONUS, SECOND_LIFE, Bonus, Listing
from ledger.scoring.scheme import Scheme
from ledger.services.assessments import result_of
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.organisations import Organisation
from ledger.services.pcf_requests import Party
from ledger.services.pcf_reviews import review
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tender_records import DrawWaits
from ledger.services.tenders import bids_of, publish_scheme, score_tender, submit_bid
from ledger.wiring import Ledger
from tests.builders import captured, opened
from tests.e2e.assessments import assess
from tests.e2e.sample import Stopped, certify
from tests.lives import HERE, THINGS, happened
from tests.unit.scoring.tender import bid, criterion, footprint, scheme
from tests.unit.services.test_reviewed_bids import DECLARED, EXAMINED

CLOSES = datetime(2030, 6, 30, 9, tzinfo=UTC)
BEFORE, AFTER = CLOSES - timedelta(hours=1), CLOSES + timedelta(hours=1)
NAMES = {"anhe": "Anhe 安和", "boyuan": "Boyuan 博远"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Two suppliers."""
    with opened(tmp_path / "home") as found:
        for name, called in NAMES.items():
            found.organisations.add(Organisation(name, found.settings.tenant, called, "supplier"))
        yield found


def desk(ledger: Ledger, at: datetime) -> Desk:
    """The desk at a moment, everything folded."""
    catch_up(ledger.entries, ledger.projections)
    return Desk.of(ledger, ledger.settings.tenant, "p")._replace(clock=Stopped(at))


def tendered(ledger: Ledger, rules: Scheme, *bids: Bid) -> Scheme:
    """The scheme published and the bids taken in time."""
    publish_scheme(desk(ledger, BEFORE), rules)
    for one in bids:
        submit_bid(desk(ledger, BEFORE), rules.id, one)
    return rules


def priced(**more: Any) -> Scheme:
    """A scheme of price alone."""
    return scheme(criterion("price", "100", "lowest-price"), closes_at=CLOSES, **more)


def test_the_draw_is_by_the_first_checkpoint_after_closing_and_by_nothing_else(ledger: Ledger) -> None:
    """Worked out here by hand from its root; one made before closing is passed over, a later one changes nothing."""
    rules = tendered(
        ledger, priced(tie_break=("price", "recorded-draw")), bid(NAMES["anhe"], "5"), bid(NAMES["boyuan"], "5")
    )
    close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, Stopped(BEFORE))
    with pytest.raises(DrawWaits):
        score_tender(desk(ledger, AFTER), rules.id)
    captured(ledger, [DECLARED], ledger.settings.tenant)
    drawn = close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, Stopped(AFTER))
    assert drawn is not None
    root = drawn.checkpoint.root
    numbers = {
        name: int(hashlib.sha256(root + b"\0" + rules.id.encode() + b"\0" + name.encode()).hexdigest(), 16)
        for name in NAMES.values()
    }
    sheet, receipt = score_tender(desk(ledger, AFTER), rules.id)
    assert sheet.winner == min(numbers, key=numbers.__getitem__)
    assert sheet.ranks[1].decided_by == "recorded-draw"
    again, same = score_tender(desk(ledger, AFTER + timedelta(days=9)), rules.id)
    assert (again.winner, same.seq, same.fresh) == (sheet.winner, receipt.seq, False)
    record = json.loads(json.dumps(sheet.to_record()))
    assert replay(record).winner == sheet.winner
    record["bids"][0]["lot"]["root"] = "00" * 32
    with pytest.raises(SheetDiffers):
        replay(record)


def test_bids_that_are_not_level_are_not_drawn_and_old_schemes_know_no_draw() -> None:
    """The usual order of tie-breaks has none."""
    assert "recorded-draw" not in scheme(criterion("price", "100", "lowest-price")).tie_break
    sheet = score(scheme(criterion("price", "100", "lowest-price")), [bid("A", "5"), bid("B", "5")])
    assert sheet.winner is None


def catalogue(*asked: EntryRule) -> list[Any]:
    """Rules with one category, and the declared product put forward."""
    rules = CatalogueRules(
        basis="示例",
        catalogue="green",
        categories=(CatalogueCategory(en="Switchgear", key="switchgear", zh="开关设备"),),
        edition=1,
        id="catalogue-rules:green:1",
        kind="catalogue_rules",
        name_en="Green",
        name_zh="绿色目录",
        occurred_at=BEFORE - timedelta(days=300),
        rules=asked,
        valid_from=date(2026, 1, 1),
        version=1,
    )
    product = CatalogueProduct(
        catalogue="green",
        category="switchgear",
        id="catalogue-product:1",
        kind="catalogue_product",
        name="cabinet",
        occurred_at=BEFORE - timedelta(days=200),
        product=DECLARED.product,
        supplier="anhe",
        version=1,
    )
    return [rules, product]


def test_only_the_listed_product_that_a_bid_offers_passes_the_gate(ledger: Ledger) -> None:
    """By the recorded footprint it names; one that names nothing, another's, or another category's does not."""
    declared = replace(DECLARED, valid_to=date(2031, 1, 1))
    captured(ledger, [declared, *catalogue(EntryRule(kind="footprint"))], ledger.settings.tenant)
    rules = priced(
        gates=(Gate(kind="green-catalogue", name="switchgear"),),
    )
    own = footprint("60", "unverified", evidence=declared.id)
    bids = [bid(NAMES["anhe"], "5", footprint=own), bid(NAMES["boyuan"], "4", footprint=own)]
    tendered(ledger, rules, *bids)
    before = {one.bidder: one.catalogue for one in bids_of(desk(ledger, AFTER), rules)}
    assert before == dict.fromkeys(NAMES.values(), ())
    review(ledger, Party(ledger.settings.tenant, "v", "org:v"), declared.id, EXAMINED, BEFORE)
    found = {one.bidder: one.catalogue for one in bids_of(desk(ledger, AFTER), rules)}
    assert isinstance(found[NAMES["anhe"]], tuple)
    (listing,) = found[NAMES["anhe"]]  # type: ignore[misc]
    assert listing == Listing(entry=listing.entry, product="catalogue-product:1", category="switchgear")
    sheet = score(rules, bids_of(desk(ledger, AFTER), rules))
    assert sheet.winner == NAMES["anhe"]
    assert [r.code for r in sheet.excluded[NAMES["boyuan"]]] == ["scoring.gate.not-in-catalogue"]
    other = priced(gates=(Gate(kind="green-catalogue", name="batteries"),))
    assert len(score(other, bids_of(desk(ledger, AFTER), other)).excluded) == 2


def test_bonus_points_are_those_of_the_last_full_year_and_not_the_bidder_s_word(ledger: Ledger) -> None:
    """Granted for 2029, two points of the example's rules; a bid that writes itself ten has none."""
    granted = IncentiveException(
        decision="granted",
        id="incentive-exception:1",
        incentive="bonus",
        kind="incentive_exception",
        occurred_at=BEFORE,
        reason="pilot of returnable packaging",
        supplier="anhe",
        version=1,
        year=2029,
    )
    receipts = captured(ledger, [example_incentives(), granted], ledger.settings.tenant)
    bonus = criterion(BONUS, "5", "absolute-linear", "higher", parameters={"best": Fraction(5), "worst": Fraction(0)})
    rules = scheme(criterion("price", "95", "lowest-price"), bonus, closes_at=CLOSES)
    boast = {"quality": {BONUS: Fraction(10)}}
    tendered(ledger, rules, bid(NAMES["anhe"], "5"), bid(NAMES["boyuan"], "5", **boast))
    found = {one.bidder: one for one in bids_of(desk(ledger, AFTER), rules)}
    assert found[NAMES["anhe"]].bonuses == (
        Bonus(incentive="bonus", year=2029, points=Fraction(2), rules=receipts[0].seq),
    )
    assert found[NAMES["boyuan"]].quality == {BONUS: 0}
    sheet = score(rules, list(found.values()))
    assert {(c.bidder, c.points) for c in sheet.cells if c.criterion == BONUS} == {
        (NAMES["anhe"], 2),
        (NAMES["boyuan"], 0),
    }


def test_an_assessment_counts_while_it_is_in_force_and_not_the_bidder_s_word(ledger: Ledger) -> None:
    """The example's marks; before they are given and after its last day there are no points."""
    certify(ledger)
    assess(ledger)
    now = ledger.clock.now()
    bounds = {"best": Fraction(100), "worst": Fraction(0)}
    judged = criterion(ASSESSMENT, "20", "absolute-linear", "higher", parameters=bounds)
    found = {}
    for name, closes in (("soon", now + timedelta(days=1)), ("late", CLOSES), ("before", now - timedelta(days=1))):
        rules = scheme(criterion("price", "80", "lowest-price"), judged, id=name, closes_at=closes)
        publish_scheme(desk(ledger, closes - timedelta(hours=2)), rules)
        for one in (bid(NAMES["anhe"], "5"), bid(NAMES["boyuan"], "5", quality={ASSESSMENT: Fraction(99)})):
            submit_bid(desk(ledger, closes - timedelta(hours=1)), name, one)
        found[name] = {one.bidder: one for one in bids_of(desk(ledger, closes + timedelta(hours=1)), rules)}
    anhe = found["soon"][NAMES["anhe"]]
    assert isinstance(anhe.assessed, tuple)
    (result,) = anhe.assessed
    stated = result_of(ledger, ledger.settings.tenant, "anhe", now, now.date())
    assert stated is not None
    assert (result.points, result.status, anhe.quality[ASSESSMENT]) == (stated.score.points, "in_force", result.points)
    assert 0 < result.points < 100
    assert found["late"][NAMES["anhe"]].quality == {ASSESSMENT: 0}, "over, or an action was not closed in time"
    assert found["before"][NAMES["anhe"]].assessed == ()
    assert found["soon"][NAMES["boyuan"]].quality == {ASSESSMENT: 0}


def test_second_lives_are_counted_from_the_assets_own_history(ledger: Ledger) -> None:
    """Came off a site before closing and is not destroyed; named twice it counts once; still in use: nothing."""
    used, ended, fresh, _ = THINGS
    step = {"place": HERE}
    captured(
        ledger,
        [
            happened(1, epcList=[used, ended, fresh], bizStep="installing", **step),
            happened(2, epcList=[used, ended], bizStep="removing", disposition="returned", **step),
            happened(3, epcList=[used], bizStep=step_uri("refurbishing"), disposition="available", **step),
            happened(4, epcList=[ended], action="DELETE", bizStep="destroying", disposition="destroyed", **step),
        ],
        ledger.settings.tenant,
    )
    credit = criterion(SECOND_LIFE, "20", "green-points", "higher")
    rules = scheme(criterion("price", "80", "lowest-price"), credit, closes_at=CLOSES, quantity=Fraction(4))
    assets = (used, used, ended, fresh, THINGS[3], "no code at all")
    boast = {"quality": {SECOND_LIFE: Fraction(1)}}
    tendered(ledger, rules, bid(NAMES["anhe"], "5", assets=assets), bid(NAMES["boyuan"], "5", **boast))
    found = {one.bidder: one for one in bids_of(desk(ledger, AFTER), rules)}
    lives = found[NAMES["anhe"]].second_lives
    assert isinstance(lives, tuple)
    assert [(one.asset, one.stage) for one in lives] == [(used, "refurbished")]
    assert ledger.entries.entry(lives[0].entry).index == 1
    assert {one.bidder: one.quality[SECOND_LIFE] for one in found.values()} == {
        NAMES["anhe"]: Fraction(1, 4),
        NAMES["boyuan"]: 0,
    }
    sheet = score(rules, list(found.values()))
    said = [(row.bidder, row.href) for row in own_rows(sheet, translator("zh-CN"))]
    assert said == [(NAMES["anhe"], f"/entries/{lives[0].entry}"), (NAMES["boyuan"], "")]
    assert sheet.winner == NAMES["anhe"]
    assert json.loads(json.dumps(replay(sheet.to_record()).to_record())) == sheet.to_record()


def test_what_no_scheme_asks_for_is_taken_off_a_bid(ledger: Ledger) -> None:
    """A bid in the open that lists itself, gives itself points and a lot; the sheet has nothing of it."""
    boast = bid(
        NAMES["anhe"],
        "5",
        catalogue=(Listing(entry=0, product="x", category="switchgear"),),
        bonuses=(Bonus(incentive="bonus", year=2029, points=Fraction(9), rules=0),),
    )
    rules = tendered(ledger, priced(), boast)
    (found,) = bids_of(desk(ledger, AFTER), rules)
    assert found.to_record().keys() == bid(NAMES["anhe"], "5").to_record().keys()
