"""Warehouses over HTTP: a year by readings, a certificate used once, editions, scores that come out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.records.record import Record
from ledger.services.warehouse_index import replay_score
from tests.api.house import House, served
from tests.builders import captured
from tests.e2e.stocked import SITE, stock
from tests.lives import CRATE, ELSEWHERE, HERE, OTHER, THING, THIRD, seen

PAGE = {"accept": "text/html"}
DAYS = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
BOUGHT = "certificate:示例核发机构:GXGEC-2025-000401"
SCHEME = "index-scheme:green-warehouse:1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A warehouse with two years."""
    with served(tmp_path_factory.mktemp("home")) as found:
        stock(found.ledger)
        yield found


def test_a_year_says_what_it_follows_from(house: House) -> None:
    """Months add up to the year; every line names its entries; what has no data says what to do."""
    with house.client("auditor") as client:
        listed = client.get("/api/v1/warehouses").json()
        assert [one["record"]["site"] for one in listed["sites"]] == [SITE]
        year: dict[str, Any] = client.get(f"/api/v1/warehouses/{SITE}/years/2025", params={"scheme": SCHEME}).json()
        leaves = {one["key"]: one for one in year["leaves"]}
        assert (year["months"][0]["bought"], year["months"][5]["exported"]) == ("88000", "31000")
        solar = leaves["solar"]
        bought = next(one for one in solar["lines"] if one["what"] == "bought")
        assert sum(int(one["bought"]) for one in year["months"]) == int(bought["amount"]) == 894_000
        kinds = [client.get(f"/api/v1/entries/{at}").json()["kind"] for at in bought["entries"]]
        assert kinds == ["meter_reading"] * 13
        assert (solar["part"], solar["whole"]) == ("1561000", "2455000")
        assert leaves["reuse"]["missing"]["code"] == "programme.site-statement"
        assert (leaves["reuse"]["points"], leaves["electric-handling"]["quality"]) == ("0", "stated")
        assert (leaves["green-power"]["part"], leaves["green-power"]["quality"]) == ("1881000", "recorded")
        assert client.get("/api/v1/warehouses/nowhere/years/2025", params={"scheme": SCHEME}).status_code == 404
        assert client.get(f"/api/v1/warehouses/{SITE}/years/2025", params={"scheme": "none"}).status_code == 404
    with house.client("auditor", accept="text/html", accept_language="zh-CN") as client:
        page = client.get(f"/warehouses/{SITE}?year=2025").text
        assert "1,009" in page
        assert "CN-ETS-2022" in page
        assert re.search(r"与 2024 年相比.*?</small>", page, re.DOTALL)


def test_a_certificate_is_used_once_and_a_withdrawn_use_given_back(house: House) -> None:
    """280 of 600 MWh are left; 281 are refused at their field, in the reader's language; auditors use nothing."""
    ask = {"certificate": BOUGHT, "site": SITE, "mwh": "281"} | DAYS
    with house.client("auditor") as auditor, house.client("warehouse", accept_language="zh-CN") as client:
        held = auditor.get("/api/v1/energy-certificates").json()["certificates"]
        assert [(one["mwh"], one["left"], len(one["uses"])) for one in held] == [("600", "280", 1), ("0.5", "0.5", 0)]
        assert auditor.post("/api/v1/certificate-uses", json=ask).status_code == 403
        refused = client.post("/api/v1/certificate-uses", json=ask)
        assert (refused.status_code, refused.json()["code"]) == (409, "programme.certificate-overdrawn")
        assert "280" in refused.text
        assert "/mwh" in refused.text
        used = client.post("/api/v1/certificate-uses", json=ask | {"mwh": "280"})
        assert (used.status_code, used.json()["certificate"]["left"]) == (201, "0")
        assert client.post("/api/v1/certificate-uses", json=ask | {"mwh": "0.1"}).status_code == 409
        assert client.post("/api/v1/certificate-uses", json=ask | {"mwh": "-1"}).status_code == 400
        gone = {"corrects": used.json()["id"], "id": f"{used.json()['id']}#correction", "kind": "correction"}
        gone |= {"occurred_at": "2026-01-01T00:00:00Z", "reason": "用错站点", "version": 1}
        assert client.post("/api/v1/records", json=[gone]).json()["rows"][0]["state"]
        held = auditor.get("/api/v1/energy-certificates").json()["certificates"]
        assert held[0]["left"] == "280"
        with house.client("other") as other:
            assert other.get("/api/v1/energy-certificates").json()["certificates"] == []
            assert other.post("/api/v1/certificate-uses", json=ask).status_code == 404
    with house.client("warehouse", accept="text/html") as client:
        form = {"certificate": BOUGHT, "mwh": "10.50"} | DAYS
        assert client.post(f"/warehouses/{SITE}", data=form).status_code == 303
        assert client.post(f"/warehouses/{SITE}", data=form | {"mwh": "0.0000000000000000001"}).status_code == 400
        assert "10.5 MWh" in client.get(f"/warehouses/{SITE}?year=2025").text


