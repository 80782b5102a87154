"""
Bills of materials: one row is one line of a bill, rows of one bill number below each other are one record.

The columns up to ``stated_at`` are the bill's; below its first row they may be left empty, and where they are filled in
they say the same. Shares of co-products and kinds of scenario beyond one energy come as records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.transport_leg import MODE
from ledger.errors import Place
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.errors import FieldMissing, contradiction
from ledger.units import UnitUnknown, decimal_text, parse_decimal

STAGE = cell.Choice.of(
    ("input", "材料", "部件", "原材料", "材料与部件", "material", "part"),
    ("energy", "能源", "生产能源", "manufacture energy"),
    ("fossil", "直接排放", "化石源直接排放", "direct emission"),
    ("biogenic", "生物源排放", "biogenic emission"),
    ("removal", "生物源清除", "biogenic removal"),
    ("land_use_change", "土地利用变化", "land-use change"),
    ("packaging", "包装"),
    ("inbound", "入厂运输", "原料运输", "inbound transport"),
    ("use", "使用", "使用阶段", "use phase"),
    ("end_of_life", "寿命终止", "废弃处置", "end of life"),
    ("cut_off_mass", "质量取舍", "取舍", "cut-off by mass"),
    ("cut_off_energy", "能量取舍", "cut-off by energy"),
    ("cut_off_impact", "影响取舍", "cut-off by impact"),
)
UNIT = cell.Choice.of(
    ("kg", "千克", "公斤"),
    ("piece", "件", "个", "只", "台", "套", "pcs"),
    ("kWh", "千瓦时", "度"),
    ("MJ", "兆焦"),
    ("l", "升", "litre"),
    ("m3", "立方米"),
    ("km", "公里", "千米"),
    ("%", "百分比"),
)
AMOUNTS = cell.Choice.of(("measured", "实测", "计量"), ("design", "设计", "设计值"))


def _kilometres(text: str, unit: str) -> str:
    return decimal_text(parse_decimal(str(cell.amount(text, unit, "distance"))).scaleb(-3))


_optional: Final = partial(Column, needed=False)

COLUMNS = (
    Column("bill", "清单编号", "bill", cell.code, ("物料清单编号", "bill no", "bom", "bom no"), example="BOM-2023-001"),
    Column("manufacturer", "制造商", "manufacturer", cell.name, ("生产商", "maker"), example="示例通信"),
    Column("product", "产品编码", "product", cell.product, ("产品", "gtin", "商品条码", "product id"),
           example="9521141000014"),
    Column("name", "产品名称", "product name", cell.name, ("名称", "name"), example="光网络终端 ONU"),
    Column("declared_unit", "声明单位", "declared unit", cell.DECLARED_UNIT, ("计量单位",), example="件"),
    Column("mass", "净重", "net mass", cell.kilograms, ("单位净重", "产品净重"), unit="mass", example="0.52",
           bracket_zh="千克", bracket_en="kg"),
    Column("site", "生产地点", "site", cell.name, ("工厂", "factory"), example="苏州一厂"),
    Column("geography", "国家或地区", "geography", cell.name, ("地域", "country"), example="CN"),
    Column("amounts", "用量来源", "amounts are", AMOUNTS, ("数据来源",), example="实测"),
    Column("valid_from", "有效期起", "valid from", cell.day, ("生效日期",), example="2023-01-01"),
    Column("valid_to", "有效期止", "valid to", cell.day, ("失效日期",), example="2024-12-31"),
    _optional("verified_by", "核查机构", "verified by", cell.name, ("第三方核查", "verifier"), example="示例认证中心"),
    Column("stated_at", "编制时间", "stated at", cell.moment, ("编制日期", "stated on"), unit="time",
           example="2023-04-18", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("stage", "类别", "line", STAGE, ("阶段", "stage"), example="材料"),
    Column("item", "项目", "item", cell.name, ("材料名称", "物料名称", "material"), example="镀锌钢板外壳"),
    Column("amount", "用量", "amount", cell.decimal, ("单位用量", "消耗量"), example="0.18"),
    Column("unit", "用量单位", "unit of amount", UNIT, ("单位", "unit"), example="千克"),
    _optional("factor", "因子编号", "factor", cell.code, ("排放因子编号", "factor id"),
              example="DEFRA25-19_504_5116_15_1"),
    _optional("component", "部件编码", "component", cell.product, ("部件", "component product")),
    _optional("supplier", "部件供应商", "component supplier", cell.name, ("供应商", "supplier")),
    _optional("loss", "损耗率", "loss", cell.percent, ("损耗", "loss rate"), unit="%", example="3", bracket_zh="%",
              bracket_en="%"),
    _optional("recycled", "再生料比例", "recycled content", cell.percent, ("再生含量",), unit="%", bracket_zh="%",
              bracket_en="%"),
    _optional("recycled_factor", "再生料因子", "recycled factor", cell.code, ("再生料因子编号",)),
    _optional("uses", "周转次数", "uses", cell.count, ("使用次数", "reuse count")),
    _optional("grid", "电网区域", "grid region", cell.name, ("省份",)),
    _optional("distance", "运距", "distance", _kilometres, ("运输距离",), unit="distance", bracket_zh="公里",
              bracket_en="km"),
    _optional("mode", "运输方式", "mode", MODE, ("transport mode",)),
    _optional("vehicle", "车型", "vehicle", cell.name, ("车辆类型", "vehicle class")),
    _optional("note", "说明", "note", cell.name, ("备注", "情景", "scenario")),
)  # fmt: skip
HEAD: Final = tuple(column.key for column in COLUMNS[:13])
"""Columns of the bill itself."""


def build(values: Values) -> BillOfMaterials:
    """The bill with this one line in it; its id is the maker and the bill's number."""
    plain = ("amounts", "declared_unit", "manufacturer", "name", "product", "site", "valid_from", "valid_to")
    fields: dict[str, Any] = {name: values[name] for name in plain}
    fields |= {
        "id": f"bom:{values['manufacturer']}:{values['bill']}",
        "inputs": [],
        "kind": "bill_of_materials",
        "mass_kg": values["mass"],
        "occurred_at": values["stated_at"],
        "region": values["geography"],
        "version": 1,
    }
    if "verified_by" in values:
        fields["verified_by"] = values["verified_by"]
    stage = values["stage"]
    where, line = _LINES[stage](values) if stage in _LINES else _direct(values)
    return msgspec.convert(fields | {where: line}, BillOfMaterials)


