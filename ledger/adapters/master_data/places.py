"""Where places are: ``places.csv`` in the ledger's home, and a gazetteer of cities to name a position by."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from ledger.adapters.master_data.errors import MasterDataRefused
from ledger.adapters.master_data.table import WatchedTable
from ledger.identity import canonical
from ledger.ports import KnownPlace

FILE: Final = "places.csv"
COLUMNS: Final = ("code", "zh", "en", "city", "latitude", "longitude", "published")
"""``code`` in any form; a position, or a ``city`` of the gazetteer; ``published`` is yes or empty."""
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?", re.ASCII)
_YES: Final = frozenset({"yes", "true", "1", "是"})


class City(NamedTuple):
    """A row of the gazetteer (GeoNames, CC BY 4.0)."""

    zh: str
    en: str
    latitude: Decimal
    longitude: Decimal
    geonames_id: int


@cache
def gazetteer() -> Mapping[str, City]:
    """Cities by their Chinese and English names."""
    text = files("ledger.data").joinpath("gazetteer.csv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    cities = [
        City(row["zh"], row["en"], Decimal(row["latitude"]), Decimal(row["longitude"]), int(row["geonames"]))
        for row in csv.DictReader(rows)
    ]
    return {name: city for city in cities for name in (city.zh, city.en)}


class PlaceTable:
    """``ports.Places`` from a file that the operator keeps."""

    def __init__(self, home: Path) -> None:
        self.table = WatchedTable(home / FILE, _place)

    def place(self, identity: str) -> KnownPlace | None:
        """See ``Places.place``."""
        return self.table.rows().get(identity)

    def version(self) -> int:
        """See ``Places.version``."""
        return self.table.version()

    def known(self) -> Collection[KnownPlace]:
        """All of them."""
        return self.table.rows().values()


def _place(row: Mapping[str, str]) -> tuple[str, KnownPlace]:
    code, city = canonical(row.get("code", "")), gazetteer().get(row.get("city", ""))
    if row.get("city") and city is None:
        raise MasterDataRefused(why=f"the gazetteer has no {row['city']!r}", why_zh=f"地名表中没有 {row['city']!r}")
    latitude = _degrees(row.get("latitude", ""), 90, city.latitude if city else None)
    longitude = _degrees(row.get("longitude", ""), 180, city.longitude if city else None)
    zh = row.get("zh") or (city.zh if city else row.get("en", ""))
    en = row.get("en") or (city.en if city else zh)
    if not zh:
        raise MasterDataRefused(why="the place has no name", why_zh="地点没有名称")
    return code, KnownPlace(code, zh, en, latitude, longitude, row.get("published", "").lower() in _YES)


def _degrees(text: str, most: int, otherwise: Decimal | None) -> Decimal:
    if not text and otherwise is not None:
        return otherwise
    if not _DEGREES.fullmatch(text) or abs(Decimal(text)) > most:
        raise MasterDataRefused(why=f"{text!r} is not a position in degrees", why_zh=f"{text!r} 不是以度表示的位置")
    return Decimal(text)
