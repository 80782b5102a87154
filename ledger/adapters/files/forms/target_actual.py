"""What was reached: one row is one period of one target."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.errors import contradiction
from ledger.records.target import TargetActual

_PERIOD: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:/([0-9]{4})(?:-([0-9]{2}))?)?")


def period(text: str) -> tuple[str, str]:
    """``2023``, ``2023-05`` or ``2021-01/2022-12`` as its first and last month. Raises ``FieldContradicts``."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise contradiction(
            f"{text!r} is not 2023, 2023-05 or 2021-01/2022-12",
            f"{text!r} 不是 2023、2023-05 或 2021-01/2022-12 的写法",
        )
    year, month, last_year, last_month = found.groups()
    if last_year is None:
        last_year, last_month = year, month
    return f"{year}-{month or '01'}", f"{last_year}-{last_month or '12'}"


COLUMNS = (
    Column("target", "目标编号", "target id", cell.code, ("目标",), example="能耗强度-2025"),
    Column("period", "期间", "period", period, ("年月",), example="2023"),
    Column("value", "实际值", "actual", cell.decimal, ("完成值", "value"), example="64.5"),
    Column("measured_in", "计量单位", "measured in", cell.name, ("指标单位",), example="kgce/万元"),
    Column("source", "来源", "source", cell.name, ("出处",), example="可持续发展报告 2023"),
    Column("verified_by", "核查机构", "verified by", cell.name, ("核查方",), needed=False),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2024-03-21",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> TargetActual:
    """The statement of a row; its id holds when it was stated, so that a later one can replace it."""
    first, last = values["period"]
    fields: Values = {name: values[name] for name in ("source", "target", "value", "verified_by") if name in values}
    fields |= {
        "first": first,
        "id": f"actual:{values['target']}:{first}/{last}:{values['stated_at'].isoformat()}",
        "kind": "target_actual",
        "last": last,
        "occurred_at": values["stated_at"],
        "unit": values["measured_in"],
        "version": 1,
    }
    return msgspec.convert(fields, TargetActual)


TARGET_ACTUAL = Form(
    kind="target_actual",
    zh="目标完成值",
    en="target actual",
    columns=COLUMNS,
    build=build,
    fields={"first": "period", "id": "target", "last": "period", "occurred_at": "stated_at", "unit": "measured_in"},
)