def _input(values: Values) -> tuple[str, Any]:
    names = {
        "factor": "factor",
        "product": "component",
        "supplier": "supplier",
        "loss_pct": "loss",
        "recycled_pct": "recycled",
        "recycled_factor": "recycled_factor",
    }
    line = {field: values[key] for field, key in names.items() if key in values}
    return "inputs", [line | {"amount": values["amount"], "name": values["item"], "unit": values["unit"]}]


def _used(values: Values) -> dict[str, Any]:
    """Energy: of a factor, else electricity, whose grid must be said."""
    line = {"amount": values["amount"], "carrier": values.get("factor", "electricity"), "unit": values["unit"]}
    return line | ({"region": values["grid"]} if "grid" in values else {})


def _energy(values: Values) -> tuple[str, Any]:
    return "energy", [_used(values)]


def _use(values: Values) -> tuple[str, Any]:
    return "use", {"energy": [_used(values)], "scenario": _needed(values, "note")}


def _packaging(values: Values) -> tuple[str, Any]:
    names = {"recycled_pct": "recycled", "recycled_factor": "recycled_factor", "uses": "uses"}
    line = {field: values[key] for field, key in names.items() if key in values}
    line |= {"factor": _needed(values, "factor"), "mass_kg": _in(values, "kg"), "name": values["item"]}
    return "packaging", [line]


