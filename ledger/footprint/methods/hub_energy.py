"""
Hubs by metered energy, fuels and refrigerants, shared by outbound mass (ISO 14083:2023, clause 9).

The intensity of a hub operation category is g = sum(energy * factor + refrigerant * GWP) / outbound t over the metered
period. Cooling that is metered apart, and the refrigerant of cold rooms, is shared over refrigerated goods alone, the
general part over all (GLEC v3.0, allocation in hubs). Every operation carries g times its outbound mass, so that the
shares add up to the hub exactly. Where certificates were cancelled for the hub a market-based figure stands beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, Certified, HubCell, SiteEnergy, SiteLoss, day_of
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.errors import BoundaryMismatch, NoHubOutput, NoSiteEnergy, SiteEnergyOverlaps
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.electricity import grid_factor
from ledger.footprint.iso14083.operation import EnergyUse, Leak, OperationTotal, one_gwp_set, operation_total
from ledger.footprint.iso14083.working import Steps
from ledger.footprint.market import Covering, cover, product_market
from ledger.footprint.transport_data import days_of
from ledger.records.transport_operation import ELECTRICITY

GRAMS_PER_TONNE = 1_000_000
COOLED = "refrigerated"


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a hub and the goods it is shared over: its total, and the market-based one where there is another."""

    total: OperationTotal
    market: Fraction | None

    @property
    def market_intensity(self) -> Fraction:
        """[kg CO2e per t outbound], market-based where there is such a figure."""
        whole = self.total.ghg.wtw if self.market is None else self.market
        return whole / self.total.activity


@dataclass(frozen=True, slots=True)
class HubIntensity:
    """
    Emissions of a hub in its metered periods: ``general`` over all goods, ``cooling`` over the refrigerated ones.

    ``certificates`` are those that cover some of its power, ``market_factors`` the factors of their power.
    """

    general: Zone
    cooling: Zone | None
    factors: tuple[str, ...]
    gwp_set: str
    flags: tuple[str, ...]
    entries: tuple[int, int, int]
    certificates: tuple[str, ...]
    market_factors: tuple[str, ...]

    @property
    def per_tonne(self) -> Fraction:
        """Intensity of ambient goods [kg CO2e per t outbound]."""
        return self.general.total.intensity.wtw

    @property
    def working(self) -> Steps:
        """The figures on the way to both intensities."""
        return (*self.general.total.working, *(self.cooling.total.working if self.cooling else ()))

    def zones(self, temperature: str) -> tuple[Zone, ...]:
        """The parts that goods of a temperature carry."""
        return (self.general, self.cooling) if self.cooling and temperature == COOLED else (self.general,)


