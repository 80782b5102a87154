"""
Shipments as iLEAP data, derived from a tenant's legs and hub operations; each shown to whom it is meant for alone.

The house sees all of its own. An organisation sees the consignments and routes that a standing grant gives it: the same
set in lists, in single answers and as activity data.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol

from ledger.errors import LedgerError
from ledger.footprint.factor import FactorSource
from ledger.ileap.activity import Tad
from ledger.ileap.derive import Derived, Moved, derive, elements_of, figures_of
from ledger.ileap.matching import matches
from ledger.ileap.offered import Leg, offered_all
from ledger.ileap.reading import written
from ledger.ileap.terms import Location
from ledger.ports.distances import Distances, Mode, Spot
from ledger.ports.shipments import Shipments, Wanted
from ledger.records.record import decode_body
from ledger.records.transport_leg import TransportLeg
from ledger.services.shipment_grants import Granting

BATCH: Final = 200
"""Consignments read at once."""
_LOCODE: Final = 5


class Shipping(Granting, Protocol):
    """What shipments need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def shipments(self) -> Shipments:
        """Legs and hub operations by consignment."""
        ...

    @property
    def factors(self) -> FactorSource:
        """Factor sets."""
        ...

    @property
    def distances(self) -> Distances:
        """Which city and country a place is in."""
        ...


class Page(NamedTuple):
    """Some of what was asked for, and where the next page begins; empty at the end."""

    derived: Derived
    after: str


class Activities(NamedTuple):
    """Activity data, what was left out by leg with the reason, and where the next page begins."""

    found: Sequence[Tad]
    left: dict[str, LedgerError]
    after: str


def shipments_page(
    ledger: Shipping, tenant: str, wanted: Wanted, *, after: str = "", limit: int = BATCH, factor_set: str | None = None
) -> Page:
    """The next shipments by name, with every category that they are in."""
    names = ledger.shipments.consignments(tenant, wanted, after=after, limit=limit + 1)
    held = names[:limit]
    factors = ledger.factors.factor_set(factor_set) if factor_set else ledger.factors.current()
    cube = ledger.projections.cube(tenant, product="")  # no legs: they come by consignment
    found = derive(_moved(ledger, tenant, held), cube, factors, Places(ledger.distances))
    return Page(found, held[-1] if len(names) > limit else "")


def shipment(ledger: Shipping, tenant: str, wanted: Wanted, name: str) -> Derived | None:
    """One shipment with its categories, or why it is none; ``None`` when it is not there or not shown."""
    if not ledger.shipments.shows(tenant, wanted, name):
        return None
    cube = ledger.projections.cube(tenant, product="")
    return derive(_moved(ledger, tenant, [name]), cube, ledger.factors.current(), Places(ledger.distances))


def activities_page(
    ledger: Shipping,
    tenant: str,
    wanted: Wanted,
    filters: dict[str, list[str]],
    *,
    after: str = "",
    limit: int = BATCH,
) -> Activities:
    """
    The next activity data that meet all filters, in the order of consignment and activity.

    ``after`` is the last one's consignment and id, with a line break between; both begin the next page.
    """
    place = Places(ledger.distances)
    cube = ledger.projections.cube(tenant, product="")
    factors = ledger.factors.current()
    consignment, _, activity = after.partition("\n")
    found: list[Tad] = []
    left: dict[str, LedgerError] = {}
    # the page may begin within a consignment, so that one is read again
    names = [consignment] if consignment else []
    while True:
        moved = _moved(ledger, tenant, names)
        figures = figures_of(moved, cube, factors)
        for name in names:
            legs = [
                Leg(element, *figures.of_element(element))
                for element in elements_of(moved.get(name, ()))
                if isinstance(element.record, TransportLeg)
            ]
            ready, missing = offered_all(legs, place)
            left |= missing
            for tad in sorted(ready, key=lambda one: one.activity_id):
                if name == consignment and tad.activity_id <= activity:
                    continue
                if matches(written(tad), filters):
                    found.append(tad)
                if len(found) > limit:
                    last = found[limit - 1]
                    return Activities(found[:limit], left, f"{last.consignment_ids[0]}\n{last.activity_id}")
        names = ledger.shipments.consignments(tenant, wanted, after=names[-1] if names else "", limit=BATCH)
        if not names:
            return Activities(found, left, "")


def _moved(ledger: Shipping, tenant: str, names: Sequence[str]) -> dict[str, list[tuple[int, Moved]]]:
    indexes = ledger.shipments.entries(tenant, names)
    entries = ledger.entries.gathered(sorted(seq for held in indexes.values() for seq in held))
    return {name: [(seq, _record(entries[seq].body)) for seq in indexes.get(name, ())] for name in names}


def _record(body: bytes) -> Any:
    kind = "transport_leg" if b'"kind":"transport_leg"' in body else "hub_operation"
    return decode_body(body, kind)


class Places:
    """City and country of named places, as the gazetteer has them; each looked up once."""

    def __init__(self, distances: Distances) -> None:
        self._distances = distances
        self._known: dict[tuple[str, str], Location | None] = {}

    def __call__(self, name: str, mode: str) -> Location | None:
        """See ``ileap.derive.Locate``. A place without a country, and one of two of a name, is not known."""
        key = (name, mode)
        if key not in self._known:
            self._known[key] = self._found(name, mode)
        return self._known[key]

    def _found(self, name: str, mode: str) -> Location | None:
        try:
            spot = self._distances.find(name, _mode(mode), unpublished=True)
        except LedgerError:
            return None
        return _location(spot) if spot.country else None


def _mode(mode: str) -> Mode:
    return mode  # type: ignore[return-value]  # a leg's mode is one


def _location(spot: Spot) -> Location:
    code = spot.code.upper()
    return Location(
        city=spot.name("en"),
        country=spot.country,
        iata=code if spot.kind == "airport" else None,
        locode=code if spot.kind == "port" and len(code) == _LOCODE else None,
        lat=_plain(spot.latitude),
        lng=_plain(spot.longitude),
    )


def _plain(value: Decimal) -> str:
    return format(value, "f")
