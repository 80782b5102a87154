"""Green power: own solar used here and unsold, and bought electricity that certificates used for this site cover."""

from __future__ import annotations

from ledger.footprint.amount import exact_text
from ledger.programme.warehouse.errors import GreenExceedsUse
from ledger.programme.warehouse.measures.base import Line, Measured
from ledger.programme.warehouse.site_year import KWH_PER_MWH, NONE, Amount, SiteYear
from ledger.records.index_scheme import MeasureName


class GreenPower:
    """
    More is better. A kWh counts once: certificates cover bought electricity alone, and never more than there was.

    A use across the end of a year is named as left out.
    """

    name: MeasureName = "green_power"
    unit = "%"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``. Raises ``GreenExceedsUse``."""
        power = year.electricity()
        first, last = year.days
        within = [one for one in year.uses if one.start >= first and one.end <= last]
        across = [one for one in year.uses if one not in within]
        covered = sum((one.mwh for one in within), NONE) * KWH_PER_MWH
        if covered > power.bought.value:
            told = {"used": exact_text(covered), "bought": exact_text(power.bought.value)}
            raise GreenExceedsUse(site=year.site, **told)
        certified = Amount(covered, tuple(sorted(one.entry for one in within)), "recorded")
        lines = (
            Line("certified", certified, "kWh"),
            Line("bought", power.bought, "kWh"),
            Line("generated", power.generated, "kWh"),
            Line("exported", power.exported, "kWh"),
            Line("sold-green", power.sold, "kWh"),
        )
        left_out = tuple(f"{one.certificate} {exact_text(one.mwh)} MWh #{one.entry}" for one in across)
        return Measured(covered + power.own, year.whole(power.used, self.name), lines, left_out)