class HubEnergy:
    """Metered energy, fuels and refrigerants of a hub, shared by outbound mass."""

    name = "hub_energy"
    version = 2
    en = "metered electricity x (generation + transmission) footprint factor, fuels and refrigerants, by outbound mass"
    zh = "计量电量 ×（发电 + 输配电）电力碳足迹因子，加燃料与制冷剂，按出库质量分摊"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per hub cell."""
        cells: dict[str, list[HubCell]] = defaultdict(list)
        for cell in cube.hubs:
            cells[cell.hub].append(cell)
        used = SiteUse.by_site(cube)
        for hub, own in cells.items():
            try:
                intensity = hub_intensity(own, used.get(hub, SiteUse((), (), ())), factors)
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
            working=hub.working,
            certificates=hub.certificates,
            market_factors=hub.market_factors,
        )


@dataclass(frozen=True, slots=True)
class SiteUse:
    """What one site used and lost, and the certificates that were cancelled for it."""

    readings: tuple[SiteEnergy, ...]
    losses: tuple[SiteLoss, ...]
    certificates: tuple[Certified, ...]

    @classmethod
    def by_site(cls, cube: ActivityCube) -> dict[str, SiteUse]:
        """Every site of a cube that states energy."""
        readings: dict[str, list[SiteEnergy]] = defaultdict(list)
        losses: dict[str, list[SiteLoss]] = defaultdict(list)
        certificates: dict[str, list[Certified]] = defaultdict(list)
        for reading in cube.energy:
            readings[reading.hub].append(reading)
        for loss in cube.losses:
            losses[loss.hub].append(loss)
        for one in cube.certificates:
            certificates[one.site].append(one)
        return {
            site: cls(tuple(readings[site]), tuple(losses[site]), tuple(certificates[site]))
            for site in readings.keys() | losses.keys()
        }


def _share(cell: HubCell, hub: HubIntensity, trail: Trail) -> Emission:
    zones, tonnes = hub.zones(cell.temperature), Fraction(cell.grams, GRAMS_PER_TONNE)
    ghg = sum((zone.total.intensity for zone in zones[1:]), zones[0].total.intensity) * tonnes
    market = None
    if hub.certificates:
        market = sum((zone.market_intensity for zone in zones), Fraction(0)) * tonnes
    return Emission("hub", cell, ghg.ttw, ghg.wtt, ghg.wtw, trail, market)


def hub_intensity(cells: Sequence[HubCell], used: SiteUse, factors: FactorSet) -> HubIntensity:
    """
    The intensity of one hub from all its outbound cells and all its energy and refrigerant.

    Raises ``NoSiteEnergy``, ``SiteEnergyOverlaps``, ``NoHubOutput``, ``NoEmissionFactor`` and what an unfit factor
    raises.
    """
    hub = cells[0].hub
    check_metered(cells, used.readings)
    covering = cover(used.readings, used.certificates)
    hub_use = _HubUse(used, covering, factors)
    every, chilled = (
        sum(c.grams for c in cells if c.temperature in which) for which in ({"ambient", COOLED}, {COOLED})
    )
    general = hub_use.zone(hub, every, "all")
    metered = COOLED in {*(reading.serves for reading in used.readings), *(loss.serves for loss in used.losses)}
    cooling = hub_use.zone(f"{hub} ({COOLED})", chilled, COOLED) if metered else None
    flags = hub_use.flags | dict.fromkeys(
        name
        for name, holds in (
            ("cooling-shared", cooling is None and 0 < chilled < every),
            ("certificate-refused", bool(covering.refused)),
        )
        if holds
    )
    entries = [reading.entry for reading in used.readings] + [loss.entry for loss in used.losses]
    return HubIntensity(
        general,
        cooling,
        tuple(hub_use.ids),
        one_gwp_set(hub_use.gwp_sets),
        tuple(flags),
        (len(entries), min(entries), max(entries)),
        tuple(dict.fromkeys(one.record.id for parts in covering.by_reading.values() for one, _ in parts)),
        tuple(hub_use.market_ids),
    )


class _HubUse:
    """A hub's energy and refrigerant with their factors; what it meets on the way is kept once, in that order."""

    def __init__(self, used: SiteUse, covering: Covering, factors: FactorSet) -> None:
        self._used, self._covering, self._factors = used, covering, factors
        self.ids: dict[str, None] = {}
        self.market_ids: dict[str, None] = {}
        self.flags: dict[str, None] = {}
        self.gwp_sets: list[str] = []

    def zone(self, name: str, grams: int, serves: str) -> Zone:
        """The part that serves these goods. Raises ``NoHubOutput`` and what a missing or unfit factor raises."""
        if grams == 0:
            raise NoHubOutput(hub=name)
        energy: list[EnergyUse] = []
        change = Fraction(0)
        for reading in self._used.readings:
            if reading.serves == serves:
                use, differs = self._energy(reading)
                energy.append(use)
                change += differs
        leaks = [self._leak(loss) for loss in self._used.losses if loss.serves == serves]
        total = operation_total(name, Fraction(grams, GRAMS_PER_TONNE), "t", energy, leaks=leaks)
        self.gwp_sets.append(total.gwp_set)
        return Zone(total, total.ghg.wtw + change if change else None)

    def _energy(self, reading: SiteEnergy) -> tuple[EnergyUse, Fraction]:
        """A reading with its factor, and by what its market-based figure differs [kg CO2e]."""
        if reading.carrier != ELECTRICITY:
            days = days_of(reading.start, reading.end)
            factor, flags = carrier_factor(self._factors, reading.carrier, reading.unit, None, days)
            self._met(factor.ids, ("energy-factor-default", *flags))
            return EnergyUse(reading.used, reading.unit, factor), Fraction(0)
        factor, flags = grid_factor(self._factors, reading.region, reading.year)
        ways, ids = product_market(reading, factor, self._covering, self._factors)
        self._met(factor.ids, (*flags, "own-power-as-grid") if reading.origin == "own" else flags)
        self.market_ids |= dict.fromkeys(ids)
        differs = ways.market.wtw - ways.location.wtw if ways.market is not None else Fraction(0)
        return EnergyUse(reading.used, "kWh", factor), differs

    def _leak(self, loss: SiteLoss) -> Leak:
        factor, flags = carrier_factor(self._factors, loss.gas, "kg", None, days_of(loss.start, loss.end))
        if factor.ghg.wtt != 0:
            raise BoundaryMismatch(factor=factor.ids[0], expected="GWP100, kg CO2e/kg, WTT 0", got="WTT above 0")
        self._met(factor.ids, flags)
        return Leak(loss.gas, Fraction(loss.mass_kg), factor.ghg.ttw, factor.gwp_set)

    def _met(self, ids: Sequence[str], flags: Sequence[str]) -> None:
        self.ids |= dict.fromkeys(ids)
        self.flags |= dict.fromkeys(flags)


def check_metered(cells: Sequence[HubCell], readings: Sequence[SiteEnergy]) -> None:
    """Every operation inside the metered time; no time of one meter, carrier and zone metered twice."""
    check_apart(readings)
    spans: list[tuple[int, int]] = []
    for start, end in sorted((reading.start, reading.end) for reading in readings):
        joins = spans and start <= spans[-1][1]
        spans.append((spans[-1][0], max(spans.pop()[1], end)) if joins else (start, end))
    for cell in cells:
        if not any(start <= cell.first_at and cell.last_at < end for start, end in spans):
            said = ", ".join(f"{day_of(start)} / {day_of(end)}" for start, end in spans)
            first, last = day_of(cell.first_at), day_of(cell.last_at)
            raise NoSiteEnergy(hub=cell.hub, first=first, last=last, metered=said or "-")


def check_apart(readings: Sequence[SiteEnergy]) -> None:
    """Raises ``SiteEnergyOverlaps`` for two readings of one meter, carrier and zone that share time."""
    last: dict[tuple[str, ...], SiteEnergy] = {}
    for reading in sorted(readings, key=lambda r: (r.start, r.end)):
        key = (reading.hub, reading.carrier, reading.serves, reading.meter, reading.origin)
        before = last.get(key)
        if before is not None and reading.start < before.end:
            raise SiteEnergyOverlaps(hub=reading.hub, entries=(before.entry, reading.entry))
        last[key] = reading
