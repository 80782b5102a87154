"""Distances computed on this machine. A mode is one file with its measures, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final

from ledger.adapters.distances.air import AIR
from ledger.adapters.distances.gazetteer import Gazetteer
from ledger.adapters.distances.measure import Measure
from ledger.adapters.distances.rail import RAIL
from ledger.adapters.distances.road import ROAD
from ledger.adapters.distances.sea import SEA
from ledger.adapters.distances.waterway import WATERWAY
from ledger.ports import KnownPlace
from ledger.ports.distances import Basis, Measured, Mode, ModeNotMeasured, Spot

MEASURES: Final[tuple[Measure, ...]] = (*ROAD, *RAIL, *SEA, *AIR, *WATERWAY)

_NOT_MEASURED: Final = {
    ("rail", "sfd"): (
        "the open network takes freight over high-speed lines and is up to 29 % short in China",
        "现有开放路网把货运算到高铁线路上，在国内最多偏短 29 %",
    ),
    ("inland_waterway", "sfd"): ("no open network of inland waterways is at hand", "没有可用的开放内河航道网"),
    ("air", "sfd"): ("the standard measures flights on the great circle alone", "标准规定航空只用大圆距离"),
}


class OfflineDistances:
    """``ports.Distances`` from what is shipped and from the operator's places."""

    def __init__(self, own: Callable[[], Iterable[KnownPlace]]) -> None:
        self._gazetteer = Gazetteer(own)

    def search(
        self, text: str, mode: Mode | None = None, limit: int = 20, *, unpublished: bool = False
    ) -> Sequence[Spot]:
        """See ``Distances.search``."""
        return self._gazetteer.search(text, mode, limit, unpublished=unpublished)

    def find(self, text: str, mode: Mode, *, unpublished: bool = False) -> Spot:
        """See ``Distances.find``."""
        return self._gazetteer.find(text, mode, unpublished=unpublished)

    def measure(self, mode: Mode, basis: Basis, stops: Sequence[Spot]) -> Measured:
        """See ``Distances.measure``."""
        able = next((one for one in MEASURES if one.mode == mode and one.basis == basis), None)
        if able is None:
            why, why_zh = _NOT_MEASURED[mode, basis]
            raise ModeNotMeasured(mode=mode, basis=basis, why=why, why_zh=why_zh)
        parts = tuple(able.part(start, end) for start, end in pairwise(stops))
        return Measured(
            mode=mode,
            basis=basis,
            method=able.method,
            version=able.version,
            data=able.data,
            source=able.source,
            parts=parts,
        )


__all__ = ["MEASURES", "OfflineDistances"]
