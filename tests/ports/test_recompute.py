"""
One suite for ``ports.segments.Engine``, and for the two databases: the same legs give the same digits everywhere.

Python over the records, the projection on SQLite and on PostgreSQL, and every engine over the sealed files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.recompute import ENGINES
from ledger.adapters.recompute.spark_engine import has_java, spark_session
from ledger.adapters.segments.folder import FolderSegments
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.demo.month import records
from ledger.footprint.activity import HubCell, TransportCell, cube_of, merged
from ledger.footprint.totals import product_of, route_of, totals
from ledger.ports.segments import Engine
from ledger.records.record import Record, decode
from ledger.segments.rolled_up import without_driven
from ledger.services.footprints import all_routes
from ledger.services.recompute import recompute, recompute_totals
from ledger.services.seal import Sealer, seal_next
from tests.builders import PRODUCT, TENANT, correction, leg, legs
from tests.intruder import Intruder
from tests.postgres import PostgresServer
from tests.rig import Rig

OTHER = "https://id.gs1.org/01/09506000134369"
Found = tuple[list[TransportCell], list[HubCell]]


@st.composite
def activity(draw: st.DrawFn) -> list[Record]:
    """Legs and hub operations of a few keys, as heavy and far as can be recorded, and as little."""
    mass, far = st.sampled_from([1, 7, 10**12 - 1, 10**12]), st.sampled_from([1, 99_999_999, 10**8])
    made: list[Record] = []
    for number in range(draw(st.integers(1, 60))):
        common = {"id": f"r{number}", "quantity": draw(st.sampled_from([1, 10**9])), "mass_g": draw(mass), "version": 1}
        common |= {"product": draw(st.sampled_from([PRODUCT, OTHER])), "route": draw(st.sampled_from(["甲", "R2"]))}
        day = draw(st.integers(1, 28))
        common |= {"occurred_at": f"2026-01-{day:02}T08:00:00.000001+08:00"}
        if draw(st.integers(0, 4)):
            leg = {"kind": "transport_leg", "carrier": draw(st.sampled_from(["A", "B"])), "consignment": "c"}
            leg |= {"origin": "o", "destination": "d", "distance_m": draw(far), "distance_basis": "sfd", "mode": "rail"}
            leg |= {"vehicle": draw(st.sampled_from(["rail.freight.avg", "v"]))}
            driven = draw(st.none() | far)
            made.append(_record(common | leg | ({} if driven is None else {"driven_m": driven})))
        else:
            hub = {"kind": "hub_operation", "hub": "H", "operation": "storage"}
            hub |= {"temperature": draw(st.sampled_from(["ambient", "refrigerated"]))}
            made.append(_record(common | hub))
    gone = draw(st.sets(st.integers(0, len(made) - 1), max_size=4))
    for number in sorted(gone, reverse=True):  # what stands before a number keeps its place
        made.insert(draw(st.integers(number + 1, len(made))), correction(f"r{number}"))
    return made


def _record(fields: dict[str, object]) -> Record:
    return decode(msgspec.json.encode(fields))


def by_python(listed: Sequence[Record]) -> Found:
    cube = cube_of(enumerate(listed))
    return merged(cube.transport), merged(cube.hubs)


def projected(rig: Rig) -> Found:
    cube = rig.projections.cube(TENANT)
    return merged(cube.transport), merged(cube.hubs)


def sealed(rig: Rig, listed: Sequence[Record], folder: Path, parts: int = 2) -> FolderSegments:
    """The records captured, confirmed and sealed in so many segments."""
    store = FolderSegments(folder)
    size = -(-len(listed) // parts)
    for start in range(0, len(listed), size):
        rig.capture(listed[start : start + size])
        rig.round()
        rig.round()
        assert seal_next(Sealer(rig.entries, rig.checkpoints, rig.leases, store, "one"), 1) is not None
    return store


def everywhere(engines: Sequence[Engine], early: list[Record], late: list[Record], urls: Sequence[str]) -> None:
    """
    Assert that every way gives what Python over the records gives.

    ``early`` is sealed, ``late`` stands in the log behind it.
    """
    expected = by_python([*early, *late])
    for url in urls:
        rig = Rig(Database(open_engine(url)))
        with TemporaryDirectory() as folder:
            store = sealed(rig, early, Path(folder))
            if late:
                rig.capture(late)
                rig.round()
            assert projected(rig) == expected
            for engine in engines:
                found = recompute(engine, store, rig.entries, rig.projections, TENANT)
                assert found.disagree == (), engine.name
                assert (found.cube.transport, found.cube.hubs) == expected, engine.name
                assert (found.sealed, found.watermark) == (len(early), len(early) + len(late))
                again = recompute_totals(engine, store, rig.entries, rig.projections, TENANT)
                assert again.disagree == (), engine.name
                for keep in ("route", "product"):
                    assert list(again.rolled.of(keep, TENANT)) == without_driven(merged(expected[0], keep)), engine.name
                assert list(again.rolled.of("supplier", TENANT)) == without_driven(merged(found.suppliers))
        rig.database.engine.dispose()


def test_the_demonstration_gives_the_same_everywhere(sqlite_url: str, postgres_url: str) -> None:
    """
    A month of a warehouse in over a hundred cells, with corrections of sealed and of later records, and a cell beyond
    2^63: SQLite, PostgreSQL, Python and DuckDB give one set of digits.
    """
    everywhere(ENGINES[:2], *month(), (postgres_url, sqlite_url))


def month() -> tuple[list[Record], list[Record]]:
    listed = list(records())[::3]
    heavy = legs(11, mass_g=10**12, distance_m=10**8, driven_m=10**8, route="heaviest and farthest")
    moved = [one.id for one in listed if one.kind in {"transport_leg", "hub_operation"}]
    early = [*listed, *heavy, *map(correction, moved[5::150])]
    late = [leg("late"), *map(correction, (*moved[7::150], "late")), leg("later", mass_g=10**12)]
    found = by_python([*early, *late])[0]
    assert len(found) > 100
    (cell,) = (cell for cell in found if cell.route == "heaviest and farthest")
    assert cell.gram_metres == cell.driven_gram_metres == 11 * 10**20 > 2**63
    return early, late


@pytest.mark.skipif(not has_java(), reason="no Java of 17 or newer here (JAVA_HOME or path), and Spark needs one")
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_gives_the_same(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same month by a session on two cores, whose arithmetic raises where it would overflow."""
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # sooner ready, slower later
    session = spark_session()
    try:
        assert session.sparkContext.master == "local[2]"
        assert session.conf.get("spark.sql.ansi.enabled") == "true"
        everywhere(ENGINES[2:], *month(), (sqlite_url,))
    finally:
        session.stop()


