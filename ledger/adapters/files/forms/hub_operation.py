"""A warehouse's outbound and transshipment list: one row is goods of one product that left a hub on one route."""

from __future__ import annotations

from functools import partial

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.hub_operation import HubOperation

OPERATION = cell.Choice.of(
    ("storage", "仓储", "存储", "入库存储"),
    ("transshipment", "中转", "转运", "越库", "cross-dock"),
)
TEMPERATURE = cell.Choice.of(("ambient", "常温"), ("refrigerated", "冷藏", "冷链", "cooled"))

COLUMNS = (
    Column("operation_id", "作业单号", "operation id", cell.code, ("出库单号", "作业编号", "operation no"),
           example="CK20230504-0001"),
    Column("hub", "仓库", "hub", cell.name, ("库房", "warehouse"), example="溧水"),
    Column("operation", "作业类型", "operation", OPERATION, ("作业", "operation type"), example="仓储"),
    Column("product", "产品", "product", cell.product, ("产品编码", "物料编码", "gtin", "商品条码"),
           example="9521141000014"),
    Column("quantity", "件数", "quantity", cell.count, ("数量", "pieces"), example="20"),
    Column("outbound_mass", "出库毛重", "outbound mass", partial(cell.amount, dimension="mass"),
           ("毛重", "gross mass", "mass"), unit="mass", example="640", bracket_zh="千克", bracket_en="kg"),
    Column("route", "线路", "route", cell.code, ("线路编号", "运输线路"), example="溧水-苏州"),
    Column("temperature", "温区", "temperature", TEMPERATURE, ("温度",), needed=False),
    Column("consignment", "所属运单", "consignment", cell.code, ("所属运单号", "consignment no"), needed=False),
    Column("occurred_at", "出库时间", "occurred at", cell.moment, ("作业时间", "shipped at"), unit="time",
           example="2023-05-04 09:00", bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> HubOperation:
    """The operation of a row; its id is the hub and the operation's number."""
    fields = {
        "hub": values["hub"],
        "id": f"hub:{values['hub']}:{values['operation_id']}",
        "kind": "hub_operation",
        "mass_g": values["outbound_mass"],
        "occurred_at": values["occurred_at"],
        "operation": values["operation"],
        "product": values["product"],
        "quantity": values["quantity"],
        "route": values["route"],
        "version": 1,
    }
    zone = {"temperature": values["temperature"]} if "temperature" in values else {}
    consignment = {"consignment": values["consignment"]} if "consignment" in values else {}
    return msgspec.convert(fields | zone | consignment, HubOperation)


HUB_OPERATION = Form(
    kind="hub_operation",
    zh="仓库作业",
    en="hub operations",
    columns=COLUMNS,
    build=build,
    fields={"mass_g": "outbound_mass", "id": "operation_id"},
)
