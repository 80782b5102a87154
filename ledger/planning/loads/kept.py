"""A load as what brings it out again: where each box lies, and what was left out with the search's reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.errors import Place
from ledger.planning.errors import BoxLeftOut
from ledger.planning.loads.stowage import Box, Hold, Placed, Stowage
from ledger.planning.refusal import Refusal

Lies = tuple[int, int, int, int, int, int, int]
"""The box by its number; x, y, z; length, width, height as it lies [mm]."""


class KeptLoad(NamedTuple):
    """Places of boxes; ``left`` has name, number left, of how many, reason, row (0 for none)."""

    placed: tuple[Lies, ...]
    left: tuple[tuple[str, int, int, str, int], ...]
    proven: bool


def kept_load(load: Stowage, boxes: Sequence[Box]) -> KeptLoad:
    """What of a load does not follow from its hold and boxes."""
    numbers = {id(box): number for number, box in enumerate(boxes)}
    placed = tuple(
        (numbers[id(one.box)], one.x, one.y, one.z, one.length, one.width, one.height) for one in load.placed
    )
    left = []
    for refusal in load.refused:
        error = refusal.error
        assert isinstance(error, BoxLeftOut)
        left.append((refusal.name, error.left, error.of, error.reason, (error.place and error.place.row) or 0))
    return KeptLoad(placed, tuple(left), load.proven)


def restored_load(hold: Hold, boxes: Sequence[Box], kept: KeptLoad) -> Stowage:
    """The load of the same hold and boxes."""
    placed = tuple(Placed(boxes[number], *lies) for number, *lies in kept.placed)
    refused = tuple(
        Refusal(
            name,
            BoxLeftOut(box=name, left=left, of=count, hold=hold.name, reason=reason).at(Place(row=row or None)),
        )
        for name, left, count, reason, row in kept.left
    )
    return Stowage(hold, placed, refused, kept.proven)
