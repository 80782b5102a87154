"""
Packaging: one row is one component, rows of one list number below each other are one product's packaging.

The columns up to ``stated_at`` are the list's; below its first row they may be left empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.errors import SizeUnreadable
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.errors import contradiction
from ledger.records.packaging import PackagingBill, check_packaging_components

MATERIAL = cell.Choice.of(
    ("board", "瓦楞纸板", "纸板", "纸箱", "corrugated board"),
    ("paper", "纸"),
    ("fibre", "纸浆模塑", "moulded fibre"),
    ("wood", "木材", "木"),
    ("pe", "聚乙烯", "PE"),
    ("pp", "聚丙烯", "PP"),
    ("pet", "聚酯", "PET"),
    ("ps", "聚苯乙烯", "PS", "EPS"),
    ("pvc", "聚氯乙烯", "PVC"),
    ("plastic", "其他塑料", "塑料", "other plastic"),
    ("steel", "钢", "钢材"),
    ("aluminium", "铝", "aluminum"),
    ("glass", "玻璃"),
    ("textile", "织物"),
    ("composite", "复合材料"),
    ("other", "其他"),
)
LEVEL = cell.Choice.of(
    ("primary", "内包装", "销售包装", "inner"),
    ("secondary", "中包装", "middle"),
    ("transport", "运输包装", "外包装", "outer"),
    ("part", "附件", "缓冲与附件", "cushion or part"),
)
YES = cell.Choice.of(("yes", "是", "可回收", "y"), ("no", "否", "不可回收", "n"))
AMOUNTS = cell.Choice.of(("measured", "实测", "计量"), ("design", "设计", "设计值"))
_SIZE: Final = re.compile(r"([0-9]{1,6})\s*[x×*]\s*([0-9]{1,6})\s*[x×*]\s*([0-9]{1,6})", re.IGNORECASE)
_LONGEST: Final = 100_000


def size(text: str) -> tuple[int, int, int]:
    """Length x width x height in whole millimetres. Raises ``SizeUnreadable``."""
    match = _SIZE.fullmatch(cell.plain(text).removesuffix("mm").strip())
    found = tuple(int(part) for part in match.groups()) if match else ()
    if len(found) != 3 or not all(1 <= one <= _LONGEST for one in found):
        raise SizeUnreadable(text=text)
    return found


_optional: Final = partial(Column, needed=False)

COLUMNS = (
    Column("bill", "包装清单编号", "packaging list", cell.code, ("包装编号", "list no"), example="PK-2023-001"),
    Column("supplier", "供应商编号", "supplier", cell.name, ("供应商", "organisation"), example="wumen-guangtong"),
    Column("product", "产品编码", "product", cell.product, ("产品", "gtin", "商品条码"), example="9521141000014"),
    Column("name", "产品名称", "product name", cell.name, ("名称", "name"), example="家用路由器"),
    _optional("product_size", "产品尺寸 mm", "product size mm", size, ("裸机尺寸",), example="220x150x40"),
    Column("amounts", "用量来源", "amounts are", AMOUNTS, ("数据来源",), example="实测"),
    Column("source", "凭证", "evidence", cell.name, ("依据", "source"), example="称重单 2023-04"),
    Column("valid_from", "有效期起", "valid from", cell.day, ("生效日期",), example="2023-01-01"),
    Column("valid_to", "有效期止", "valid to", cell.day, ("失效日期",), example="2024-12-31"),
    _optional("verified_by", "核查机构", "verified by", cell.name, ("第三方核查", "verifier")),
    Column("stated_at", "编制时间", "stated at", cell.moment, ("编制日期", "stated on"), unit="time",
           example="2023-04-18", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("component", "部件", "component", cell.name, ("部件名称",), example="彩盒"),
    Column("level", "层级", "level", LEVEL, ("包装层级",), example="内包装"),
    Column("material", "材料", "material", MATERIAL, ("材质",), example="瓦楞纸板"),
    Column("mass", "单件质量", "mass of one", cell.kilograms, ("质量", "重量"), unit="mass", example="0.11",
           bracket_zh="千克", bracket_en="kg"),
    _optional("size", "外形尺寸 mm", "outside size mm", size, ("尺寸", "外尺寸"), example="260x180x60"),
    _optional("count", "部件数量", "number of it", cell.count, ("数量",), example="1"),
    _optional("pieces", "装产品数", "pieces in it", cell.count, ("装入件数",), example="1"),
    Column("recycled", "再生料比例", "recycled content", cell.percent, ("再生含量",), unit="%", example="60",
           bracket_zh="%", bracket_en="%"),
    Column("recyclable", "可回收", "recyclable", YES, ("是否可回收",), example="是"),
    _optional("cycles", "循环次数", "cycles", cell.count, ("周转次数", "使用次数"), example="1"),
    _optional("returnable", "周转资产类型", "returnable type", cell.product, ("GRAI", "周转箱编码")),
    _optional("factor", "因子编号", "factor", cell.code, ("排放因子编号", "factor id"),
              example="DEFRA25-19_506_5156_15_1"),
    _optional("recycled_factor", "再生料因子", "recycled factor", cell.code, ("再生料因子编号",)),
)  # fmt: skip
HEAD: Final = tuple(column.key for column in COLUMNS[:11])
"""Columns of the list itself."""
_OWN: Final = ("amounts", "name", "product", "source", "supplier", "valid_from", "valid_to", "verified_by")
_COMPONENT: Final = {
    "count": "count",
    "cycles": "cycles",
    "factor": "factor",
    "level": "level",
    "mass_kg": "mass",
    "material": "material",
    "name": "component",
    "pieces": "pieces",
    "recycled_factor": "recycled_factor",
    "recycled_pct": "recycled",
    "returnable": "returnable",
    "size": "size",
}


def build(values: Values) -> PackagingBill:
    """The list with this one component in it; its id is the supplier and the list's number."""
    component = {field: values[key] for field, key in _COMPONENT.items() if key in values}
    fields: dict[str, Any] = {name: values[name] for name in _OWN if name in values}
    fields |= {
        "components": [component | {"recyclable": values["recyclable"] == "yes"}],
        "id": f"packaging:{values['supplier']}:{values['bill']}",
        "kind": "packaging_bill",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    if "product_size" in values:
        fields["size"] = values["product_size"]
    return msgspec.convert(fields, PackagingBill)


def join(rows: Sequence[PackagingBill]) -> PackagingBill:
    """One list of its components; what is said of the list must be the same in all. Raises ``FieldContradicts``."""
    first = rows[0]
    for row in rows[1:]:
        for name in PackagingBill.__struct_fields__:
            mine, its = getattr(first, name), getattr(row, name)
            if name != "components" and mine != its:
                raise contradiction(f"{name}: {mine} / {its}", f"{name}: {mine} / {its}", f"/{name}")
    parts = tuple(one for row in rows for one in row.components)
    fields = msgspec.structs.asdict(first) | {"components": parts}
    return msgspec.convert(fields, PackagingBill, from_attributes=True)


PACKAGING_BILL = Form(
    kind="packaging_bill",
    zh="包装清单",
    en="packaging",
    columns=COLUMNS,
    build=build,
    fields={
        "components": "component",
        "id": "bill",
        "occurred_at": "stated_at",
        "size": "product_size",
        **{f"components/{field}": key for field, key in _COMPONENT.items()},
    },
    head=HEAD,
    check_row=check_packaging_components,
    join=join,
)
