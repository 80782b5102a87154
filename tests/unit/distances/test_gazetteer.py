"""Names in Chinese, English and pinyin, codes, provinces before names; what is not told apart is asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.adapters.distances import OfflineDistances
from ledger.ports import KnownPlace
from ledger.ports.distances import Mode, PlaceAmbiguous, PlaceNotFound

PLAIN = OfflineDistances(list)


@pytest.mark.parametrize(
    ("text", "mode", "code"),
    [
        ("上海", "road", "geonames:1796236"),
        ("上海市", "road", "geonames:1796236"),
        ("蘇州", "road", "geonames:1886760"),
        ("江苏苏州", "road", "geonames:1886760"),
        ("江苏省苏州市", "road", "geonames:1886760"),
        ("xi an", "road", "geonames:1790630"),
        ("义乌", "road", "geonames:1814870"),
        ("geonames:1793743", "road", "geonames:1793743"),
        ("上海港", "sea", "CNSHA"),
        ("上海", "sea", "CNSHA"),
        ("rotterdam", "sea", "NLRTM"),
        ("洋山", "sea", "CNYAN"),
        ("pvg", "air", "PVG"),
        ("ZSPD", "air", "PVG"),
        ("CNSHA", "road", "CNSHA"),
    ],
)
def test_a_name_or_code_finds_its_place(text: str, mode: Mode, code: str) -> None:
    """GeoNames ids, UN/LOCODEs and IATA codes are the ones their keepers publish."""
    assert PLAIN.find(text, mode).code == code


@pytest.mark.parametrize(
    ("text", "mode", "among"),
    [
        ("北京", "air", ("PEK", "PKX")),
        ("Suzhou", "road", ("苏州", "宿州")),
        ("Hamburg", "sea", ("DEHAM", "USHAM")),
        ("鼓楼区", "road", ("福建",)),
    ],
)
def test_an_ambiguous_name_lists_what_it_may_be(text: str, mode: Mode, among: tuple[str, ...]) -> None:
    """None is picked; a district alone is asked for even when the gazetteer knows but one of its name."""
    with pytest.raises(PlaceAmbiguous) as refused:
        PLAIN.find(text, mode)
    assert all(one in refused.value.candidates for one in among)


def test_an_unknown_name_lists_similar_ones() -> None:
    """A slip of the pen is answered with what it is near to, never with a place."""
    with pytest.raises(PlaceNotFound) as refused:
        PLAIN.find("Guangzhuo", "road")
    assert "Guangzhou" in refused.value.nearest


def test_the_operators_places_come_first() -> None:
    """Their name goes before a city's; one that is not published is named only by who may."""
    works = KnownPlace(
        "https://id.gs1.org/414/9521141123454", "南京", "Works", Decimal(32), Decimal(118), published=False
    )
    distances = OfflineDistances(lambda: [works])
    assert distances.find("南京", "road", unpublished=True).code == works.id
    assert distances.find("南京", "road").code == "geonames:1799962"
    assert distances.search("Wor", "road", unpublished=True)[0].code == works.id
    assert all(spot.code != works.id for spot in distances.search("Wor", "road"))


def test_a_search_shows_the_best_first() -> None:
    """An exact city before longer names; nothing for nothing; never more than asked."""
    assert PLAIN.search("suzhou", "road")[0].zh == "苏州"
    assert PLAIN.search("  ", "road") == []
    assert len(PLAIN.search("sh", None, 5)) == 5
    assert {spot.kind for spot in PLAIN.search("shanghai")} >= {"city", "port", "airport"}
