"""Loads laid in stop by stop, and brought out again from what is kept of them."""

from __future__ import annotations

from ledger.planning.loads.by_stops import stow_by_stops
from ledger.planning.loads.kept import kept_load, restored_load
from ledger.planning.loads.stowage import Box, Hold, stow
from ledger.units import Grams

VAN = Hold(name="van", length=3200, width=1250, height=1450, capacity_g=Grams(6_000_000))
PALLETS = [
    Box(name=f"for {stop}", length=800, width=600, height=700, mass_g=Grams(84_000), count=count, stop=stop)
    for stop, count in ((1, 7), (2, 5), (3, 3))
]


def test_more_goes_in_stop_by_stop_than_a_quick_search_of_the_whole_finds_and_the_rest_is_named() -> None:
    told: list[int] = []
    load = stow_by_stops(PALLETS, VAN, told=lambda: told.append(1))
    assert load.faults() == ()
    assert len(load.placed) > len(stow(PALLETS, VAN, quick=True).placed)
    assert len(load.placed) + sum(getattr(one.error, "left", 0) for one in load.refused) == 15
    assert len(told) > 3, "whoever waits hears of it between searches"
    near = {stop: [one.x for one in load.placed if one.box.stop == stop] for stop in (1, 2, 3)}
    assert max(near[3]) < min(near[2]) <= max(near[2]) < min(near[1]), "the last stop lies at the front wall"
    again = restored_load(VAN, PALLETS, kept_load(load, PALLETS))
    assert again.placed == load.placed
    assert [one.error.message() for one in again.refused] == [one.error.message() for one in load.refused]