def test_an_edition_is_published_by_a_form_and_never_changed(house: House) -> None:
    """Weights that do not sum to 1 are refused where they are; the next edition has the next number."""
    with house.client("manager", accept="text/html") as client:
        page = client.get("/warehouses/index").text
        fields = dict(re.findall(r'name="([a-z_.-]+)" required[^>]*value="([^"]*)"', page))
        fields |= dict.fromkeys(re.findall(r'<select id="[^"]+" name="([a-z_.-]+)"', page), "zero")
        assert len(fields) > 40
        fields |= {"after": "1"}
        refused = client.post("/warehouses/index", data=fields | {"solar.weight": "0.4"})
        assert (refused.status_code, "/root/children/0/children" in refused.text) == (400, True)
        changed = fields | {"solar.weight": "0.60", "green-power.weight": "0", "solar.full_at": "0.8"}
        assert client.post("/warehouses/index", data=changed).status_code == 303
        assert client.post("/warehouses/index", data=changed).status_code == 400  # somebody published meanwhile
        first, second = client.get("/api/v1/index-schemes").json()["schemes"][::-1]
        energy = second["record"]["root"]["children"][0]["children"]
        assert (first["record"]["edition"], second["record"]["edition"]) == (1, 2)
        assert [(one["key"], one["weight"]) for one in energy] == [("energy-intensity", "0.4"), ("solar", "0.6")]
        row = second["record"] | {"basis": "anything else"}
        assert client.post("/api/v1/records", json=[row]).json()["rows"][0]["problem"]["code"] == "log.conflict"
    with house.client("warehouse", accept="text/html") as client:
        assert client.get("/warehouses/index").status_code == 403


def test_a_figure_is_stated_with_what_shows_it(house: House) -> None:
    """One form keeps the file and records the figure; without a file nothing is; the page links both entries."""
    figure = {"measure": "reuse", "year": "2024", "part": "60", "whole": "80.0", "words": "拆旧台账"}
    shown = {"file": ("ledger.pdf", b"%PDF-1.4\n% reused\n%%EOF\n", "application/pdf")}
    address = f"/warehouses/{SITE}/statement"
    with house.client("warehouse", accept="text/html") as client:
        assert client.post(address, data=figure).status_code == 400
        assert client.post(address, data=figure | {"measure": "solar"}, files=shown).status_code == 400
        for wrong in ({"year": "0200012345"}, {"whole": "9" * 20}):
            assert client.post(address, data=figure | wrong, files=shown).status_code == 400
        assert client.post("/warehouses/nowhere/statement", data=figure, files=shown).status_code == 404
        assert client.post(address, data=figure, files=shown).status_code == 303
        year = client.get(f"/api/v1/warehouses/{SITE}/years/2024", params={"scheme": SCHEME}).json()
        reuse = next(one for one in year["leaves"] if one["key"] == "reuse")
        assert (reuse["part"], reuse["whole"], reuse["quality"]) == ("60", "80", "stated")
        kinds = {client.get(f"/api/v1/entries/{at}").json()["kind"] for at in reuse["lines"][0]["entries"]}
        assert kinds == {"evidence_file", "site_statement"}


