"""Reuse: things that went back into use, of those that came off a site."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, counted, events_of, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class Reuse:
    """More is better. Stated by the site, with evidence, or counted from events."""

    name: MeasureName = "reuse"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "reuse", "reused", "dismantled", "pieces")

    def counted(self, year: SiteYear, _: int) -> Measured:
        """See ``Observable``."""
        return counted(year, self.name, ("reused", "dismantled"), events_of(year).reused())
