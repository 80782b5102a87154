"""The shape of a measure, and the two ways of measuring: along a network, and the great circle."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

from ledger.adapters.distances.network import Network
from ledger.footprint.iso14083 import great_circle
from ledger.ports.distances import Basis, Mode, Part, PlaceOffNetwork, PlacesEqual, PlacesNotJoined, Spot


class Measure(Protocol):
    """One mode on one basis. Another result for the same places means another ``version`` or other ``data``."""

    @property
    def mode(self) -> Mode:
        """What moves."""
        ...

    @property
    def basis(self) -> Basis:
        """Which of the standard's distances it gives."""
        ...

    @property
    def method(self) -> str:
        """How it measures."""
        ...

    @property
    def version(self) -> str:
        """Of the method."""
        ...

    @property
    def data(self) -> str:
        """SHA-256 [hex] of the network's file; empty where positions alone decide."""
        ...

    @property
    def source(self) -> str:
        """Whose data, and under which licence."""
        ...

    def part(self, start: Spot, end: Spot) -> Part:
        """From a place to the next. Raises leaves of ``ports.distances``."""
        ...


class GreatCircle:
    """The great-circle distance of a mode between two positions."""

    basis: Basis = "gcd"
    method = great_circle.METHOD
    version = great_circle.VERSION
    data = ""
    source = ""

    def __init__(self, mode: Mode) -> None:
        self.mode: Mode = mode

    def part(self, start: Spot, end: Spot) -> Part:
        """See ``Measure.part``."""
        ends = ((start.latitude, start.longitude), (end.latitude, end.longitude))
        metres = great_circle.great_circle(*ends).metres
        if metres == 0:
            raise PlacesEqual(place_name=start.told())
        return Part(start, end, metres, (0, 0), ends)


class AlongNetwork:
    """
    The shortest path in a shipped network, with the great circles from both places to its nearest node.

    ``farthest`` [m] is how far a place may lie from the network.
    """

    basis: Basis = "sfd"
    version = "1"

    def __init__(self, mode: Mode, file: str, method: str, farthest: int) -> None:
        self.mode: Mode = mode
        self.method = method
        self._file = file
        self._farthest = farthest

    @cached_property
    def network(self) -> Network:
        """Read at the first question."""
        return Network(self._file)

    @property
    def data(self) -> str:
        """See ``Measure.data``."""
        return self.network.sha256

    @property
    def source(self) -> str:
        """See ``Measure.source``."""
        return f"{self.network.about['source']}, {self.network.about['licence']}"

    def part(self, start: Spot, end: Spot) -> Part:
        """See ``Measure.part``."""
        (first, before), (last, after) = self._access(start), self._access(end)
        found = self.network.path(first, last)
        if found is None:
            raise PlacesNotJoined(start=start.told(), end=end.told(), mode=self.mode)
        metres, path = found
        if metres == 0:
            raise PlacesEqual(place_name=f"{start.told()} / {end.told()}")
        ends = ((start.latitude, start.longitude), (end.latitude, end.longitude))
        return Part(start, end, before + metres + after, (before, after), (ends[0], *path, ends[1]))

    def _access(self, spot: Spot) -> tuple[int, int]:
        node, metres = self.network.nearest(spot.latitude, spot.longitude)
        if metres > self._farthest:
            raise PlaceOffNetwork(place_name=spot.told(), mode=self.mode, metres=metres, limit=self._farthest)
        return node, metres
