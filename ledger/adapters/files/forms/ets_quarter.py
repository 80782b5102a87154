"""Emissions trading: one row is one quarter of one installation."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.emission_trading import EtsQuarter

COLUMNS = (
    Column("scheme", "交易体系", "trading scheme", cell.name, ("碳市场",), example="全国碳排放权交易市场"),
    Column("installation", "设施", "installation", cell.name, ("控排单元",), example="南京数据中心"),
    Column("quarter", "季度", "quarter", cell.code, example="2023-Q1"),
    Column("allocation", "配额吨数", "allocation t", cell.decimal, ("配额",), example="1200"),
    Column("emissions", "排放吨数", "emissions t", cell.decimal, ("排放量",), needed=False, example="1285.5"),
    Column("price", "价格元每吨", "price CNY per t", cell.decimal, ("价格",), needed=False, example="68.15"),
    Column("verified_by", "核查机构", "verified by", cell.name, ("核查方",), needed=False, example="CQC"),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2023-04-20",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_OTHER = {"allocation_t": "allocation", "emissions_t": "emissions", "price_cny": "price"}


def build(values: Values) -> EtsQuarter:
    """The quarter of a row; a later statement on it is a record of its own and replaces it."""
    fields: Values = {n: values[n] for n in ("installation", "quarter", "scheme", "verified_by") if n in values}
    fields |= {name: values[key] for name, key in _OTHER.items() if key in values}
    fields |= {
        "id": f"ets:{values['installation']}:{values['quarter']}:{values['stated_at'].isoformat()}",
        "kind": "ets_quarter",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields, EtsQuarter)


ETS_QUARTER = Form(
    kind="ets_quarter",
    zh="碳市场季度",
    en="emissions trading quarter",
    columns=COLUMNS,
    build=build,
    fields={"id": "installation", "occurred_at": "stated_at", **_OTHER},
)
