"""The shape of a calculation method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ledger.footprint.activity import ActivityCube
from ledger.footprint.emission import Emission, Gap
from ledger.footprint.factor import FactorSet


class Method(Protocol):
    """
    One way from activity to emissions. Another result for the same input means another ``version``.

    Methods read the cube and the factor set and nothing else, so that a calculation replays.
    """

    @property
    def name(self) -> str:
        """The name in the trail."""
        ...

    @property
    def version(self) -> int:
        """The version in the trail."""
        ...

    @property
    def en(self) -> str:
        """What it does, in English."""
        ...

    @property
    def zh(self) -> str:
        """What it does, in Chinese."""
        ...

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """An emission or a gap for every cell the method is for."""
        ...
