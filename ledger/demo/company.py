"""
What the demonstration's company says of itself: its boundary, targets with what was reached, allowances, measures.

Invented, but for figures of the kind that printed reports have: savings at 49.4 % after 60 % of the time, an
intensity of 64.5 kgce per 万元, a PUE from 1.70 to 1.36. One month of one site is out of line.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ledger.demo.catalogue import CARRIER_IN, CARRIER_OUT, CARRIER_RAIL
from ledger.demo.places import HUB

COMPANY: Final = "示例通信江苏公司"
SAVING, INTENSITY, POWER = "累计节电-2025", "能耗强度-2025", "溧水用电-2025"
_STATED: Final = "声明时间（北京时间）"
_YEAR_END, _REPORT = "2024-03-21", "可持续发展报告 2023"
_SUMMER: Final = ("9120", "9340", "9080", "9210", "9400", "9150", "9260", "9310", "9190", "9230", "9280", "12860")
"""Metered kWh of the site, June 2022 to May 2023; a cooling machine ran through May."""


class Table(NamedTuple):
    """One file."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


TABLES: Final = (
    Table("boundary.csv", (
        "组织", "边界方法", "生效日期", "自有站点", "付费承运商", "采购的货物", "电力因子系列", _STATED,
    ), (
        (COMPANY, "运营控制", "2023-01-01", HUB.zh, f"{CARRIER_IN}; {CARRIER_OUT}; {CARRIER_RAIL}", "全部移动的产品",
         "统计口径", "2023-01-05"),
    )),
    Table("targets.csv", (
        "目标编号", "指标", "范围", "计量单位", "基准年", "基准值", "目标年", "降幅（%）", "累计目标", "路径",
        "责任单位", _STATED,
    ), (
        (SAVING, "累计节能", COMPANY, "万度", "2020", "", "2025", "", "400", "直线", "网络部", "2021-03-01"),
        (INTENSITY, "强度", COMPANY, "kgce/万元", "2020", "80.6", "2025", "20", "", "复合", "能源管理办公室",
         "2021-03-01"),
        (POWER, "能耗", HUB.zh, "kWh", "2022", "112000", "2025", "10", "", "直线", "仓储部", "2023-01-05"),
    )),
    Table("actuals.csv", ("目标编号", "期间", "实际值", "计量单位", "来源", "核查机构", _STATED), (
        (SAVING, "2021-01/2022-12", "107.8", "万度", _REPORT, "", _YEAR_END),
        (SAVING, "2023", "89.9", "万度", _REPORT, "", _YEAR_END),
        (INTENSITY, "2022", "74.14", "kgce/万元", _REPORT, "", _YEAR_END),
        (INTENSITY, "2023", "64.5", "kgce/万元", _REPORT, "示例核查机构", _YEAR_END),
        *((POWER, f"{2022 + (n + 5) // 12}-{(n + 5) % 12 + 1:02}", kwh, "kWh", "电费单", "", "2023-06-05")
          for n, kwh in enumerate(_SUMMER)),
    )),
    Table("scenarios.csv", ("情景编号", "目标编号", "年份", "预测用量", "业务量", "降幅（%）", "来源", _STATED), (
        ("2025-基准情景", INTENSITY, "2025", "8900", "131.5", "15; 20", "年度预算", _YEAR_END),
    )),
    Table("ets.csv", ("交易体系", "设施", "季度", "配额吨数", "排放吨数", "价格元每吨", "核查机构", _STATED), (
        ("全国碳排放权交易市场", "南京数据中心", "2023-Q1", "1200", "1285.5", "56", "示例核查机构", "2023-04-20"),
        ("全国碳排放权交易市场", "南京数据中心", "2023-Q2", "1200", "1163.2", "58", "示例核查机构", "2023-07-20"),
        ("全国碳排放权交易市场", "南京数据中心", "2023-Q3", "1200", "1310", "68.15", "", "2023-10-20"),
    )),
    Table("measures.csv", (
        "措施", "站点", "阶段", "节电度数", "节约金额元", "起始日期", "截止日期", "改造前PUE", "改造后PUE", "责任单位",
        "核查机构", _STATED,
    ), (
        ("液冷改造", "福州数据中心", "计划", "800000", "541000", "2023-01-01", "2023-12-31", "", "", "网络部", "",
         "2022-12-01"),
        ("液冷改造", "福州数据中心", "已实施", "680000", "460000", "2023-01-01", "2023-12-31", "1.7", "1.36", "网络部",
         "", "2024-01-15"),
        ("照明改造", HUB.zh, "计划", "21000", "14300", "2024-01-01", "2024-12-31", "", "", "仓储部", "", "2024-01-15"),
    )),
)  # fmt: skip


def write_company(directory: Path) -> list[Path]:
    """One file per table, as an office program saves them."""
    directory.mkdir(parents=True, exist_ok=True)
    return [_written(directory / table.name, table) for table in TABLES]


def _written(path: Path, table: Table) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows((table.headings, *table.rows))
    return path
