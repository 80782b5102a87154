"""The robustness card and the gaming desk, by pages and by interface."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from threading import Event
from urllib.parse import quote

import pypdfium2
import pytest
from openpyxl import load_workbook

from api.background_runs import Run, Runs
from api.label_runs import PressBusy
from ledger.scoring.award import replay, score
from ledger.scoring.card import CardTerms
from ledger.scoring.card_record import card_form, card_of, replay_card
from ledger.scoring.errors import FormUnreadable, SheetDiffers
from ledger.scoring.scheme import digest
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme, score_tender, submit_bid
from tests.api.direct import Direct
from tests.api.house import House, served
from tests.e2e.sample import Stopped
from tests.e2e.sealing import closed_at
from tests.unit.scoring.tender import CLOSES, criterion, full_bid, full_bids, full_scheme, scheme
from tests.unit.scoring.tender import bid as priced
from tests.unit.scoring.test_card import drawn

TENDER = full_scheme().id
OPEN = "T-open"
AT = f"/api/v1/tenders/{quote(TENDER)}"
PAGE = f"/tenders/{quote(TENDER)}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A scored tender, and one with two odd bids that closed and is not scored."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger = house.ledger

        def desk(hours: int) -> Desk:
            catch_up(ledger.entries, ledger.projections)
            found = Desk.of(ledger, ledger.settings.tenant, "procurement")
            return found._replace(clock=Stopped(CLOSES + timedelta(hours=hours)))

        publish_scheme(desk(-2), full_scheme())
        publish_scheme(desk(-2), scheme(criterion("price", "100", "lowest-price"), id=OPEN))
        for one in full_bids():
            submit_bid(desk(-1), TENDER, one)
        for name, price in {"A": "1729800", "B": "2270000", "C": "2876875", "D": "17247224171"}.items():
            submit_bid(desk(-1), OPEN, priced(name, price))
        score_tender(desk(1), TENDER)
        house.settled()
        with closed_at(CLOSES + timedelta(hours=2)):
            yield house


def computed(client: Direct) -> None:
    """Start a card and ask how far it is until it is done."""
    answer = client.request("POST", f"{AT}/card", json={"verified": 20})
    assert answer.status_code == 202, answer.text
    while not answer.json()["finished"]:
        answer = client.get(f"{AT}/card/run")
    assert answer.json()["problem"] is None


def test_a_card_is_computed_kept_and_counted_again_by_a_stranger(house: House) -> None:
    """From the entry and the sheet alone; the seed is the sheet's digest, the same again the same entry."""
    with Direct(house, "auditor") as client:
        assert client.get(f"{AT}/card").status_code == 404
        computed(client)
        made = client.get(f"{AT}/card").json()
        computed(client)
        assert client.get(f"{AT}/card").json() == made
        sheet = client.get(f"{AT}/score-sheet").json()["record"]["content"]
        proved = client.get(f"/api/v1/entries/{made['entry']}").json()["record"]
    assert proved["content"] == made["card"]
    assert made["card"]["terms"] == {
        "seed": digest(sheet),
        "samples": 10_000,
        "variations": 1_000,
        "uncertainty": {"verified": "0.2", "unverified": "0.3", "expired": "0.3", "missing": "0.3"},
    }
    card = replay_card(made["card"], replay(sheet))
    assert card.winner == sheet["winner"]
    assert sum(card.acceptability[0].counts) == 10_000


@pytest.mark.parametrize(("language", "title"), [("en", "Robustness card"), ("zh-CN", "稳健性卡")])
def test_the_page_and_the_award_file_show_the_card(house: House, language: str, title: str) -> None:
    """Heat map, shares, the seed; and the workbook has the counts."""
    with Direct(house, "auditor") as client:
        computed(client)
    with house.client("procurement", accept_language=language) as client:
        page = client.get(f"{PAGE}/card").text
        desk = client.get(f"{PAGE}/gaming").text
        book = load_workbook(BytesIO(client.get(f"{PAGE}?as=xlsx").content))
        paper = pypdfium2.PdfDocument(client.get(f"{PAGE}?as=pdf").content)
    assert title in page
    assert page.count('class="ground"') == 9
    assert "fill-opacity" in page
    assert "Boyuan 博远" in page
    rows = {row[0]: row for row in book[title].iter_rows(values_only=True)}
    assert sum(rows["Boyuan 博远"][3:6]) == 10_000
    printed = "".join(part.get_textpage().get_text_range() for part in paper)
    assert title in printed
    assert ("Questions, not proof" if language == "en" else "这些是问题，不是证据") in desk


def test_the_desk_reads_bids_before_they_are_scored(house: House) -> None:
    """The slip of digits of a public record; of another tenant's tender nothing is said."""
    with Direct(house, "procurement") as client:
        found = client.get(f"/api/v1/tenders/{OPEN}/findings").json()
        assert client.request("POST", f"/api/v1/tenders/{OPEN}/card", json={}).status_code == 409
        assert client.request("POST", f"{AT}/card", json={"verified": 100}).status_code == 400
    assert ("digit-slip", ["D"]) in [(one["kind"], one["bidders"]) for one in found["findings"]]
    with Direct(house, "other") as stranger:
        for path in (f"{AT}/card", f"{AT}/findings", f"{AT}/card/run", f"{PAGE}/gaming", f"{PAGE}/card"):
            assert stranger.get(path).status_code == 404


