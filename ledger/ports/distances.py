"""Where named places are, and how far apart: computed on this machine, from data that are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

from ledger.errors import FootprintError, Locale

Mode = Literal["air", "inland_waterway", "rail", "road", "sea"]
Basis = Literal["gcd", "sfd"]
SpotKind = Literal["airport", "city", "own", "port"]


class Spot(NamedTuple):
    """
    A place with its position [degrees, WGS 84].

    ``code`` tells it from every other: a location number of the operator's own, ``geonames:1796236``, a UN/LOCODE of a
    port or an IATA code of an airport. ``region`` is a province of China, ``country`` two letters; both may be empty.
    """

    kind: SpotKind
    code: str
    zh: str
    en: str
    country: str
    region: str
    latitude: Decimal
    longitude: Decimal

    def name(self, locale: Locale) -> str:
        """Its name in a language, in the other where it has none."""
        return (self.zh or self.en) if locale == "zh-CN" else (self.en or self.zh)

    def told(self) -> str:
        """Name, region and code, as a list of candidates shows it."""
        names = " ".join(dict.fromkeys(filter(None, (self.zh, self.en))))
        inside = ", ".join(filter(None, (self.region, self.country)))
        return f"{names} ({inside + ', ' if inside else ''}{self.code})"

    def to_record(self) -> dict[str, str]:
        """JSON-able."""
        return {name: str(value) for name, value in self._asdict().items()}


class Part(NamedTuple):
    """
    One way from a place to the next [m].

    ``metres`` is the network's part with ``access``, the great circles from both places to the network. ``path`` are
    points of (latitude, longitude) in degrees for a map, thinned.
    """

    start: Spot
    end: Spot
    metres: int
    access: tuple[int, int]
    path: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A distance [m] and everything that gives it again: ``method`` in its ``version`` on ``data`` (SHA-256, hex)."""

    mode: Mode
    basis: Basis
    method: str
    version: str
    data: str
    source: str
    """Whose data, and under which licence; empty where positions alone decide."""
    parts: tuple[Part, ...]

    @property
    def metres(self) -> int:
        """Over all parts [m]."""
        return sum(part.metres for part in self.parts)

    def to_record(self) -> dict[str, object]:
        """JSON-able; distances are whole metres, positions decimals as text."""
        return {
            "mode": self.mode,
            "basis": self.basis,
            "metres": self.metres,
            "method": self.method,
            "version": self.version,
            "data_sha256": self.data,
            "source": self.source,
            "parts": [
                {
                    "from": part.start.to_record(),
                    "to": part.end.to_record(),
                    "metres": part.metres,
                    "access_m": list(part.access),
                    "path": [[str(lat), str(lon)] for lat, lon in part.path],
                }
                for part in self.parts
            ],
        }


class Distances(Protocol):
    """A gazetteer, and the networks between its places."""

    def search(
        self, text: str, mode: Mode | None = None, limit: int = 20, *, unpublished: bool = False
    ) -> Sequence[Spot]:
        """
        Places a person may mean, the best fits first; with a mode, of the kinds it moves between.

        The operator's own places come before all others; those not published only when ``unpublished`` says so.
        """
        ...

    def find(self, text: str, mode: Mode, *, unpublished: bool = False) -> Spot:
        """The one place that a name or code means for a mode. Raises ``PlaceNotFound``, ``PlaceAmbiguous``."""
        ...

    def measure(self, mode: Mode, basis: Basis, stops: Sequence[Spot]) -> Measured:
        """
        The distance along the stops in their order, two at least.

        Raises ``ModeNotMeasured``, ``PlaceOffNetwork``, ``PlacesNotJoined``, ``PlacesEqual``.
        """
        ...


class PlaceNotFound(FootprintError):
    """No place of this name or code."""

    code = "distance.place-not-found"
    text: str
    nearest: str
    en = "no place is known as {text!r}; similar: {nearest}"
    zh = "没有名为“{text}”的地点；相近的有：{nearest}"
    fix_en = "Use a name or code of the list, or enter the place with its position in places.csv"
    fix_zh = "请使用列表中的名称或代码，或把该地点连同坐标填入 places.csv"


class PlaceAmbiguous(FootprintError):
    """Several places of one name. None is picked."""

    code = "distance.place-ambiguous"
    text: str
    candidates: str
    en = "{text!r} may be any of: {candidates}"
    zh = "“{text}”可能指：{candidates}"
    fix_en = "Use the code of the one that is meant, or its name with the province before it"
    fix_zh = "请使用所指地点的代码，或在名称前加省份"


class PlaceOffNetwork(FootprintError):
    """A place too far from the network for a distance on it to mean anything."""

    code = "distance.place-off-network"
    place_name: str
    mode: str
    metres: int
    limit: int
    en = "{place_name} lies {metres} m from the nearest point of the {mode} network; the limit is {limit} m"
    zh = "{place_name}距最近的 {mode} 网络节点 {metres} 米，上限为 {limit} 米"
    fix_en = "Name the port, town or airport that the goods passed, or state the carrier's distance"
    fix_zh = "请填写货物经过的港口、城镇或机场，或直接填写承运方的里程"


class PlacesNotJoined(FootprintError):
    """Two places that the network does not join."""

    code = "distance.not-joined"
    start: str
    end: str
    mode: str
    en = "the {mode} network does not join {start} and {end}"
    zh = "{mode} 网络中 {start} 与 {end} 不相通"
    fix_en = "Split the leg where the mode changes: a ferry is a leg of its own"
    fix_zh = "请在换装处拆分运输段：轮渡单独成段"


class PlacesEqual(FootprintError):
    """Two places that are one; no activity can rest on zero metres."""

    code = "distance.places-equal"
    place_name: str
    en = "both ends are {place_name}"
    zh = "两端都是{place_name}"
    fix_en = "Name the places more closely, or enter them in places.csv"
    fix_zh = "请填写更具体的地点，或把它们填入 places.csv"


class ModeNotMeasured(FootprintError):
    """A mode whose network is not at hand in a quality that would not mislead."""

    code = "distance.mode-not-measured"
    mode: str
    basis: str
    why: str
    why_zh: str
    en = "no {basis} distance is computed for {mode}: {why}"
    zh = "不计算 {mode} 的 {basis} 距离：{why_zh}"
    fix_en = "State the carrier's tariff distance, or ask for the great circle (basis gcd), which the standard allows"
    fix_zh = "请填写承运方的运价里程，或要求计算标准允许的大圆距离（口径 gcd）"
