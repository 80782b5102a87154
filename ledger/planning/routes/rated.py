"""
A vehicle's rates out of a factor set: what was named, which factors that is, and the two rates that follow.

Two ways, both exact; anything else is refused, because no split of one average between an empty vehicle and its load
is right:

- A class of vehicles whose intensities are published at two stated loads x1, x2 (shares of the payload), in which no
  empty running is. Consumption is a straight line between them (GLEC v3.0, p. 112, with ER = 0)::

      g(x) x P x = f0 + (f1 - f0) x      loaded = (g2 x2 - g1 x1) / (x2 - x1)      empty = P x1 (g1 - loaded)

  ``loaded`` follows from the set alone; ``empty`` takes the vehicle's own payload P as the one that x is a share of.
- An energy carrier with the vehicle's own consumption empty and full (the same line).

The factor set's total is taken (well to wheel). What is kept is enough to work the rates out again without the set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.footprint.amount import exact_text
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.errors import BoundaryMismatch, FactorExpired
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.iso14083.energy import UNITS
from ledger.footprint.iso14083.errors import FactorAmbiguous
from ledger.footprint.iso14083.load import RULE
from ledger.footprint.iso14083.load import Vehicle as Consumption
from ledger.planning.errors import ConsumptionOutOfPlace, RateNotDerivable
from ledger.planning.routes.rates import Rates, rates_of
from ledger.units import Grams

Method = Literal["two_loads", "consumption"]
GRID: Final = ("electricity", "电力")
"""How a workbook names the grid of the set's region, in which legs name it as well."""
GRAMS: Final = 1000
_LADEN: Final = re.compile(r"(?P<type>.+?) (?:(?P<load>[1-9][0-9]?|100)%|average) laden", re.ASCII | re.IGNORECASE)
"""How a published row names its load: ``... Rigid (>17 tonnes) 50% Laden``."""


class UsedFactor(NamedTuple):
    """A factor as it was taken: ``kg`` CO2e, all of it (WTW), per ``per``; ``load`` [%] where it holds at one."""

    id: str
    kg: Decimal
    per: str
    load: int | None
    source: str
    year: int
    hash: str


class Origin(NamedTuple):
    """
    Where a vehicle's rates come from: what was ``named``, in the set ``factor_set`` (its id and ``edition``, its hash).

    ``payload_g`` [g] is the vehicle's own; consumption [of the factor's unit per km] empty and full, where it counts.
    """

    named: str
    factor_set: str
    edition: str
    method: Method
    factors: tuple[UsedFactor, ...]
    payload_g: Grams
    empty_use: Decimal | None = None
    full_use: Decimal | None = None
    rule: str = RULE

    def rates(self) -> Rates:
        """The rates that follow from it. Raises ``RateNotDerivable``, ``LoadImpossible``."""
        payload_t = Fraction(self.payload_g, 10**6)
        if self.method == "consumption":
            if self.empty_use is None or self.full_use is None:
                raise ConsumptionOutOfPlace.of(self.named, wanted=True)
            use = Consumption(empty_per_km=self.empty_use, full_per_km=self.full_use, capacity_t=payload_t)
            return rates_of(use, GRAMS * sum((Fraction(one.kg) for one in self.factors), Fraction(0)))
        at = sorted({Fraction(one.load or 0, 100): Fraction(one.kg) for one in self.factors}.items())
        if len(at) != 2 or len(self.factors) != 2 or not 0 < at[0][0] < at[1][0] <= 1:
            raise RateNotDerivable(name=self.named, problem="not two loads", problem_zh="不是两种装载率")
        (x1, g1), (x2, g2) = at
        loaded = (g2 * x2 - g1 * x1) / (x2 - x1)
        empty = x1 * (g1 - loaded)
        if loaded < 0 or empty < 0:
            raise RateNotDerivable(
                name=self.named,
                problem=f"the line through both loads has {exact_text(loaded)} loaded, {exact_text(empty)} empty",
                problem_zh=f"两种装载率的连线得负值（载重 {exact_text(loaded)}，空驶 {exact_text(empty)}）",
            )
        return Rates(GRAMS * payload_t * empty, GRAMS * loaded)


class Named(NamedTuple):
    """What a vehicle's row states instead of rates."""

    name: str
    payload_g: Grams
    empty_use: Decimal | None = None
    full_use: Decimal | None = None


