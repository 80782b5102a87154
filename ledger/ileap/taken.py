"""
From a carrier's activity data to records of ours: a leg, and where energy is stated the operation behind it.

Mass, distance and times are the carrier's; product, pieces and route are the taker's own, because activity data do not
know them. Energy per tonne-kilometre becomes an operation of this one leg, so that the figure follows from what the
carrier stated and from factors of the taker's own set.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.errors import Place
from ledger.ileap.activity import Tad
from ledger.ileap.carriers import WORDS
from ledger.ileap.energy import EnergyCarrier
from ledger.ileap.errors import ActivityIncomplete
from ledger.ileap.figures import is_exact, number
from ledger.ileap.terms import MODES
from ledger.records.shipment import activity_id
from ledger.records.transport_leg import TransportLeg
from ledger.records.transport_operation import ELECTRICITY, EnergyAmount, TransportOperation
from ledger.units import AmountTooFine

_OURS: Final = {theirs: ours for ours, theirs in MODES.items()}
_FUELS: Final = {theirs: ours for ours, theirs in WORDS.items() if ours not in {"gasoline", "jet"}}
_FUELS_SAID: Final = ", ".join(sorted(_FUELS))
_FINEST: Final = 18
"""Decimals of an amount that a record keeps."""


class Assigned(NamedTuple):
    """What the taker says of a consignment; ``region`` is the grid of electricity, ``vehicle`` a class of its set."""

    product: str
    quantity: int
    route: str = ""
    vehicle: str = ""
    region: str = ""


def records_of(
    tad: Tad, partner: str, assigned: Assigned, fuels: Mapping[str, str]
) -> tuple[TransportLeg, TransportOperation | None]:
    """
    The leg and, unless ``assigned`` names a class of the factor set, its operation.

    ``fuels`` are the names that the taker's factor set has for fuels, by the name in small letters.

    Raises ``ActivityIncomplete`` and ``AmountTooFine``, with a pointer into the activity.
    """
    name = activity_id(partner, tad.activity_id)
    if len(tad.consignment_ids) > 1:
        raise _lacks("consignmentIds", "its mass is of several consignments", "其质量属于多个托运单")
    if tad.mass is None:
        raise _lacks("mass", "emissions follow from mass x distance", "排放由质量与距离得出")
    basis, km = _standard(tad)
    leg = TransportLeg(
        arrived_at=tad.arrival_at,
        carrier=partner,
        consignment=tad.consignment_ids[0],
        destination=tad.destination.city,
        distance_basis=basis,
        distance_m=_whole(km, "km", f"/distance/{basis}"),
        driven_m=None if tad.distance.actual is None else _whole(tad.distance.actual, "km", "/distance/actual"),
        id=f"{name}:leg",
        kind="transport_leg",
        mass_g=_whole(tad.mass, "kg", "/mass"),
        mode=_OURS[tad.mode],  # type: ignore[arg-type]  # the keys of MODES are a leg's modes
        occurred_at=tad.departure_at,
        origin=tad.origin.city,
        product=assigned.product,
        quantity=assigned.quantity,
        route=assigned.route or f"{tad.origin.city}-{tad.destination.city}",
        vehicle=assigned.vehicle or name,
        version=1,
    )
    return leg, None if assigned.vehicle else _operation(tad, leg, assigned, fuels)


def _operation(tad: Tad, leg: TransportLeg, assigned: Assigned, fuels: Mapping[str, str]) -> TransportOperation:
    if not tad.energy_carriers:
        raise _lacks(
            "energyCarriers", "no class of vehicle is assigned, and no energy is stated", "未指定车型，也未声明能耗"
        )
    if tad.empty_distance_factor is None:
        raise _lacks(
            "emptyDistanceFactor",
            "only with it is the energy known to hold the empty trips",
            "据此才能确认能耗包含空驶",
        )
    moved = Fraction(leg.mass_g * leg.distance_m, 10**9)
    return TransportOperation(
        activity_tkm=number(moved),
        distance_basis=leg.distance_basis,
        energy=[_amount((place, one), moved, assigned, fuels) for place, one in enumerate(tad.energy_carriers)],
        id=f"{leg.vehicle}:operation",
        kind="transport_operation",
        mode=leg.mode,
        occurred_at=tad.arrival_at,
        operator=leg.carrier,
        period_end=tad.arrival_at,
        period_start=tad.departure_at,
        round_trips="complete",
        vehicle=leg.vehicle,
        version=1,
    )


def _amount(
    numbered: tuple[int, EnergyCarrier], moved: Fraction, assigned: Assigned, fuels: Mapping[str, str]
) -> EnergyAmount:
    place, one = numbered
    at = f"energyCarriers/{place}"
    carrier = _FUELS.get(one.energy_carrier)
    if carrier is None:
        raise _lacks(f"{at}/energyCarrier", f"it is none of {_FUELS_SAID}", f"不属于 {_FUELS_SAID}")
    if one.energy_consumption is None or one.energy_consumption_unit is None:
        raise _lacks(f"{at}/energyConsumption", "emissions follow from the energy used", "排放由能耗得出")
    if carrier == ELECTRICITY and not assigned.region:
        raise _lacks(f"{at}/regionProvenance", "the grid of the electricity is not assigned", "未指定电网区域")
    amount = Fraction(one.energy_consumption) * moved
    text = number(amount)
    if not is_exact(amount) or len(text.partition(".")[2]) > _FINEST:
        raise AmountTooFine(text=text, unit=one.energy_consumption_unit).at(Place(pointer=f"/{at}/energyConsumption"))
    region = assigned.region if carrier == ELECTRICITY else None
    return EnergyAmount(
        amount=text, carrier=fuels.get(carrier, carrier), region=region, unit=one.energy_consumption_unit
    )


def _standard(tad: Tad) -> tuple[Literal["gcd", "sfd"], str]:
    """The distance that activity counts on: great circle in the air, else the shortest feasible before it."""
    if tad.mode != "Air" and tad.distance.sfd is not None:
        return "sfd", tad.distance.sfd
    if tad.distance.gcd is not None:
        return "gcd", tad.distance.gcd
    wanted = "gcd" if tad.mode == "Air" else "sfd"
    raise _lacks(f"distance/{wanted}", "a driven distance is not the standard's", "实际行驶距离不是标准距离")


def _whole(text: str, unit: str, at: str) -> int:
    amount = Decimal(text) * 1000
    if amount != amount.to_integral_value() or amount <= 0:
        raise AmountTooFine(text=text, unit=unit).at(Place(pointer=at))
    return int(amount)


def _lacks(field: str, why: str, why_zh: str) -> ActivityIncomplete:
    return ActivityIncomplete(field=field, why=why, why_zh=why_zh).at(Place(pointer=f"/{field}"))
