"""Quality before price: the panel's marks are an entry before any price is displayed, and are scored as given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from msgspec import json, structs

from ledger.records.sealed_bid import HOLDERS
from ledger.scoring.award import replay
from ledger.scoring.panel_marks import PanelMark, PanelMarksGiven, PanelMarksMissing, PanelMarksWrong, PanelNeedsSeal
from ledger.scoring.scheme import Scheme
from ledger.scoring.scheme_errors import SchemeRefused
from ledger.scoring.sealing import public_key, seal
from ledger.services.organisations import add_organisation
from ledger.services.panel import check_prices_shown, give_marks, panel_seen
from ledger.services.project import catch_up
from ledger.services.sealed_bids import Handed, hand_in, publish_key, release_key, sealing_of
from ledger.services.tender_desk import Desk
from ledger.services.tenders import bids_of, publish_scheme, submit_bid
from tests.api.house import House, served
from tests.e2e.sample import Stopped
from tests.e2e.sealing import closed_at
from tests.unit.scoring.tender import CLOSES, SCOTLAND, bid, criterion, scheme

TENDER = "T-panel"
STRICT = structs.replace(SCOTLAND, consequence="exclude-unless-accepted")
PRICES = {"org-a": "987654321", "org-b": "900000000", "org-c": "500000000"}
ORGANISATIONS = {"org-a": "Anhe 安和", "org-b": "Boyuan 博远", "org-c": "Chenxi 晨曦"}
SECRETS = {holder: hashlib.sha256(holder.encode()).digest() for holder in HOLDERS}
MARKS = [
    PanelMark(bidder=name, name="design", mark=Fraction(m))
    for name, m in zip(ORGANISATIONS.values(), (90, 60, 50), strict=True)
]


def rules(**more: Any) -> Scheme:
    """Price 40, a mark of the panel's 60, low prices flagged."""
    bounds = {"best": Fraction(100), "worst": Fraction(0)}
    design = criterion("design", "60", "absolute-linear", "higher", parameters=bounds, unit="marks")
    values: dict[str, Any] = {"id": TENDER, "panel": ("design",), "abnormally_low": (STRICT,), **more}
    return scheme(criterion("price", "40", "lowest-price", unit="CNY"), design, **values)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Three sealed bids, opened; one of them states a mark for itself."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger = house.ledger

        def desk(name: str, hours: int = -1) -> Desk:
            catch_up(ledger.entries, ledger.projections)
            return Desk.of(ledger, "demo", name)._replace(clock=Stopped(CLOSES + timedelta(hours=hours)))

        for name, called in ORGANISATIONS.items():
            parts = (ledger.organisations, ledger.clock, ledger.random)
            add_organisation(*parts, tenant="demo", name=called, kind="supplier", organisation_id=name)
        publish_scheme(desk("owner"), rules())
        with pytest.raises(PanelNeedsSeal):
            submit_bid(desk("a"), TENDER, bid("Anhe 安和", "1"))
        for holder, secret in SECRETS.items():
            publish_key(desk(holder), TENDER, holder, public_key(secret).hex())
        for name, price in (PRICES | {"org-d": "-777777"}).items():  # the last is no bid that can be scored
            purpose = sealing_of(desk(name), TENDER).purpose(name)
            body = json.encode({"price": price, "quality": {"design": "100"} if name == "org-c" else {}})
            made = seal(body, purpose, *(hashlib.sha256(f"{name}{n}".encode()).digest() for n in range(2)))
            hand_in(desk(name), TENDER, name, Handed(purpose.scheme, made.commitment.hex(), made))
        for holder, secret in SECRETS.items():
            release_key(desk(holder, 1), TENDER, holder, secret.hex())
        house.settled()
        with closed_at(CLOSES + timedelta(hours=2)):
            yield house


def late(house: House) -> Desk:
    """The desk after closing."""
    catch_up(house.ledger.entries, house.ledger.projections)
    return Desk.of(house.ledger, "demo", "panel")


