"""Which entries are of which consignment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from ledger.ports.projections import Folding


class Wanted(NamedTuple):
    """Consignments by name, all of some routes, or all there are."""

    consignments: Collection[str] = ()
    routes: Collection[str] = ()
    everything: bool = False

    def covers(self, consignment: str, routes: Collection[str]) -> bool:
        """Whether a consignment that is carried on these routes is among them."""
        return self.everything or consignment in self.consignments or not set(self.routes).isdisjoint(routes)


@runtime_checkable
class Shipments(Folding, Protocol):
    """
    Legs and hub operations by consignment, a projection of its own; what a correction withdraws is not in it.

    Beside them the operation categories of shipments that were offered to partners.
    """

    def consignments(self, tenant: str, wanted: Wanted, *, after: str = "", limit: int = 1000) -> list[str]:
        """Those wanted, by name, behind ``after``."""
        ...

    def shows(self, tenant: str, wanted: Wanted, consignment: str) -> bool:
        """Whether there is such a consignment, and it is among those wanted."""
        ...

    def entries(self, tenant: str, consignments: Sequence[str]) -> dict[str, list[int]]:
        """The indexes of each one's entries, in the order of the log."""
        ...

    def categories(self, tenant: str, wanted: Wanted, names: Sequence[str]) -> set[str]:
        """Of categories by name (``toc:…``, ``hoc:…``), those that a shipment among those wanted was offered in."""
        ...
