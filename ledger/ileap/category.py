"""Operation categories: transport (TOC) and hub (HOC), whose intensity the shipments in them share."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ledger.ileap.energy import EnergyCarrier
from ledger.ileap.terms import Location, Mode, Name, Number, Text

Certifications = Annotated[tuple[Name, ...], Meta(max_length=50)]
Carriers = Annotated[tuple[EnergyCarrier, ...], Meta(min_length=1, max_length=50)]
HubType = Literal[
    "LiquidBulkTerminal", "MaritimeContainerTerminal", "StorageAndTransshipment", "Transshipment", "Warehouse"
]
Temperature = Literal["ambient", "mixed", "refrigerated"]


class Toc(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """
    Transport of one kind: intensities [kg CO2e per ``transport_activity_unit``, mostly t km].

    ``load_factor`` is above 0 and up to 1, ``empty_distance_factor`` 0 to below 1.
    """

    toc_id: Name
    certifications: Certifications = ()
    description: Text | None = None
    mode: Mode
    load_factor: Number | None = None
    empty_distance_factor: Number | None = None
    temperature_control: Temperature | None = None
    truck_loading_sequence: Literal["FTL", "LTL"] | None = None
    air_shipping_option: Literal["belly freight", "freighter"] | None = None
    flight_length: Literal["long-haul", "short-haul"] | None = None
    co2e_intensity_wtw: Number = field(name="co2eIntensityWTW")
    co2e_intensity_ttw: Number = field(name="co2eIntensityTTW")
    transport_activity_unit: Name
    energy_carriers: Carriers


class Hoc(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """Operations of one kind at a hub: intensities [kg CO2e per ``hub_activity_unit`` leaving the hub]."""

    hoc_id: Name
    description: Text | None = None
    certifications: Certifications = ()
    hub_type: HubType
    temperature_control: Temperature | None = None
    hub_location: Location | None = None
    inbound_transport_mode: Mode | None = None
    outbound_transport_mode: Mode | None = None
    packaging_or_tr_eq_type: Text | None = None
    packaging_or_tr_eq_amount: Annotated[int, Meta(ge=0)] | None = None
    co2e_intensity_wtw: Number = field(name="co2eIntensityWTW")
    co2e_intensity_ttw: Number = field(name="co2eIntensityTTW")
    hub_activity_unit: Name
    energy_carriers: Carriers
