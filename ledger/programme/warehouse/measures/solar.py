"""On-site solar: of the electricity a site uses, what it generates itself and sells to nobody as green."""

from __future__ import annotations

from ledger.programme.warehouse.measures.base import Line, Measured
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import MeasureName


class Solar:
    """More is better. Exports are taken off, and own generation whose certificates went elsewhere."""

    name: MeasureName = "solar"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        power = year.electricity()
        lines = (
            Line("bought", power.bought, "kWh"),
            Line("generated", power.generated, "kWh"),
            Line("exported", power.exported, "kWh"),
            Line("sold-green", power.sold, "kWh"),
        )
        return Measured(power.own, year.whole(power.used, self.name), lines)
