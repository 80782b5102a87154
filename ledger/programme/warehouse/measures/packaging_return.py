"""Packaging return: reusable packaging that came back, of what went out."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, counted, events_of, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class PackagingReturn:
    """More is better. Stated by the site, with evidence, or counted from the outings of returnable assets."""

    name: MeasureName = "packaging_return"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "packaging_return", "returned", "sent", "pieces")

    def counted(self, year: SiteYear, _: int) -> Measured:
        """See ``Observable``."""
        return counted(year, self.name, ("returned", "sent"), events_of(year).returned())
