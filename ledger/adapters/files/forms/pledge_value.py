"""What was reached: one row is one year of one pledge."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.names import names
from ledger.records.pledge import PledgeValue

COLUMNS = (
    Column("supplier", "供应商编号", "supplier", cell.name, ("供应商", "organisation"), example="wumen-guangtong"),
    Column("pledge", "承诺编号", "pledge id", cell.code, ("承诺",), example="pledge:0b1c"),
    Column("year", "年份", "year", cell.count, ("年度",), example="2025"),
    Column("value", "实际值", "actual", cell.decimal, ("完成值", "value"), example="55"),
    Column("measured_in", "计量单位", "measured in", cell.name, ("指标单位",), example="%"),
    Column("source", "来源", "source", cell.name, ("出处",), example="2025 年包装台账"),
    Column("evidence", "证据 SHA-256", "evidence sha256", names, ("证据",), needed=False),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2026-02-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> PledgeValue:
    """The value of a row; its id holds when it was stated, so that a later one can replace it."""
    fields = {key: value for key, value in values.items() if key not in {"stated_at", "measured_in"}} | {
        "id": f"value:{values['pledge']}:{values['year']}:{values['stated_at'].isoformat()}",
        "kind": "pledge_value",
        "occurred_at": values["stated_at"],
        "unit": values["measured_in"],
        "version": 1,
    }
    return msgspec.convert(fields, PledgeValue)


PLEDGE_VALUE = Form(
    kind="pledge_value",
    zh="承诺完成值",
    en="values of pledges",
    columns=COLUMNS,
    build=build,
    fields={"id": "pledge", "occurred_at": "stated_at", "unit": "measured_in"},
)
