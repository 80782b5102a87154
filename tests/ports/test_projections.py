"""One suite for ``ledger.ports.Projections`` on SQLite and PostgreSQL: exactly once, any order, same digits."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.mark import ProjectionGap
from ledger.errors import LedgerError
from ledger.ports import Fact, LeafRow, Receipt
from ledger.records.record import Record, decode
from ledger.services.project import catch_up, rebuild
from tests.builders import PRODUCT, TENANT, correction, draft_of, leg, legs, pcf, scan
from tests.postgres import PostgresServer
from tests.rig import Rig


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def rows(rig: Rig) -> list[LeafRow]:
    return [row for batch in rig.entries.rows(0, rig.entries.size()) for row in batch]


def seen(rig: Rig) -> dict[str, Any]:
    """Everything that the projections say."""
    projections = rig.projections
    cube = projections.cube(TENANT)
    return {
        "watermark": projections.watermark(),
        "counts": projections.counts(TENANT),
        "transport": sorted(cube.transport, key=repr),
        "hubs": sorted(cube.hubs, key=repr),
        "energy": sorted(cube.energy, key=repr),
        "declared": sorted(cube.declared, key=repr),
        "assets": projections.assets(TENANT),
        "entries": {asset.id: projections.asset_entries(asset.id) for asset in projections.assets(TENANT)},
        "routes": projections.routes(TENANT),
        "products": projections.products(TENANT),
        "facts": [projections.facts(TENANT, kind) for kind in ("energy_use", "product_footprint", "scheme", "bid")],
    }


def day(number: int) -> str:
    return f"2026-01-{1 + number % 28:02}T08:00:00+08:00"


def mixed(count: int) -> list[Record]:
    """Legs on a few routes, scans of a few things, hubs, meters, declared footprints."""
    chance = random.Random(1)
    made: list[Record] = []
    for number in range(count):
        kind = number % 5
        common = {"id": f"r{number}", "occurred_at": day(chance.randrange(28)), "version": 1}
        if kind < 2:
            changes = {"driven_m": 5_000} if number % 3 else {}
            made.append(leg(f"leg-{number}", route=f"route-{number % 3}", mass_g=10**9 + number, **changes))
        elif kind == 2:
            item = f"{PRODUCT}/21/{chance.randrange(4)}"
            place = {"id": f"urn:epc:id:sgln:0614141.0734{number % 5}.0"}
            made.append(scan(f"urn:uuid:{number}", epcList=[item], eventTime=common["occurred_at"], bizLocation=place))
        elif kind == 3:
            hub = {"kind": "hub_operation", "hub": "H", "mass_g": 7, "operation": "storage", "product": PRODUCT}
            made.append(record(common | hub | {"quantity": 2, "route": "route-1"}))
        else:
            meter = {
                "kind": "energy_use",
                "carrier": "electricity",
                "energy_wh": number,
                "region": "CN-EC",
                "site": "S",
            }
            made.append(record(common | meter | {"period_start": day(1), "period_end": day(5)}))
    return made


def record(fields: dict[str, Any]) -> Record:
    return decode(msgspec.json.encode(fields))


# ---------------------------------------------------------------- exactly once


def test_repeats_and_overlaps_change_nothing(rig: Rig) -> None:
    """Rows that were folded before are left out, whatever batches they come in again."""
    rig.capture(mixed(40))
    every = rows(rig)
    rig.projections.fold(every[:25])
    rig.projections.fold(every[:25])
    rig.projections.fold(every[10:30])
    rig.projections.fold(every)
    folded = seen(rig)
    rebuild(rig.entries, rig.projections)
    assert seen(rig) == folded
    assert folded["watermark"] == 40
    assert folded["counts"]["transport_leg"] == 16


def test_a_gap_is_refused(rig: Rig) -> None:
    """Entries out of order are refused, and nothing of them is kept."""
    rig.capture(mixed(20))
    every = rows(rig)
    rig.projections.fold(every[:5])
    before = seen(rig)
    with pytest.raises(ProjectionGap) as raised:
        rig.projections.fold(every[7:])
    assert raised.value.values() == {"expected": 5, "got": 7}
    assert seen(rig) == before


def test_forgetting_forgets_everything(rig: Rig) -> None:
    """After a reset nothing is known, and the whole log can be folded again."""
    empty = seen(rig)
    rig.capture(mixed(20))
    catch_up(rig.entries, rig.projections)
    rig.projections.reset()
    assert seen(rig) == empty


def test_many_workers_fold_each_entry_once(rig: Rig) -> None:
    """Six workers that fold while records come in count every record once."""
    every = mixed(150)

    def work(number: int) -> None:
        if number == 0:
            for start in range(0, 150, 10):
                rig.capture(every[start : start + 10])
        else:
            for _ in range(15):
                catch_up(rig.entries, rig.projections)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    catch_up(rig.entries, rig.projections)
    folded = seen(rig)
    rebuild(rig.entries, rig.projections)
    assert folded == seen(rig)
    assert folded["watermark"] == 150


# ---------------------------------------------------------------- any order, any database


def without_places(said: dict[str, Any]) -> dict[str, Any]:
    """What is said, less the numbers of entries: they follow the order of arrival."""
    said = dict(said)
    said["assets"] = [asset._replace(first_seq=0, last_seq=0) for asset in said["assets"]]
    said["entries"] = {name: len(entries) for name, entries in said["entries"].items()}
    for name in ("transport", "hubs"):
        said[name] = sorted((_bare(cell) for cell in said[name]), key=repr)
    said["energy"] = len(said["energy"])
    said["facts"] = [sorted((fact.subject, fact.occurred_at) for fact in facts) for facts in said["facts"]]
    return said


def _bare(cell: Any) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(cell).items() if not name.endswith("_entry")}


def test_any_order_of_arrival_ends_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Records that arrive in any order and any batches leave the same sums and the same latest states."""
    every = [r for r in mixed(60) if not hasattr(r, "event")]
    scans = [
        scan(
            f"urn:uuid:{n}",
            eventTime=day(n),
            epcList=[f"{PRODUCT}/21/{n % 3}"],
            bizStep=f"https://example.com/step-{n}",
        )
        for n in range(12)
    ]
    chance, said = random.Random(2), []
    for number in range(12):
        order = [*every, *scans]
        chance.shuffle(order)
        path = tmp_path_factory.mktemp(f"order{number}") / "ledger.db"
        rig = Rig(Database(open_engine(f"sqlite:///{path}")))
        while order:
            size = chance.randint(1, 20)
            rig.capture(order[:size])
            order = order[size:]
            if chance.random() < 0.5:
                catch_up(rig.entries, rig.projections)
        catch_up(rig.entries, rig.projections)
        said.append(without_places(seen(rig)))
        rig.database.engine.dispose()
    assert all(other == said[0] for other in said)


