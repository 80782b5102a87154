"""A consignment with a known chain: Wuhan to Lishui by battery lorry, through the hub, on to Suzhou."""

from __future__ import annotations

import json
from typing import Any

from ledger.records.record import Record, decode
from tests.builders import PRODUCT

ROUTE = "武汉-苏州"
CONSIGNMENT = "CON-1"
PARTNER = "partner-1"


def made(fields: dict[str, Any]) -> Record:
    return decode(json.dumps(fields).encode())


def leg(name: str, **changes: Any) -> Record:
    """Ten tonnes, 540 km from Wuhan to Lishui; departed 4 May 08:00, there at 18:00."""
    fields = {
        "arrived_at": "2026-05-04T18:00:00+08:00",
        "carrier": "苏物流",
        "consignment": CONSIGNMENT,
        "destination": "溧水",
        "distance_basis": "sfd",
        "distance_m": 540_000,
        "id": name,
        "kind": "transport_leg",
        "mass_g": 10_000_000,
        "mode": "road",
        "occurred_at": "2026-05-04T08:00:00+08:00",
        "origin": "武汉",
        "product": PRODUCT,
        "quantity": 20,
        "route": ROUTE,
        "vehicle": "battery lorry",
        "version": 1,
    }
    return made(fields | changes)


def second(name: str, **changes: Any) -> Record:
    """The same goods, 200 km on to Suzhou the next day."""
    way = {"origin": "溧水", "destination": "苏州", "distance_m": 200_000}
    times = {"occurred_at": "2026-05-05T08:00:00+08:00", "arrived_at": "2026-05-05T12:00:00+08:00"}
    return leg(name, **(way | times | changes))


def stay(name: str, **changes: Any) -> Record:
    """The same goods through the hub in between."""
    fields = {
        "consignment": CONSIGNMENT,
        "hub": "溧水",
        "id": name,
        "kind": "hub_operation",
        "mass_g": 10_000_000,
        "occurred_at": "2026-05-05T07:00:00+08:00",
        "operation": "transshipment",
        "product": PRODUCT,
        "quantity": 20,
        "route": ROUTE,
        "version": 1,
    }
    return made(fields | changes)


def statement(**changes: Any) -> Record:
    """A year of the fleet: 1,000 kWh for 500 t km, 20 of 100 km empty."""
    fields = {
        "activity_tkm": "500",
        "distance_basis": "sfd",
        "driven_m": 100_000,
        "empty_m": 20_000,
        "energy": [{"amount": "1000", "carrier": "electricity", "region": "江苏", "unit": "kWh"}],
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
    }
    return made(fields | changes)


def meter() -> Record:
    """The hub's month: 400 kWh for the ten tonnes."""
    fields = {
        "carrier": "electricity",
        "energy_wh": 400_000,
        "id": "meter-1",
        "kind": "energy_use",
        "occurred_at": "2026-06-01T00:00:00+08:00",
        "period_end": "2026-06-01T00:00:00+08:00",
        "period_start": "2026-05-01T00:00:00+08:00",
        "region": "江苏",
        "site": "溧水",
        "version": 1,
    }
    return made(fields)


def grant(name: str = "grant-1", **changes: Any) -> Record:
    """The partner may see the consignment."""
    fields = {
        "grantee": PARTNER,
        "id": name,
        "kind": "shipment_grant",
        "occurred_at": "2026-05-01T00:00:00+08:00",
        "scope": "consignment",
        "value": CONSIGNMENT,
        "version": 1,
    }
    return made(fields | changes)


def chain() -> list[Record]:
    """Everything of the consignment but the grant."""
    return [leg("leg-1"), stay("stay-1"), second("leg-2"), statement(), meter()]