def test_no_price_is_displayed_before_the_marks_are_an_entry_and_then_they_decide(house: House) -> None:
    """Not on any page nor by any operation; then all of them, and what a bid said of itself counts for nothing."""
    base, page = f"/api/v1/tenders/{TENDER}", f"/tenders/{TENDER}"
    shown = ["987,654,321", "777777", *PRICES.values()]
    paths = [page, f"{page}/panel", f"/bids/{TENDER}", f"{base}/panel", f"{base}/opened-bids", f"{base}/findings"]
    with house.client("procurement", accept_language="en") as buyer:
        answers = {path: buyer.get(path) for path in [*paths, f"{page}/gaming", f"{page}/what-if", "/tenders"]}
        answers["what-if"] = buyer.post(f"{base}/what-if", json={})
        answers["score"] = buyer.post(f"{base}/score-sheet", json={})
        for answer in answers.values():
            assert not [price for price in shown if price in answer.text], answer.url
        assert answers["score"].json()["code"] == "scoring.panel-first"
        assert (answers[f"{base}/opened-bids"].status_code, answers[f"{page}/panel"].status_code) == (409, 200)
        assert "Boyuan 博远" in answers[f"{page}/panel"].text
        with pytest.raises(PanelMarksMissing):
            check_prices_shown(late(house), rules())
        with pytest.raises(PanelMarksMissing):
            bids_of(late(house), rules())
        _refused_marks(house)
        with house.client("auditor") as auditor:
            assert auditor.post(f"{base}/panel", json={"marks": []}).status_code == 403
        said = [{"bidder": m.bidder, "name": m.name, "mark": str(m.mark), "reason": "看图纸"} for m in MARKS]
        given = buyer.post(f"{base}/panel", json={"marks": said})
        assert given.status_code == 201, given.text
        assert buyer.post(f"{base}/panel", json={"marks": said}).json()["fresh"] is False
        changed = buyer.post(f"{base}/panel", json={"marks": [said[0] | {"mark": "91"}, *said[1:]]})
        assert (changed.status_code, changed.json()["code"]) == (409, "scoring.panel-given")
        assert "987,654,321" in buyer.get(f"/bids/{TENDER}").text
        unscored = buyer.get(page).text
        assert "500000000" in unscored  # the low price, for the panel to rule on
        ruling = {"bidder": "Chenxi 晨曦", "subject": "price", "accepted": False, "reason": "no costs were shown"}
        scored = buyer.post(f"{base}/score-sheet", json={"rulings": [ruling]})
        assert scored.status_code == 201, scored.text
        sheet = buyer.get(f"{base}/score-sheet").json()["record"]["content"]
        award = buyer.get(page).text
    assert scored.json()["winner"] == "Anhe 安和"
    assert replay(sheet).excluded.keys() == {"Chenxi 晨曦"}
    assert {b["bidder"]: b["quality"]["design"] for b in sheet["bids"]} == {m.bidder: str(m.mark) for m in MARKS}
    assert given.json()["entry"] < scored.json()["entry"]
    assert f"/entries/{given.json()['entry']}" in award


def _refused_marks(house: House) -> None:
    """One short, one twice, one of nobody, one out of range: nothing is recorded."""
    desk = late(house)
    other = PanelMark(bidder="nobody", name="design", mark=Fraction(1))
    high = PanelMark(bidder=MARKS[0].bidder, name="design", mark=Fraction(1001))
    for marks in (MARKS[1:], [*MARKS, MARKS[0]], [*MARKS, other], [high, *MARKS[1:]]):
        with pytest.raises(PanelMarksWrong):
            give_marks(desk, TENDER, marks)
    assert panel_seen(late(house), TENDER).given is None


def test_a_panel_marks_what_is_read_and_is_not_the_bid_s_own() -> None:
    """Neither price nor an unknown name nor nothing; a scheme without a panel has the record it always had."""
    for panel in (("price",), ("other",), (), ("design", "design")):
        with pytest.raises(SchemeRefused):
            rules(panel=panel)
    assert "panel" not in scheme(criterion("price", "100", "lowest-price")).to_record()
    assert Scheme.from_record(rules().to_record()) == rules()


def test_other_marks_after_prices_are_refused() -> None:
    """The error names the entry that stands."""
    assert "entry 7" in PanelMarksGiven(tender="T", entry=7).message("en")
