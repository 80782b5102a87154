"""A day that can be checked in the head: a loop of 120 km, 8 t for one customer and 2 t for the other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ledger.records.driven_saving import PackagingChange, PackedOrder, StatedDoubt
from ledger.records.record import Record, decode
from tests.builders import leg

DAY = date(2026, 3, 2)
MORNING = f"{DAY}T08:00:00+08:00"
EVENING = f"{DAY}T18:00:00+08:00"
MASSES = {"a": 8_000_000, "b": 2_000_000}
BEFORE = [("b", 20_000), ("a", 80_000)]
"""The light one first: 10 t over 20 km, 8 t over 80 km, nothing over 20 km: 840 t km."""
AFTER = [("a", 20_000), ("b", 80_000)]
"""The heavy one first: 360 t km. At 200 g/km and 10 g/(t km): 32,400 g before, 27,600 g after."""
DOUBT = StatedDoubt(activity="0.02", making="0.1", rates="0.05")


def route_plan(name: str, stops: Sequence[tuple[str, int]], baseline: str | None = None, **changes: Any) -> Record:
    """A plan of one lorry with stops (order, leg [m]) and 20 km back."""
    route = {
        "back_metres": 20_000,
        "depot": "home",
        "empty_g_per_km": "200",
        "loaded_g_per_tkm": "10",
        "stops": [
            {"direction": "delivery", "mass_g": MASSES[order], "metres": metres, "order": order, "place": f"at {order}"}
            for order, metres in stops
        ],
        "vehicle": "lorry 1",
    }
    fields = {
        "day": DAY.isoformat(),
        "id": name,
        "kind": "route_plan",
        "occurred_at": "2026-03-01T12:00:00+08:00",
        "rates_source": "fuel records 2025",
        "role": "plan" if baseline else "baseline",
        "routes": [route],
        "version": 1,
    }
    return decode(json.dumps(fields | ({"baseline": baseline} if baseline else {}) | changes).encode())


def driven_leg(order: str, metres: int, name: str = "", **changes: Any) -> Record:
    """What an order weighed and how far it was carried."""
    fields: Mapping[str, Any] = {
        "consignment": order,
        "distance_m": metres,
        "driven_m": metres,
        "mass_g": MASSES[order],
        "occurred_at": MORNING,
        "arrived_at": EVENING,
    }
    return leg(name or f"leg:{order}", **(dict(fields) | changes))


def driven_round(orders: Sequence[str], metres: int = 120_000, name: str = "round:1", **changes: Any) -> Record:
    """How far the lorry went, and whom it served."""
    fields = {
        "depot": "home",
        "driven_m": metres,
        "id": name,
        "kind": "vehicle_round",
        "measured_by": "odometer",
        "occurred_at": MORNING,
        "orders": list(orders),
        "returned_at": EVENING,
        "vehicle": "lorry 1",
        "version": 1,
    }
    return decode(json.dumps(fields | changes).encode())


def packaging(before: tuple[int, int], after: tuple[int, int], **changes: Any) -> PackagingChange:
    """Both orders packed alike: (g, cm3) in the baseline, and as sent; a vehicle of 40 t and 20 m3."""
    orders = tuple(
        PackedOrder(
            baseline_cm3=before[1],
            baseline_packaging_g=before[0],
            order=order,
            packaging_g=after[0],
            volume_cm3=after[1],
        )
        for order in MASSES
    )
    fields: dict[str, Any] = {"hold_cm3": 20_000_000, "orders": orders, "payload_g": 40_000_000, "source": "scales"}
    return PackagingChange(**(fields | changes))