def test_an_edition_that_takes_events_is_counted_from_the_log_and_comes_out_again(house: House) -> None:
    """
    Two routers came off and came here, one is back in use; of two things in stock one has lain for 300 days.

    A crate went out twice and came back once. Beside what is stated by one edition, taken by the next one; what is
    scanned after it was published changes nothing of it.
    """
    gln = "https://id.gs1.org/414/9521140000015"
    with house.client("manager") as client:
        before = client.get(f"/api/v1/warehouses/{SITE}/years/2025", params={"scheme": SCHEME, "events": "true"}).json()
        (idle,) = (one for one in before["leaves"] if one["key"] == "idle-stock")
        assert (idle["takes"], idle["beside"]["missing"]["code"]) == ("stated", "programme.site-location")
        facts = client.get("/api/v1/warehouses").json()["sites"][0]["record"] | {"id": "site:located", "location": gln}
        assert "problem" not in client.post("/api/v1/records", json=[facts]).json()["rows"][0]

    def scan(day: int, step: str, *codes: str, place: str = HERE) -> Record:
        return seen(24 * (day - 365), step, *codes, place=place, name=f"{step}:{day}:{codes}")

    captured(
        house.ledger,
        [
            scan(10, "removing", THING, OTHER, place=ELSEWHERE),
            scan(20, "receiving", THING, OTHER),
            scan(65, "storing", THIRD),
            scan(70, "shipping", CRATE),
            scan(80, "storing", CRATE),
            scan(90, "shipping", CRATE),
            scan(300, "installing", THING, place=ELSEWHERE),
            scan(350, "inspecting", OTHER),
        ],
    )
    with house.client("manager") as client:
        shown = client.get(f"/api/v1/warehouses/{SITE}/years/2025", params={"scheme": SCHEME, "events": "true"}).json()
        leaves = {one["key"]: one for one in shown["leaves"]}
        counted = {key: (one["beside"]["part"], one["beside"]["whole"]) for key, one in leaves.items() if one["beside"]}
        assert counted == {"idle-stock": ("1", "2"), "reuse": ("1", "2"), "packaging-return": ("1", "2")}
        assert (leaves["idle-stock"]["part"], leaves["idle-stock"]["quality"]) == ("2100000", "stated")
        page = client.get(f"/warehouses/{SITE}?year=2025&scheme={SCHEME}&events=true", headers=PAGE).text
        assert "50.0 %" in page
        assert "No event of the log holds a volume" in page
        form = client.get("/warehouses/index", headers=PAGE)
        after = re.search(r'name="after" value="(\d+)"', form.text)
        assert after is not None
        said = dict.fromkeys(("idle-stock.takes", "reuse.takes", "packaging-return.takes"), "events")
        said |= {"basis": "按事件", "idle-stock.steps": "0.5: 40; 0.03: 70"}
        wrong = client.post("/warehouses/index", data={"after": after[1], **said}, headers=PAGE)
        assert wrong.status_code >= 400, "idle stock by events needs its days"
        said["idle-stock.idle_days"] = "180"
        assert client.post("/warehouses/index", data={"after": after[1], **said}, headers=PAGE).is_redirect
        newest = client.get("/api/v1/index-schemes").json()["schemes"][0]["record"]["id"]
        address = f"/api/v1/warehouses/{SITE}/scores"
        made = client.post(address, json={"year": 2025, "scheme": newest}).json()["record"]
        reuse = next(one for one in made["leaves"] if one["measure"] == "reuse")
        assert (reuse["takes"], reuse["part"], reuse["whole"]) == ("events", "1", "2")
        taken = client.get(f"/warehouses/{SITE}?year=2025&scheme={newest}", headers=PAGE).text
        assert f"computed from {reuse['entries']} events" in taken
    captured(house.ledger, [scan(301, "installing", OTHER, place=ELSEWHERE)])
    again = replay_score(house.ledger, house.ledger.settings.tenant, made["id"])
    assert again.holds
    with house.client("manager") as client:
        newer = client.post(address, json={"year": 2025, "scheme": newest}).json()["record"]
        assert next(one for one in newer["leaves"] if one["measure"] == "reuse")["part"] == "2"


def test_a_published_score_comes_out_again_whatever_is_said_later(house: House) -> None:
    """From the log of its size alone; a year that is not over and a score without data are refused."""
    with house.client("manager") as client, house.client("warehouse") as staff:
        address = f"/api/v1/warehouses/{SITE}/scores"
        said = {"year": 2025, "scheme": SCHEME}
        assert staff.post(address, json=said).status_code == 403
        made = client.post(address, json=said).json()["record"]
        wrong = {"site": SITE, "year": 2025, "measure": "fill", "part": "0", "whole": "1", "words": "x"}
        late = wrong | {"id": "late", "kind": "site_statement", "occurred_at": "2026-02-01T00:00:00Z", "version": 1}
        assert "problem" not in client.post("/api/v1/records", json=[late]).json()["rows"][0]
        again = replay_score(house.ledger, house.ledger.settings.tenant, made["id"])
        assert (again.holds, again.published.points) == (True, made["points"])
        newer = client.post(address, json=said).json()["record"]
        assert newer["points"] != made["points"]
        scores = client.get(address).json()["scores"]
        assert len([one for one in scores if one["record"]["scheme"] == SCHEME]) == 4
        assert client.post(address, json=said | {"year": 2026}).json()["code"] == "programme.score-year"
        assert client.post(address, json=said | {"year": 2023}).json()["code"] == "programme.score-refused"
        page = client.get("/warehouses", headers=PAGE | {"accept-language": "en"})
        assert page.status_code == 200
