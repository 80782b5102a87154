"""A curve of choices as what brings it out again: which cartons are kept of each number, and what goes into which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.errors import Place
from ledger.planning.cartons.carton import Carton, Parcel, largest
from ledger.planning.cartons.choose import Choice, Packed
from ledger.planning.errors import CartonMissing
from ledger.planning.refusal import Refusal


class KeptChoice(NamedTuple):
    """At most ``most`` cartons; kept ones and (order, carton) by number; none where so few cannot serve all."""

    most: int
    cartons: tuple[int, ...]
    packed: tuple[tuple[int, int], ...]
    proven: bool


def kept_choice(
    most: int, choice: Choice | None, parcels: Sequence[Parcel], candidates: Sequence[Carton]
) -> KeptChoice:
    """What of a choice does not follow from its orders and candidates."""
    if choice is None:
        return KeptChoice(most, (), (), proven=True)
    orders = {one.name: number for number, one in enumerate(parcels)}
    cartons = {one.name: number for number, one in enumerate(candidates)}
    packed = tuple((orders[one.parcel.name], cartons[one.carton.name]) for one in choice.packed)
    return KeptChoice(most, tuple(cartons[one.name] for one in choice.cartons), packed, choice.proven)


def restored_choice(kept: KeptChoice, parcels: Sequence[Parcel], candidates: Sequence[Carton]) -> Choice | None:
    """The choice of the same orders and candidates; ``None`` where there is none."""
    if not kept.packed:
        return None
    packed = tuple(Packed(parcels[order], candidates[carton]) for order, carton in kept.packed)
    inside = {order for order, _ in kept.packed}
    name = largest(candidates).name
    refused = tuple(
        Refusal(one.name, CartonMissing(order=one.name, largest=name).at(Place(row=one.row)))
        for number, one in enumerate(parcels)
        if number not in inside
    )
    return Choice(tuple(candidates[number] for number in kept.cartons), packed, refused, kept.proven)
