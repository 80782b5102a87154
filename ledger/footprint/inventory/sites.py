"""Scopes 1 and 2 of a company's own sites: fuels, refrigerants, electricity, heat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from ledger.errors import FootprintError
from ledger.footprint.activity import Certified, SiteEnergy, SiteLoss, start_of
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.factor import FactorSet
from ledger.footprint.inventory.electricity import GridFactors, corporate_factors, market_kg
from ledger.footprint.inventory.errors import MeteredInPart, SiteNotMetered
from ledger.footprint.inventory.line import Found, Line, Missing, span_of
from ledger.footprint.inventory.recorded import DAY_US, Recorded
from ledger.footprint.market import KWH_PER_MWH, Covering, cover
from ledger.footprint.methods.hub_energy import SiteUse, check_apart
from ledger.footprint.transport_data import days_of
from ledger.records.inventory_boundary import Scope
from ledger.records.transport_operation import ELECTRICITY
from ledger.units import shown

HEAT: Final = frozenset({"heat", "steam", "cooling", "hot water", "热力", "蒸汽", "供热", "供冷"})
"""Carriers that are bought as energy and burn nothing on site."""
_NONE: Final = Fraction(0)


def scope_of(reading: SiteEnergy) -> Scope:
    """As its record states, else by the carrier."""
    if reading.scope:
        return "1" if reading.scope == 1 else "2"
    return "2" if reading.carrier == ELECTRICITY or reading.carrier.casefold() in HEAT else "1"


def site_lines(recorded: Recorded, factors: FactorSet) -> Iterator[Found]:
    """Lines of every own site, and what is missing of it."""
    used = SiteUse.by_site(recorded.cube)
    for site in recorded.boundary.sites:
        own = used.get(site, SiteUse((), (), ()))
        readings = [r for r in own.readings if recorded.share(r.start, r.end)]
        try:
            check_apart(readings)
        except FootprintError as error:
            yield Missing("2", site, error, span_of(r.entry for r in readings))
            continue
        yield from _coverage(recorded, site, readings)
        covering = cover(own.readings, own.certificates)
        for one, problem in covering.refused:
            yield Missing("2", site, problem, (1, one.entry, one.entry))
        yield from _electricity(recorded, site, [r for r in readings if r.carrier == ELECTRICITY], covering, factors)
        yield from _fuels(recorded, [r for r in readings if r.carrier != ELECTRICITY], factors)
        yield from _losses(recorded, site, own.losses, factors)


def _coverage(recorded: Recorded, site: str, readings: Sequence[SiteEnergy]) -> Iterator[Missing]:
    if not readings:
        yield Missing("2", site, SiteNotMetered(site=site))
        return
    at, metered = recorded.start, 0
    for start, end in sorted((max(r.start, recorded.start), min(r.end, recorded.end)) for r in readings):
        metered += max(0, end - max(at, start))
        at = max(at, end)
    if metered < recorded.end - recorded.start:
        days = f"{shown(Fraction(metered, DAY_US), 1)} / {(recorded.end - recorded.start) // DAY_US}"
        yield Missing("2", site, MeteredInPart(site=site, days=days), span_of(r.entry for r in readings))


@dataclass(slots=True)
class _Power:
    """Electricity of a site under one grid factor: kWh bought and own, covered, and the entries."""

    grid: GridFactors
    bought: Fraction = _NONE
    own: Fraction = _NONE
    covered: Fraction = _NONE
    entries: list[int] = field(default_factory=list)
    certificates: dict[str, None] = field(default_factory=dict)
    prorated: bool = False


def _electricity(
    recorded: Recorded, site: str, readings: Sequence[SiteEnergy], covering: Covering, factors: FactorSet
) -> Iterator[Found]:
    found: dict[str, _Power] = {}
    for reading in readings:
        try:
            grid = corporate_factors(factors, recorded.boundary.series, reading.region, reading.year)
        except FootprintError as error:
            yield Missing("2", site, error, (1, reading.entry, reading.entry))
            continue
        power = found.setdefault(grid.location.id, _Power(grid))
        share = recorded.share(reading.start, reading.end)
        power.prorated |= share != 1
        power.entries.append(reading.entry)
        if reading.origin == "own":
            power.own += reading.used * share
            continue
        power.bought += reading.used * share
        power.covered += covering.kwh(reading.entry) * share
        power.certificates |= {one.record.id: None for one, _ in covering.by_reading.get(reading.entry, ())}
    sold = _sold(recorded, site)
    for power in found.values():
        own_sold = min(sold, power.own)
        sold -= own_sold
        yield from _power_lines(site, power, own_sold)


def _power_lines(site: str, power: _Power, sold: Fraction) -> Iterator[Line]:
    """Bought power; and what was generated on site, at zero but for what was sold as green."""
    grid, rest = power.grid, power.grid.rest
    flags = (*grid.flags, *(("prorated",) if power.prorated else ()))
    shared = {"scope": "2", "subject": site, "gases": "CO2", "unit": "kWh", "gwp_set": "none"}
    if power.bought:
        yield Line(
            **shared,  # type: ignore[arg-type]
            what="electricity",
            kg=power.bought * Fraction(grid.location.wtw),
            market=market_kg(power.bought, power.covered, grid),
            amount=power.bought,
            formula="electricity",
            factors=(grid.location.id,),
            market_factors=(rest.id,),
            certificates=tuple(power.certificates),
            entries=span_of(power.entries),
            flags=flags,
        )
    if power.own:
        yield Line(
            **shared,  # type: ignore[arg-type]
            what="own-electricity",
            kg=_NONE,
            market=sold * Fraction(rest.wtw),
            amount=power.own,
            formula="own-electricity",
            factors=(),
            market_factors=(rest.id,) if sold else (),
            entries=span_of(power.entries),
            flags=("prorated",) if power.prorated else (),
        )


def _sold(recorded: Recorded, site: str) -> Fraction:
    """Power generated at a site in the period whose certificates went elsewhere [kWh]."""
    found = _NONE
    for one in recorded.cube.certificates:
        record = one.record
        away = record.transferred_to is not None or (record.retired_for is not None and one.site != site)
        if record.generated_at == site and away:
            found += Fraction(record.mwh) * KWH_PER_MWH * recorded.share(*_generated(one))
    return found


def _generated(one: Certified) -> tuple[int, int]:
    return start_of(one.record.generated_from), start_of(one.record.generated_to) + DAY_US


def _fuels(recorded: Recorded, readings: Sequence[SiteEnergy], factors: FactorSet) -> Iterator[Found]:
    """Fuels that burn here count as TTW in scope 1; bought heat counts whole in scope 2."""
    held: dict[tuple[str, str, tuple[str, ...]], list[tuple[SiteEnergy, Line]]] = defaultdict(list)
    for reading in readings:
        share, scope = recorded.share(reading.start, reading.end), scope_of(reading)
        try:
            days = days_of(reading.start, reading.end)
            factor, flags = carrier_factor(factors, reading.carrier, reading.unit, None, days)
        except FootprintError as error:
            yield Missing(scope, reading.hub, error, (1, reading.entry, reading.entry))
            continue
        ghg = factor.emissions(reading.used * share, reading.unit)
        heat = scope == "2"
        line = Line(
            scope=scope,
            subject=reading.hub,
            what=reading.carrier,
            kg=ghg.wtw if heat else ghg.ttw,
            market=ghg.wtw if heat else None,
            gases="CO2e",
            amount=reading.used * share,
            unit=reading.unit,
            formula="heat" if heat else "fuel",
            factors=factor.ids,
            entries=(1, reading.entry, reading.entry),
            gwp_set=factor.gwp_set,
            flags=(*flags, *(("prorated",) if share != 1 else ())),
        )
        held[reading.hub, reading.carrier, factor.ids].append((reading, line))
    for lines in held.values():
        yield summed([line for _, line in lines])


def _losses(recorded: Recorded, site: str, losses: Sequence[SiteLoss], factors: FactorSet) -> Iterator[Found]:
    for loss in losses:
        share = recorded.share(loss.start, loss.end)
        if not share:
            continue
        try:
            factor, flags = carrier_factor(factors, loss.gas, "kg", None, days_of(loss.start, loss.end))
        except FootprintError as error:
            yield Missing("1", site, error, (1, loss.entry, loss.entry))
            continue
        mass = Fraction(loss.mass_kg) * share
        yield Line(
            scope="1",
            subject=site,
            what=loss.gas,
            kg=factor.emissions(mass, "kg").ttw,
            gases="CO2e",
            amount=mass,
            unit="kg",
            formula="refrigerant",
            factors=factor.ids,
            entries=(1, loss.entry, loss.entry),
            gwp_set=factor.gwp_set,
            flags=(*flags, *(("prorated",) if share != 1 else ())),
        )


def summed(lines: Sequence[Line]) -> Line:
    """Lines of one subject, kind and factor as one."""
    first = lines[0]
    flags = tuple(dict.fromkeys(flag for line in lines for flag in line.flags))
    market = None if first.market is None else sum((line.market or _NONE for line in lines), _NONE)
    entries = [entry for line in lines for entry in line.entries[1:]]
    return replace(
        first,
        kg=sum((line.kg for line in lines), _NONE),
        market=market,
        amount=sum((line.amount for line in lines), _NONE),
        entries=(sum(line.entries[0] for line in lines), min(entries), max(entries)),
        flags=flags,
    )
