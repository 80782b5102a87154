"""The shortest path in a pack, against an independent search; what a pack says of itself; what is not joined."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.adapters.distances import MEASURES, OfflineDistances
from ledger.adapters.distances.measure import AlongNetwork
from ledger.adapters.distances.network import Network
from ledger.adapters.distances.packing import packed
from ledger.footprint.iso14083.great_circle import great_circle
from ledger.ports import KnownPlace
from ledger.ports.distances import PlaceOffNetwork, PlacesEqual, PlacesNotJoined, Spot

HEAD = {"mode": "road", "source": "made", "licence": "none", "degree": 1000}
Edges = list[tuple[tuple[int, int], tuple[int, int], int]]
POINTS = st.tuples(st.integers(30_000, 30_400), st.integers(120_000, 120_400))
EDGES = st.lists(st.tuples(POINTS, POINTS, st.integers(1, 9_000)), min_size=1, max_size=25)


def network(edges: Edges, folder: Path) -> Network:
    """A network of these edges."""
    (folder / "made.pack").write_bytes(packed(HEAD, edges))
    with patch("ledger.adapters.distances.network.files", return_value=folder):
        return Network("made.pack")


@settings(max_examples=30)
@given(edges=EDGES, data=st.data())
def test_the_path_is_the_shortest(edges: Edges, data: st.DataObject) -> None:
    """Against Floyd and Warshall's recursion over all nodes."""
    nodes = sorted({point for a, b, _ in edges for point in (a, b)})
    far = {(a, b): 0 if a == b else None for a in nodes for b in nodes}
    for a, b, metres in edges:
        for one, two in ((a, b), (b, a)):
            known = far[one, two]
            far[one, two] = metres if known is None else min(known, metres)
    for middle in nodes:
        for a in nodes:
            for b in nodes:
                first, second, now = far[a, middle], far[middle, b], far[a, b]
                if first is not None and second is not None and (now is None or first + second < now):
                    far[a, b] = first + second
    with TemporaryDirectory() as folder:
        made = network(edges, Path(folder))
    start, end = data.draw(st.sampled_from(range(len(nodes)))), data.draw(st.sampled_from(range(len(nodes))))
    found = made.path(start, end)
    assert (found and found[0]) == far[nodes[start], nodes[end]] or (found is None) == (
        far[nodes[start], nodes[end]] is None
    )
    if found is not None:
        assert found[0] == far[nodes[start], nodes[end]]
        assert found[1][-1] == made.position(end)


@settings(max_examples=30)
@given(edges=EDGES, at=st.tuples(st.integers(29_000, 31_000), st.integers(119_000, 121_000)))
def test_the_nearest_node_is_nearest(edges: Edges, at: tuple[int, int]) -> None:
    """No node is closer by the exact great circle than 1.01 times the one that was taken."""
    with TemporaryDirectory() as folder:
        made = network(edges, Path(folder))
    here = (Decimal(at[0]) / 1000, Decimal(at[1]) / 1000)
    _, metres = made.nearest(*here)
    count = int(made.about["nodes"])
    assert metres <= min(great_circle(here, made.position(node)).metres for node in range(count)) * 101 // 100 + 1


@pytest.mark.parametrize("name", ["roads.pack", "seaways.pack"])
def test_a_pack_says_whose_data_it_holds(name: str) -> None:
    """Source and licence stand in the file itself; no edge is shorter than nothing."""
    pack = next(one.network for one in MEASURES if isinstance(one, AlongNetwork) and one._file == name)
    assert pack.about["source"]
    assert pack.about["licence"]
    assert min(pack._metres) >= 0
    assert len(files("ledger.data.distances").joinpath(name).read_bytes()) < 2_000_000


def own(code: str, latitude: str, longitude: str) -> KnownPlace:
    """An operator's place."""
    return KnownPlace(code, code, code, Decimal(latitude), Decimal(longitude), published=True)


def spots(distances: OfflineDistances, *names: str) -> list[Spot]:
    """By name, for road."""
    return [distances.find(name, "road") for name in names]


def test_far_from_the_network_is_refused_with_the_bound() -> None:
    """A place in the desert, 20 km and more from any main road; the plateau of Tibet is left out."""
    distances = OfflineDistances(lambda: [own("沙漠", "39.5", "83.0")])
    with pytest.raises(PlaceOffNetwork) as refused:
        distances.measure("road", "sfd", spots(distances, "沙漠", "乌鲁木齐"))
    assert refused.value.metres > refused.value.limit == 20_000
    with pytest.raises(PlaceOffNetwork):
        distances.measure("road", "sfd", spots(distances, "拉萨", "西宁"))


def test_an_island_is_not_joined() -> None:
    """No road leads from Haikou to Guangzhou."""
    distances = OfflineDistances(list)
    with pytest.raises(PlacesNotJoined):
        distances.measure("road", "sfd", spots(distances, "海口", "广州"))


def test_one_place_twice_is_refused() -> None:
    """Zero metres are no activity, on either basis."""
    distances = OfflineDistances(list)
    for basis in ("sfd", "gcd"):
        with pytest.raises(PlacesEqual):
            distances.measure("road", basis, spots(distances, "南京", "南京"))  # type: ignore[arg-type]


def test_the_way_to_the_network_is_inside_and_said() -> None:
    """The whole is the path with the great circles at both ends."""
    distances = OfflineDistances(list)
    part = distances.measure("road", "sfd", spots(distances, "武汉", "南京")).parts[0]
    assert all(0 <= access <= 20_000 for access in part.access)
    inner = next(one.network for one in MEASURES if isinstance(one, AlongNetwork) and one.mode == "road")
    ends = [inner.nearest(spot.latitude, spot.longitude)[0] for spot in (part.start, part.end)]
    path = inner.path(ends[0], ends[1])
    assert path is not None
    assert part.metres == path[0] + sum(part.access)
