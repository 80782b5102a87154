"""A mix of orders and candidates for cartons, made so that one to four cartons have the published optima."""

from __future__ import annotations

from functools import cache
from typing import Final

from ledger.adapters.files.carton_workbook import SHEETS
from ledger.adapters.files.plan_tables import template_tables
from ledger.adapters.files.written_table import Cell
from ledger.adapters.files.written_workbook import workbook

_ORDERS: Final = (
    ("交换机", 10, 58, 38, 28, "8"),
    ("光缆接头盒", 6, 55, 35, 30, "6"),
    ("路由器", 131, 38, 28, 18, "3"),
    ("配线架", 70, 40, 25, 20, "4"),
    ("光猫", 169, 28, 18, 14, "0.8"),
    ("尾纤", 100, 18, 14, 9, "0.3"),
    ("光模块", 64, 20, 10, 10, "0.2"),
)
"""Kind, orders, sides [cm], kilograms."""
_SIZES: Final = (
    (60, 40, 30),
    (50, 40, 30),
    (40, 40, 30),
    (30, 30, 30),
    (40, 30, 20),
    (30, 20, 20),
    (30, 20, 15),
    (20, 20, 10),
    (20, 15, 10),
)
"""[cm]"""


@cache
def example_mix() -> bytes:
    """The workbook."""
    cartons: list[list[Cell]] = [[f"{a}×{b}×{c}", 10 * a, 10 * b, 10 * c, "", ""] for a, b, c in _SIZES]
    orders: list[list[Cell]] = [[name, n, 10 * a, 10 * b, 10 * c, kg, 1] for name, n, a, b, c, kg in _ORDERS]
    rows = {"纸箱": cartons, "订单": orders}
    return workbook(template_tables(SHEETS, rows))