def _inbound(values: Values) -> tuple[str, Any]:
    line = {field: _needed(values, field) for field in ("mode", "vehicle")}
    line |= {"distance_km": _needed(values, "distance"), "mass_kg": _in(values, "kg"), "name": values["item"]}
    return "inbound", [line]


def _end_of_life(values: Values) -> tuple[str, Any]:
    treated = [{"factor": _needed(values, "factor"), "share": "1"}]
    return "end_of_life", [{"mass_kg": _in(values, "kg"), "name": values["item"], "treatments": treated}]


def _cut_off(basis: str) -> Callable[[Values], tuple[str, Any]]:
    def read(values: Values) -> tuple[str, Any]:
        line = {"basis": basis, "flow": values["item"], "share_pct": _in(values, "%")}
        return "cut_offs", [line | ({"reason": values["note"]} if "note" in values else {})]

    return read


def _direct(values: Values) -> tuple[str, Any]:
    """What the process emits, already in kg CO2e."""
    return "direct", [{"kg_co2e": _in(values, "kg"), "part": values["stage"], "source": values["item"]}]


_LINES: Final[Mapping[str, Callable[[Values], tuple[str, Any]]]] = {
    "cut_off_energy": _cut_off("energy"),
    "cut_off_impact": _cut_off("impact"),
    "cut_off_mass": _cut_off("mass"),
    "end_of_life": _end_of_life,
    "energy": _energy,
    "inbound": _inbound,
    "input": _input,
    "packaging": _packaging,
    "use": _use,
}


def _needed(values: Values, key: str) -> Any:
    if key not in values:
        column = next(column for column in COLUMNS if column.key == key)
        raise FieldMissing(field=column.both()).at(Place(pointer=f"/{key}"))
    return values[key]


def _in(values: Values, unit: str) -> str:
    if values["unit"] != unit:
        raise UnitUnknown(unit=values["unit"], dimension=unit).at(Place(pointer="/unit"))
    amount: str = values["amount"]
    return amount


def join(rows: Sequence[BillOfMaterials]) -> BillOfMaterials:
    """One bill of its lines; what is said of the bill must be the same in all. Raises ``FieldContradicts``."""
    first = msgspec.to_builtins(rows[0])
    for row in rows[1:]:
        more = msgspec.to_builtins(row)
        for name in first.keys() | more.keys():
            if name in _LISTS and name in more:
                first[name] = [*first.get(name, []), *more[name]]
            elif name == "use" and name in more:
                first[name] = _uses(first.get(name), more[name])
            elif name not in {*_LISTS, "use"} and first.get(name) != more.get(name):
                both = f"{name}: {first.get(name)} / {more.get(name)}"
                raise contradiction(both, both, f"/{name}")
    return msgspec.convert(first, BillOfMaterials)


_LISTS: Final = frozenset({"cut_offs", "direct", "end_of_life", "energy", "inbound", "inputs", "packaging"})


def _uses(first: dict[str, Any] | None, more: dict[str, Any]) -> dict[str, Any]:
    """Lines of one scenario of use."""
    if first is None:
        return more
    if first["scenario"] != more["scenario"]:
        both = f"{first['scenario']} / {more['scenario']}"
        raise contradiction(both, both, "/note")
    return first | {"energy": [*first["energy"], *more["energy"]]}


BILL_OF_MATERIALS = Form(
    kind="bill_of_materials",
    zh="物料清单",
    en="bills of materials",
    columns=COLUMNS,
    build=build,
    fields={
        "cut_offs": "amount",
        "direct": "amount",
        "end_of_life": "amount",
        "energy": "grid",
        "id": "bill",
        "inbound": "distance",
        "inputs": "factor",
        "mass_kg": "mass",
        "occurred_at": "stated_at",
        "packaging": "factor",
        "region": "geography",
        "use": "note",
    },
    head=HEAD,
    join=join,
)