def test_both_databases_say_the_same(sqlite_url: str, postgres_url: str) -> None:
    """The same records give the same digits on SQLite and PostgreSQL, beyond 2^63 gram-metres too."""
    said = []
    for url in (sqlite_url, postgres_url):
        rig = Rig(Database(open_engine(url)))
        rig.capture([*mixed(60), *(leg(f"far-{n}", mass_g=10**12, distance_m=10**8) for n in range(50))])
        catch_up(rig.entries, rig.projections)
        said.append(seen(rig))
        rig.database.engine.dispose()
    assert said[0] == said[1]
    assert max(cell.gram_metres for cell in said[0]["transport"]) > 50 * 10**20


# ---------------------------------------------------------------- nothing that is taken can stop the folding

TEXT = st.text(min_size=1, max_size=200)
ANY = st.integers(1, 2**53 - 1)
LEGS = st.fixed_dictionaries(
    {
        "carrier": TEXT,
        "consignment": TEXT,
        "destination": TEXT,
        "distance_m": ANY,
        "mass_g": ANY,
        "quantity": ANY,
        "origin": TEXT,
        "route": TEXT,
        "vehicle": TEXT,
        "product": st.sampled_from([PRODUCT, "https://example.com/" + "é" * 180, "(01)09506000134352(10)" + "%" * 20])
        | TEXT,
    },
    optional={"driven_m": ANY, "occurred_at": st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])},
)
SCANS = st.fixed_dictionaries(
    {
        "bizStep": TEXT,
        "disposition": TEXT,
        "epcList": st.lists(
            st.sampled_from([f"{PRODUCT}/21/" + "é" * 20, "https://example.com/" + "é" * 2_000]) | TEXT,
            min_size=1,
            max_size=3,
        ),
        "bizLocation": st.builds(lambda text: {"id": text}, TEXT),
    }
)


def taken(make: Callable[..., Record], fields: dict[str, Any]) -> list[Record]:
    """The record, or nothing when its form is refused."""
    try:
        return [make(f"id {hash(repr(fields))}", **fields)]
    except LedgerError:
        return []


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rig:
    """A ledger that many examples use one after the other."""
    if request.param == "sqlite":
        return Rig(Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('standing') / 'ledger.db'}")))
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return Rig(Database(open_engine(server.fresh())))


def folds(rig: Rig, records: Sequence[Record]) -> None:
    outcomes = rig.capture(records)
    assert all(isinstance(outcome, Receipt | LedgerError) for outcome in outcomes)
    catch_up(rig.entries, rig.projections)
    assert rig.projections.watermark() == rig.entries.size()
    seen(rig)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(fields=LEGS)
