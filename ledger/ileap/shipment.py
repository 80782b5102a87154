"""ShipmentFootprint: a shipment's emissions by transport chain element (TCE), one for each leg and each hub stay."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from ledger.ileap.terms import Distance, Location, Moment, Name, Number, Text

Incoterms = Literal["CFR", "CIF", "CIP", "CPT", "DAP", "DDP", "DPU", "EXW", "FAS", "FCA", "FOB"]


class Tce(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """
    One leg, or one stay at a hub, of one shipment: ``mass`` [kg], ``transport_activity`` [t km], emissions [kg CO2e].

    ``prev_tce_ids`` are the elements immediately before: none for the first; not stated where the order is unknown.
    Exactly one of ``toc_id`` and ``hoc_id`` is there. Pollutants are in kg, tank to wheel.
    """

    tce_id: Name
    prev_tce_ids: Annotated[tuple[Name, ...], Meta(max_length=1000)] | UnsetType = UNSET
    toc_id: Name | None = None
    hoc_id: Name | None = None
    shipment_id: Name
    consignment_id: Name | None = None
    mass: Number
    packaging_or_tr_eq_type: Text | None = None
    packaging_or_tr_eq_amount: Number | None = None
    distance: Distance
    origin: Location | None = None
    destination: Location | None = None
    transport_activity: Number
    departure_at: Moment | None = None
    arrival_at: Moment | None = None
    flight_no: Text | None = None
    voyage_no: Text | None = None
    incoterms: Incoterms | None = None
    co2e_wtw: Number = field(name="co2eWTW")
    co2e_ttw: Number = field(name="co2eTTW")
    nox_ttw: Number | None = field(default=None, name="noxTTW")
    sox_ttw: Number | None = field(default=None, name="soxTTW")
    ch4_ttw: Number | None = field(default=None, name="ch4TTW")
    pm_ttw: Number | None = field(default=None, name="pmTTW")


class ShipmentFootprint(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A shipment of ``mass`` [kg], packaging included, and of ``volume`` [m3], with its chain."""

    mass: Number
    volume: Number | None = None
    shipment_id: Name
    tces: Annotated[tuple[Tce, ...], Meta(min_length=1, max_length=10_000)]
