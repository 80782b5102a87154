"""
Places by name, pinyin or code: the operator's own, then cities, ports and airports of the shipped gazetteer.

A name alone means a city (市) before a county (县, 旗) of that name. Districts and towns share their names all over the
country, and the gazetteer has not all of them: they are found with the province before the name (北京朝阳), or by code.
Of two places of one level none is picked.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from ledger.adapters.distances.words import folded
from ledger.ports import KnownPlace
from ledger.ports.distances import Mode, PlaceAmbiguous, PlaceNotFound, Spot, SpotKind

FILE: Final = "gazetteer.csv.gz"
KINDS: Final[Mapping[Mode, tuple[SpotKind, ...]]] = {
    "air": ("airport",),
    "inland_waterway": ("port", "city"),
    "rail": ("city",),
    "road": ("city",),
    "sea": ("port",),
}
"""What a name means for a mode; by its code a place of any kind is found."""
SHOWN: Final = 8
"""Candidates that a refusal lists."""
_DIVISIONS: Final = ("省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "")


Level = Literal[1, 2, 3, 4]
"""How far a name alone tells a place: 4 matched by hand, 3 a city, 2 a county, 1 not at all."""
TELLING: Final = 2
LARGE: Final = 100_000
"""People of a place in China that is a city, whatever stands behind its name."""


class Row(NamedTuple):
    """A place and the names it answers to, folded, with their levels."""

    spot: Spot
    people: int
    names: Mapping[str, Level]

    @property
    def level(self) -> Level:
        """Of its best name."""
        return max(self.names.values())


class Shipped(NamedTuple):
    """The shipped places: all, by name, and by code."""

    rows: Sequence[Row]
    named: Mapping[str, Sequence[Row]]
    coded: Mapping[str, Row]


@cache
def shipped() -> Shipped:
    """Read once."""
    packed = files("ledger.data.distances").joinpath(FILE).read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    rows = [_row(row) for row in csv.DictReader(line for line in lines if not line.startswith("#"))]
    named: dict[str, list[Row]] = {}
    for row in rows:
        for name in row.names:
            named.setdefault(name, []).append(row)
    return Shipped(rows, named, {row.spot.code.casefold(): row for row in rows})


class Gazetteer:
    """The places. ``own`` gives the operator's, as they are now."""

    def __init__(self, own: Callable[[], Iterable[KnownPlace]]) -> None:
        self._own = own

    def search(self, text: str, mode: Mode | None, limit: int, *, unpublished: bool) -> list[Spot]:
        """See ``Distances.search``: an exact name first, then names that begin so."""
        asked = folded(text)
        if not asked:
            return []
        kinds = KINDS[mode] if mode else None
        own = [row.spot for row in self._owned(unpublished) if any(asked in name for name in row.names)]
        coded = shipped().coded.get(text.strip().casefold())
        same = sorted(self._fit(text, kinds), key=_rank)
        more = (row for row in shipped().rows if any(name.startswith(asked) for name in row.names))
        likely = sorted((row for row in more if kinds is None or row.spot.kind in kinds), key=_rank)
        found = [*own, *([coded.spot] if coded else []), *(row.spot for row in (*same, *likely))]
        return list(dict.fromkeys(found))[:limit]

    def find(self, text: str, mode: Mode, *, unpublished: bool) -> Spot:
        """See ``Distances.find``."""
        asked = folded(text)
        own = [row.spot for row in self._owned(unpublished) if asked in row.names or row.spot.code == text.strip()]
        if own:
            return _one(text, own)
        coded = shipped().coded.get(text.strip().casefold())
        if coded is not None:
            return coded.spot
        for kind in KINDS[mode]:
            fit = sorted(self._fit(text, (kind,)), key=_rank)
            levels = [row.names.get(asked, TELLING) for row in fit]
            best = [row.spot for row, level in zip(fit, levels, strict=True) if level == max(levels)]
            if best and max(levels) < TELLING:
                raise PlaceAmbiguous(text=text, candidates=_list(best))
            if best:
                return _one(text, best)
        raise PlaceNotFound(text=text, nearest=self._similar(text, mode))

    def _fit(self, text: str, kinds: Sequence[SpotKind] | None) -> list[Row]:
        """Rows of exactly this name; without any, of the name behind its province."""
        asked = folded(text)
        found = [row for row in shipped().named.get(asked, ()) if kinds is None or row.spot.kind in kinds]
        if found:
            return found
        return [
            row
            for region, name in _apart(asked)
            for row in shipped().named.get(name, ())
            if row.spot.region == region and (kinds is None or row.spot.kind in kinds)
        ]

    def _owned(self, unpublished: bool) -> Iterator[Row]:
        for place in self._own():
            if place.published or unpublished:
                spot = Spot("own", place.id, place.zh, place.en, "", "", place.latitude, place.longitude)
                yield Row(spot, 0, {folded(place.zh): 4, folded(place.en): 4})

    def _similar(self, text: str, mode: Mode) -> str:
        near = self.search(text, mode, SHOWN, unpublished=False)
        if not near:
            kinds = KINDS[mode]
            able = [name for name, rows in shipped().named.items() if any(row.spot.kind in kinds for row in rows)]
            words = get_close_matches(folded(text), able, n=SHOWN, cutoff=0.7)
            near = [row.spot for word in words for row in shipped().named[word] if row.spot.kind in kinds]
        return _list(near)


