"""
Electricity both ways: location-based always, market-based beside it where certificates were cancelled.

Electricity and hydrogen emit nothing where they are used: TTW is zero and everything is energy provision, WTT
(ISO 14083:2023; GLEC v3.0; GHG Protocol Scope 2 Guidance).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.footprint.amount import exact_text
from ledger.footprint.errors import BoundaryMismatch, NoEmissionFactor
from ledger.footprint.factor import FactorSet
from ledger.footprint.grid import NATIONAL, REGIONS, region_of
from ledger.footprint.iso14083.energy import CarrierFactor
from ledger.footprint.iso14083.errors import CertificatesExceedUse, CertificateUnusable
from ledger.footprint.iso14083.ghg import Ghg, summed


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Green power of ``kwh`` [kWh] generated within ``generated``, cancelled for this use on ``cancelled_on``."""

    id: str
    kwh: Fraction
    factor: CarrierFactor
    generated: tuple[date, date]
    cancelled_on: date | None


@dataclass(frozen=True, slots=True)
class BothWays:
    """The two figures of one use [kg CO2e]. ``market`` is ``None`` without certificates; they are never added."""

    location: Ghg
    market: Ghg | None
    certificates: tuple[str, ...]


def both_ways(
    kwh: Fraction,
    grid: CarrierFactor,
    period: tuple[date, date],
    certificates: Sequence[Certificate] = (),
    residual: CarrierFactor | None = None,
) -> BothWays:
    """
    The emissions of ``kwh`` used in ``period`` (first and last day).

    What no certificate covers takes the ``residual`` mix, and the grid's own factor where none is published. Raises
    ``CertificateUnusable``, ``CertificatesExceedUse``, ``BoundaryMismatch``, ``EnergyUnitMismatch``.
    """
    location = without_tailpipe(grid).emissions(kwh, "kWh")
    if not certificates:
        return BothWays(location, None, ())
    seen: set[str] = set()
    for one in certificates:
        _check(one, period, seen)
        seen.add(one.id)
    certified = sum((one.kwh for one in certificates), Fraction(0))
    if certified > kwh:
        raise CertificatesExceedUse(certified=exact_text(certified), used=exact_text(kwh))
    rest = without_tailpipe(residual or grid).emissions(kwh - certified, "kWh")
    green = [without_tailpipe(one.factor).emissions(one.kwh, "kWh") for one in certificates]
    return BothWays(location, summed([rest, *green]), tuple(one.id for one in certificates))


def _check(one: Certificate, period: tuple[date, date], seen: set[str]) -> None:
    problem = ""
    if not one.id.strip():
        problem = "it has no id"
    elif one.id in seen:
        problem = "it is counted twice"
    elif one.cancelled_on is None:
        problem = "it is not cancelled"
    elif one.kwh <= 0:
        problem = "it covers no energy"
    elif one.generated[1] < period[0] or one.generated[0] > period[1]:
        problem = "its power was generated outside the period"
    if problem:
        raise CertificateUnusable(certificate=one.id or "-", problem=problem)


def without_tailpipe(factor: CarrierFactor) -> CarrierFactor:
    """The factor, if it puts nothing into TTW. Raises ``BoundaryMismatch``."""
    if factor.ghg.ttw != 0:
        raise BoundaryMismatch(factor=", ".join(factor.ids), expected="TTW 0", got=f"TTW {exact_text(factor.ghg.ttw)}")
    return factor


def grid_factor(factors: FactorSet, region: str, year: int) -> tuple[CarrierFactor, tuple[str, ...]]:
    """
    The location-based factor of a Chinese region in a year, generation and transmission together, and its flags.

    From the carbon-footprint series alone (GB/T 24067). Raises ``NoEmissionFactor``, ``BoundaryMismatch``.
    """
    known = region_of(region)
    if known is None:
        near = ", ".join(row[1] for row in REGIONS[:3])
        raise NoEmissionFactor(asked=f"electricity {region}", factor_set=factors.id, nearest=near)
    parts = factors.electricity(year)
    for factor in parts:
        if factor.gas_scope != "CO2e" or factor.per != "kWh":
            raise BoundaryMismatch(factor=factor.id, expected="kg CO2e/kWh", got=factor.unit)
    flags = {"national-grid": known != NATIONAL, "time": parts[0].year != year}
    together = CarrierFactor(
        ids=tuple(factor.id for factor in parts),
        carrier="electricity",
        per="kWh",
        ghg=Ghg(Fraction(0), sum((Fraction(factor.wtw) for factor in parts), Fraction(0))),
        gwp_set=parts[-1].gwp_set,
    )
    return together, tuple(name for name, holds in flags.items() if holds)
