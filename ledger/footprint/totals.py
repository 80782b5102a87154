"""
Totals by route, product or supplier, without the trail of each figure: what a change of factors is compared by.

Every emission of transport by mass and distance is linear in the sums of its cell, so cells of one subject and one rate
are added up as integers first and multiplied once. Cells with better data behind them, and everything that is not
transport, go the way of ``calculate``. The digits are the same either way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from msgspec.structs import replace

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, HubCell, TransportCell
from ledger.footprint.amount import total
from ledger.footprint.calculate import calculate
from ledger.footprint.emission import Emission, Gap
from ledger.footprint.factor import FactorSet
from ledger.footprint.methods.tonne_km import Rate, TonneKm
from ledger.footprint.transport_data import TransportData

Subject = Callable[[TransportCell | HubCell], str]


@dataclass(slots=True)
class Totals:
    """Kilograms of CO2e, well to wheel, of transport and hubs by subject; ``gaps`` count the cells left out."""

    kg: dict[str, Fraction] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)


def route_of(cell: TransportCell | HubCell) -> str:
    """The route of a cell."""
    return cell.route


def product_of(cell: TransportCell | HubCell) -> str:
    """The product of a cell."""
    return cell.product


def totals(cube: ActivityCube, factors: FactorSet, subject: Subject) -> Totals:
    """
    Transport and hubs of a cube by subject; what suppliers declare of products is left out.

    Fastest on a cube that is rolled up already.
    """
    plain, rest = _Plain(cube, factors), list[TransportCell]()
    for cell in cube.transport:
        held = plain.held(cell)
        if held is None:
            rest.append(cell)
        else:
            sums = held[subject(cell)]
            sums[0] += cell.gram_metres
            sums[1] += cell.grams
    parts, gaps = plain.parts(), defaultdict[str, int](int)
    done = calculate(replace(cube, transport=rest, declared=(), made=()), factors)
    counted: Sequence[Emission | Gap] = (*done.rows, *done.gaps)
    for row in counted:
        if not isinstance(row.cell, TransportCell | HubCell):
            continue
        if isinstance(row, Emission):
            parts[subject(row.cell)].append(row.wtw)
        else:
            gaps[subject(row.cell)] += 1
    kg = {name: total(held) if len(held) > 1 else held[0] for name, held in sorted(parts.items())}
    return Totals(kg, dict(sorted(gaps.items())))


_Class = tuple[str, ...]
_Sums = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class _Rated:
    rate: Rate
    sums: _Sums


class _Plain:
    """Cells that take a published or a supplied intensity: [gram-metres, grams] by subject, for each rate."""

    def __init__(self, cube: ActivityCube, factors: FactorSet) -> None:
        self._data, self._factors, self._method = TransportData(cube, factors), factors, TonneKm()
        self._known: dict[_Class, _Rated | None] = {}
        self._rated: dict[_Class, _Rated | None] = {}

    def held(self, cell: TransportCell) -> _Sums | None:
        """Where the cell is added up; ``None`` when this way is not the cell's, or it is a gap."""
        key = (cell.vehicle, cell.mode, cell.distance_basis)
        if key in self._known:
            rated = self._known[key]
        else:
            rated = self._by_choice(cell)
            if self._data.one_choice(cell):
                self._known[key] = rated
        if rated is None or not rated.rate.holds[0] <= cell.first_at <= cell.last_at < rated.rate.holds[1]:
            return None
        return rated.sums

    def _by_choice(self, cell: TransportCell) -> _Rated | None:
        choice = self._data.choice(cell)
        if choice.level not in {"default", "supplied"} or not isinstance(choice.data, str):
            return None
        key = (choice.data, cell.vehicle, cell.mode, cell.distance_basis)
        if key not in self._rated:
            try:
                rate = self._method.rate(choice.data, cell.mode, cell.distance_basis, choice, self._factors)
                self._rated[key] = _Rated(rate, defaultdict(lambda: [0, 0]))
            except FootprintError:
                self._rated[key] = None
        return self._rated[key]

    def parts(self) -> dict[str, list[Fraction]]:
        """One part a subject: rates brought to one denominator, so that one fraction is reduced."""
        rated = [one for one in self._rated.values() if one is not None]
        common = lcm(*(one.rate.denominator for one in rated))
        whole: dict[str, int] = defaultdict(int)
        for one in rated:
            scale = common // one.rate.denominator
            per_gram_metre, per_gram = (scale * sum(pair) for pair in (one.rate.per_gram_metre, one.rate.per_gram))
            for name, (gram_metres, grams) in one.sums.items():
                whole[name] += per_gram_metre * gram_metres + per_gram * grams
        return defaultdict(list, {name: [Fraction(number, common)] for name, number in whole.items()})
