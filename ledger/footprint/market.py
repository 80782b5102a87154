"""
Market-based electricity of sites: which cancelled certificate covers which kWh, and what the rest of the use takes.

A certificate is spread over the readings of its site in the time it was cancelled for, in proportion to their kWh.
Certificates are taken in the order of their entries, and one that would cover more than is left of the use is refused
whole. The location-based figure is always there (GHG Protocol Scope 2 Guidance).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.errors import FootprintError
from ledger.footprint.activity import Certified, SiteEnergy
from ledger.footprint.amount import exact_text
from ledger.footprint.errors import BoundaryMismatch, NoEmissionFactor
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.iso14083.electricity import BothWays, Certificate, both_ways
from ledger.footprint.iso14083.energy import CarrierFactor
from ledger.footprint.iso14083.errors import CertificatesExceedUse, CertificateUnusable
from ledger.footprint.iso14083.ghg import Ghg
from ledger.records.transport_operation import ELECTRICITY

KWH_PER_MWH: Final = 1000
RESIDUAL: Final = "residual"
"""Component of a series that holds what remains of the grid without the power that was sold as green."""
SOURCES: Final[Mapping[str, str]] = {
    "biomass": "source:生物质发电",
    "geothermal": "source:地热发电",
    "hydro": "source:水力发电",
    "nuclear": "source:核能发电",
    "solar": "source:光伏发电",
    "solar_thermal": "source:光热发电",
    "wind": "source:风力发电",
}
"""Component of the product-footprint series for each technology (MEE, NBS and NEA announcement)."""
_NONE: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Covering:
    """Of each reading (by its entry) what certificates cover [kWh], and those that cannot be used, with the reason."""

    by_reading: Mapping[int, tuple[tuple[Certified, Fraction], ...]]
    refused: tuple[tuple[Certified, FootprintError], ...]

    def kwh(self, entry: int) -> Fraction:
        """What is covered of a reading [kWh]."""
        return sum((part for _, part in self.by_reading.get(entry, ())), _NONE)


def cover(readings: Sequence[SiteEnergy], certificates: Sequence[Certified]) -> Covering:
    """Spread the certificates that were cancelled for one site over its readings of bought electricity."""
    electric = [r for r in readings if r.carrier == ELECTRICITY and r.origin == "bought"]
    left = {reading.entry: reading.used for reading in electric}
    found: dict[int, list[tuple[Certified, Fraction]]] = defaultdict(list)
    refused: list[tuple[Certified, FootprintError]] = []
    for one in sorted(certificates, key=lambda c: c.entry):
        kwh = Fraction(one.record.mwh) * KWH_PER_MWH
        within = {r.entry: left[r.entry] * _overlap(r, one) for r in electric}
        able = sum(within.values(), _NONE)
        problem = _problem(one)
        if problem:
            refused.append((one, CertificateUnusable(certificate=one.record.id, problem=problem)))
        elif kwh > able:
            refused.append((one, CertificatesExceedUse(certified=exact_text(kwh), used=exact_text(able))))
        else:
            for entry, share in within.items():
                if share:
                    part = kwh * share / able
                    left[entry] -= part
                    found[entry].append((one, part))
    return Covering({entry: tuple(parts) for entry, parts in found.items()}, tuple(refused))


def product_market(
    reading: SiteEnergy, grid: CarrierFactor, covering: Covering, factors: FactorSet
) -> tuple[BothWays, tuple[str, ...]]:
    """
    A reading both ways for a product footprint, and the ids of the factors of its certificates' power.

    What no certificate covers takes the grid mix without the power sold as green, where the set holds it, else the
    grid's own factor (GB/T 24067; footprint series alone). Raises ``NoEmissionFactor``.
    """
    parts = covering.by_reading.get(reading.entry, ())
    if not parts:
        return both_ways(reading.used, grid, _ALWAYS), ()
    transmission = factors.electricity(reading.year)[1]
    held = []
    for one, kwh in parts:
        source = source_factor(factors, one, reading.year)
        wtt = Fraction(source.wtw) + Fraction(transmission.wtw)
        power = CarrierFactor(
            ids=(source.id, transmission.id),
            carrier=ELECTRICITY,
            per="kWh",
            ghg=Ghg(_NONE, wtt),
            gwp_set=source.gwp_set,
        )
        held.append(Certificate(id=one.record.id, kwh=kwh, factor=power, generated=_ALWAYS, cancelled_on=_ALWAYS[0]))
    mix = _residual(factors, reading.year, transmission)
    ids = [name for one in held for name in one.factor.ids] + list(mix.ids if mix else ())
    return both_ways(reading.used, grid, _ALWAYS, held, mix), tuple(dict.fromkeys(ids))


def source_factor(factors: FactorSet, one: Certified, year: int) -> Factor:
    """
    The footprint factor [kg CO2e/kWh] of the power behind a certificate: the named one, or its technology's.

    Of several announcements the year's own, the latest earlier one, or the first. Raises ``NoEmissionFactor``,
    ``BoundaryMismatch`` for a named factor of another series.
    """
    if one.record.factor is not None:
        named = factors.factor(one.record.factor)
        if named.series != "product_footprint" or named.per != "kWh":
            got = f"{named.series or '-'}, {named.unit}"
            raise BoundaryMismatch(factor=named.id, expected="product_footprint, kg CO2e/kWh", got=got)
        return named
    component = SOURCES[one.record.technology]
    fit = sorted((f.year, f.id) for f in factors.of_series("product_footprint") if f.component == component)
    if not fit:
        raise NoEmissionFactor(asked=f"electricity {component}", factor_set=factors.id, nearest="-")
    earlier = [name for at, name in fit if at <= year]
    return factors.factor(earlier[-1] if earlier else fit[0][1])


def _residual(factors: FactorSet, year: int, transmission: Factor) -> CarrierFactor | None:
    for factor in factors.of_series("product_footprint"):
        if factor.component == RESIDUAL and factor.year == year:
            wtt = Fraction(factor.wtw) + Fraction(transmission.wtw)
            ids = (factor.id, transmission.id)
            return CarrierFactor(ids=ids, carrier=ELECTRICITY, per="kWh", ghg=Ghg(_NONE, wtt), gwp_set=factor.gwp_set)
    return None


def _problem(one: Certified) -> str:
    used, record = one.record.retired_for, one.record
    if used is None:
        return "it is not cancelled"
    if record.generated_to < used.period_start or record.generated_from > used.period_end:
        return "its power was generated outside the period"
    return ""


def _overlap(reading: SiteEnergy, one: Certified) -> Fraction:
    """The share of a reading's time that the certificate's use covers."""
    shared = min(reading.end, one.end) - max(reading.start, one.start)
    return Fraction(max(0, shared), reading.end - reading.start)


_ALWAYS: Final = (date.min, date.max)
"""Certificates were checked against the time they were cancelled for."""
