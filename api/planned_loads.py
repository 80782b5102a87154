"""Loads of a day's plan: what each vehicle has on board when it leaves, and where each box of it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from api.planned_day import Day
from ledger.planning.loads.by_stops import stow_by_stops
from ledger.planning.loads.kept import KeptLoad, kept_load, restored_load
from ledger.planning.loads.stowage import Box, Hold, Stowage
from ledger.planning.routes.plan import Plan, Route

MOST_PIECES: Final = 250
"""Boxes on one vehicle that are laid in; more are not tried."""


class ToLoad(NamedTuple):
    """A vehicle's hold and the boxes for it, by stop; ``bare`` orders are packed in nothing that is stated."""

    hold: Hold
    boxes: tuple[Box, ...]
    stops: tuple[str, ...]
    """Places in the order in which they are come to, each once for every time."""
    bare: tuple[str, ...]

    @property
    def pieces(self) -> int:
        """Boxes in all."""
        return sum(box.count for box in self.boxes)


def to_load(day: Day, route: Route) -> ToLoad | None:
    """What a vehicle leaves its depot with; ``None`` where its hold is not stated, or nothing on it is packed."""
    hold = day.book.holds.get(route.fleet.name)
    if hold is None:
        return None
    hold = replace(hold, capacity_g=route.fleet.capacity_g)
    boxes: list[Box] = []
    stops: list[str] = []
    bare: list[str] = []
    for stop in route.stops:
        if stop.order.direction != "delivery":
            continue
        if not stops or stops[-1] != stop.order.place:
            stops.append(stop.order.place)
        packed = day.book.boxes.get(stop.order.name, ())
        boxes += [replace(box, stop=len(stops)) for box in packed]
        if not packed:
            bare.append(stop.order.name)
    return ToLoad(hold, tuple(boxes), tuple(stops), tuple(bare)) if boxes else None


def load_all(day: Day, plan: Plan, told: Callable[[int], bool]) -> tuple[KeptLoad | None, ...]:
    """
    The loads of a plan's vehicles in their order.

    ``told`` hears how many are done, also between searches, and says whether to go on; vehicles after that have none.
    """
    loads: list[KeptLoad | None] = []
    for number, route in enumerate(plan.routes):
        asked = to_load(day, route) if told(number) else None
        if asked is None or asked.pieces > MOST_PIECES:
            loads.append(None)
        else:
            load = stow_by_stops(asked.boxes, asked.hold, told=partial(told, number))
            loads.append(kept_load(load, asked.boxes))
    return tuple(loads)


def loaded(asked: ToLoad, kept: KeptLoad) -> Stowage:
    """A vehicle's load as it was found, checked again by our own geometry where it is shown."""
    return restored_load(asked.hold, asked.boxes, kept)
