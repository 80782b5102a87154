"""Activity of a period, by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from ledger.footprint.inventory.recorded import CarrierLegs, HubMonth, Pieces
from ledger.ports.projections import Folding


class Months(NamedTuple):
    """The activity of a run of months."""

    legs: Sequence[CarrierLegs]
    hubs: Sequence[HubMonth]
    pieces: Sequence[Pieces]


@runtime_checkable
class PeriodActivity(Folding, Protocol):
    """
    Sums of legs and hub operations by month of the calendar in China, a projection of its own.

    A month is year x 12 + month - 1. Corrections take away what they withdraw; bounds of entries may then lie outside.
    """

    def months(self, tenant: str, first: int, last: int) -> Months:
        """
        The activity from the first to the last month.

        A piece counts once: at the hub where most of its product passed in these months, else on its busiest route.
        """
        ...

    def span(self, tenant: str) -> tuple[int, int] | None:
        """The first and last month with activity."""
        ...