@settings(max_examples=2)
@given(listed=activity())
def test_legs_at_the_bounds_give_the_same_everywhere(
    listed: list[Record], sqlite_template: Path, postgres_server: PostgresServer
) -> None:
    """Products of 10^20 and sums beyond 2^63, in two segments."""
    url = postgres_server.fresh()
    with TemporaryDirectory() as directory:
        path = Path(directory) / "ledger.db"
        path.write_bytes(sqlite_template.read_bytes())
        everywhere(ENGINES[:2], listed, [], (url, f"sqlite:///{path}"))
    postgres_server.drop(url)


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


@pytest.mark.parametrize("engine", ENGINES[:2], ids=lambda engine: engine.name)
def test_segments_and_the_entries_after_them_are_the_projection(rig: Rig, engine: Engine, tmp_path: Path) -> None:
    """With nothing sealed, with part of it, and with a projection that is behind the segments."""
    month = list(records())
    store = FolderSegments(tmp_path / "s")
    assert recompute(engine, store, rig.entries, rig.projections, TENANT).disagree == ()
    store = sealed(rig, month[:200], tmp_path / "s")
    rig.capture(month[200:])
    rig.round()
    found = recompute(engine, store, rig.entries, rig.projections, TENANT)
    assert (found.sealed, found.watermark, found.disagree) == (200, len(month), ())
    assert list(found.cube.transport) == by_python(month)[0]
    (last,) = store.manifests()[-1:]
    summed = engine.activity(store, [last])
    cells = summed.transport(TENANT)
    assert [summed.by_route(TENANT), summed.by_product(TENANT)] == [
        merged(cells, keep) for keep in ("route", "product")
    ]
    assert sum(cell.count for cell in found.suppliers) == sum(cell.count for cell in found.cube.transport)
    rig.projections.reset()
    assert recompute(engine, store, rig.entries, rig.projections, TENANT).disagree == ()


@pytest.mark.parametrize("engine", ENGINES[:2], ids=lambda engine: engine.name)
def test_a_corrected_leg_leaves_the_totals(rig: Rig, engine: Engine, tmp_path: Path) -> None:
    """Withdrawn in its segment, by a later segment, by an entry after all of them, and itself after all of them."""
    once = [*legs(6), correction("leg-1"), *legs(2, 10), correction("leg-2"), correction("leg-10")]
    store = sealed(rig, once, tmp_path / "s")
    other = [leg("other", route="gone"), correction("other")]
    rig.capture([correction("leg-3"), *legs(2, 20), correction("leg-20"), *other])
    rig.round()
    found = recompute(engine, store, rig.entries, rig.projections, TENANT)
    assert (len(store.manifests()), found.disagree) == (2, ())
    (cell,) = found.cube.transport
    assert (cell.route, cell.count, cell.grams) == ("route-1", 5, 5 * 12_500)


def test_a_projection_that_was_changed_is_told(rig: Rig, sqlite_url: str, tmp_path: Path) -> None:
    """One gram too many in one cell names that cell and both figures."""
    store = sealed(rig, legs(4), tmp_path / "s")
    Intruder(sqlite_url).run("UPDATE activity SET grams = grams + 1")
    (fault,) = recompute(ENGINES[1], store, rig.entries, rig.projections, TENANT).disagree
    assert "route-1" in fault.cell
    assert "grams=50000" in fault.segments
    assert "grams=50001" in fault.projection
    told = recompute_totals(ENGINES[1], store, rig.entries, rig.projections, TENANT).disagree
    assert ["route-1" in told[0].cell, len(told)] == [True, 2]


def test_totals_are_those_of_the_footprints(rig: Rig, tmp_path: Path) -> None:
    """The short way to totals gives the digits of the way with the trail, gaps counted."""
    month = list(records())
    sealed(rig, [*month, *legs(2, route="nowhere")], tmp_path / "s")
    source = FactorTables()
    cube = rig.projections.cube(TENANT)
    found = totals(cube, source.current(), route_of)
    whole = all_routes(rig.projections, source, TENANT)
    assert {name: route.wtw for name, route in whole.items() if route.wtw} == found.kg
    assert found.gaps == {name: len(route.gaps) for name, route in whole.items() if route.gaps} == {"nowhere": 1}
    by_product = totals(cube.rolled_up("product"), source.current(), product_of)
    assert sum(by_product.kg.values()) == sum(found.kg.values())
