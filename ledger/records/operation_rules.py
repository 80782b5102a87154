"""What the types of an operator's statements do not say: periods, grids, and the one way that activity is stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ledger.errors import Place
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.transport_operation import ELECTRICITY, EnergyAmount, TransportOperation, VehicleModel

_ACTIVITY: Final = ("activity_tkm", "flights", "sailings", "stops", "zones")
_MODE: Final = {"flights": "air", "sailings": "sea", "stops": "road"}


def check_operation(record: TransportOperation) -> None:
    """All at its place: the period, the km, each electricity's grid, and activity stated in one way."""
    if record.period_end <= record.period_start:
        raise FieldContradicts(why="the period ends before it starts").at(Place(pointer="/period_end"))
    if record.empty_m is not None and (record.driven_m is None or record.empty_m > record.driven_m):
        raise FieldContradicts(why="no more is driven empty than is driven").at(Place(pointer="/empty_m"))
    for name in ("energy", "cooling"):
        for number, amount in enumerate(getattr(record, name)):
            _check_grid(amount, f"/{name}/{number}")
    _check_activity(record)


def _check_activity(record: TransportOperation) -> None:
    stated = [name for name in _ACTIVITY if getattr(record, name)]
    if not stated:
        raise FieldMissing(field="activity_tkm").at(Place(pointer="/activity_tkm"))
    if len(stated) > 1:
        why = f"activity is stated once: {', '.join(stated)}"
        raise FieldContradicts(why=why).at(Place(pointer=f"/{stated[1]}"))
    way = stated[0]
    if record.mode != _MODE.get(way, record.mode):
        raise FieldContradicts(why=f"{way} are of mode {_MODE[way]}").at(Place(pointer="/mode"))
    if way in _MODE and record.distance_basis == "actual":
        raise FieldContradicts(why=f"{way} count on the standard's distance, not the driven one").at(
            Place(pointer="/distance_basis")
        )
    if way == "flights" and record.distance_basis != "gcd":
        raise FieldContradicts(why="flights are measured on the great circle (gcd)").at(
            Place(pointer="/distance_basis")
        )
    for number, sailing in enumerate(record.sailings):
        if not sailing.articulated_lorries + sailing.rigid_lorries + sailing.trailers:
            why = "freight crosses in lorries or trailers, and none is counted"
            raise FieldContradicts(why=why).at(Place(pointer=f"/sailings/{number}"))
    _check_zones(record)


def _check_zones(record: TransportOperation) -> None:
    if record.cooling and not record.zones:
        raise FieldContradicts(why="cooling is stated apart for zones of temperature alone").at(
            Place(pointer="/cooling")
        )
    names = [zone.vehicle for zone in record.zones]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise FieldContradicts(why="two zones have one vehicle").at(Place(pointer=f"/zones/{number}/vehicle"))


def check_vehicle(record: VehicleModel) -> None:
    """What ``TransportOperation`` asks, and evidence for any use but the default of 60 % load and 17 % empty."""
    if record.valid_to < record.valid_from:
        raise FieldContradicts(why="the validity ends before it starts").at(Place(pointer="/valid_to"))
    if Decimal(record.full_per_km) < Decimal(record.empty_per_km):
        raise FieldContradicts(why="a full vehicle uses no less than an empty one").at(Place(pointer="/full_per_km"))
    if not 0 < Decimal(record.load_factor_pct) <= 100:
        raise FieldContradicts(why="a load factor lies above 0 and up to 100 %").at(Place(pointer="/load_factor_pct"))
    if Decimal(record.empty_running_pct) >= 100:
        raise FieldContradicts(why="empty running lies below 100 %").at(Place(pointer="/empty_running_pct"))
    if (record.load_factor_pct, record.empty_running_pct) != ("60", "17") and record.evidence is None:
        raise FieldMissing(field="evidence").at(Place(pointer="/evidence"))
    _check_grid(record, "")


def _check_grid(used: EnergyAmount | VehicleModel, at: str) -> None:
    if used.carrier != ELECTRICITY:
        return
    if used.region is None:
        raise FieldMissing(field="region").at(Place(pointer=f"{at}/region"))
    if used.unit != "kWh":
        raise FieldContradicts(why="electricity is in kWh").at(Place(pointer=f"{at}/unit"))


def vehicles_of(record: TransportOperation | VehicleModel) -> tuple[str, ...]:
    """The names that legs use for what is stated: the vehicle's, or those of its zones."""
    if isinstance(record, TransportOperation) and record.zones:
        return tuple(zone.vehicle for zone in record.zones)
    return (record.vehicle,)
