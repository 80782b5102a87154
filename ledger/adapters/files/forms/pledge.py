"""Pledges of suppliers: one row is one indicator of one commitment."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.programme.commitments import COMMITMENTS
from ledger.records.errors import contradiction
from ledger.records.pledge import Pledge


def commitment(text: str) -> str:
    """A commitment by its name in either language. Raises ``FieldContradicts``."""
    found = [one.name for one in COMMITMENTS if text.strip().casefold() in {one.name, one.zh, one.en.casefold()}]
    if not found:
        en, zh = ", ".join(one.en for one in COMMITMENTS), "、".join(one.zh for one in COMMITMENTS)
        raise contradiction(f"{text!r} is none of {en}", f"{text!r} 不在 {zh} 之中")
    return found[0]


COLUMNS = (
    Column("supplier", "供应商编号", "supplier", cell.name, ("供应商", "organisation"), example="wumen-guangtong"),
    Column("commitment", "倡议", "commitment", commitment, ("承诺",), example="推广绿色包装"),
    Column("indicator", "指标", "indicator", cell.name, (), example="可循环包装占比"),
    Column("measured_in", "计量单位", "measured in", cell.name, ("指标单位",), example="%"),
    Column("base_year", "基准年", "base year", cell.count, (), example="2023"),
    Column("base_value", "基准值", "base value", cell.decimal, (), example="40"),
    Column("target_year", "目标年", "target year", cell.count, (), example="2028"),
    Column("target_value", "目标值", "target value", cell.decimal, (), example="80"),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2026-02-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_NAMING = ("supplier", "commitment", "indicator", "base_year", "target_year")


def build(values: Values) -> Pledge:
    """The pledge of a row; supplier, commitment, indicator and years make its id."""
    named = "\n".join(str(values[key]) for key in _NAMING)
    fields = {key: value for key, value in values.items() if key not in {"stated_at", "measured_in"}} | {
        "id": "pledge:" + sha256(named.encode()).hexdigest()[:40],
        "kind": "pledge",
        "occurred_at": values["stated_at"],
        "unit": values["measured_in"],
        "version": 1,
    }
    return msgspec.convert(fields, Pledge)


PLEDGE = Form(
    kind="pledge",
    zh="供应商承诺",
    en="pledges of suppliers",
    columns=COLUMNS,
    build=build,
    fields={"id": "indicator", "occurred_at": "stated_at", "unit": "measured_in"},
)
