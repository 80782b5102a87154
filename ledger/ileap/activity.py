"""Transport activity data (TAD): what a carrier did, without emissions, for those that compute them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from ledger.ileap.energy import EnergyCarrier
from ledger.ileap.terms import Distance, Location, Mode, Moment, Name, Number, Text


class Tad(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One consignment on one leg by one mode, or one transshipment: ``mass`` [kg], distances [km]."""

    activity_id: Name
    consignment_ids: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=1000)]
    distance: Distance
    mass: Number | None = None
    load_factor: Number | None = None
    empty_distance_factor: Number | None = None
    origin: Location
    destination: Location
    departure_at: Moment
    arrival_at: Moment
    mode: Mode
    packaging_or_tr_eq_type: Text | None = None
    packaging_or_tr_eq_amount: Annotated[int, Meta(ge=0)] | None = None
    energy_carriers: Annotated[tuple[EnergyCarrier, ...], Meta(max_length=50)] = ()
    temperature_control: Text | None = None
