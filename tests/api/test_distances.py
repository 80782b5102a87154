"""Distances over HTTP and on their page: measured with their method, refused with candidates, own places kept."""

from __future__ import annotations

import re

from tests.api.house import House

PAGE = {"accept": "text/html", "accept_language": "en"}


def test_a_distance_comes_with_what_gives_it_again(house: House) -> None:
    """Whole metres, basis, method, version and hash of the data; the page has the same figure and a map."""
    asked = {"from": "武汉", "to": "溧水", "mode": "road"}
    with house.client("warehouse") as client:
        told = client.get("/api/v1/distances", params=asked).json()
    assert told["metres"] == told["parts"][0]["metres"]
    assert isinstance(told["metres"], int)
    assert 450_000 < told["metres"] < 620_000
    assert re.fullmatch("[0-9a-f]{64}", told["data_sha256"])
    assert told["basis"] == "sfd"
    with house.client("owner", **PAGE) as client:
        page = client.get("/distances", params=asked).text
    assert f"{told['metres'] / 1000:.3f}" in page
    assert 'class="way"' in page
    assert "OpenStreetMap" in page


def test_an_ambiguous_or_unknown_name_is_refused_with_candidates(house: House) -> None:
    """Nothing is picked: the API says where in the question it is, the page what to do."""
    with house.client("owner") as client:
        answer = client.get("/api/v1/distances", params={"from": "武汉", "to": "鼓楼", "mode": "road"})
        assert answer.status_code in {404, 409, 422}
        problem = answer.json()
        assert problem["code"].startswith("distance.place-")
        assert problem["code"] in {"distance.place-ambiguous", "distance.place-not-found"}
        places = client.get("/api/v1/places", params={"q": "溧水"}).json()["places"]
        assert places[0]["zh"] == "溧水"
    with house.client("owner", **PAGE) as client:
        page = client.get("/distances", params={"from": "武汉", "to": "no such place <b>", "mode": "road"})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "<b>" not in page.text


def test_a_sea_way_is_drawn_on_the_worlds_coast(house: House) -> None:
    """Shanghai to Rotterdam: about 19,600 km by sea (published: some 10,600 nautical miles)."""
    with house.client("owner") as client:
        told = client.get("/api/v1/distances", params={"from": "上海", "to": "Rotterdam", "mode": "sea"}).json()
    assert abs(told["metres"] / 1852 - 10_600) < 150


def test_who_may_not_read_footprints_may_not_measure(house: House) -> None:
    """Without a key nothing is computed."""
    with house.client() as client:
        assert client.get("/api/v1/distances", params={"from": "a", "to": "b", "mode": "road"}).status_code == 401
