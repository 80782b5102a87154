"""Fill: the mean space in use of the space that can be used."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class Fill:
    """More is better. Stated by the site, with evidence."""

    name: MeasureName = "fill"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "fill", "space-used", "space", "m³")
