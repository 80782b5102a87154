"""Energy certificates: one row is one certificate, and the use it was cancelled for."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.energy_certificate import EnergyCertificate, certificate_id

SOURCE = cell.Choice.of(
    ("certificate", "绿证", "GEC", "I-REC"),
    ("green_power", "绿电交易", "绿电"),
    ("own_generation", "自发电", "自有发电", "own generation"),
)
TECHNOLOGY = cell.Choice.of(
    ("wind", "风电", "风力发电"),
    ("solar", "光伏", "光伏发电", "pv"),
    ("hydro", "水电", "水力发电"),
    ("biomass", "生物质", "生物质发电"),
    ("solar_thermal", "光热", "光热发电"),
    ("geothermal", "地热"),
    ("nuclear", "核电", "核能发电"),
)

COLUMNS = (
    Column("certificate", "证书编号", "certificate", cell.code, ("绿证编号", "certificate no"),
           example="GEC-2023-000117"),
    Column("serial_last", "末号", "last number", cell.code, ("证书末号",), needed=False, example="GEC-2023-000128"),
    Column("issuer", "核发机构", "issuer", cell.name, ("发证机构",), example="国家可再生能源信息管理中心"),
    Column("owner", "持有人", "owner", cell.name, ("购买方",), example="示例通信"),
    Column("source", "取得方式", "source", SOURCE, ("方式",), example="绿电交易"),
    Column("technology", "发电类型", "technology", TECHNOLOGY, ("电源类型",), example="风电"),
    Column("mwh", "电量 MWh", "mwh", cell.decimal, ("兆瓦时",), example="12"),
    Column("region", "发电区域", "region", cell.name, ("省份",), example="江苏"),
    Column("generated_from", "发电起", "generated from", cell.day, ("生产期起",), example="2023-05-01"),
    Column("generated_to", "发电止", "generated to", cell.day, ("生产期止",), example="2023-05-31"),
    Column("generated_at", "发电站点", "generated at", cell.name, needed=False),
    Column("site", "核销站点", "retired for site", cell.name, ("使用站点", "site"), needed=False, example="溧水"),
    Column("used_from", "使用期起", "used from", cell.day, needed=False, example="2023-05-01"),
    Column("used_to", "使用期止", "used to", cell.day, needed=False, example="2023-05-31"),
    Column("retired_on", "核销日期", "retired on", cell.day, ("核销日",), needed=False, example="2023-06-10"),
    Column("transferred_to", "转让给", "transferred to", cell.name, needed=False),
    Column("factor", "足迹因子", "footprint factor", cell.name, ("因子编号",), needed=False),
    Column("stated_at", "登记时间", "stated at", cell.moment, ("声明时间",), unit="time", example="2023-06-10",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_PLAIN = (
    "certificate",
    "factor",
    "generated_at",
    "generated_from",
    "generated_to",
    "issuer",
    "mwh",
    "owner",
    "region",
    "serial_last",
)
_RETIRED = {"site": "site", "used_from": "period_start", "used_to": "period_end", "retired_on": "retired_on"}


def build(values: Values) -> EnergyCertificate:
    """The certificate of a row; its id is issuer and number."""
    fields = {name: values[name] for name in (*_PLAIN, "source", "technology", "transferred_to") if name in values}
    used = {field: values[name] for name, field in _RETIRED.items() if name in values}
    fields |= {
        "id": certificate_id(values["issuer"], values["certificate"]),
        "kind": "energy_certificate",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields | ({"retired_for": used} if used else {}), EnergyCertificate)


ENERGY_CERTIFICATE = Form(
    kind="energy_certificate",
    zh="绿证与绿电",
    en="energy certificates",
    columns=COLUMNS,
    build=build,
    fields={"id": "certificate", "occurred_at": "stated_at", "retired_for": "site"},
)
