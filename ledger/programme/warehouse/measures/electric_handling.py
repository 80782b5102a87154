"""Handling equipment: trucks and conveyors that run on electricity, of all in service."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class ElectricHandling:
    """More is better. Stated by the site, with evidence."""

    name: MeasureName = "electric_handling"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "electric_handling", "electric-trucks", "trucks", "pieces")
