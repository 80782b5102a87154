"""A contract that followed an award: which product is delivered when, and what a kilogram not kept costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.target import Month
from ledger.records.transport_leg import Moment, Name

MOST_MONTHS = 120


class Contract(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What the winner of a score ``sheet`` of ``tender`` delivers: ``product``, a GTIN in canonical text, from
    ``first_month`` to ``last_month``. ``supplier`` is the winner's organisation, or its name where it has none.

    The promise is the footprint that the sheet scored, per declared unit; a piece holds ``units_per_piece`` of them.
    ``carbon_value`` is what a kg CO2e was worth in the award [currency of the scheme per kg], ``sanction_factor`` how
    many times the advantage given for what was not kept is owed. With ``counts_delivery`` the promise includes the way
    to the buyer's sites, and so does what is measured.
    """

    carbon_value: DecimalText
    counts_delivery: bool = False
    first_month: Month
    id: Name
    kind: Literal["contract"]
    last_month: Month
    occurred_at: Moment
    product: Name
    sanction_factor: DecimalText = "1.5"
    sheet: Name
    supplier: Name
    tender: Name
    units_per_piece: DecimalText = "1"
    version: Literal[1]


def month_number(month: str) -> int:
    """``2023-05`` as year x 12 + month - 1."""
    day = date.fromisoformat(f"{month}-01")
    return day.year * 12 + day.month - 1


def check_contract(record: Contract) -> None:
    """It lasts, its pieces hold something, and a promise not kept costs at least what was given for it."""
    if not 0 <= month_number(record.last_month) - month_number(record.first_month) < MOST_MONTHS:
        raise contradiction(
            f"the last month is the first or later, and {MOST_MONTHS} months at most are covered",
            f"末月不早于首月，最多 {MOST_MONTHS} 个月",
            "/last_month",
        )
    if Decimal(record.units_per_piece) == 0:
        raise contradiction("a piece holds more than nothing", "每件所含单位数须大于零", "/units_per_piece")
    if Decimal(record.sanction_factor) < 1:
        raise contradiction(
            "a factor below 1 makes breaking the promise pay", "倍数小于 1 将使违约有利可图", "/sanction_factor"
        )
