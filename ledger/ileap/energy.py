"""Energy carriers of an operation: how much of each a unit of activity takes, and what a unit of it emits."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ledger.ileap.terms import Name, Number, Text

Unit = Literal["MJ", "kWh", "kg", "l"]


class Feedstock(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What a carrier is made of, and its share, 0 to 1."""

    feedstock: Name
    feedstock_share: Number | None = None
    region_provenance: Text | None = None


class EnergyCarrier(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """
    One carrier: ``energy_consumption`` per unit of activity; emission factors in kg CO2e per consumption unit.

    ``relative_share`` is above 0 and up to 1; all carriers' shares of one operation add up to 1.
    """

    energy_carrier: Name
    relative_share: Number
    feedstocks: Annotated[tuple[Feedstock, ...], Meta(max_length=50)] = ()
    energy_consumption: Number | None = None
    energy_consumption_unit: Unit | None = None
    emission_factor_wtw: Number | None = field(default=None, name="emissionFactorWTW")
    emission_factor_ttw: Number | None = field(default=None, name="emissionFactorTTW")
