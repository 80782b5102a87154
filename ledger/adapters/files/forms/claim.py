"""Claims of a report: one row is one statement with its figures, and the rule that links them."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.claims.figure import figures
from ledger.claims.formula import formula
from ledger.records.claim import Claim, StatedFigure

RULE = cell.Choice.of(
    ("electricity", "电量", "用电", "electricity saved"),
    ("paper", "纸张", "paper saved"),
    ("transport", "运输", "周转量"),
    ("share", "占比", "比例"),
    ("arithmetic", "运算", "计算"),
    ("evidence", "仅声明", "不可复算"),
    ("saving", "节约量", "方案对比"),
)


def _figures(text: str) -> tuple[StatedFigure, ...]:
    return tuple(
        StatedFigure(amount=found.text, exact=found.exact, name=found.name, unit=found.unit) for found in figures(text)
    )


def _formula(text: str) -> str:
    return formula(text).text


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (cell.name(part.strip()) for part in text.replace("；", ";").split(";"))))


def _words(text: str) -> str:
    return text


COLUMNS = (
    Column("claim", "声明编号", "claim", cell.code, ("编号", "claim no", "claim id"), example="E1"),
    Column("words", "声明原文", "words", _words, ("原文", "内容", "statement"),
           example="通信站点节能超过 5.7 亿度，减少二氧化碳排放 32.5 万吨"),
    Column("source", "出处", "source", cell.name, ("来源", "报告", "document"), example="可持续发展报告 2023"),
    Column("rule", "规则", "rule", RULE, ("类型", "kind of claim"), example="电量"),
    Column("figures", "数字", "figures", _figures, ("所述数字", "stated figures"), needed=False,
           example="energy = 超过5.7亿 度; avoided = 32.5万 吨"),
    Column("formula", "公式", "formula", _formula, needed=False, example="energy * factor"),
    Column("result", "结果", "result", cell.name, ("结果数字",), needed=False, example="avoided"),
    Column("factor", "因子编号", "factor", cell.name, ("排放因子编号", "factor id"), needed=False,
           example="CN-ETS-2022"),
    Column("region", "电网区域", "region", cell.name, ("省份", "grid region"), needed=False, example="浙江"),
    Column("counts", "计量对象", "counts", _names, ("所计对象", "what is counted"), needed=False,
           example="meter:LS-D01"),
    Column("baseline", "基准方案", "baseline", cell.name, ("基准方案编号",), needed=False),
    Column("executed", "执行方案", "executed plan", cell.name, ("执行方案编号", "executed"), needed=False),
    Column("period_start", "时期起", "period start", cell.day, ("期间起",), needed=False, example="2023-01-01"),
    Column("period_end", "时期止", "period end", cell.day, ("期间止",), needed=False, example="2023-12-31"),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("发布时间", "published at"), unit="time",
           example="2024-03-21", bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> Claim:
    """The claim of a row; its id is the source and the claim's number."""
    plain = ("baseline", "counts", "executed", "factor", "figures", "formula", "period_end", "period_start", "region")
    fields = {name: values[name] for name in (*plain, "result", "rule", "source", "words") if name in values}
    fields |= {
        "figures": [msgspec.to_builtins(figure) for figure in values.get("figures", ())],
        "id": f"claim:{values['source']}:{values['claim']}",
        "kind": "claim",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields, Claim)


CLAIM = Form(
    kind="claim",
    zh="声明",
    en="claims",
    columns=COLUMNS,
    build=build,
    fields={"id": "claim", "occurred_at": "stated_at"},
)