def origin_of(factors: FactorSet, day: date, named: Named) -> Origin:
    """
    The origin of a vehicle's rates on a day. Its ``rates()`` can be had.

    Raises ``NoEmissionFactor``, ``FactorExpired``, ``FactorAmbiguous``, ``BoundaryMismatch``, ``RateNotDerivable``,
    ``ConsumptionOutOfPlace``, ``LoadImpossible``.
    """
    held = factors.classes.get(named.name)
    one = factors.factor(held.factor) if held else factors.factors.get(named.name)
    moving = one is not None and one.per == "t km"
    if moving == (named.empty_use is not None or named.full_use is not None) or (
        not moving and (named.empty_use is None or named.full_use is None)
    ):
        raise ConsumptionOutOfPlace.of(named.name, wanted=not moving)
    if one is not None and moving:
        if one.distance_basis != "actual" or one.daf_included or (held is not None and held.adjusts):
            raise _underivable(named, "its distances are not those that are driven", "其距离口径不是实际行驶距离")
        method: Method = "two_loads"
        used = tuple(_taken(fellow, day, load) for load, fellow in _at_two_loads(factors, one, named))
    else:
        method = "consumption"
        used = tuple(_taken(factor, day, None) for factor in _carriers(factors, day, named))
    found = Origin(
        named.name,
        factors.id,
        factors.published.isoformat(),
        method,
        used,
        named.payload_g,
        named.empty_use,
        named.full_use,
    )
    found.rates()
    return found


def _at_two_loads(factors: FactorSet, one: Factor, named: Named) -> list[tuple[int, Factor]]:
    said = _LADEN.fullmatch(one.subject)
    found = [] if said is None else sorted(_fellows(factors, one, said["type"]), key=lambda row: row[0])
    loads = len(dict(found))
    if loads != 2 or len(found) != 2:
        raise _underivable(
            named,
            f"its intensity is stated at {loads} loads; two are needed to tell an empty vehicle from its load",
            f"该类别只给出 {loads} 种装载率下的强度；须有两种才能区分空驶与载重",
        )
    return found


def _fellows(factors: FactorSet, one: Factor, kind: str) -> Iterator[tuple[int, Factor]]:
    """Factors of the same vehicles in the same publication at a stated load."""
    for fellow in factors.factors.values():
        said = _LADEN.fullmatch(fellow.subject)
        if said and said["load"] and said["type"].casefold() == kind.casefold() and _alike(fellow) == _alike(one):
            yield int(said["load"]), fellow


def _alike(one: Factor) -> tuple[object, ...]:
    return (one.per, one.mode, one.fuel, one.vehicle, one.temperature, one.region, one.year, one.gwp_set, one.category)


def _carriers(factors: FactorSet, day: date, named: Named) -> Iterator[Factor]:
    """The carrier's factors, as those of legs are found; electricity has the grid's and its transmission's."""
    name, unit = named.name, "kWh"
    if name in GRID:
        name = GRID[0]
    elif name in factors.factors:
        unit = factors.factors[name].per
        if factors.factors[name].series:
            raise _underivable(
                named, "it is one part of the grid's; name `electricity`", "它只是电网因子的一部分，请填写“电力”"
            )
    else:
        able = {f.per for f in factors.factors.values() if f.fuel == name and not f.mode and f.per in UNITS}
        if not able:
            factors.factor(name)
        if len(able) > 1:
            fit = sorted(f.id for f in factors.factors.values() if f.fuel == name and f.per in able and not f.mode)
            raise FactorAmbiguous(asked=name, factors=", ".join(fit))
        (unit,) = able
    found, _ = carrier_factor(factors, name, unit, factors.region, (day, day))
    for factor_id in found.ids:
        yield factors.factor(factor_id)


def _taken(factor: Factor, day: date, load: int | None) -> UsedFactor:
    if factor.gas_scope != "CO2e":
        raise BoundaryMismatch(factor=factor.id, expected="kg CO2e", got=factor.unit)
    if not factor.valid_from <= day <= factor.valid_to:
        raise FactorExpired(
            factor=factor.id,
            valid_from=factor.valid_from.isoformat(),
            valid_to=factor.valid_to.isoformat(),
            day=day.isoformat(),
        )
    return UsedFactor(factor.id, factor.wtw, factor.per, load, factor.source, factor.year, factor.hash)


def _underivable(named: Named, problem: str, problem_zh: str) -> RateNotDerivable:
    return RateNotDerivable(name=named.name, problem=problem, problem_zh=problem_zh)
