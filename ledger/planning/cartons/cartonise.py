"""Each order into the kept cartons: one where one does, several where none does, and what goes into none by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from ledger.errors import Place
from ledger.planning.cartons.carton import Carton, Parcel, as_hold, fits
from ledger.planning.errors import CartonMissing
from ledger.planning.loads.stowage import Box, Stowage, stow
from ledger.planning.refusal import Refusal

_EFFORT: Final = 2_000


class Cartonised(NamedTuple):
    """The cartons of one order, each with where its things lie, and what found none."""

    parcel: Parcel
    cartons: tuple[tuple[Carton, Stowage], ...]
    refused: tuple[Refusal, ...]


def cartonise(parcel: Parcel, cartons: Sequence[Carton]) -> Cartonised:
    """
    The smallest carton that takes the order; failing that the one that takes most of it, again and again.

    Cartons are compared by volume, ties by name.
    """
    sizes = sorted(cartons, key=lambda carton: (carton.volume, carton.name))
    left = parcel.things
    used: list[tuple[Carton, Stowage]] = []
    while left:
        rest = replace(parcel, things=left)
        one = next((carton for carton in sizes if fits(rest, carton)), None)
        loads = [(carton, stow(left, as_hold(carton), effort=_EFFORT)) for carton in ([one] if one else sizes)]
        carton, load = max(loads, key=lambda pair: (_volume(pair[1]), -pair[0].volume), default=(None, None))
        if carton is None or load is None or not load.placed:
            break
        used.append((carton, load))
        left = _without(left, load)
    refused = tuple(
        Refusal(
            thing.name, CartonMissing(order=thing.name, largest=sizes[-1].name if sizes else "-").at(_place(parcel))
        )
        for thing in left
    )
    return Cartonised(parcel, tuple(used), refused)


def _volume(load: Stowage) -> int:
    return sum(one.length * one.width * one.height for one in load.placed)


def _without(things: tuple[Box, ...], load: Stowage) -> tuple[Box, ...]:
    left = []
    for thing in things:
        count = thing.count - sum(one.box == thing for one in load.placed)
        if count:
            left.append(replace(thing, count=count))
    return tuple(left)


def _place(parcel: Parcel) -> Place:
    return Place(row=parcel.row)
