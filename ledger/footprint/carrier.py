"""The factor of an energy carrier for use on some days, as a set has it: the grid's, or the one of a fuel that fits."""

from __future__ import annotations

from datetime import date

from ledger.footprint.errors import FactorExpired, NoEmissionFactor
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.electricity import grid_factor
from ledger.footprint.iso14083.energy import CarrierFactor
from ledger.footprint.iso14083.errors import FactorAmbiguous
from ledger.records.transport_operation import ELECTRICITY


def carrier_factor(
    factors: FactorSet, carrier: str, unit: str, region: str | None, days: tuple[date, date]
) -> tuple[CarrierFactor, tuple[str, ...]]:
    """
    The factor of a carrier in a unit for use from the first to the last day, and its flags.

    Electricity takes its grid's; anything else the one factor of that id, or of that fuel and unit (MJ and kWh are one
    unit to 3.6). Raises ``NoEmissionFactor``, ``FactorExpired``, ``FactorAmbiguous``, ``BoundaryMismatch``.
    """
    if carrier == ELECTRICITY:
        return grid_factor(factors, region or "", days[0].year)
    known = factors.factors.get(carrier)
    units = ("MJ", "kWh") if unit in {"MJ", "kWh"} else (unit,)
    able = [f for f in factors.factors.values() if f.per in units and f.fuel and not f.mode]
    fit = [known] if known else [f for f in able if f.fuel == carrier]
    if not fit:
        fuels = sorted({f.fuel for f in able})
        raise NoEmissionFactor(asked=f"{carrier} / {unit}", factor_set=factors.id, nearest=", ".join(fuels[:5]) or "-")
    valid = [f for f in fit if f.valid_from <= days[0] and days[1] <= f.valid_to]
    if not valid:
        worst = fit[0]
        held = {"valid_from": worst.valid_from.isoformat(), "valid_to": worst.valid_to.isoformat()}
        raise FactorExpired(factor=worst.id, day=f"{days[0].isoformat()} / {days[1].isoformat()}", **held)
    home = [f for f in valid if f.region == factors.region]
    best = home or valid
    if len(best) > 1:
        raise FactorAmbiguous(asked=f"{carrier} / {unit}", factors=", ".join(sorted(f.id for f in best)))
    flags = {"geography": not home, "time": best[0].year != days[0].year}
    return CarrierFactor.of(best[0]).energy_per(unit), tuple(name for name, holds in flags.items() if holds)
