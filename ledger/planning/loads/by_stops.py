"""
Boxes in a hold, stop by stop from the front wall: quick where the search over the whole hold leaves something out.

Goods of one stop get the shortest stretch of the hold that takes them, the last stop's at the front wall, so
that nothing of a later stop lies before goods of an earlier one. Axles are checked on the whole load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ledger.planning.errors import BoxLeftOut
from ledger.planning.loads.stowage import Box, Hold, Placed, Stowage, stow
from ledger.planning.refusal import Refusal
from ledger.units import Grams

_LONGER = 108
"""Per cent by which a stretch that was too short grows."""


def stow_by_stops(
    boxes: Sequence[Box], hold: Hold, *, seed: int = 1, told: Callable[[], object] = lambda: None
) -> Stowage:
    """
    The fuller one of two loads without a fault: a quick one of the whole hold, and one of stretches.

    ``told`` is called between searches. Raises ``NothingToPlan``, ``PlannerMissing``.
    """
    whole = stow(boxes, hold, seed=seed, quick=True)
    told()
    if not whole.refused and whole.placed:
        return whole
    stretches = _stretches(boxes, hold, seed, told)
    return max(whole, stretches, key=lambda load: (not load.faults(), load.fill_by_cube))


def _stretches(boxes: Sequence[Box], hold: Hold, seed: int, told: Callable[[], object]) -> Stowage:
    placed: list[Placed] = []
    refused: list[Refusal] = []
    start = 0
    for stop in sorted({box.stop for box in boxes}, reverse=True):
        own = [box for box in boxes if box.stop == stop]
        room = hold.length - start
        left = hold.capacity_g - sum(one.box.mass_g for one in placed)
        if room < 1 or left < 1:
            refused += [_no_room(box, hold) for box in own]
            continue
        load = _shortest(own, replace(hold, length=room, capacity_g=Grams(left), axles=None), seed, told)
        placed += [one._replace(x=one.x + start) for one in load.placed]
        refused += load.refused
        start += max((one.x + one.length for one in load.placed), default=0)
    return Stowage(hold, tuple(placed), tuple(refused), proven=not refused)


def _shortest(boxes: Sequence[Box], hold: Hold, seed: int, told: Callable[[], object]) -> Stowage:
    """The boxes in as little of the length as the search finds; what does not go into the whole of it is refused."""
    volume = sum(box.length * box.width * box.height * box.count for box in boxes)
    longest = max(min(box.length, box.width) for box in boxes)
    length = max(-(-volume // (hold.width * hold.height)), longest)
    while True:
        length = min(length, hold.length)
        load = stow(boxes, replace(hold, length=length), seed=seed, quick=True)
        told()
        if not load.refused or length == hold.length:
            return load
        length = length * _LONGER // 100 + 10


def _no_room(box: Box, hold: Hold) -> Refusal:
    reason = "no room left / 空间不足"
    return Refusal(box.name, BoxLeftOut(box=box.name, left=box.count, of=box.count, hold=hold.name, reason=reason))
