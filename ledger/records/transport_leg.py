"""A transport leg: one consignment on one vehicle between two places (ISO 14083:2023, 3.1.29: TCE)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, Meta(tz=True)]
Grams = Annotated[int, Meta(ge=1, le=10**12)]
"""Up to a million tonnes, five times the largest ship: one mistyped mass must not run the sums past 2^63."""
Metres = Annotated[int, Meta(ge=1, le=10**8)]
"""Up to 100,000 km, more than twice around the Earth."""
Pieces = Annotated[int, Meta(ge=1, le=10**9)]


class TransportLeg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Mass and distance as measured; never a result.

    ``mass_g`` is the goods with the shipper's packaging [g]. ``distance_m`` is on the standard's basis [m]: shortest
    feasible (``sfd``) or great circle (``gcd``; air). ``driven_m`` is what was driven, when known [m]. ``vehicle``
    names the class of transport operations (TOC) that the factor set knows. ``occurred_at`` is when it departed,
    ``arrived_at`` when it was there, where that is known.
    """

    arrived_at: Moment | None = None
    carrier: Name
    consignment: Name
    destination: Name
    distance_basis: Literal["sfd", "gcd"]
    distance_m: Metres
    driven_m: Metres | None = None
    id: Name
    kind: Literal["transport_leg"]
    mass_g: Grams
    mode: Literal["air", "inland_waterway", "rail", "road", "sea"]
    occurred_at: Moment
    origin: Name
    product: Name
    quantity: Pieces
    route: Name
    vehicle: Name
    version: Literal[1]


def check_leg(record: TransportLeg) -> None:
    """Flights are measured on the great circle; nothing arrives before it departs. Raises ``FieldContradicts``."""
    if record.mode == "air" and record.distance_basis != "gcd":
        raise contradiction(
            "air legs are measured on the great circle (gcd)", "航空运输段按大圆距离（gcd）计", "/distance_basis"
        )
    if record.arrived_at is not None and record.arrived_at < record.occurred_at:
        raise contradiction("it arrives before it departs", "到达早于出发", "/arrived_at")
