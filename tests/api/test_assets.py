"""Assets over HTTP: a life by any of its codes, other tenants' absent, figures as JSON and as a table."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote

import pytest

from tests.api.house import House
from tests.builders import TENANT, captured
from tests.lives import HERE, PALLET, RACK, THERE, THING, born, held, seen

CODE = quote(THING, safe="")


@pytest.fixture(scope="module", autouse=True)
def _told(house: House) -> None:
    alias = seen(3, "tagging", RACK, action="ADD", ilmd={"aliasOf": THING})
    captured(
        house.ledger,
        [
            born(0, THING, category="onu", massKg="0.45", valueCNY="128.00"),
            held(1, "ADD", PALLET, THING, place=HERE),
            seen(2, "receiving", PALLET, place=THERE),
            alias,
            seen(4, "commissioning", action="ADD"),
        ],
        TENANT,
    )
    house.settled()


def test_a_life_by_any_code_at_any_time(house: House) -> None:
    """Now and earlier; the same by the operator's number; a moment needs its offset."""
    with house.client("auditor") as client:
        now = client.get(f"/api/v1/assets/{CODE}/life").json()
        then = client.get(f"/api/v1/assets/{CODE}/life", params={"at": "2026-01-01T01:30:00Z"}).json()
        by_alias = client.get(f"/api/v1/assets/{quote(RACK, safe='')}/life").json()
        naive = client.get(f"/api/v1/assets/{CODE}/life", params={"at": "2026-01-01T01:30:00"})
        absent = client.get(f"/api/v1/assets/{CODE}9/life")
    assert (then["asset"]["stage"], then["asset"]["place"], then["asset"]["parent"]) == ("packed", HERE, PALLET)
    assert [row["role"] for row in then["history"]] == ["self", "child"]
    assert now["aliases"][0]["code"] == RACK
    assert [one["code"] for one in now["anomalies"]] == ["illegal-transition"]
    assert "biz_step" in now["next_steps"][0]
    assert by_alias == now
    assert (naive.status_code, absent.status_code) == (400, 404)


def test_another_tenants_assets_are_absent(house: House) -> None:
    """Not refused: not there, on every address."""
    with house.client("other") as client:
        assert client.get("/api/v1/assets").json() == {"assets": [], "next_after": None}
        assert client.get("/api/v1/asset-anomalies").json()["anomalies"] == []
        assert client.get("/api/v1/asset-kpis").json()["categories"] == []
        assert client.get(f"/api/v1/assets/{CODE}/life").status_code == 404
        assert client.get(f"/assets/life/{CODE}").status_code == 404


def test_figures_as_json_and_as_a_table(house: House) -> None:
    """The same exact fractions in both; the rule for idle stock is one of the offered."""
    with house.client("owner") as client:
        table = client.get("/api/v1/asset-kpis", params={"idle_after_days": "30"}).json()
        text = client.get("/api/v1/asset-kpis", params={"idle_after_days": "30", "format": "csv"}).text
        refused = client.get("/api/v1/asset-kpis", params={"idle_after_days": "31"})
    (row,) = table["categories"]
    assert (row["category"], row["assets"], row["tagged_share"]) == ("onu", 1, {"exact": "0/1", "percent": "0.0"})
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line["category"] for line in lines] == ["onu", "total"]
    assert lines[0]["tagged_share"] == "0/1"
    assert refused.status_code == 400


def test_the_table_of_stages_and_of_categories_is_public(house: House) -> None:
    """Every stage with what may follow; 55 categories."""
    with house.client() as client:
        stages = {row["stage"]: row["next"] for row in client.get("/api/v1/lifecycle").json()["stages"]}
        categories = client.get("/api/v1/asset-categories").json()["categories"]
    assert stages["destroyed"] == []
    assert "refurbished" in stages["dismantled"]
    assert len(categories) == 55


@pytest.mark.parametrize(
    "path",
    [
        "/assets",
        "/assets?category=onu",
        f"/assets/life/{CODE}?at=2026-01-01T01:30",
        "/assets/figures",
        "/assets/anomalies",
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_told_in_both_languages(house: House, path: str, language: str) -> None:
    """Whole pages, no message missing."""
    with house.client("owner", accept="text/html", accept_language=language) as client:
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert not re.search(r"life\.[a-z]", answer.text)
