"""
Transport and storage in an inventory: own fleets in scopes 1 and 2, what others carry in categories 4 and 9 of scope 3
(GHG Protocol Corporate Value Chain Standard, chapter 5; ISO 14083 for the figures, well to wheel).

Who carried is recorded; whose it is, the boundary's rules say. What no rule answers is missing, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, HubCell, Operated, TransportCell, merged
from ledger.footprint.amount import exact_text
from ledger.footprint.calculate import Calculation, calculate
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.emission import Emission, Gap
from ledger.footprint.factor import FactorSet
from ledger.footprint.inventory.electricity import corporate_factors
from ledger.footprint.inventory.errors import NobodySaysWhose, OwnPowerNotMetered, RulesDisagree
from ledger.footprint.inventory.line import Found, Line, Missing, joined
from ledger.footprint.inventory.recorded import Recorded
from ledger.footprint.methods.hub_energy import SiteUse, hub_intensity
from ledger.footprint.transport_data import Statements, TransportData, days_of
from ledger.records.inventory_boundary import Answer, InventoryBoundary, Scope
from ledger.records.transport_operation import ELECTRICITY
from ledger.units import GRAM_METRES_PER_TONNE_KM

CATEGORY: Final[dict[Answer, Scope]] = {"own": "1", "upstream": "3.4", "downstream": "3.9"}
GRAMS_PER_TONNE: Final = 1_000_000


class Whose:
    """Answers of a boundary: by route or carrier for legs, by hub for storage."""

    def __init__(self, boundary: InventoryBoundary) -> None:
        self._rules: dict[tuple[str, str], Answer] = {(rule.by, rule.name): rule.counts for rule in boundary.rules}
        self._rules |= {("carrier", fleet): "own" for fleet in boundary.fleets}

    def legs(self, carrier: str, route: str) -> Answer | None:
        """``None`` when nobody says. Raises ``RulesDisagree``."""
        found = {
            f"{by} {name}": self._rules[by, name]
            for by, name in (("carrier", carrier), ("route", route))
            if (by, name) in self._rules
        }
        if len(set(found.values())) > 1:
            said = ", ".join(f"{name}: {answer}" for name, answer in found.items())
            raise RulesDisagree(name=f"{carrier} / {route}", answers=said)
        return next(iter(found.values()), None)

    def hub(self, hub: str) -> Answer | None:
        """``None`` when nobody says."""
        return self._rules.get(("hub", hub))


def transport_lines(recorded: Recorded, factors: FactorSet) -> Iterator[Found]:
    """Legs of the period by whose they are and who carried them."""
    whose = Whose(recorded.boundary)
    held: dict[tuple[Answer, str], list[TransportCell]] = defaultdict(list)
    unknown: dict[str, list[TransportCell]] = defaultdict(list)
    for _, carrier, cell in recorded.legs:
        try:
            answer = whose.legs(carrier, cell.route)
        except FootprintError as error:
            yield Missing("3.4", f"{carrier} / {cell.route}", error, _entries(cell))
            continue
        if answer is None:
            unknown[carrier].append(cell)
        else:
            held[answer, carrier].append(cell)
    for carrier, cells in unknown.items():
        moved = Fraction(sum(cell.gram_metres for cell in cells), GRAM_METRES_PER_TONNE_KM)
        asked = NobodySaysWhose(name=carrier, amount=f"{exact_text(moved)} t km")
        yield Missing("3.4", carrier, asked, joined(map(_entries, cells)))
    for (answer, carrier), cells in held.items():
        cube = ActivityCube(transport=merged(cells), operations=recorded.cube.operations, models=recorded.cube.models)
        if answer == "own":
            yield from _own_legs(recorded, cube, carrier, factors)
        else:
            yield from _lines(CATEGORY[answer], carrier, calculate(cube, factors))


def _lines(scope: Scope, carrier: str, done: Calculation) -> Iterator[Found]:
    for gap in done.gaps:
        yield _missing(scope, carrier, gap)
    groups: dict[tuple[str, int], list[Emission]] = defaultdict(list)
    for row in done.rows:
        groups[row.subject, id(row.trail)].append(row)
    for rows in groups.values():
        yield _line(scope, carrier, rows, sum((row.wtw for row in rows), Fraction(0)), "transport")


def _own_legs(recorded: Recorded, cube: ActivityCube, carrier: str, factors: FactorSet) -> Iterator[Found]:
    """Own legs that no statement of an own fleet covers: what they emit where they run (TTW) is scope 1."""
    data = TransportData(cube, factors)
    fleets = set(recorded.boundary.fleets)
    left = []
    for cell in cube.transport:
        chosen = data.choice(cell).data
        stated = isinstance(chosen, Statements) and all(one.record.operator in fleets for one in chosen.held)
        if not stated:
            left.append(cell)
    done = calculate(ActivityCube(transport=left, operations=cube.operations, models=cube.models), factors)
    for gap in done.gaps:
        yield _missing("1", carrier, gap)
    for row in done.rows:
        if row.ttw:
            yield _line("1", carrier, [row], row.ttw, "own-legs")
        else:
            yield Missing("1", carrier, OwnPowerNotMetered(vehicle=row.subject), row.entries)


def fleet_lines(recorded: Recorded, factors: FactorSet) -> Iterator[Found]:
    """What own fleets state that they used: fuels (TTW) and refrigerants in scope 1, electricity in scope 2."""
    fleets = set(recorded.boundary.fleets)
    for one in recorded.cube.operations:
        if one.record.operator in fleets and recorded.share(one.start, one.end):
            yield from _fleet(recorded, one, factors)


def _fleet(recorded: Recorded, one: Operated, factors: FactorSet) -> Iterator[Found]:
    record, share = one.record, recorded.share(one.start, one.end)
    days = days_of(one.start, one.end)
    entries = (1, one.entry, one.entry)
    shared = {
        "subject": f"{record.operator} / {record.vehicle}",
        "entries": entries,
        "flags": ("prorated",) if share != 1 else (),
    }
    for use in record.energy:
        amount = Fraction(use.amount) * share
        electric = use.carrier == ELECTRICITY
        try:
            if electric:
                grid = corporate_factors(factors, recorded.boundary.series, use.region or "", days[0].year)
                yield Line(
                    **shared,  # type: ignore[arg-type]
                    scope="2",
                    what="electricity",
                    kg=amount * Fraction(grid.location.wtw),
                    market=amount * Fraction(grid.rest.wtw),
                    market_factors=(grid.rest.id,),
                    gases="CO2",
                    amount=amount,
                    unit="kWh",
                    formula="electricity",
                    factors=(grid.location.id,),
                    gwp_set="none",
                )
                continue
            factor, _ = carrier_factor(factors, use.carrier, use.unit, use.region, days)
        except FootprintError as error:
            yield Missing("2" if electric else "1", str(shared["subject"]), error, entries)
            continue
        kg = factor.emissions(amount, use.unit).ttw
        yield Line(
            **shared,  # type: ignore[arg-type]
            scope="1",
            what=use.carrier,
            kg=kg,
            gases="CO2e",
            amount=amount,
            unit=use.unit,
            formula="fuel",
            factors=factor.ids,
            gwp_set=factor.gwp_set,
        )
    for loss in record.refrigerants:
        try:
            factor, _ = carrier_factor(factors, loss.gas, "kg", None, days)
        except FootprintError as error:
            yield Missing("1", str(shared["subject"]), error, entries)
            continue
        mass = Fraction(loss.mass_kg) * share
        yield Line(
            **shared,  # type: ignore[arg-type]
            scope="1",
            what=loss.gas,
            kg=factor.emissions(mass, "kg").ttw,
            gases="CO2e",
            amount=mass,
            unit="kg",
            formula="refrigerant",
            factors=factor.ids,
            gwp_set=factor.gwp_set,
        )


def hub_lines(recorded: Recorded, factors: FactorSet) -> Iterator[Found]:
    """Storage at others' hubs: the hub's intensity over its metered time, times what left in the period."""
    whose, used = Whose(recorded.boundary), SiteUse.by_site(recorded.cube)
    own = set(recorded.boundary.sites)
    held: dict[str, list[HubCell]] = defaultdict(list)
    for _, cell in recorded.hubs:
        if cell.hub not in own:
            held[cell.hub].append(cell)
    for hub, cells in held.items():
        answer = whose.hub(hub)
        entries = joined(map(_entries, cells))
        if answer is None or answer == "own":
            tonnes = Fraction(sum(cell.grams for cell in cells), GRAMS_PER_TONNE)
            yield Missing("3.4", hub, NobodySaysWhose(name=hub, amount=f"{exact_text(tonnes)} t"), entries)
            continue
        try:
            every = [cell for cell in recorded.cube.hubs if cell.hub == hub]
            intensity = hub_intensity(every, used.get(hub, SiteUse((), (), ())), factors)
        except FootprintError as error:
            yield Missing(CATEGORY[answer], hub, error, entries)
            continue
        kg = Fraction(0)
        for cell in cells:
            zones = intensity.zones(cell.temperature)
            kg += sum((z.total.intensity.wtw for z in zones), Fraction(0)) * Fraction(cell.grams, GRAMS_PER_TONNE)
        yield Line(
            scope=CATEGORY[answer],
            subject=hub,
            what="hub",
            kg=kg,
            gases="CO2e",
            amount=Fraction(sum(cell.grams for cell in cells), GRAMS_PER_TONNE),
            unit="t",
            formula="hub",
            factors=intensity.factors,
            entries=entries,
            gwp_set=intensity.gwp_set,
            flags=intensity.flags,
        )


def _line(scope: Scope, carrier: str, rows: list[Emission], kg: Fraction, formula: str) -> Line:
    trail, moved = rows[0].trail, sum(r.cell.gram_metres for r in rows if isinstance(r.cell, TransportCell))
    return Line(
        scope=scope,
        subject=carrier,
        what=rows[0].subject,
        kg=kg,
        gases="CO2e",
        amount=Fraction(moved, GRAM_METRES_PER_TONNE_KM),
        unit="t km",
        formula=formula,
        factors=trail.factors,
        entries=joined(row.entries for row in rows),
        gwp_set=trail.gwp_set,
        category=trail.category,
        primary=trail.primary,
        verification=trail.verification,
        flags=trail.flags,
        gram_metres=moved,
    )


def _missing(scope: Scope, carrier: str, gap: Gap) -> Missing:
    assert isinstance(gap.cell, TransportCell)
    return Missing(scope, f"{carrier} / {gap.cell.vehicle}", gap.error, _entries(gap.cell))


def _entries(cell: TransportCell | HubCell) -> tuple[int, int, int]:
    return cell.count, cell.first_entry, cell.last_entry