def test_a_run_is_watched_and_ended() -> None:
    """Ended between two steps nothing more is done; too many are refused."""
    runs = Runs("test", 2, lambda waiting: PressBusy(waiting=waiting))
    begun, go_on = Event(), Event()

    def slow(run: Run) -> None:
        run.step("one", 1, 2)
        begun.set()
        go_on.wait(10)
        run.step("two", 2, 2)

    first = runs.start("demo", "slow", 2, slow)
    assert begun.wait(10)
    assert (first.stage, first.done, first.finished) == ("one", 1, False)
    runs.start("demo", "next", 1, lambda run: run.step("one", 1, 1))
    with pytest.raises(PressBusy):
        runs.start("demo", "more", 1, lambda _: None)
    assert runs.run("other", "slow") is None
    first.ended = True
    go_on.set()
    runs.close()
    assert (first.stage, first.done, first.finished) == ("cancelled", 1, True)


def test_what_went_wrong_is_told_and_a_crash_as_such() -> None:
    """A fault of the ledger's with its words, anything else as failed; both are finished."""

    def refused(_: Run) -> None:
        raise PressBusy(waiting=3)

    def broken(_: Run) -> None:
        raise ZeroDivisionError

    found = []
    for work in (refused, broken):
        runs = Runs("test", 9, lambda waiting: PressBusy(waiting=waiting))
        found.append(runs.start("demo", "a", 1, work))
        runs.close()
    first, second = found
    assert isinstance(first.fault, PressBusy)
    assert (second.stage, second.fault, first.finished, second.finished) == ("failed", None, True, True)


def test_a_card_that_was_changed_is_found_out() -> None:
    """One count moved from one rank to another, another winner, no card at all."""
    sheet = score(full_scheme(), [full_bid("A", "900000", "50", "95"), full_bid("B", "950000", "45", "90")])
    terms = CardTerms(seed=digest(sheet.to_record()), samples=50, variations=10)
    working, _ = drawn(sheet.evaluation, terms)
    assert working is not None
    form = card_form(working)
    assert card_of(form) == working
    assert replay_card(form, sheet) == working
    counts = [{**one, "counts": [*one["counts"]]} for one in form["acceptability"]]
    counts[0]["counts"][0] -= 1
    counts[0]["counts"][1] += 1
    with pytest.raises(SheetDiffers, match="acceptability"):
        replay_card({**form, "acceptability": counts}, sheet)
    with pytest.raises(SheetDiffers):
        replay_card({**form, "winner": "B"}, sheet)
    with pytest.raises(FormUnreadable):
        replay_card({**form, "format": "another"}, sheet)


def test_what_if_is_tried_and_never_recorded(house: House) -> None:
    """Other weights give another order on page and interface; both say that this is no award; the log has not grown."""
    size = house.ledger.entries.size()
    with Direct(house, "procurement") as client:
        tried = {"weights": {"price": "0", "footprint": "1", "efficiency": "0"}}
        answer = client.request("POST", f"{AT}/what-if", json=tried)
        assert answer.status_code == 200, answer.text
        assert answer.json()["award"] is False
        assert answer.json()["weights"] == {"footprint": "100"}
        assert client.request("POST", f"{AT}/what-if", json={"weights": {"x": "1"}}).status_code == 422
        assert client.request("POST", f"{AT}/what-if", json={"carbon_price": "-1"}).status_code == 400
    with house.client("auditor", accept_language="en") as client:
        page = client.get(f"{PAGE}/what-if?w0=0&w1=0&w2=5&carbon=250").text
        refused = client.get(f"{PAGE}/what-if?w0=0&w1=0&w2=0").text
        award = client.get(PAGE).text
        assert client.get(f"{PAGE}/what-if?carbon=x").status_code == 400
    assert "This is no award" in page
    assert "would be first" in page
    assert "cannot be tried" in refused
    assert award.count('class="part-1"') >= 3
    assert house.ledger.entries.size() == size


def test_paper_not_needed_is_an_estimate_with_its_factor(house: House) -> None:
    """Two tenders have bids: 2 x 3,714 sheets by mass and factor, or by the statement; assumptions are the reader's."""
    with Direct(house, "auditor") as client:
        made = client.get("/api/v1/paperless").json()
        stated = client.get("/api/v1/paperless?basis=statement&sheets=100").json()
        assert client.get("/api/v1/paperless?sheets=-1").status_code == 400
    assert (made["projects"], made["sheets"], made["basis"]) == (2, 7428, "material")
    assert Fraction(made["grams"]) == 7428 * Fraction("4.9896") * Fraction("1.3450779")
    assert (stated["sheets"], stated["g_per_sheet"], stated["grams"], stated["factor"]) == (200, "2", "400", "")
    with house.client("procurement", accept_language="en") as client:
        page = client.get("/tenders?sheets=10").text
    assert "An estimate, not a measurement" in page
    assert made["source"] in page
    assert ">20<" in page
