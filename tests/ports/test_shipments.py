"""Entries by consignment, on SQLite and PostgreSQL: wanted by name or route, in pages, withdrawn, built again."""

from __future__ import annotations

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.shipments import SqlShipments
from ledger.ports.shipments import Shipments, Wanted
from ledger.services.project import catch_up, rebuild
from tests import shipments
from tests.builders import TENANT, correction
from tests.rig import Rig


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def test_consignments_are_found_by_name_and_route_in_the_order_of_their_code_points(rig: Rig) -> None:
    store = SqlShipments(rig.database)
    assert isinstance(store, Shipments)
    names = ("a-1", "B-1", "ä-1", "中-1", "A-1")
    legs = [shipments.leg(f"leg {name}", consignment=name, route="r" if name < "a" else "s") for name in names]
    rig.capture(
        [*legs, shipments.stay("stay", consignment="B-1", route="r"), shipments.stay("loose", consignment=None)]
    )
    catch_up(rig.entries, store)
    everything = Wanted(everything=True)
    assert store.consignments(TENANT, everything) == sorted(names)
    assert store.consignments(TENANT, everything, limit=2) == ["A-1", "B-1"]
    assert store.consignments(TENANT, everything, after="B-1", limit=2) == ["a-1", "ä-1"]
    assert store.consignments(TENANT, Wanted(routes={"r"})) == ["A-1", "B-1"]
    assert store.consignments(TENANT, Wanted({"中-1", "none"}, {"r"})) == ["A-1", "B-1", "中-1"]
    assert store.consignments(TENANT, Wanted()) == []
    assert store.consignments("other", everything) == []
    assert store.entries(TENANT, ["B-1", "none"]) == {"B-1": [1, 5]}
    assert store.shows(TENANT, Wanted(routes={"r"}), "B-1")
    assert not store.shows(TENANT, Wanted(routes={"r"}), "a-1")
    assert not store.shows("other", everything, "B-1")


def test_what_is_withdrawn_is_gone_and_a_rebuild_says_the_same(rig: Rig) -> None:
    store = SqlShipments(rig.database)
    rig.capture([shipments.leg("leg-1"), shipments.second("leg-2")])
    catch_up(rig.entries, store)
    rig.capture([correction("leg-1")])
    catch_up(rig.entries, store)
    assert store.entries(TENANT, [shipments.CONSIGNMENT]) == {shipments.CONSIGNMENT: [1]}
    assert catch_up(rig.entries, store) == 0
    rebuild(rig.entries, store)
    assert store.entries(TENANT, [shipments.CONSIGNMENT]) == {shipments.CONSIGNMENT: [1]}
