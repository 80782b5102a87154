"""
What a category of transport operations used and did in a period (ISO 14083:2023, clause 8: TOC), and how its vehicles
consume when nobody measured it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Grams, Metres, Moment, Name

Mode = Literal["air", "inland_waterway", "rail", "road", "sea"]
EnergyUnit = Literal["MJ", "kWh", "kg", "l", "m3"]
ELECTRICITY: Final = "electricity"
"""The one carrier whose factor comes from a grid."""
FleetMetres = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Count = Annotated[int, Meta(ge=0, le=10**9)]


class EnergyAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``amount`` of one energy carrier, in ``unit``. ``carrier`` is a name that the factor set knows, or a factor's id.

    Electricity is in kWh and names the grid ``region``.
    """

    amount: DecimalText
    carrier: Name
    region: Name | None = None
    unit: EnergyUnit


class RefrigerantLoss(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``mass_kg`` [kg] of a refrigerant that was refilled, hence had leaked."""

    gas: Name
    mass_kg: DecimalText


class RoundStop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stop of a collection or delivery round: ``mass_g`` [g], and ``direct_m`` [m] between base and stop."""

    direct_m: Metres
    mass_g: Grams
    stop: Name


class Sailing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What a ferry with passengers (RoPax) carried over ``distance_m`` [m]: numbers of each, and the goods' mass [g].

    ``freight_mass_g`` is of the goods in lorries and trailers, packaging included.
    """

    articulated_lorries: Count = 0
    buses: Count = 0
    cars: Count = 0
    distance_m: Metres
    freight_mass_g: Grams
    passengers: Count = 0
    rigid_lorries: Count = 0
    trailers: Count = 0


class PassengerFlight(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Flights of one great circle ``distance_m`` [m] with freight in the belly: passengers and freight [g] of them all.

    ``passenger_mass_g`` [g] with luggage; 100 kg where nobody weighed.
    """

    distance_m: Metres
    freight_mass_g: Grams
    passenger_mass_g: Grams | None = None
    passengers: Count


class TemperatureZone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A zone of vehicles with several: its activity [t km], whether it is cooled, and the name that its legs use."""

    activity_tkm: DecimalText
    cooled: bool
    vehicle: Name


class TransportOperation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Energy, refrigerant and transport activity of all trips of ``vehicle`` in a period; measured, never a result.

    ``vehicle`` is the operator's own name of these operations, the one that its legs use; a name that all carriers
    share would lend one carrier's figures to another. ``default_class`` names the class of the factor set that stands
    in for legs at other times. ``activity_tkm`` [t km] is of everything carried, for whomever, on ``distance_basis``.
    ``driven_m`` [m] is what was driven, of it ``empty_m`` empty. ``round_trips`` says whether all return and empty
    trips are inside; one-way charters count the leg before them.

    Where activity has to be shared out first, one of four others stands in place of ``activity_tkm``: ``stops`` of
    rounds, ``sailings`` and ``flights`` with passengers, or ``zones`` of temperature. With zones, ``energy`` is the
    general part; ``cooling`` and the refrigerants are the cooled zones' alone.
    """

    activity_tkm: DecimalText | None = None
    cooling: Annotated[list[EnergyAmount], Meta(max_length=50)] = []
    default_class: Name | None = None
    distance_basis: Literal["actual", "gcd", "sfd"]
    driven_m: FleetMetres | None = None
    empty_m: FleetMetres | None = None
    energy: Annotated[list[EnergyAmount], Meta(min_length=1, max_length=50)]
    flights: Annotated[list[PassengerFlight], Meta(max_length=500)] = []
    id: Name
    kind: Literal["transport_operation"]
    mode: Mode
    occurred_at: Moment
    operator: Name
    period_end: Moment
    period_start: Moment
    refrigerants: Annotated[list[RefrigerantLoss], Meta(max_length=50)] = []
    round_trips: Literal["complete", "one_way_charter", "partial", "pipeline"]
    sailings: Annotated[list[Sailing], Meta(max_length=500)] = []
    stops: Annotated[list[RoundStop], Meta(max_length=5000)] = []
    vehicle: Name
    version: Literal[1]
    zones: Annotated[list[TemperatureZone], Meta(max_length=8)] = []


class VehicleModel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Consumption of ``vehicle`` per km, empty and full, in ``unit`` of one ``carrier``, and how it is used.

    ``load_factor_pct`` [%] of ``capacity_g`` [g] on loaded km, ``empty_running_pct`` [%] of all km. Other figures than
    60 and 17 name the measurement behind them in ``evidence``. ``vehicle`` and ``default_class`` as of
    ``TransportOperation``.
    """

    capacity_g: Grams
    carrier: Name
    default_class: Name | None = None
    empty_per_km: DecimalText
    empty_running_pct: DecimalText
    evidence: Name | None = None
    full_per_km: DecimalText
    id: Name
    kind: Literal["vehicle_model"]
    load_factor_pct: DecimalText
    mode: Mode
    occurred_at: Moment
    operator: Name
    region: Name | None = None
    unit: EnergyUnit
    valid_from: date
    valid_to: date
    vehicle: Name
    version: Literal[1]
