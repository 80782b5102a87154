"""
Bills of materials of the demonstration's products: invented, of the order of the real things, with bundled factors.

Each comes near what its maker declares, and not to the digit: a declaration rests on better data than UK averages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final, NamedTuple

from ledger.adapters.files.forms.bill_of_materials import build, join
from ledger.demo.catalogue import PRODUCTS, QINLING, VERIFIER, Product
from ledger.records.bill_of_materials import BillOfMaterials

_USE, _WASTE = "DEFRA25-19_", "DEFRA25-20_"
STEEL, STEEL_AGAIN = f"{_USE}504_5116_15_1", f"{_USE}504_5119_15_1"
ALUMINIUM, ALUMINIUM_AGAIN = f"{_USE}504_5104_15_1", f"{_USE}504_5107_15_1"
HDPE, PLASTICS, PVC = f"{_USE}505_5132_15_1", f"{_USE}505_5120_15_1", f"{_USE}505_5152_15_1"
CIRCUITS, SMALL = f"{_USE}503_5084_15_1", f"{_USE}503_5088_15_1"
CELLS = f"{_USE}503_5096_15_1"
BOARD, BOARD_AGAIN, WOOD, FILM = (
    f"{_USE}506_5156_15_1",
    f"{_USE}506_5159_15_1",
    f"{_USE}500_5048_15_1",
    f"{_USE}505_5124_15_1",
)
METAL_RECYCLED, PLASTIC_BURNT, WEEE_RECYCLED, CELLS_RECYCLED = (
    f"{_WASTE}504_5373_15_1",
    f"{_WASTE}505_5381_15_1",
    f"{_WASTE}503_5330_15_1",
    f"{_WASTE}503_5344_15_1",
)
LORRY: Final = "road.hgv.artic-33t.diesel.avg"
_GRIDS: Final = {
    "武汉": "湖北", "深圳": "广东", "苏州": "江苏", "成都": "四川", "西安": "陕西", "杭州": "浙江", "合肥": "安徽",
    "广州": "广东",
}  # fmt: skip
_ZONE: Final = timezone(timedelta(hours=8))


class Line(NamedTuple):
    """One line: the stage, what it is, how much in which unit, and what else the stage asks for."""

    stage: str
    item: str
    amount: str
    unit: str
    factor: str = ""
    more: Mapping[str, str] = {}


def material(item: str, kg: str, factor: str, **more: str) -> Line:
    """A material with what is lost of it or recycled in it."""
    return Line("input", item, kg, "kg", factor, more)


def pack(item: str, kg: str, factor: str, **more: str) -> Line:
    """Packaging, used once unless said otherwise."""
    return Line("packaging", item, kg, "kg", factor, more)


def ends(item: str, kg: str, factor: str) -> Line:
    """What part of the product ends in which treatment."""
    return Line("end_of_life", item, kg, "kg", factor)


def power(kwh: str) -> Line:
    """Metered electricity of the line, from the grid of the factory's province."""
    return Line("energy", "生产用电", kwh, "kWh")


def arrives(kg: str, km: str) -> Line:
    """Materials on their way to the factory."""
    return Line("inbound", "原料入厂", kg, "kg", more={"distance": km, "mode": "road", "vehicle": LORRY})


def _cable(plastic: str, steel: str, tubes: str, kwh: str, mass: str) -> tuple[Line, ...]:
    return (
        material("聚乙烯护套", plastic, HDPE, loss="2"),
        material("涂塑钢带与钢丝", steel, STEEL, loss="1.5"),
        material("松套管与阻水材料", tubes, PLASTICS, loss="2"),
        power(kwh),
        pack("木盘", "28", WOOD, uses="3"),
        arrives(mass, "380"),
        ends("护套与套管", plastic, PLASTIC_BURNT),
        ends("金属件", steel, METAL_RECYCLED),
        Line("cut_off_mass", "光纤玻璃", "0.6", "%", more={"note": "质量占比低，无可用因子"}),
    )


def _box(kg: str) -> Line:
    return pack("瓦楞纸箱", kg, BOARD, recycled="60", recycled_factor=BOARD_AGAIN)


