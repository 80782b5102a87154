"""Sheets and columns of a day's workbook: headings in both languages, how cells are read, what an empty one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final, NamedTuple, cast

from ledger.adapters.files import cell
from ledger.planning.errors import AmountImpossible, CellEmpty
from ledger.planning.routes.problem import DAY, Direction, parse_clock
from ledger.units import AmountTooFine, Grams, parse_decimal, to_base

DIRECTION: Final = cell.Choice.of(("delivery", "送货", "配送", "deliver"), ("return", "回收", "取货", "pickup"))
Reader = Callable[[str], Any]
YES: Final = cell.Choice.of(("yes", "是", "y", "true", "1"), ("no", "否", "n", "false", "0"))
MOST_EQUAL: Final = 1000
"""Equal boxes in one row."""
MOST_MILLIMETRES: Final = 100_000


class Column(NamedTuple):
    """A heading in both languages, how its cells are read, and what an empty one is; ``...`` when it must be filled."""

    zh: str
    en: str
    read: Reader
    empty: Any = ...

    def value(self, text: str) -> Any:
        """What a cell says. Raises ``CellEmpty`` and what its reader raises."""
        if not text and self.empty is ...:
            raise CellEmpty(rule=f"{self.zh} / {self.en}")
        return self.read(text) if text else self.empty


Sheets = Mapping[tuple[str, str], Mapping[str, Column]]
"""Columns of sheets by their names in both languages."""


def _fraction(text: str) -> Fraction:
    return Fraction(_amount(text))


def _amount(text: str) -> Decimal:
    return parse_decimal(cell.decimal(text))


def kilograms(text: str) -> Grams:
    """Of a mass, in grams."""
    return Grams(to_base(cell.decimal(text), "kg", "mass"))


def _cubic_metres(text: str) -> int:
    litres = parse_decimal(cell.decimal(text)) * 1_000_000
    if litres != litres.to_integral_value():
        raise AmountTooFine(text=text, unit="m3")
    return int(litres)


def _metres(text: str) -> int:
    return to_base(cell.decimal(text), "km", "distance")


def _minutes(text: str) -> int:
    return ceil(parse_decimal(cell.decimal(text)) * 60)


def millimetres(text: str) -> int:
    """Of a length above 0. Raises ``AmountImpossible`` beyond ``MOST_MILLIMETRES``."""
    found = cell.count(text)
    if found > MOST_MILLIMETRES:
        raise AmountImpossible(what="mm", name="-", value=text, rule=f"<= {MOST_MILLIMETRES}")
    return found


def _position(text: str) -> int:
    return 0 if text == "0" else millimetres(text)


def pieces(text: str) -> int:
    """Equal things. Raises ``AmountImpossible`` beyond ``MOST_EQUAL``."""
    found = cell.count(text)
    if found > MOST_EQUAL:
        raise AmountImpossible(what="count", name="-", value=text, rule=f"<= {MOST_EQUAL}")
    return found


def _yes(text: str) -> bool:
    return YES(text) == "yes"


def _degrees(text: str, most: int) -> Decimal:
    south = text.startswith("-")
    found = parse_decimal(cell.decimal(text.removeprefix("-")))
    if found > most:
        raise AmountImpossible(what="degrees", name="-", value=text, rule=f"-{most} .. {most}")
    return -found if south else found


def _direction(text: str) -> Direction:
    return cast(Direction, DIRECTION(text))


DEPOTS: Final = {"name": Column("名称", "name", cell.name), "place": Column("地点", "place", cell.name)}
VEHICLES: Final = {
    "name": Column("名称", "name", cell.name),
    "depot": Column("仓库", "depot", cell.name),
    "count": Column("数量", "count", cell.count),
    "capacity_g": Column("载重 kg", "capacity kg", kilograms),
    "capacity_cm3": Column("容积 m3", "capacity m3", _cubic_metres),
    "empty": Column("空驶 gCO2e/km", "empty gCO2e/km", _fraction, None),
    "loaded": Column("载重 gCO2e/tkm", "loaded gCO2e/tkm", _fraction, None),
    "start": Column("出车", "start", parse_clock, 0),
    "end": Column("收车", "end", parse_clock, DAY),
    "fixed_cost": Column("固定成本", "fixed cost", _fraction, Fraction(0)),
    "cost_per_km": Column("每公里成本", "cost per km", _fraction, Fraction(0)),
    "length": Column("车厢长 mm", "hold length mm", millimetres, None),
    "width": Column("车厢宽 mm", "hold width mm", millimetres, None),
    "height": Column("车厢高 mm", "hold height mm", millimetres, None),
    "tare_g": Column("自重 kg", "tare kg", kilograms, Grams(0)),
    "front_at": Column("前轴位置 mm", "front axle mm", _position, None),
    "front_g": Column("前轴限重 kg", "front axle limit kg", kilograms, None),
    "rear_at": Column("后轴位置 mm", "rear axle mm", _position, None),
    "rear_g": Column("后轴限重 kg", "rear axle limit kg", kilograms, None),
    "factor": Column("因子", "factor", cell.name, None),
    "empty_use": Column("空驶能耗 每公里", "empty use per km", _amount, None),
    "full_use": Column("满载能耗 每公里", "full use per km", _amount, None),
}
FACTOR: Final = ("factor", "empty_use", "full_use")
"""Columns of a vehicle whose rates are taken from a factor set, instead of ``RATES``."""
RATES: Final = ("empty", "loaded")
HOLD: Final = ("length", "width", "height", "tare_g", "front_at", "front_g", "rear_at", "rear_g")
"""Columns of a vehicle's hold; axles are counted from its front wall."""
ORDERS: Final = {
    "name": Column("订单", "order", cell.name),
    "place": Column("地点", "place", cell.name),
    "mass_g": Column("质量 kg", "mass kg", kilograms),
    "volume_cm3": Column("体积 m3", "volume m3", _cubic_metres, 0),
    "direction": Column("方向", "direction", _direction, "delivery"),
    "opens": Column("最早", "opens", parse_clock, 0),
    "closes": Column("最晚", "closes", parse_clock, DAY),
    "service": Column("服务 分钟", "service minutes", _minutes, 0),
    "depot": Column("仓库", "depot", cell.name, None),
    "vehicle": Column("现行车辆", "vehicle today", cell.name, None),
    "sequence": Column("现行顺序", "sequence today", cell.count, 0),
}
DISTANCES: Final = {
    "start": Column("起点", "from", cell.name),
    "end": Column("终点", "to", cell.name),
    "metres": Column("公里", "km", _metres),
    "seconds": Column("分钟", "minutes", _minutes),
}
PLACES: Final = {
    "name": Column("地点", "place", cell.name),
    "latitude": Column("纬度", "latitude", lambda text: _degrees(text, 90)),
    "longitude": Column("经度", "longitude", lambda text: _degrees(text, 180)),
}
BOXES: Final = {
    "order": Column("订单", "order", cell.name),
    "name": Column("箱名", "box", cell.name),
    "count": Column("件数", "count", pieces, 1),
    "length": Column("长 mm", "length mm", millimetres),
    "width": Column("宽 mm", "width mm", millimetres),
    "height": Column("高 mm", "height mm", millimetres),
    "mass_g": Column("单件 kg", "kg each", kilograms),
    "upright": Column("须直立", "upright", _yes, empty=False),
    "stackable": Column("可堆叠", "stackable", _yes, empty=True),
}
SHEETS: Final[Sheets] = {
    ("仓库", "Depots"): DEPOTS,
    ("车辆", "Vehicles"): VEHICLES,
    ("订单", "Orders"): ORDERS,
    ("距离", "Distances"): DISTANCES,
    ("地点", "Places"): PLACES,
    ("箱件", "Boxes"): BOXES,
}
