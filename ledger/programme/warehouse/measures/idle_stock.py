"""Idle stock: value of what lies unused longer than the house's limit, of the value of all stock."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class IdleStock:
    """Less is better. Stated by the site, with evidence."""

    name: MeasureName = "idle_stock"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "idle_stock", "idle-value", "stock-value", "CNY")
