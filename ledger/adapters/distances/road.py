"""
Road: the shortest path on OpenStreetMap's main roads of China and its neighbours.

The shortest feasible distance of ISO 14083:2023, clause 6. Against published lengths in China it is 1 to 7 % short,
because bends are simplified; docs/distances.md has the table.
"""

from __future__ import annotations

from typing import Final

from ledger.adapters.distances.measure import AlongNetwork, GreatCircle, Measure

FARTHEST_M: Final = 20_000

ROAD: Final[tuple[Measure, ...]] = (
    AlongNetwork("road", "roads.pack", "shortest path on main roads", FARTHEST_M),
    GreatCircle("road"),
)
