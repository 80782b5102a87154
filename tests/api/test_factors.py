"""The factor registry over HTTP and as pages: published figures, search, comparison, damage, other people's text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest

from ledger.footprint.factor import FactorSet
from ledger.footprint.registry.shelf import Origin
from tests.api.house import House

SET, LORRY = "onecode-cn-2026.1", "DEFRA25-27_304_3128_14_1"
HOSTILE = "<script>alert(1)</script>"
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def own(house: House) -> FactorSet:
    """A set of one's own: the lorry with another value, its title and notes somebody else's text."""
    lorry = house.ledger.factors.current().factor(LORRY)
    other = replace(lorry, ttw=Decimal("0.1"), wtt=Decimal("0.05"), wtw=Decimal("0.15"), notes=HOSTILE, source=HOSTILE)
    made = FactorSet.of("own-1", date(2026, 12, 1), "CN", [other], [])
    house.ledger.factors.keep(made, Origin(title_en=HOSTILE, title_zh=HOSTILE, file=HOSTILE, importer="table"))
    return made


def test_sets_search_and_one_factor(house: House, own: FactorSet) -> None:
    """0.15364 kg CO2e a t km for the lorry up to 33 t (DEFRA 2025), TTW and WTT apart, with source and licence."""
    with house.client("auditor") as client:
        sets = client.get("/api/v1/factors").json()
        assert [found["id"] for found in sets["sets"]] == [SET, own.id]
        found = client.get(f"/api/v1/factors/{SET}", params={"q": "柴油 铰接", "year": 2025}).json()
        assert LORRY in {factor["id"] for factor in found["factors"]}
        assert found["total"] == len(found["factors"])
        whole = client.get(f"/api/v1/factors/{SET}").json()
        rest = client.get(f"/api/v1/factors/{SET}", params={"offset": whole["next_offset"]}).json()
        assert len(whole["factors"]) + len(rest["factors"]) == whole["total"] == whole["set"]["factors"]
        assert rest["next_offset"] is None
        factor = client.get(f"/api/v1/factors/{SET}/{LORRY}").json()["factor"]
        assert (factor["ttw"], factor["wtt"], factor["wtw"]) == ("0.12633", "0.02731", "0.15364")
        assert factor["licence"] == "Open Government Licence v3.0 (attribution)"
        assert factor["hash"] == house.ledger.factors.current().factor(LORRY).hash
        chinese = client.get(f"/api/v1/factors/{SET}/{quote('CN-2023-全国')}").json()["factor"]
        assert (chinese["wtw"], chinese["series"], chinese["unit"]) == ("0.5306", "corporate_statistical", "kg CO2/kWh")


def test_comparison(house: House, own: FactorSet) -> None:
    """One changed with its exact ratio; what the own set lacks is removed."""
    with house.client("owner") as client:
        found = client.get("/api/v1/factors/compare", params={"old": SET, "new": own.hash}).json()
        (change,) = found["changed"]
        assert (change["old"], change["ratio"], change["fields"]["wtw"]) == (LORRY, "3750/3841", ["0.15364", "0.15"])
        assert (len(found["removed"]), found["added"], found["same"]) == (281, [], 0)
        text = client.get("/factors/compare", params={"old": SET, "new": own.id}, headers=PAGE).text
        assert "3750/3841" in text
        assert "-2.37 %" in text


def test_what_is_not_there(house: House) -> None:
    """Sets and factors that do not exist are 404 with names like them; odd parameters are refused."""
    with house.client("owner") as client:
        for path in (f"{SET}x", f"{SET}/DEFRA25-27_304_3128", "compare?old=a&new=b", "..%2F..%2Fetc"):
            answer = client.get(f"/api/v1/factors/{path}")
            assert answer.status_code == 404, path
        assert client.get(f"/factors/{SET}x", headers=PAGE).status_code == 404
        for query in ({"q": "x" * 201}, {"year": "soon"}, {"offset": -1}):
            assert client.get(f"/api/v1/factors/{SET}", params=query).status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_pages(house: House, own: FactorSet, language: str) -> None:
    """Every page in both languages shows values, source and licence; foreign text is text; nothing found is said."""
    with house.client("owner") as client:
        paths = ["/factors", "/factors/compare", f"/factors/{SET}", f"/factors/{SET}/{LORRY}", f"/factors/{own.id}"]
        texts = [client.get(path, headers=PAGE | {"accept-language": language}) for path in paths]
        assert [answer.status_code for answer in texts] == [200] * len(paths)
        assert all(HOSTILE not in answer.text for answer in texts)
        assert "Open Government Licence v3.0" in texts[3].text
        assert "0.12633" in texts[3].text
        assert texts[0].text.count(SET) >= 1
        none = client.get(f"/factors/{SET}", params={"q": "unobtainium"}, headers=PAGE | {"accept-language": language})
        assert ("没有" if language == "zh-CN" else "No factor") in none.text


def test_a_damaged_set_is_shown_and_stands_in_nobodys_way(house: House, own: FactorSet) -> None:
    """A changed byte: the list names file and hash, the set is refused, the others are served."""
    at = house.ledger.settings.home / "factors" / own.id / "factors.csv"
    data = at.read_bytes()
    at.write_bytes(data.replace(b"0.15", b"0.16"))
    try:
        with house.client("owner") as client:
            listed = client.get("/api/v1/factors").json()
            assert [found["id"] for found in listed["sets"]] == [SET]
            assert f"{own.id}/factors.csv" in listed["damaged"][0]["message"]
            assert "SHA-256" in client.get("/factors", headers=PAGE).text
            assert client.get(f"/api/v1/factors/{own.id}").status_code == 500
            assert client.get(f"/api/v1/factors/{SET}").status_code == 200
    finally:
        at.write_bytes(data)
