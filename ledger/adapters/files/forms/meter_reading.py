"""Readings of meters: one row is what the register of one device showed at one moment."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.names import names
from ledger.records.site_meter import MeterReading

YES = cell.Choice.of(("yes", "是", "已翻转"), ("no", "否", "未翻转"))
COLUMNS = (
    Column("site", "仓库", "warehouse", cell.name, ("站点", "site"), example="溧水"),
    Column("meter", "计量点", "measuring point", cell.code, ("表计", "meter"), example="LS-总表"),
    Column("serial", "表计编号", "serial number", cell.code, ("出厂编号", "表号", "serial"), example="DTZ-2209-001"),
    Column("value", "表底读数", "register shows", cell.decimal, ("读数", "表码", "reading"), example="10452.3"),
    Column("read_at", "抄表时间", "read at", cell.moment, ("抄表日期",), unit="time", example="2025-02-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
    Column("rolled_over", "是否翻转", "rolled over", YES, ("翻转归零",), needed=False),
    Column("evidence", "证据 SHA-256", "evidence sha256", names, ("证据",), needed=False),
)  # fmt: skip
_PLAIN = ("evidence", "meter", "serial", "site", "value")


def build(values: Values) -> MeterReading:
    """The reading of a row; its id is the device and the moment, so that one moment is read once."""
    at = values["read_at"]
    fields: Values = {name: values[name] for name in _PLAIN if name in values}
    fields |= {
        "id": f"reading:{values['site']}:{values['meter']}:{values['serial']}:{at.isoformat()}",
        "kind": "meter_reading",
        "occurred_at": at,
        "rolled_over": values.get("rolled_over") == "yes",
        "version": 1,
    }
    return msgspec.convert(fields, MeterReading)


METER_READING = Form(
    kind="meter_reading",
    zh="抄表记录",
    en="register readings",
    columns=COLUMNS,
    build=build,
    fields={"id": "serial", "occurred_at": "read_at"},
)