@example(fields={"route": "a\x00b"})
@example(fields={"mass_g": 2**53 - 1, "distance_m": 2**53 - 1, "driven_m": 2**53 - 1, "quantity": 2**53 - 1})
def test_any_leg_that_is_taken_is_folded(standing: Rig, fields: dict[str, Any]) -> None:
    """No leg that capture takes can stop the projections, however odd its texts and large its numbers."""
    folds(standing, taken(leg, fields))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(fields=SCANS)
@example(fields={"bizStep": "\x00"})
@example(fields={"epcList": [f"{PRODUCT}/21/a\x00"]})
def test_any_scan_that_is_taken_is_folded(standing: Rig, fields: dict[str, Any]) -> None:
    """No event that capture takes can stop the projections."""
    folds(standing, taken(scan, fields))


def test_sums_do_not_run_over(standing: Rig) -> None:
    """Many of the largest legs that are taken add up exactly."""
    most = [
        r
        for n in range(2_000)
        for r in taken(leg, {"route": "most", "mass_g": 10**12, "quantity": 10**9, "carrier": str(n)})
    ]
    folds(standing, most)
    (cell,) = standing.projections.cube(TENANT, route="most").transport
    assert cell.grams == 2_000 * 10**12


def test_legs_fold_in_bulk(rig: Rig) -> None:
    """Thousands of legs on one route in one fold are one cell with the exact sums."""
    rig.capture(legs(3_000, mass_g=999_999_999_999, distance_m=99_999_999))
    catch_up(rig.entries, rig.projections)
    (cell,) = rig.projections.cube(TENANT).transport
    assert (cell.count, cell.grams) == (3_000, 3_000 * 999_999_999_999)
    assert cell.gram_metres == 3_000 * 999_999_999_999 * 99_999_999


def test_two_tenants_may_scan_one_code(rig: Rig) -> None:
    """The same code from two tenants in one run is two things; neither scan moves the other's."""
    rig.capture([scan("urn:uuid:ours")])
    theirs = scan("urn:uuid:theirs", bizStep="storing", eventTime="2026-02-01T08:00:00+08:00")
    rig.entries.append([draft_of(theirs, tenant="another")], 1)
    catch_up(rig.entries, rig.projections)
    (ours,), (other,) = rig.projections.assets(TENANT), rig.projections.assets("another")
    assert (ours.step, other.step) == ("shipping", "storing")
    assert rig.projections.asset(ours.id) == ours
    assert rig.projections.asset_entries(ours.id) == [0]


def test_facts_are_read_from_the_newest_back(rig: Rig) -> None:
    """Page by page, each once, the same as from the oldest on; of a subject likewise; below an entry."""
    rig.capture([pcf(f"declared:{number}") for number in range(10)])
    catch_up(rig.entries, rig.projections)
    projections = rig.projections
    every = projections.facts(TENANT, "product_footprint")
    assert len(every) > 3
    paged: list[Fact] = []
    while page := projections.last_facts(TENANT, "product_footprint", before=paged[-1].seq if paged else None, limit=3):
        assert len(page) <= 3
        paged += page
    assert paged == every[::-1]
    of_one = projections.facts(TENANT, "product_footprint", every[0].subject)
    assert projections.last_facts(TENANT, "product_footprint", every[0].subject, limit=99) == of_one[::-1]
    assert projections.last_facts("nobody", "product_footprint") == []


def test_subjects_are_named_in_pages_and_counted(rig: Rig) -> None:
    """Each once, in the order of code points on both databases, of all kinds together; withdrawn ones are gone."""
    kinds = ("bid", "scheme")

    def said(kind: str, tender: str, number: int = 1) -> Record:
        fields = {"content": {}, "id": f"{kind}:{tender}:{number}", "occurred_at": "2026-01-01T08:00:00Z", "version": 1}
        return decode(msgspec.json.encode(fields | {"kind": kind, "tender": tender}))

    rig.capture([said("scheme", name) for name in ("B", "a", "é", "中", "A 1")])
    rig.capture([said("bid", "B"), said("bid", "B", 2), said("bid", "without a scheme"), said("bid", "gone")])
    rig.capture([correction("bid:gone:1")])
    catch_up(rig.entries, rig.projections)
    known, every = rig.projections, ["A 1", "B", "a", "without a scheme", "é", "中"]
    assert known.subjects(TENANT, kinds) == every
    assert (known.subject_count(TENANT, kinds), known.subject_count(TENANT, ("bid",))) == (len(every), 2)
    for limit in (1, 2, 5, 9):
        found = known.subjects(TENANT, kinds, limit=limit)
        while page := known.subjects(TENANT, kinds, after=found[-1], limit=limit):
            assert len(page) <= limit
            found += page
        assert found == every
    told = known.tally(TENANT, kinds, ["B", "é", "gone"])
    assert told == {("scheme", "B"): 1, ("bid", "B"): 2, ("scheme", "é"): 1}
    assert known.subjects("nobody", kinds) == []
    assert known.subject_count("nobody", kinds) == 0
