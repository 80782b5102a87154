"""
Which orders go with which departure, for the fewest grams of CO2e: mass, volume and time kept, with proof or the gap.

A vehicle that leaves emits its empty grams over its way, and more for each tonne on it; a vehicle that does not leave
emits nothing. So fewer and fuller departures, and heavy goods on the vehicle that carries them with least, come out of
one sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.errors import Place, PlanningError
from ledger.planning.amounts import amounts_text
from ledger.planning.errors import AmountImpossible, DepartureMissed, FleetFull, NameTwice, NothingToPlan, OrderTooLarge
from ledger.planning.milp import Column, Row, Watch, solve
from ledger.planning.refusal import Refusal
from ledger.planning.routes.problem import clock
from ledger.planning.routes.rates import Rates
from ledger.units import Grams, Metres

_UNITS: Final = 1000
"""The search counts milligrams; what is stated is exact."""


class Consignment(NamedTuple):
    """Goods for one destination: there from ``ready`` on, to arrive by ``due`` [s from the start of the first day]."""

    name: str
    mass_g: Grams
    volume_cm3: int
    ready: int
    due: int
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Up to ``count`` vehicles of one kind that may leave at ``leaves`` and are there ``travel`` seconds later."""

    name: str
    leaves: int
    travel: int
    count: int
    capacity_g: Grams
    capacity_cm3: int
    metres: Metres
    rates: Rates

    def __post_init__(self) -> None:
        for what, value, least in (
            ("count", self.count, 1),
            ("capacity [g]", self.capacity_g, 1),
            ("capacity [cm3]", self.capacity_cm3, 0),
            ("travel", self.travel, 0),
            ("distance [m]", self.metres, 0),
        ):
            if value < least:
                raise AmountImpossible(what=what, name=self.name, value=str(value), rule=f">= {least}")


class Load(NamedTuple):
    """One vehicle that leaves: ``number`` counts those of its departure from 1."""

    departure: Departure
    number: int
    consignments: tuple[Consignment, ...]

    @property
    def mass_g(self) -> Grams:
        """On board."""
        return Grams(sum(one.mass_g for one in self.consignments))

    @property
    def volume_cm3(self) -> int:
        """On board."""
        return sum(one.volume_cm3 for one in self.consignments)

    @property
    def fill_by_mass(self) -> Fraction:
        """Of the capacity, 0 to 1."""
        return Fraction(self.mass_g, self.departure.capacity_g)

    @property
    def fill_by_cube(self) -> Fraction:
        """Of the room, 0 to 1; 0 where no room is stated."""
        room = self.departure.capacity_cm3
        return Fraction(self.volume_cm3, room) if room else Fraction(0)

    @property
    def grams(self) -> Fraction:
        """[g CO2e] of the whole way, exact."""
        return self.departure.rates.grams(self.departure.metres, self.departure.metres * self.mass_g)


class Consolidation(NamedTuple):
    """The vehicles that leave, and what goes with none; no plan of all the others emits less than ``bound`` [g]."""

    loads: tuple[Load, ...]
    refused: tuple[Refusal, ...]
    bound: Fraction

    @property
    def grams(self) -> Fraction:
        """[g CO2e], exact."""
        return sum((load.grams for load in self.loads), Fraction(0))

    @property
    def gap(self) -> Fraction:
        """What at most could be saved still, as a share of the grams; 0 when proven best to the milligram."""
        grams = self.grams
        rest = grams - self.bound
        most_rounding = Fraction(len(self.loads) + sum(len(load.consignments) for load in self.loads), 2 * _UNITS)
        return rest / grams if grams and rest > most_rounding else Fraction(0)

    @property
    def proven(self) -> bool:
        """Whether no plan emits less, to the milligram for each vehicle and consignment."""
        return not self.gap


def consolidate(
    consignments: Sequence[Consignment],
    departures: Sequence[Departure],
    *,
    seconds: int = 30,
    watch: Watch | None = None,
) -> Consolidation:
    """
    Every consignment that some departure can take, on one of them.

    Those that none can take are named with the reason, as are those for which no vehicle had room. Raises
    ``NothingToPlan``.
    """
    refused: list[Refusal] = []
    kept: list[Consignment] = []
    names: set[str] = set()
    for one in consignments:
        error: PlanningError | None = _fault(one, departures)
        if one.name in names:
            error = NameTwice(what="orders / 订单", name=one.name)
        names.add(one.name)
        if error is None:
            kept.append(one)
        else:
            refused.append(Refusal(one.name, error.at(Place(row=one.row))))
    if not kept:
        raise NothingToPlan(refused=len(refused))
    all_of_them = _Program(kept, departures, required=True).solved(refused, seconds, watch)
    return (
        all_of_them
        or _Program(kept, departures, required=False).solved(refused, seconds, watch)
        or Consolidation((), (*refused, *_full(kept)), Fraction(0))
    )


