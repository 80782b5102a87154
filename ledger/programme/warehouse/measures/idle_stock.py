"""Idle stock: value of what lies unused longer than the house's limit, of the value of all stock."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, counted, events_of, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class IdleStock:
    """Less is better. Stated by value with evidence, or counted by pieces: those whose last event lies too far back."""

    name: MeasureName = "idle_stock"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "idle_stock", "idle-value", "stock-value", "CNY")

    def counted(self, year: SiteYear, days: int) -> Measured:
        """See ``Observable``."""
        return counted(year, self.name, ("idle-things", "stock-things"), events_of(year).idle(days))
