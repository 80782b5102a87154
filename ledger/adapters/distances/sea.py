"""
Sea: the shortest path on the shipping lanes of the searoute package, by the Suez and Panama canals, not the Arctic.

Against published distances it is 0 to 4 % long, up to 14 % on a passage of a few hundred nautical miles;
docs/distances.md has the table.
"""

from __future__ import annotations

from typing import Final

from ledger.adapters.distances.measure import AlongNetwork, GreatCircle, Measure

FARTHEST_M: Final = 60_000
"""Inner harbours up a river lie this far from the lanes; what lies farther inland is an inland waterway's."""

SEA: Final[tuple[Measure, ...]] = (
    AlongNetwork("sea", "seaways.pack", "shortest path on shipping lanes", FARTHEST_M),
    GreatCircle("sea"),
)
