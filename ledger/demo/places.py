"""
Where the demonstration happens: real cities, and the road and rail distances between them.

Distances are usual motorway (or freight rail) distances, rounded to 10 km, from general knowledge, within about 5 %;
good enough to show a calculation with, not to report from. A user's own waybills bring their own distances.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from ledger.identity import check_digit

OPERATOR: Final = "9521140"
"""GS1 company prefix of the operator. 952 is GS1's own range for demonstrations: such codes never stand on goods."""
DISTANCE_SOURCE: Final = "road distance, rounded to 10 km"


class City(NamedTuple):
    """A place: Chinese and English name, and the number its location codes (GLN) are made from."""

    zh: str
    en: str
    number: int

    @property
    def gln(self) -> str:
        """Digital Link of the location."""
        body = f"{OPERATOR}{self.number:05d}"
        return f"https://id.gs1.org/414/{body}{check_digit(body)}"


HUB: Final = City("溧水", "Lishui", 1)
"""The regional warehouse, in the south of Nanjing."""
TERMINAL: Final = City("尧化门", "Yaohuamen", 2)
"""The rail freight terminal in the north-east of Nanjing."""
TERMINAL_KM: Final = 80
"""By road from the terminal to the warehouse."""

DESTINATIONS: Final[tuple[tuple[City, int], ...]] = (
    (City("南京", "Nanjing", 11), 60),
    (City("无锡", "Wuxi", 12), 150),
    (City("徐州", "Xuzhou", 13), 400),
    (City("常州", "Changzhou", 14), 110),
    (City("苏州", "Suzhou", 15), 200),
    (City("南通", "Nantong", 16), 250),
    (City("连云港", "Lianyungang", 17), 370),
    (City("淮安", "Huai'an", 18), 250),
    (City("盐城", "Yancheng", 19), 310),
    (City("扬州", "Yangzhou", 20), 130),
    (City("镇江", "Zhenjiang", 21), 100),
    (City("泰州", "Taizhou", 22), 180),
    (City("宿迁", "Suqian", 23), 320),
)
"""The thirteen prefecture cities of Jiangsu with their road distance from the warehouse [km]."""


class Origin(NamedTuple):
    """A supplier's city: road distance to the warehouse [km], or rail distance to the terminal [km]."""

    city: City
    km: int
    rail: bool
    days: int
    """From departure to receipt."""


WUHAN: Final = Origin(City("武汉", "Wuhan", 31), 550, rail=False, days=2)
SHENZHEN: Final = Origin(City("深圳", "Shenzhen", 32), 1350, rail=False, days=3)
SUZHOU: Final = Origin(City("苏州", "Suzhou", 15), 200, rail=False, days=1)
CHENGDU: Final = Origin(City("成都", "Chengdu", 34), 1880, rail=True, days=5)
XIAN: Final = Origin(City("西安", "Xi'an", 35), 1070, rail=True, days=4)
HANGZHOU: Final = Origin(City("杭州", "Hangzhou", 36), 240, rail=False, days=1)
HEFEI: Final = Origin(City("合肥", "Hefei", 37), 190, rail=False, days=1)
GUANGZHOU: Final = Origin(City("广州", "Guangzhou", 38), 1330, rail=False, days=3)
ORIGINS: Final = (WUHAN, SHENZHEN, SUZHOU, CHENGDU, XIAN, HANGZHOU, HEFEI, GUANGZHOU)


def write_place_list(path: Path) -> None:
    """The operator's list of places, unless there is one: named, on the map by their cities, and published."""
    if path.exists():
        return
    named = {city.gln: (city.zh, city.en, city) for city in (TERMINAL, *(city for city, _ in DESTINATIONS))}
    named |= {origin.city.gln: (origin.city.zh, origin.city.en, origin.city) for origin in ORIGINS}
    named[HUB.gln] = (f"{HUB.zh}区域仓", f"{HUB.en} warehouse", HUB)
    rows = [f"{gln},{zh},{en},{city.zh},,,yes" for gln, (zh, en, city) in named.items()]
    path.write_text("\n".join(["code,zh,en,city,latitude,longitude,published", *rows, ""]), "utf-8")
