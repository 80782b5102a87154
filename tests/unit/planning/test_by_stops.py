"""Loads laid in stop by stop, and brought out again from what is kept of them."""

from __future__ import annotations

from ledger.planning.loads.by_stops import stow_by_stops
from ledger.planning.loads.kept import kept_load, restored_load
from ledger.planning.loads.stowage import Axle, Box, Hold, stow
from ledger.units import Grams

TRUCK = Hold(
    name="truck",
    length=6800,
    width=2350,
    height=2150,
    capacity_g=Grams(6_000_000),
    tare_g=Grams(5_000_000),
    axles=(Axle(0, Grams(4_500_000)), Axle(5200, Grams(8_000_000))),
)


def pallets(stop: int, count: int, stack: bool = True) -> Box:
    """Half pallets of 84 kg."""
    return Box(
        name=f"stop {stop}", length=800, width=600, height=700, mass_g=Grams(84_000), count=count, stop=stop,
        upright=True, stackable=stack,
    )  # fmt: skip


def test_what_a_quick_search_of_the_whole_hold_leaves_out_goes_in_stop_by_stop() -> None:
    boxes = [pallets(1, 26), pallets(2, 18), pallets(3, 14)]
    assert stow(boxes, TRUCK, quick=True).refused
    told: list[int] = []
    load = stow_by_stops(boxes, TRUCK, told=lambda: told.append(1))
    assert (len(load.placed), load.refused, load.faults()) == (58, (), ())
    assert told, "whoever waits hears of it between searches"
    ends = {stop: [one.x for one in load.placed if one.box.stop == stop] for stop in (1, 2, 3)}
    assert max(ends[3]) < min(ends[2]) <= max(ends[2]) < min(ends[1]), "the last stop lies at the front wall"


def test_what_does_not_go_in_is_named_and_nothing_is_at_fault() -> None:
    boxes = [pallets(1, 20, stack=False), pallets(2, 20, stack=False)]
    load = stow_by_stops(boxes, TRUCK)
    assert load.faults() == ()
    left = sum(getattr(one.error, "left", 0) for one in load.refused)
    assert len(load.placed) + left == 40
    assert left > 0, "40 bases of 0.48 m2 are more than a floor of 16 m2"


def test_a_kept_load_comes_out_again() -> None:
    boxes = [pallets(1, 9, stack=False), pallets(2, 30, stack=False)]
    load = stow_by_stops(boxes, TRUCK)
    again = restored_load(TRUCK, boxes, kept_load(load, boxes))
    assert again.placed == load.placed
    assert again.axle_loads() == load.axle_loads()
    assert [(one.name, one.error.message()) for one in again.refused] == [
        (one.name, one.error.message()) for one in load.refused
    ]
