"""Alternatives by mode over the interface and on the page: the same figures, and what has none says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.api.direct import Direct
from tests.api.house import House, served
from tests.e2e.compared_modes import MODES

BODY = {
    "origin": "南京",
    "destination": "广州",
    "mass_kg": "12000",
    "day": "2026-07-01",
    "access": "road.hgv.rigid-17t.diesel.avg",
    "handling": "1.2",
    "allowed": "72",
    "choices": [
        {"mode": "road", "vehicle": "road.hgv.artic-over-33t.diesel.avg", "hours": "24"},
        {"mode": "rail", "vehicle": "rail.freight.avg", "km": "1620", "hours": "60"},
        {"mode": "inland_waterway", "vehicle": "iww.none"},
    ],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house


def test_the_least_in_time_and_what_has_no_figure(house: House) -> None:
    with Direct(house, "manager") as client:
        told = client.request("POST", "/api/v1/modes", BODY).json()
        refused = client.request("POST", "/api/v1/modes", BODY | {"mass_kg": "0"})
        nowhere = client.request("POST", "/api/v1/modes", BODY | {"origin": "no such place"})
    assert told["least"] == "rail"
    assert [one["name"] for one in told["alternatives"]] == ["rail", "road"]
    assert told["alternatives"][0]["wtw_kg"] == "674.568", "12 t x 1620 km x 0.0347 kg/(t km), DESNZ 2025"
    assert [(one["mode"], one["code"]) for one in told["refused"]] == [("inland_waterway", "footprint.no-factor")]
    assert refused.status_code == 422
    assert nowhere.status_code == 422
    assert nowhere.json()["code"] == "distance.place-not-found"


def test_the_page_says_the_same(house: House) -> None:
    with house.client("manager", Accept="text/html", Accept_Language="zh-CN") as client:
        told = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", client.get(MODES).text)))
        empty = client.get("/modes")
        faulty = client.get("/modes?from=南京&to=广州&road.class=road.hgv.artic-over-33t.diesel.avg")
    assert "674.57 kg CO₂e" in told
    assert "按时方案中排放最低" in told
    assert "NoSuchAirport" in told
    assert empty.status_code == 200
    assert faulty.status_code == 422
    assert "请填写质量" in faulty.text
