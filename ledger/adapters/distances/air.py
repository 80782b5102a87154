"""Air: the great circle of each flight between airports, the one distance that ISO 14083:2023 allows for it."""

from __future__ import annotations

from typing import Final

from ledger.adapters.distances.measure import GreatCircle, Measure

AIR: Final[tuple[Measure, ...]] = (GreatCircle("air"),)
