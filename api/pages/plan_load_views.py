"""What the page of loads shows: each vehicle as it leaves, full by mass and by cube, and what its axles carry."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from api.charts.load_picture import TONES
from api.planned_day import Day
from api.planned_loads import MOST_PIECES, ToLoad, loaded, to_load
from ledger.errors import Locale
from ledger.planning.loads.kept import KeptLoad
from ledger.planning.loads.stowage import Stowage
from ledger.planning.routes.plan import Plan
from ledger.units import shown

LISTED = 6
"""Vehicles of one page."""


class Bar(NamedTuple):
    """A share of something, drawn to 120 %: ``width`` in thousandths of the bar; ``over`` where it is too much."""

    key: str
    said: str
    percent: str
    width: int
    over: bool


class LoadStop(NamedTuple):
    """A stop in the order of unloading: its place, how many boxes, and the tone they have in the picture."""

    number: int
    place: str
    boxes: int
    tone: str


class LoadView(NamedTuple):
    """One vehicle that leaves; ``why`` says why there is no picture of it."""

    number: int
    vehicle: str
    hold: str
    bars: list[Bar]
    stops: list[LoadStop]
    inside: int
    pieces: int
    refused: list[str]
    bare: int
    why: str


class LoadsView(NamedTuple):
    """The page."""

    id: str
    name: str
    rows: list[LoadView]
    next: int


def loads_view(
    head: tuple[str, str], day: Day, plan: Plan, kept: tuple[KeptLoad | None, ...], at: tuple[int, Locale]
) -> LoadsView:
    """Some vehicles of a draft (its id and name), from the ``at``-th on."""
    first, locale = at
    pairs = list(zip(plan.routes, kept or [None] * len(plan.routes), strict=True))
    rows = []
    for number, (route, load) in enumerate(pairs[first : first + LISTED], first + 1):
        asked = to_load(day, route)
        vehicle = f"{route.fleet.name} {route.number}"
        if asked is None:
            rows.append(LoadView(number, vehicle, "", [], [], 0, 0, [], 0, "unstated"))
        elif load is None:
            why = "many" if asked.pieces > MOST_PIECES else "ended"
            rows.append(LoadView(number, vehicle, "", [], [], 0, asked.pieces, [], 0, why))
        else:
            rows.append(_load(number, vehicle, asked, loaded(asked, load), locale))
    following = first + LISTED
    return LoadsView(*head, rows, following if following < len(pairs) else 0)


def _load(number: int, vehicle: str, asked: ToLoad, load: Stowage, locale: Locale) -> LoadView:
    bars = [
        _bar("mass", Fraction(load.mass_g), Fraction(load.hold.capacity_g)),
        Bar("cube", _cubic_metres(load), shown(load.fill_by_cube * 100, 1), _width(load.fill_by_cube), over=False),
    ]
    for key, axle, grams in zip(("front", "rear"), load.hold.axles or (), load.axle_loads() or (), strict=False):
        if axle.most_g is not None:
            bars.append(_bar(key, grams, Fraction(axle.most_g)))
    return LoadView(
        number=number,
        vehicle=vehicle,
        hold=f"{load.hold.length} × {load.hold.width} × {load.hold.height} mm",
        bars=bars,
        stops=[
            LoadStop(stop, place, sum(one.box.stop == stop for one in load.placed), TONES[(stop - 1) % len(TONES)])
            for stop, place in enumerate(asked.stops, 1)
        ],
        inside=len(load.placed),
        pieces=asked.pieces,
        refused=[one.error.message(locale) for one in load.refused],
        bare=len(asked.bare),
        why="" if load.placed else "none",
    )


def _cubic_metres(load: Stowage) -> str:
    room = Fraction(load.hold.volume, 10**9)
    return f"{shown(load.fill_by_cube * room, 1)} / {shown(room, 1)} m³"


def _bar(key: str, value: Fraction, most: Fraction) -> Bar:
    share = value / most
    said = f"{shown(value / 1000, 0)} / {shown(most / 1000, 0)} kg"
    return Bar(key, said, shown(share * 100, 1), _width(share), share > 1)


def _width(share: Fraction) -> int:
    """100 % is 1000 of a bar of 1200."""
    return max(0, min(1200, int(share * 1000)))
