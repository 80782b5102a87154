"""
Rail: the great circle alone.

The open railway network at hand (scgraph_data 2.0.0, OpenStreetMap) does not tell lines for passengers from lines for
freight. Against the tariff distances of freight in China it is 22 % short from Xi'an to Chengdu (653 km, 842 km by
Baoji) and 29 % from Chengdu to Chongqing (355 km, 504 km): it runs on the high-speed lines, where no freight goes. A
distance that far off would mislead, so none is offered.
"""

from __future__ import annotations

from typing import Final

from ledger.adapters.distances.measure import GreatCircle, Measure

RAIL: Final[tuple[Measure, ...]] = (GreatCircle("rail"),)
