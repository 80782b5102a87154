"""
A round that a vehicle drove: how far by its odometer or tracker, and whom it served in which order.

A transport leg says how far one consignment was carried; the way back, empty, is in none. A round says how far the
vehicle went in all.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.transport_leg import Metres, Moment, Name

MOST_ORDERS: Final = 500


class VehicleRound(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A ``vehicle`` left its ``depot`` at ``occurred_at`` and was back at ``returned_at``: ``driven_m`` [m], as measured.

    ``orders`` are the consignments that it served, in the order of its stops. ``measured_by`` names the instrument.
    """

    depot: Name
    driven_m: Metres
    id: Name
    kind: Literal["vehicle_round"]
    measured_by: Name
    occurred_at: Moment
    orders: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_ORDERS)]
    returned_at: Moment
    vehicle: Name
    version: Literal[1]


def check_round(record: VehicleRound) -> None:
    """It returns after it left, and serves each order once."""
    if record.returned_at < record.occurred_at:
        raise contradiction("it returns before it leaves", "返回早于出发", "/returned_at")
    if len(set(record.orders)) < len(record.orders):
        raise contradiction("an order is served twice", "同一订单被配送了两次", "/orders")
