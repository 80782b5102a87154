"""A day of an invented warehouse near Nanjing as a planner would write it, with an order that no vehicle can take."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import isqrt
from typing import Final

from ledger.adapters.files.plan_columns import FACTOR
from ledger.adapters.files.plan_tables import template_tables
from ledger.adapters.files.written_table import Cell
from ledger.adapters.files.written_workbook import workbook

_PLACES: Final = {
    "溧水区域仓": (31651, 119028),
    "江宁变电站": (31953, 118840),
    "句容工区": (31945, 119168),
    "高淳供电所": (31328, 118892),
    "马鞍山工地": (31670, 118507),
    "镇江仓": (32188, 119425),
    "扬州工区": (32394, 119413),
    "常州项目部": (31811, 119974),
    "金坛变电站": (31723, 119598),
    "溧阳供电所": (31416, 119484),
    "宣城工地": (30946, 118759),
    "浦口项目部": (32059, 118628),
    "六合供电所": (32340, 118822),
}
"""Thousandths of a degree, north and east."""
_DEPOT: Final = "溧水区域仓"
_LONGITUDE: Final = 851
"""Thousandths of a degree of latitude in a degree of longitude here."""
_DEGREE: Final = 111_320
_DETOUR: Final = 130
"""Per cent of the straight line that roads take."""
_KMH: Final = 48
_HOLDS: Final = ((4200, 2100, 1600, 2500, 0, 1900, 3200, 3100), (6800, 2350, 2150, 5000, 0, 4500, 5200, 8000))
"""Inside measures [mm], tare [kg], and where both axles are [mm] with what they may carry [kg]."""
_STATED: Final = ("",) * len(FACTOR)
"""Both fleets state their rates, and name no factor."""
_VEHICLES: Final[list[list[Cell]]] = [
    ["厢式车 4.2 m", _DEPOT, 4, 2000, 14, 260, 45, "06:00", "19:00", 320, 2, *_HOLDS[0], *_STATED],
    ["卡车 6.8 m", _DEPOT, 3, 6000, 34, 430, 32, "06:00", "19:00", 520, 3, *_HOLDS[1], *_STATED],
]
_TOURS: Final = {
    "卡车 6.8 m 1": ("江宁变电站", "六合供电所", "浦口项目部"),
    "卡车 6.8 m 2": ("扬州工区", "句容工区", "镇江仓"),
    "卡车 6.8 m 3": ("金坛变电站", "常州项目部", "溧阳供电所"),
    "厢式车 4.2 m 1": ("高淳供电所", "宣城工地"),
    "厢式车 4.2 m 2": ("马鞍山工地",),
}
"""As people drive today."""
_MASSES: Final = (420, 1150, 260, 780, 340, 1600, 90, 530, 910, 240, 1320, 180)


@cache
def example_day(packed: int = 24) -> bytes:
    """The workbook; of the first ``packed`` orders it says what they are packed in."""
    orders = _orders()
    rows: dict[str, list[list[Cell]]] = {
        "仓库": [[_DEPOT, _DEPOT]],
        "车辆": _VEHICLES,
        "订单": orders,
        "距离": _distances(),
        "箱件": [box for order in orders[:packed] if order[4] == "送货" for box in _boxes(str(order[0]), order[2])],
        "地点": [[name, _degrees(north), _degrees(east)] for name, (north, east) in _PLACES.items()],
    }
    return workbook(template_tables(rows=rows))


def _orders() -> list[list[Cell]]:
    """Two for each place; today each vehicle has its places, and comes to them as its driver is used to."""
    places = [name for name in _PLACES if name != _DEPOT]
    today = {place: (vehicle, turn) for vehicle, tour in _TOURS.items() for turn, place in enumerate(tour)}
    found: list[list[Cell]] = []
    order: list[Cell]
    for number in range(24):
        mass = _MASSES[number % len(_MASSES)] // (1 if number < 12 else 2)
        back = "回收" if number in {9, 21} else "送货"
        opens, closes = ("08:00", "11:30") if number % 8 == 3 else ("", "")
        place = places[number * 5 % len(places)]
        vehicle, turn = today[place]
        volume = f"{mass * 6 // 1000}.{mass * 6 % 1000:03}"
        order = [
            f"SO-{number + 1:03}",
            place,
            mass,
            volume,
            back,
            opens,
            closes,
            15,
            "",
            vehicle,
            2 * turn + number // 12 + 1,
        ]
        found.append(order)
    found.append(["SO-025", "常州项目部", 9000, "22", "送货", "", "", 30, "", "", ""])
    return found


def _boxes(order: str, kilograms: Cell) -> list[list[Cell]]:
    """Half pallets of 84 kg, and a box with the rest."""
    assert isinstance(kilograms, int)
    pallets, rest = divmod(kilograms, 84)
    rows: list[list[Cell]] = []
    if pallets:
        rows.append([order, f"{order} 半托盘", pallets, 800, 600, 700, 84, "是", ""])
    if rest:
        rows.append([order, f"{order} 箱", 1, 600, 400, 300, rest, "", ""])
    return rows


def _distances() -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for (start, one), (end, two) in combinations(_PLACES.items(), 2):
        north, east = one[0] - two[0], (one[1] - two[1]) * _LONGITUDE // 1000
        metres = isqrt(north * north + east * east) * _DEGREE // 1000 * _DETOUR // 100
        rows.append([start, end, f"{metres // 1000}.{metres % 1000 // 100}", metres * 60 // (_KMH * 1000)])
    return rows


def _degrees(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