def _apart(asked: str) -> Iterator[tuple[str, str]]:
    for region in REGIONS:
        for last in _DIVISIONS:
            if asked.startswith(region + last) and len(asked) > len(region + last):
                yield region, asked[len(region + last) :]


REGIONS: Final = (
    "安徽", "浙江", "江西", "江苏", "吉林", "青海", "福建", "黑龙江", "河南", "河北", "湖南", "湖北", "新疆", "西藏",
    "甘肃", "广西", "贵州", "辽宁", "内蒙古", "宁夏", "北京", "上海", "山西", "山东", "陕西", "天津", "云南", "广东",
    "海南", "四川", "重庆",
)  # fmt: skip


def _row(row: Mapping[str, str]) -> Row:
    also = [name for name in row["aliases"].split("|") if name]
    kind = row["kind"]
    spot = Spot(
        kind,  # type: ignore[arg-type]
        row["code"],
        row["zh"],
        row["en"],
        row["country"],
        row["region"],
        Decimal(row["latitude"]),
        Decimal(row["longitude"]),
    )
    names = dict.fromkeys((row["zh"], row["en"], *also))
    return Row(spot, int(row["people"]), {folded(name): _level(name, names, row) for name in names if name})


def _level(name: str, names: Collection[str], row: Mapping[str, str]) -> Level:
    """Ports, airports and large cities abroad are told by their names; in China what stands behind a name decides."""
    if row["matched"] and name == row["zh"]:
        return 4
    if row["kind"] != "city" or row["country"] != "CN":
        return 3
    seat = row["zh"] if name == row["en"] else name
    people = int(row["people"])
    if seat.endswith("市") or seat + "市" in names:
        return 3 if people else 2
    if people >= LARGE and row["zh"] + "区" not in names:
        return 3
    return 2 if seat.endswith(_COUNTY) or any(seat + last in names for last in _COUNTY) else 1


_COUNTY: Final = ("县", "旗")


def _rank(row: Row) -> tuple[int, int, str]:
    return -row.level, -row.people, row.spot.code


def _one(text: str, spots: Sequence[Spot]) -> Spot:
    if len(spots) > 1:
        raise PlaceAmbiguous(text=text, candidates=_list(spots))
    return spots[0]


def _list(spots: Sequence[Spot]) -> str:
    told = "; ".join(spot.told() for spot in spots[:SHOWN])
    return f"{told} …" if len(spots) > SHOWN else told or "-"
