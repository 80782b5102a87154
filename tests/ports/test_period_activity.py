"""One suite for ``ledger.ports.period_activity`` on SQLite and PostgreSQL: exactly once, by month, the same sums."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec
import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.period_activity import SqlPeriodActivity
from ledger.ports import LeafRow
from ledger.ports.period_activity import PeriodActivity
from ledger.records.record import Record, decode
from ledger.services.project import catch_up
from tests.builders import PRODUCT, TENANT, leg
from tests.rig import Rig

APRIL, MAY = 2023 * 12 + 3, 2023 * 12 + 4
LATE = "2023-04-30T18:00:00+00:00"
"""In China it is May already."""


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def hub(number: int, at: str, pieces: int, **changes: Any) -> Record:
    fields = {
        "hub": "H",
        "id": f"hub-{number}",
        "kind": "hub_operation",
        "mass_g": 1000 + number,
        "occurred_at": at,
        "operation": "storage",
        "product": PRODUCT,
        "quantity": pieces,
        "route": "R",
        "version": 1,
    }
    return decode(msgspec.json.encode(fields | changes))


def records() -> list[Record]:
    found = [
        leg(
            f"leg-{n}",
            occurred_at=at,
            carrier=f"c{n % 2}",
            route="R",
            mass_g=10**9 + n,
            distance_m=10**7,
            quantity=n + 1,
        )
        for n, at in enumerate(("2023-04-02T00:00:00+00:00", LATE, "2023-05-09T00:00:00+00:00") * 4)
    ]
    return [*found, hub(1, LATE, 3), hub(2, "2023-04-09T00:00:00+00:00", 4, temperature="refrigerated")]


def rows(rig: Rig) -> list[LeafRow]:
    return [row for batch in rig.entries.rows(0, rig.entries.size()) for row in batch]


def test_months_hold_what_the_cube_holds(rig: Rig) -> None:
    """Over all months the sums are those of the activity cube; a month is the month in China."""
    rig.capture(records())
    periods = SqlPeriodActivity(rig.database)
    assert isinstance(periods, PeriodActivity)
    every = rows(rig)
    for start in range(0, len(every), 3):  # in pieces, each one twice
        periods.fold(every[start : start + 3])
        periods.fold(every[: start + 3])
    catch_up(rig.entries, rig.projections)
    found = periods.months(TENANT, APRIL, MAY)
    cube = rig.projections.cube(TENANT)
    assert sum(one.cell.gram_metres for one in found.legs) == sum(cell.gram_metres for cell in cube.transport)
    assert sum(one.cell.count for one in found.legs) == 12
    assert {(one.month, one.cell.count) for one in found.legs} == {(APRIL, 2), (MAY, 4)}
    assert [(one.month, one.cell.temperature, one.cell.grams) for one in found.hubs] == [
        (APRIL, "refrigerated", 1002),
        (MAY, "ambient", 1001),
    ]
    assert periods.span(TENANT) == (APRIL, MAY)
    assert periods.watermark() == len(every)
    assert {one.month for one in periods.months(TENANT, MAY, MAY).legs} == {MAY}
    assert periods.months("nobody", APRIL, MAY) == ([], [], [])
    assert periods.span("nobody") is None
    periods.reset()
    assert (periods.span(TENANT), periods.watermark()) == (None, 0)


def test_a_piece_counts_once(rig: Rig) -> None:
    """At the hub where it passed, not on the routes too; without a hub on the busiest route."""
    rig.capture(records())
    periods = SqlPeriodActivity(rig.database)
    periods.fold(rows(rig))
    counted = defaultdict[int, int](int)
    for one in periods.months(TENANT, APRIL, MAY).pieces:
        counted[one.month] += one.units
    assert dict(counted) == {APRIL: 4, MAY: 3}


def test_a_correction_takes_its_record_out_of_its_month(rig: Rig) -> None:
    """In the same batch or later, sums are those of what still stands; a month left empty is no month."""
    given = records()
    gone = {"leg-1", "leg-4", "hub-1"}
    rig.capture([*given, *(withdrawal(name) for name in sorted(gone) if name != "leg-4")])
    periods = SqlPeriodActivity(rig.database)
    catch_up(rig.entries, periods)
    rig.capture([withdrawal("leg-4")])
    catch_up(rig.entries, periods)
    told = periods.months(TENANT, APRIL, MAY)
    standing = [record for record in given if record.id not in gone]
    legs = [record for record in standing if record.kind == "transport_leg"]
    assert sum(found.cell.count for found in told.legs) == len(legs)
    assert sum(found.cell.gram_metres for found in told.legs) == sum(x.mass_g * x.distance_m for x in legs)
    assert sum(found.cell.grams for found in told.hubs) == sum(x.mass_g for x in standing if x.kind == "hub_operation")
    assert MAY not in {found.month for found in told.hubs}
    assert sum(piece.units for piece in told.pieces) == 4
    periods.reset()
    catch_up(rig.entries, periods)
    assert periods.months(TENANT, APRIL, MAY) == told


def withdrawal(name: str) -> Record:
    """The correction that withdraws a record."""
    fields = {"corrects": name, "id": f"{name}#correction", "kind": "correction", "reason": "weighed again"}
    return decode(msgspec.json.encode(fields | {"occurred_at": "2023-06-01T00:00:00+00:00", "version": 1}))
