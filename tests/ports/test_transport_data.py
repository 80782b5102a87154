"""Operators' statements and vehicle models through the log, on SQLite and PostgreSQL: in the cube, per tenant."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.sql.database import Database
from ledger.footprint.calculate import calculate
from ledger.footprint.route import route_footprints
from ledger.records.record import Record, decode
from ledger.services.import_file import own_vehicles
from ledger.services.project import catch_up
from tests.builders import TENANT, leg
from tests.rig import Rig

GRID = "electricity"


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def record(fields: dict[str, object]) -> Record:
    return decode(json.dumps(fields).encode())


def statement(**changes: object) -> dict[str, object]:
    """A year of battery lorries: 1,000 kWh for 500 t km."""
    return {
        "activity_tkm": "500",
        "distance_basis": "sfd",
        "energy": [{"amount": "1000", "carrier": GRID, "region": "江苏", "unit": "kWh"}],
        "id": "fleet-2026",
        "kind": "transport_operation",
        "mode": "road",
        "occurred_at": "2027-01-01T00:00:00+08:00",
        "operator": "苏物流",
        "period_end": "2027-01-01T00:00:00+08:00",
        "period_start": "2026-01-01T00:00:00+08:00",
        "round_trips": "complete",
        "vehicle": "battery lorry",
        "version": 1,
    } | changes


def model(**changes: object) -> dict[str, object]:
    """A battery van whose consumption is modelled: 0.25 kWh per km at any load, 1 t, default use."""
    return {
        "capacity_g": 1_000_000,
        "carrier": GRID,
        "empty_per_km": "0.25",
        "empty_running_pct": "17",
        "full_per_km": "0.25",
        "id": "model-van",
        "kind": "vehicle_model",
        "load_factor_pct": "60",
        "mode": "road",
        "occurred_at": "2026-01-01T00:00:00+08:00",
        "operator": "苏物流",
        "region": "江苏",
        "unit": "kWh",
        "valid_from": date(2026, 1, 1).isoformat(),
        "valid_to": date(2026, 12, 31).isoformat(),
        "vehicle": "battery van",
        "version": 1,
    } | changes


def test_statements_and_models_reach_the_footprint(rig: Rig) -> None:
    """Of their own tenant alone; the route's emissions are those of the grid times the use per t km."""
    amounts = {"mass_g": 1_000_000, "distance_m": 10_000, "route": "route-1"}
    legs = [leg("lorry", vehicle="battery lorry", **amounts), leg("van", vehicle="battery van", **amounts)]
    rig.capture([*legs, record(statement()), record(model())])
    catch_up(rig.entries, rig.projections)
    cube = rig.projections.cube(TENANT)
    assert [one.entry for one in (*cube.operations, *cube.models)] == [2, 3]
    other = rig.projections.cube("somebody else")
    assert (other.operations, other.models) == ([], [])
    factors = FactorTables().current()
    done = calculate(cube.rolled_up("route"), factors)
    assert not done.gaps
    grid = sum((Fraction(factor.wtw) for factor in factors.electricity(2026)), Fraction(0))
    by_lorry, by_van = grid * 2 * 10, grid * Fraction("0.25") / (Fraction("0.6") * Fraction("0.83")) * 10
    assert {row.trail.method: row.wtw for row in done.rows} == {
        "transport_energy": by_lorry,
        "transport_model": by_van,
    }
    route = route_footprints(done)["route-1"]
    assert (route.ttw, route.wtt) == (0, by_lorry + by_van)
    assert route.quality.primary_by_activity == Fraction(1, 2)
    assert rig.projections.counts(TENANT)["transport_operation"] == 1


def test_a_zone_is_a_vehicle_of_its_own(rig: Rig) -> None:
    """Files may name the zones of a statement, and each zone's legs take its share, on both databases."""
    zones = [
        {"activity_tkm": "300", "cooled": False, "vehicle": "lorry, dry"},
        {"activity_tkm": "200", "cooled": True, "vehicle": "lorry, cool"},
    ]
    told = {name: value for name, value in statement(zones=zones).items() if name != "activity_tkm"}
    rig.capture([leg("dry", vehicle="lorry, dry"), leg("cool", vehicle="lorry, cool"), record(told)])
    catch_up(rig.entries, rig.projections)
    assert own_vehicles(rig.projections, TENANT) == {"lorry, dry", "lorry, cool"}
    assert own_vehicles(rig.projections, "somebody else") == set()
    done = calculate(rig.projections.cube(TENANT).rolled_up("route"), FactorTables().current())
    assert not done.gaps
    assert {row.trail.method for row in done.rows} == {"transport_energy"}
