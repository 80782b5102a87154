"""Energy per floor area [kWh/m²]: all electricity used, and heat and fuels that are recorded in kWh or MJ."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ledger.programme.warehouse.measures.base import Line, Measured
from ledger.programme.warehouse.site_year import NONE, Amount, SiteYear
from ledger.records.index_scheme import MeasureName
from ledger.records.transport_operation import ELECTRICITY

_KWH: Final = {"kWh": Fraction(1), "MJ": Fraction(10, 36)}
"""1 kWh is 3.6 MJ."""


class EnergyIntensity:
    """Less is better. What is recorded by mass or volume is named as left out: no heating value is assumed."""

    name: MeasureName = "energy_intensity"
    unit = "kWh/m²"

    def of(self, year: SiteYear) -> Measured:
        """See ``Measure``."""
        power, area = year.electricity(), year.area()
        other, left_out = NONE, list[str]()
        entries: list[int] = []
        for entry, one in year.energy:
            if one.carrier == ELECTRICITY or one.period_end <= year.start or one.period_start >= year.end:
                continue
            within = one.period_start >= year.start and one.period_end <= year.end
            if one.unit in _KWH and within:
                other += Fraction(one.amount or 0) * _KWH[one.unit]
                entries.append(entry)
            else:
                left_out.append(f"{one.carrier} {one.amount} {one.unit} #{entry}")
        lines = (
            Line("bought", power.bought, "kWh"),
            Line("generated", power.generated, "kWh"),
            Line("exported", power.exported, "kWh"),
            Line("other-energy", Amount(other, tuple(entries), "recorded"), "kWh"),
            Line("floor-area", area, "m²"),
        )
        return Measured(power.used + other, area.value, lines, tuple(left_out))
