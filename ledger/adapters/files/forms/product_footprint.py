"""A supplier's product footprints: one row is one declaration."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.errors import contradiction
from ledger.records.product_footprint import ProductFootprint

BOUNDARY = cell.Choice.of(
    ("cradle_to_gate", "从摇篮到大门", "摇篮到大门", "cradle-to-gate", "cradle to gate"),
    ("cradle_to_grave", "从摇篮到坟墓", "摇篮到坟墓", "cradle-to-grave", "cradle to grave"),
)


def _pcf(text: str, unit: str) -> tuple[str, str | None]:
    return cell.kg_co2e(text, unit), cell.declared_unit_in(unit)


COLUMNS = (
    Column("declaration", "声明编号", "declaration", cell.code, ("声明单号", "declaration no", "pcf id"),
           example="PCF-2023-001"),
    Column("supplier", "供应商", "supplier", cell.name, ("供应商名称", "supplier name"), example="示例通信"),
    Column("product", "产品编码", "product", cell.product, ("产品", "gtin", "商品条码", "物料编码", "product id"),
           example="9521141000014"),
    Column("name", "产品名称", "product name", cell.name, ("名称", "name"), example="光网络终端 ONU"),
    Column("pcf", "碳足迹", "pcf", _pcf, ("产品碳足迹", "product carbon footprint"), unit="kg CO2e", example="8.4",
           bracket_zh="kg CO2e/声明单位", bracket_en="kg CO2e/declared unit"),
    Column("declared_unit", "声明单位", "declared unit", cell.DECLARED_UNIT, ("计量单位",), example="件"),
    Column("boundary", "系统边界", "boundary", BOUNDARY, ("边界", "system boundary"), example="从摇篮到大门"),
    Column("valid_from", "有效期起", "valid from", cell.day, ("生效日期",), example="2023-01-01"),
    Column("valid_to", "有效期止", "valid to", cell.day, ("失效日期",), example="2024-12-31"),
    Column("primary_data_share", "初级数据占比", "primary data share", cell.percent,
           ("原始数据占比", "pds"), needed=False, unit="%", example="62", bracket_zh="%", bracket_en="%"),
    Column("verified_by", "核查机构", "verified by", cell.name, ("第三方核查", "third party verified", "verifier"),
           needed=False, example="示例认证中心"),
    Column("declared_at", "声明时间", "declared at", cell.moment, ("声明日期", "declared on"), unit="time",
           example="2023-04-20", bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> ProductFootprint:
    """The declaration of a row; its id is the supplier and the declaration's number."""
    pcf, per = values["pcf"]
    if per is not None and per != values["declared_unit"]:
        units = f"kg CO2e / {per}, {values['declared_unit']}"
        raise contradiction(units, units)
    fields = {
        "boundary": values["boundary"],
        "declared_unit": values["declared_unit"],
        "id": f"pcf:{values['supplier']}:{values['declaration']}",
        "kind": "product_footprint",
        "name": values["name"],
        "occurred_at": values["declared_at"],
        "pcf_kg_co2e": pcf,
        "product": values["product"],
        "supplier": values["supplier"],
        "valid_from": values["valid_from"],
        "valid_to": values["valid_to"],
        "version": 1,
    }
    if "primary_data_share" in values:
        fields["primary_data_share_pct"] = values["primary_data_share"]
    if "verified_by" in values:
        fields["verified_by"] = values["verified_by"]
    return msgspec.convert(fields, ProductFootprint)


PRODUCT_FOOTPRINT = Form(
    kind="product_footprint",
    zh="产品碳足迹声明",
    en="product footprints",
    columns=COLUMNS,
    build=build,
    fields={"pcf_kg_co2e": "pcf", "primary_data_share_pct": "primary_data_share", "occurred_at": "declared_at"},
)
