"""
Hubs by metered energy: the site's energy times the grid factor, shared by outbound mass (ISO 14083:2023, clause 9).

The intensity of a hub operation category is g = sum(energy * factor) / outbound t over the metered period; every
operation carries g times its outbound mass, so that the shares add up to the hub exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, HubCell, SiteEnergy, day_of
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.errors import NoHubOutput, NoSiteEnergy, SiteEnergyOverlaps
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.electricity import grid_factor

_WATT_HOURS_PER_KWH = 1000


@dataclass(frozen=True, slots=True)
class HubIntensity:
    """Emissions of a hub in its metered periods: ``kg`` [kg CO2e] over ``grams`` outbound [g]."""

    kg: Fraction
    grams: int
    factors: tuple[str, ...]
    gwp_set: str
    flags: tuple[str, ...]
    entries: tuple[int, int, int]

    @property
    def per_tonne(self) -> Fraction:
        """Intensity [kg CO2e per t outbound]."""
        return self.kg * 1_000_000 / self.grams


class HubEnergy:
    """Metered site energy times the electricity carbon-footprint factor, shared by outbound mass."""

    name = "hub_energy"
    version = 1
    en = "metered electricity x (generation + transmission) carbon-footprint factor, shared by outbound mass"
    zh = "计量电量 ×（发电 + 输配电）电力碳足迹因子，按出库质量分摊"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per hub cell."""
        cells: dict[str, list[HubCell]] = defaultdict(list)
        readings: dict[str, list[SiteEnergy]] = defaultdict(list)
        for cell in cube.hubs:
            cells[cell.hub].append(cell)
        for reading in cube.energy:
            readings[reading.hub].append(reading)
        for hub, own in cells.items():
            try:
                intensity = hub_intensity(own, readings[hub], factors)
            except FootprintError as error:
                yield from (Gap("hub", cell, error) for cell in own)
            else:
                trail = self._trail(intensity, factors)
                yield from (_share(cell, intensity, trail) for cell in own)

    def _trail(self, hub: HubIntensity, factors: FactorSet) -> Trail:
        return Trail(
            factors=hub.factors,
            factor_set=factors.hash,
            method=self.name,
            version=self.version,
            category="primary",
            primary=Fraction(1),
            verification="recorded",
            gwp_set=hub.gwp_set,
            flags=hub.flags,
            evidence=hub.entries,
        )


def _share(cell: HubCell, hub: HubIntensity, trail: Trail) -> Emission:
    """The cell's share of its hub. Electricity has no emissions where it is used: TTW is zero."""
    kg = Fraction(hub.kg.numerator * cell.grams, hub.kg.denominator * hub.grams)
    return Emission("hub", cell, Fraction(0), kg, kg, trail)


def hub_intensity(cells: Sequence[HubCell], readings: Sequence[SiteEnergy], factors: FactorSet) -> HubIntensity:
    """
    The intensity of one hub from all its outbound cells and all its readings.

    Raises ``NoSiteEnergy``, ``SiteEnergyOverlaps``, ``NoHubOutput``, ``NoEmissionFactor``.
    """
    grams = sum(cell.grams for cell in cells)
    _check_metered(cells, readings)
    if grams == 0:
        raise NoHubOutput(hub=cells[0].hub)
    kg, used, flags, gwp = Fraction(0), dict[str, None](), dict[str, None](), "none"
    for reading in readings:
        grid, said = grid_factor(factors, reading.region, reading.year)
        kg += Fraction(reading.energy_wh, _WATT_HOURS_PER_KWH) * grid.ghg.wtt
        used |= dict.fromkeys(grid.ids)
        gwp = grid.gwp_set
        flags |= dict.fromkeys(said)
    entries = [reading.entry for reading in readings]
    return HubIntensity(kg, grams, tuple(used), gwp, tuple(flags), (len(entries), min(entries), max(entries)))


def _check_metered(cells: Sequence[HubCell], readings: Sequence[SiteEnergy]) -> None:
    """Every operation inside the metered time, no time metered twice."""
    ordered = sorted(readings, key=lambda r: (r.start, r.end))
    spans: list[tuple[int, int]] = []
    for before, reading in zip([None, *ordered], ordered, strict=False):
        if before is not None and reading.start < before.end:
            raise SiteEnergyOverlaps(hub=reading.hub, entries=(before.entry, reading.entry))
        joins = spans and spans[-1][1] == reading.start
        spans.append((spans.pop()[0] if joins else reading.start, reading.end))
    for cell in cells:
        if not any(start <= cell.first_at and cell.last_at < end for start, end in spans):
            said = ", ".join(f"{day_of(start)} / {day_of(end)}" for start, end in spans)
            first, last = day_of(cell.first_at), day_of(cell.last_at)
            raise NoSiteEnergy(hub=cell.hub, first=first, last=last, metered=said or "-")