_BILLS: Final[Mapping[int, tuple[str, tuple[Line, ...]]]] = {
    24: ("214", _cable("112", "56", "22", "46", "193")),
    48: ("285", _cable("146", "76", "30", "58", "256")),
    96: ("420", _cable("212", "112", "44", "72", "375")),
    101: ("0.52", (
        material("主板与光模块", "0.265", CIRCUITS, loss="1"),
        material("塑料外壳", "0.2", PLASTICS, loss="3", recycled="20", recycled_factor=f"{_USE}505_5123_15_1"),
        material("电源适配器", "0.05", SMALL),
        power("0.75"),
        _box("0.11"),
        arrives("0.55", "260"),
        ends("整机", "0.52", WEEE_RECYCLED),
    )),
    102: ("0.72", (
        material("主板与射频模块", "0.37", CIRCUITS, loss="1"),
        material("塑料外壳", "0.28", PLASTICS, loss="3"),
        material("电源适配器", "0.07", SMALL),
        power("1.1"),
        _box("0.16"),
        arrives("0.75", "310"),
        Line("use", "家庭使用", "210.24", "kWh", more={"note": "功率 8 W，全天通电，服务 3 年"}),
        ends("整机", "0.72", WEEE_RECYCLED),
    )),
    201: ("25", (
        material("铝合金反射板与端盖", "11", ALUMINIUM, recycled="30", recycled_factor=ALUMINIUM_AGAIN, loss="4"),
        material("玻璃钢外罩与塑料件", "8.5", PLASTICS, loss="3"),
        material("馈电网络与移相器", "2.6", CIRCUITS),
        material("钢制抱箍", "2.5", STEEL),
        power("19"),
        _box("2.6"),
        arrives("26", "420"),
        ends("金属件", "13.5", METAL_RECYCLED),
        ends("塑料件", "8.5", PLASTIC_BURNT),
    )),
    202: ("22", (
        material("铝合金反射板与端盖", "9.5", ALUMINIUM, recycled="35", recycled_factor=ALUMINIUM_AGAIN, loss="4"),
        material("外罩与塑料件", "7", PLASTICS, loss="3"),
        material("馈电网络", "2.7", CIRCUITS),
        material("钢制抱箍", "2.2", STEEL),
        power("15"),
        _box("2.2"),
        arrives("23", "350"),
        ends("金属件", "11.7", METAL_RECYCLED),
        ends("塑料件", "7", PLASTIC_BURNT),
    )),
    301: ("37", (
        Line("input", "波束赋形天线阵面", "1", "piece", more={"component": "202", "supplier": QINLING.zh}),
        material("射频与数字电路板", "20.6", CIRCUITS, loss="1.5"),
        material("压铸铝壳体与散热片", "9", ALUMINIUM, recycled="40", recycled_factor=ALUMINIUM_AGAIN, loss="6"),
        power("46"),
        _box("3.4"),
        arrives("36", "280"),
        ends("整机", "37", WEEE_RECYCLED),
    )),
    302: ("19", (
        material("射频与数字电路板", "9.1", CIRCUITS, loss="1.5"),
        material("压铸铝壳体", "9", ALUMINIUM, recycled="40", recycled_factor=ALUMINIUM_AGAIN, loss="6"),
        power("30"),
        _box("1.8"),
        arrives("19", "280"),
        ends("整机", "19", WEEE_RECYCLED),
    )),
    401: ("44", (
        material("磷酸铁锂电芯", "33", CELLS, loss="2"),
        material("电池管理电路", "0.9", CIRCUITS),
        material("钢壳与结构件", "9.5", STEEL, recycled="25", recycled_factor=STEEL_AGAIN, loss="5"),
        power("150"),
        _box("2.2"),
        arrives("44", "240"),
        ends("电芯", "33", CELLS_RECYCLED),
        ends("金属件", "9.5", METAL_RECYCLED),
    )),
    501: ("112", (
        material("镀锌钢板", "81", STEEL, recycled="15", recycled_factor=STEEL_AGAIN, loss="6"),
        material("保温与密封材料", "6", PVC, loss="4"),
        material("风扇与照明", "2.5", SMALL),
        power("35"),
        pack("木托盘", "9", WOOD, uses="20"),
        pack("缠绕膜", "0.6", FILM),
        arrives("105", "310"),
        ends("钢材", "81", METAL_RECYCLED),
    )),
    502: ("54", (
        material("整流模块", "4.6", CIRCUITS, loss="1"),
        material("机框与铜排", "24", STEEL, recycled="20", recycled_factor=STEEL_AGAIN, loss="4"),
        material("线缆", "4", PVC, loss="3"),
        power("26"),
        _box("3"),
        arrives("52", "310"),
        ends("整机", "54", WEEE_RECYCLED),
    )),
}  # fmt: skip


def lines_of(product: Product) -> tuple[str, tuple[Line, ...]]:
    """Net mass [kg], and the lines of one piece."""
    return _BILLS[product.number]


def bills() -> Iterator[BillOfMaterials]:
    """One bill of each product."""
    for product in PRODUCTS:
        yield join([build(values(product, line)) for line in lines_of(product)[1]])


def values(product: Product, line: Line) -> dict[str, object]:
    """One row as the importer reads it."""
    grid = _GRIDS[product.supplier.origin.city.zh]
    found: dict[str, object] = {
        "bill": f"BOM-2023-{product.number:03d}",
        "manufacturer": product.supplier.zh,
        "product": product.identity,
        "name": product.zh,
        "declared_unit": "piece",
        "mass": lines_of(product)[0],
        "site": f"{product.supplier.origin.city.zh}工厂",
        "geography": "CN",
        "amounts": "measured",
        "valid_from": date(2023, 1, 1),
        "valid_to": date(2024, 12, 31),
        "stated_at": datetime(2023, 4, 18, 10, tzinfo=_ZONE),
        "stage": line.stage,
        "item": line.item,
        "amount": line.amount,
        "unit": line.unit,
        **line.more,
    }
    if product.status == "verified":
        found["verified_by"] = VERIFIER
    if line.factor:
        found["factor"] = line.factor
    if line.stage in {"energy", "use"}:
        found["grid"] = grid
    if "component" in line.more:
        found["component"] = next(p.identity for p in PRODUCTS if str(p.number) == line.more["component"])
    if "uses" in line.more:
        found["uses"] = int(line.more["uses"])
    return found
