"""
Which few cartons to keep for a real mix of orders: a whole-number program (p-median), solved to proof or with the gap.

Each order goes into the kept carton that costs it least. A cost is the carton's volume or, with weights, grams of CO2e:
board times its factor and volume times what carrying a litre of it emits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import gcd
from typing import Final, NamedTuple

from ledger.errors import Place
from ledger.planning.cartons.carton import Carton, Parcel, fits, largest
from ledger.planning.errors import CartonMissing, NothingToPlan
from ledger.planning.milp import Column, Row, Watch, solve
from ledger.planning.refusal import Refusal
from ledger.units import Grams

_MILLI: Final = 1000
_LITRE: Final = 10**6


class Weights(NamedTuple):
    """Grams of CO2e for a gram of board, and for carrying a litre (dm3) of carton to where it goes."""

    board: Fraction
    litre: Fraction

    def grams(self, carton: Carton) -> Fraction:
        """Of one carton, exact."""
        return self.board * carton.board_g + self.litre * carton.volume / _LITRE


class Packed(NamedTuple):
    """Orders in the carton chosen for them."""

    parcel: Parcel
    carton: Carton


class Choice(NamedTuple):
    """The cartons kept, the orders in them, and those that no candidate takes."""

    cartons: tuple[Carton, ...]
    packed: tuple[Packed, ...]
    refused: tuple[Refusal, ...]
    proven: bool
    """Whether no other cartons of that number are better; with weights to the milligram for each row of orders."""

    @property
    def volume(self) -> int:
        """[mm3] of all cartons used."""
        return sum(one.carton.volume * one.parcel.count for one in self.packed)

    @property
    def board_g(self) -> Grams:
        """Board of all cartons used."""
        return Grams(sum(one.carton.board_g * one.parcel.count for one in self.packed))

    def grams(self, weights: Weights) -> Fraction:
        """[g CO2e] of all cartons used, exact."""
        return sum((weights.grams(one.carton) * one.parcel.count for one in self.packed), Fraction(0))


class _Costs(NamedTuple):
    """What each parcel costs in each candidate that takes it, and how many orders of it there are."""

    parcels: list[Parcel]
    candidates: Sequence[Carton]
    cost: dict[tuple[int, int], int]


def choose(
    parcels: Sequence[Parcel],
    candidates: Sequence[Carton],
    most: int,
    *,
    weights: Weights | None = None,
    seconds: int = 30,
    watch: Watch | None = None,
) -> Choice:
    """
    At most ``most`` cartons that serve every order some candidate takes.

    Raises ``NothingToPlan``; ``CartonMissing`` when so few cannot serve all.
    """
    return curve(parcels, candidates, [most], weights=weights, seconds=seconds, watch=watch)[0]


def curve(
    parcels: Sequence[Parcel],
    candidates: Sequence[Carton],
    numbers: Sequence[int],
    *,
    weights: Weights | None = None,
    seconds: int = 30,
    watch: Watch | None = None,
) -> tuple[Choice, ...]:
    """A choice for each number of cartons: what one more of them is worth. Orders are tried in candidates once."""
    costs, refused = _served(parcels, candidates, weights)
    return tuple(_chosen(costs, most, refused, seconds, watch) for most in numbers)


def choices(
    parcels: Sequence[Parcel], candidates: Sequence[Carton], numbers: Iterable[int], *, seconds: int = 30
) -> Iterator[tuple[int, Choice | None]]:
    """The same one after the other, by volume; ``None`` where so few cannot serve all. Raises ``NothingToPlan``."""
    costs, refused = _served(parcels, candidates, None)
    for most in numbers:
        try:
            yield most, _chosen(costs, most, refused, seconds, None)
        except CartonMissing:
            yield most, None


def _served(
    parcels: Sequence[Parcel], candidates: Sequence[Carton], weights: Weights | None
) -> tuple[_Costs, tuple[Refusal, ...]]:
    costs, refused = _costs(parcels, candidates, weights)
    if not costs.parcels:
        raise NothingToPlan(refused=len(refused))
    return costs, refused


def _costs(
    parcels: Sequence[Parcel], candidates: Sequence[Carton], weights: Weights | None
) -> tuple[_Costs, tuple[Refusal, ...]]:
    kept: list[Parcel] = []
    refused: list[Refusal] = []
    cost: dict[tuple[int, int], int] = {}
    each = [carton.volume if weights is None else round(weights.grams(carton) * _MILLI) for carton in candidates]
    for parcel in parcels:
        able = [number for number, carton in enumerate(candidates) if fits(parcel, carton)]
        if able:
            cost |= {(len(kept), number): each[number] * parcel.count for number in able}
            kept.append(parcel)
        else:
            name = largest(candidates).name if candidates else "-"
            error = CartonMissing(order=parcel.name, largest=name).at(Place(row=parcel.row))
            refused.append(Refusal(parcel.name, error))
    return _Costs(kept, candidates, cost), tuple(refused)


def _chosen(costs: _Costs, most: int, refused: tuple[Refusal, ...], seconds: int, watch: Watch | None) -> Choice:
    common = gcd(*costs.cost.values()) or 1
    columns = [Column(0) for _ in costs.candidates]
    into: dict[tuple[int, int], int] = {}
    for pair, cost in costs.cost.items():
        into[pair] = len(columns)
        columns.append(Column(cost // common))
    rows = [Row(dict.fromkeys(range(len(costs.candidates)), 1), high=most)]
    once: list[dict[int, int]] = [{} for _ in costs.parcels]
    for (parcel, carton), column in into.items():
        once[parcel][column] = 1
        rows.append(Row({column: 1, carton: -1}, high=0))
    rows += [Row(terms, 1, 1) for terms in once]
    found = solve(columns, rows, seconds=seconds, watch=watch)
    if found is None:
        raise CartonMissing(order=f"{len(costs.parcels)} orders / 订单", largest=f"{most} cartons / 种纸箱")
    used = sorted({carton for (_, carton), column in into.items() if found.values[column]})
    packed = tuple(
        Packed(costs.parcels[parcel], costs.candidates[carton])
        for (parcel, carton), column in into.items()
        if found.values[column]
    )
    return Choice(tuple(costs.candidates[number] for number in used), packed, refused, found.proven)
