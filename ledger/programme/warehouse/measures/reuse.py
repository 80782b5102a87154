"""Reuse: things that went back into use, of those that came off a site."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Measured, stated
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class Reuse:
    """More is better. Stated by the site, with evidence."""

    name: MeasureName = "reuse"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        return stated(year, "reuse", "reused", "dismantled", "pieces")