def _fault(one: Consignment, departures: Sequence[Departure]) -> PlanningError | None:
    if one.mass_g < 0 or one.volume_cm3 < 0:
        value = str(min(one.mass_g, one.volume_cm3))
        return AmountImpossible(what="mass [g], volume [cm3]", name=one.name, value=value, rule=">= 0")
    able = [other for other in departures if _holds(other, one)]
    if departures and not able:
        largest = max(departures, key=lambda other: (other.capacity_g, other.capacity_cm3))
        return OrderTooLarge(
            order=one.name,
            needs=amounts_text(one.mass_g, one.volume_cm3),
            largest=amounts_text(largest.capacity_g, largest.capacity_cm3),
        )
    if not any(_in_time(other, one) for other in able):
        times = ", ".join(f"{clock(other.leaves)}-{clock(other.leaves + other.travel)}" for other in able[:5])
        return DepartureMissed(order=one.name, ready=clock(one.ready), due=clock(one.due), departures=times or "-")
    return None


def _holds(departure: Departure, one: Consignment) -> bool:
    return one.mass_g <= departure.capacity_g and one.volume_cm3 <= departure.capacity_cm3


def _in_time(departure: Departure, one: Consignment) -> bool:
    return one.ready <= departure.leaves and departure.leaves + departure.travel <= one.due


class _Program:
    """The whole-number program: a column for each vehicle, each order on each vehicle, each order left behind."""

    def __init__(self, consignments: list[Consignment], departures: Sequence[Departure], *, required: bool) -> None:
        self.consignments = consignments
        self.vehicles = [
            (departure, number)
            for departure in departures
            for number in range(1, min(departure.count, len(consignments)) + 1)
        ]
        self.columns = [Column(_milligrams(one.rates.grams(one.metres, 0))) for one, _ in self.vehicles]
        self.on: dict[tuple[int, int], int] = {}
        for vehicle, (departure, _) in enumerate(self.vehicles):
            for number, one in enumerate(consignments):
                if _holds(departure, one) and _in_time(departure, one):
                    self.on[number, vehicle] = len(self.columns)
                    self.columns.append(Column(_milligrams(departure.rates.grams(0, departure.metres * one.mass_g))))
        self.behind = len(self.columns)
        self.left_behind = 10 * max(column.cost for column in self.columns) + 1
        """What an order left behind costs: more than a vehicle of its own."""
        if not required:
            self.columns += [Column(self.left_behind)] * len(consignments)

    def rows(self) -> list[Row]:
        """Each order once; no vehicle over its mass or room; of equal vehicles the first leaves first."""
        on_board: list[dict[int, int]] = [{} for _ in self.vehicles]
        served: list[dict[int, int]] = [{} for _ in self.consignments]
        for column in range(self.behind, len(self.columns)):
            served[column - self.behind][column] = 1
        rows = []
        for (number, vehicle), column in self.on.items():
            on_board[vehicle][number] = column
            served[number][column] = 1
            rows.append(Row({column: 1, vehicle: -1}, high=0))
        rows += [Row(terms, 1, 1) for terms in served]
        for vehicle, (departure, number) in enumerate(self.vehicles):
            for capacity, amounts in (
                (departure.capacity_g, [one.mass_g for one in self.consignments]),
                (departure.capacity_cm3, [one.volume_cm3 for one in self.consignments]),
            ):
                terms = {column: int(amounts[one]) for one, column in on_board[vehicle].items()}
                rows.append(Row(terms | {vehicle: -int(capacity)}, high=0))
            if number > 1:
                rows.append(Row({vehicle: 1, vehicle - 1: -1}, high=0))
        return rows

    def solved(self, refused: list[Refusal], seconds: int, watch: Watch | None) -> Consolidation | None:
        """The plan; ``None`` when the search found none."""
        found = solve(self.columns, self.rows(), seconds=seconds, watch=watch)
        if found is None:
            return None
        values = found.values
        loads: list[Load] = []
        taken: set[int] = set()
        for vehicle, (departure, _) in enumerate(self.vehicles):
            on_it = [number for (number, other), column in self.on.items() if other == vehicle and values[column]]
            taken.update(on_it)
            if on_it:
                number = 1 + sum(load.departure is departure for load in loads)
                loads.append(Load(departure, number, tuple(self.consignments[one] for one in on_it)))
        left = [one for number, one in enumerate(self.consignments) if number not in taken]
        bound = found.bound - len(left) * self.left_behind
        return Consolidation(tuple(loads), (*refused, *_full(left)), Fraction(max(bound, 0), _UNITS))


def _full(left: Sequence[Consignment]) -> tuple[Refusal, ...]:
    return tuple(Refusal(one.name, FleetFull(order=one.name).at(Place(row=one.row))) for one in left)


def _milligrams(grams: Fraction) -> int:
    return round(grams * _UNITS)
