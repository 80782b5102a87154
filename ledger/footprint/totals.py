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
    plain, rest = _Plain(cube, factors, subject), list[TransportCell]()
    for cell in cube.transport:
        if not plain.take(cell):
            rest.append(cell)
    parts, gaps = plain.parts(), plain.gaps
    done = calculate(replace(cube, transport=rest, declared=(), made=()), factors)
    found: Sequence[Emission | Gap] = (*done.rows, *done.gaps)
    for row in found:
        if not isinstance(row.cell, TransportCell | HubCell):
            continue
        if isinstance(row, Emission):
            parts[subject(row.cell)].append(row.wtw)
        else:
            gaps[subject(row.cell)] += 1
    return Totals({name: total(parts[name]) for name in sorted(parts)}, dict(sorted(gaps.items())))


class _Plain:
    """Cells that take a published or a supplied intensity: [gram-metres, grams] by subject and rate."""

    def __init__(self, cube: ActivityCube, factors: FactorSet, subject: Subject) -> None:
        self._data, self._factors, self._subject = TransportData(cube, factors), factors, subject
        self._method = TonneKm()
        self._rates: dict[tuple[str, str, str, str], Rate | None] = {}
        self._sums: dict[tuple[str, str, str, str], dict[str, list[int]]] = {}
        self.gaps: dict[str, int] = defaultdict(int)

    def take(self, cell: TransportCell) -> bool:
        """Whether this way is the cell's; then it is counted, or a gap."""
        choice = self._data.choice(cell)
        if choice.level not in {"default", "supplied"} or not isinstance(choice.data, str):
            return False
        key = (choice.data, cell.vehicle, cell.mode, cell.distance_basis)
        if key not in self._rates:
            try:
                self._rates[key] = self._method.rate(choice.data, cell.mode, cell.distance_basis, choice, self._factors)
            except FootprintError:
                self._rates[key] = None
            self._sums[key] = {}
        rate = self._rates[key]
        if rate is None or not rate.holds[0] <= cell.first_at <= cell.last_at < rate.holds[1]:
            self.gaps[self._subject(cell)] += 1
            return True
        sums = self._sums[key].setdefault(self._subject(cell), [0, 0])
        sums[0] += cell.gram_metres
        sums[1] += cell.grams
        return True

    def parts(self) -> dict[str, list[Fraction]]:
        """One product a subject and rate."""
        found: dict[str, list[Fraction]] = defaultdict(list)
        for key, by_subject in self._sums.items():
            rate = self._rates[key]
            if rate is None:
                continue
            per_gram_metre, per_gram = sum(rate.per_gram_metre), sum(rate.per_gram)
            for name, (gram_metres, grams) in by_subject.items():
                found[name].append(Fraction(per_gram_metre * gram_metres + per_gram * grams, rate.denominator))
        return found
