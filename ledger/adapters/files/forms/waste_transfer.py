"""Waste: one row is what left a site for treatment."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.inventory_boundary import WasteTransfer

TREATMENT = cell.Choice.of(
    ("recycling", "回收利用", "回收"),
    ("incineration", "焚烧"),
    ("landfill", "填埋"),
    ("composting", "堆肥"),
    ("anaerobic", "厌氧消化"),
    ("reuse", "再使用", "复用"),
)

COLUMNS = (
    Column("transfer", "转移单号", "transfer", cell.code, ("联单编号", "manifest"), example="FW20230518-01"),
    Column("site", "站点", "site", cell.name, ("产生场所",), example="溧水"),
    Column("material", "废弃物", "material", cell.name, ("种类",), example="瓦楞纸"),
    Column("treatment", "处理方式", "treatment", TREATMENT, ("去向",), example="回收利用"),
    Column("mass_kg", "质量 kg", "mass kg", cell.decimal, ("重量千克",), example="120"),
    Column("factor", "因子编号", "factor", cell.name, ("排放因子",), needed=False),
    Column("occurred_at", "转移时间", "occurred at", cell.moment, ("离场时间",), unit="time", example="2023-05-18",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> WasteTransfer:
    """The transfer of a row; its id is the site and the transfer's number."""
    plain = ("factor", "mass_kg", "material", "occurred_at", "site", "treatment")
    fields = {name: values[name] for name in plain if name in values}
    fields |= {"id": f"waste:{values['site']}:{values['transfer']}", "kind": "waste_transfer", "version": 1}
    return msgspec.convert(fields, WasteTransfer)


WASTE_TRANSFER = Form(
    kind="waste_transfer", zh="废弃物", en="waste", columns=COLUMNS, build=build, fields={"id": "transfer"}
)
