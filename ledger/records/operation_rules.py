"""What the types of an operator's statements do not say: periods, grids, and the one way that activity is stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.transport_operation import ELECTRICITY, EnergyAmount, TransportOperation, VehicleModel

_ACTIVITY: Final = ("activity_tkm", "flights", "sailings", "stops", "zones")
_MODE: Final = {"flights": "air", "sailings": "sea", "stops": "road"}


def check_operation(record: TransportOperation) -> None:
    """All at its place: the period, the km, each electricity's grid, and activity stated in one way."""
    if record.period_end <= record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
    if record.empty_m is not None and (record.driven_m is None or record.empty_m > record.driven_m):
        raise contradiction("no more is driven empty than is driven", "空驶里程不得超过总里程", "/empty_m")
    for name in ("energy", "cooling"):
        for number, amount in enumerate(getattr(record, name)):
            _check_grid(amount, f"/{name}/{number}")
    _check_activity(record)


def _check_activity(record: TransportOperation) -> None:
    stated = [name for name in _ACTIVITY if getattr(record, name)]
    if not stated:
        raise FieldMissing(field="activity_tkm").at(Place(pointer="/activity_tkm"))
    if len(stated) > 1:
        raise contradiction(
            f"activity is stated once: {', '.join(stated)}", f"活动量只能填写一种：{', '.join(stated)}", f"/{stated[1]}"
        )
    way = stated[0]
    if record.mode != _MODE.get(way, record.mode):
        raise contradiction(f"{way} are of mode {_MODE[way]}", f"{way} 的运输方式须为 {_MODE[way]}", "/mode")
    if way in _MODE and record.distance_basis == "actual":
        raise contradiction(
            f"{way} count on the standard's distance, not the driven one",
            f"{way} 按标准规定的距离计，不按实际行驶距离",
            "/distance_basis",
        )
    if way == "flights" and record.distance_basis != "gcd":
        raise contradiction(
            "flights are measured on the great circle (gcd)", "航班按大圆距离（gcd）计", "/distance_basis"
        )
    for number, sailing in enumerate(record.sailings):
        if not sailing.articulated_lorries + sailing.rigid_lorries + sailing.trailers:
            raise contradiction(
                "freight crosses in lorries or trailers, and none is counted",
                "货物须随货车或挂车渡运，而此处数量均为零",
                f"/sailings/{number}",
            )
    _check_zones(record)


def _check_zones(record: TransportOperation) -> None:
    if record.cooling and not record.zones:
        raise contradiction(
            "cooling is stated apart for zones of temperature alone", "制冷能耗仅在分温区时单独填写", "/cooling"
        )
    names = [zone.vehicle for zone in record.zones]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise contradiction("two zones have one vehicle", "两个温区使用了同一车辆", f"/zones/{number}/vehicle")


def check_vehicle(record: VehicleModel) -> None:
    """What ``TransportOperation`` asks, and evidence for any use but the default of 60 % load and 17 % empty."""
    if record.valid_to < record.valid_from:
        raise contradiction("the validity ends before it starts", "有效期的结束早于开始", "/valid_to")
    if Decimal(record.full_per_km) < Decimal(record.empty_per_km):
        raise contradiction("a full vehicle uses no less than an empty one", "满载能耗不应低于空载能耗", "/full_per_km")
    if not 0 < Decimal(record.load_factor_pct) <= 100:
        raise contradiction(
            "a load factor lies above 0 and up to 100 %", "装载率须大于 0 且不超过 100 %", "/load_factor_pct"
        )
    if Decimal(record.empty_running_pct) >= 100:
        raise contradiction("empty running lies below 100 %", "空驶率须低于 100 %", "/empty_running_pct")
    if (record.load_factor_pct, record.empty_running_pct) != ("60", "17") and record.evidence is None:
        raise FieldMissing(field="evidence").at(Place(pointer="/evidence"))
    _check_grid(record, "")


def _check_grid(used: EnergyAmount | VehicleModel, at: str) -> None:
    if used.carrier != ELECTRICITY:
        return
    if used.region is None:
        raise FieldMissing(field="region").at(Place(pointer=f"{at}/region"))
    if used.unit != "kWh":
        raise contradiction("electricity is in kWh", "电力以 kWh 计", f"{at}/unit")


def vehicles_of(record: TransportOperation | VehicleModel) -> tuple[str, ...]:
    """The names that legs use for what is stated: the vehicle's, or those of its zones."""
    if isinstance(record, TransportOperation) and record.zones:
        return tuple(zone.vehicle for zone in record.zones)
    return (record.vehicle,)
