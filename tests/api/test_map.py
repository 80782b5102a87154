"""The map of a journey: from open data, whole numbers, everything on it, and no border."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import api.maps
from api.maps.build import ATLAS, EXTRACTS, land
from api.maps.clip import clipped, doubled_area
from api.maps.drawing import WIDTH, Stop, draw

LAND = Path(api.maps.__file__).with_name("land.json")
DEGREES = st.tuples(st.integers(1800, 5000), st.integers(7500, 13500)).map(
    lambda p: (Decimal(p[0]) / 100, Decimal(p[1]) / 100)
)


def test_the_coastline_is_what_its_source_gives() -> None:
    """Built again from the locked package: the same bytes. The package has land alone in it, no countries."""
    for extract in EXTRACTS:
        assert extract.target.read_text(encoding="utf-8") == land(extract)
        assert list(json.loads((ATLAS / extract.source).read_text(encoding="utf-8"))["objects"]) == ["land"]


@settings(deadline=None)  # the first map reads the coast
@given(st.lists(DEGREES, min_size=1, max_size=12))
def test_every_place_is_on_the_map(points: list[tuple[Decimal, Decimal]]) -> None:
    """Each stop has a mark inside the picture; its turns count the journey."""
    found = draw([Stop(str(n), latitude, longitude) for n, (latitude, longitude) in enumerate(points)])
    assert found is not None
    assert len(found.marks) == len({(int(x * 100), int(y * 100)) for y, x in points})
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= found.height for mark in found.marks)
    turns = sorted(int(turn) for mark in found.marks for turn in mark.turns.split(", "))
    assert turns == list(range(1, len(points) + 1))
    assert re.fullmatch(r"M\d+ \d+(l-?\d+ -?\d+)*", found.way)


def test_no_place_gives_no_map() -> None:
    """Nothing to show is said in words."""
    assert draw([]) is None


def test_north_is_up_and_east_is_right() -> None:
    """Beijing is above Guangzhou, Shanghai right of Chengdu."""
    at = {
        "Beijing": ("39.9", "116.4"),
        "Guangzhou": ("23.1", "113.3"),
        "Shanghai": ("31.2", "121.5"),
        "Chengdu": ("30.7", "104.1"),
    }
    found = draw([Stop(name, Decimal(y), Decimal(x)) for name, (y, x) in at.items()])
    assert found is not None
    marks = {mark.name: mark for mark in found.marks}
    assert marks["Beijing"].y < marks["Guangzhou"].y
    assert marks["Chengdu"].x < marks["Shanghai"].x
    assert found.land


def test_a_square_is_cut_to_the_box() -> None:
    """Areas by hand: a square of 10 cut by a box that holds a quarter of it, all of it, none of it."""
    square = [(0, 0), (10, 0), (10, 10), (0, 10)]
    assert doubled_area(clipped(square, (5, 5, 20, 20))) == 50
    assert clipped(square, EXTRACTS[0].bounds[:2] + EXTRACTS[0].bounds[2:]) == []
    assert doubled_area(clipped(square, (-1, -1, 11, 11))) == 200


def test_a_way_that_leaves_east_asia_has_the_worlds_coast() -> None:
    """Shanghai to Rotterdam shows land from one end to the other; across the Pacific the way is in two pieces."""
    ends = [("31.2", "121.5"), ("51.9", "4.5")]
    stops = [Stop(str(n), Decimal(y), Decimal(x)) for n, (y, x) in enumerate(ends)]
    found = draw(stops, [(Decimal(y), Decimal(x)) for y, x in [ends[0], ("1", "104"), ("12", "44"), ends[1]]])
    assert found is not None
    assert found.land.count("M") > 10
    assert found.way.count("M") == 1
    pacific = draw([stops[0]], [(Decimal(30), Decimal(x)) for x in (122, 179, -179, -118)])
    assert pacific is not None
    assert pacific.way.count("M") == 2
