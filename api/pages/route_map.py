"""Where a route runs: places of its legs by their names, those that the gazetteer knows without doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from api.maps.drawing import MapView, Stop, draw
from ledger.errors import FootprintError, Locale
from ledger.footprint.activity import TransportCell
from ledger.footprint.emission import Emission
from ledger.log.proof import record_of
from ledger.ports.distances import Mode, Spot
from ledger.wiring import Ledger

MOST_LEGS: Final = 24
"""Classes of transport whose first leg is looked at."""


class RouteMap(NamedTuple):
    """A route on a map, and names that are on no map: unknown, or of several places."""

    map: MapView | None
    missing: tuple[str, ...]


def route_map(ledger: Ledger, tenant: str, rows: Iterable[Emission], locale: Locale) -> RouteMap:
    """The places that the first leg of each class of transport names, in the order of the route."""
    cells = [row.cell for row in rows if isinstance(row.cell, TransportCell)]
    first = sorted({cell.first_entry: cell for cell in cells}.values(), key=lambda cell: cell.first_at)[:MOST_LEGS]
    entries = ledger.entries.gathered([cell.first_entry for cell in first])
    legs: dict[tuple[str, str], Mode] = {}
    for cell in first:
        record = record_of(entries[cell.first_entry])
        legs.setdefault((str(record["origin"]), str(record["destination"])), record["mode"])
    modes = {name: mode for ends, mode in legs.items() for name in ends}
    found = {name: _spot(ledger, tenant, name, modes[name]) for name in _order(list(legs))}
    spots = [spot for spot in found.values() if spot is not None]
    stops = [Stop(spot.name(locale), spot.latitude, spot.longitude) for spot in spots]
    missing = tuple(name for name, spot in found.items() if spot is None)
    return RouteMap(draw(stops) if len(stops) > 1 else None, missing)


def _spot(ledger: Ledger, tenant: str, name: str, mode: Mode) -> Spot | None:
    try:
        return ledger.distances.find(name, mode, unpublished=tenant == ledger.settings.tenant)
    except FootprintError:
        return None


def _order(legs: Sequence[tuple[str, str]]) -> list[str]:
    """Names along the legs, each where it is first come to, from a place that nothing leads to."""
    targets = {end for _, end in legs}
    starts = [start for start, _ in legs if start not in targets] or [legs[0][0]] if legs else []
    ways: dict[str, list[str]] = {}
    for start, end in legs:
        ways.setdefault(start, []).append(end)
    seen: dict[str, None] = {}
    waiting = list(dict.fromkeys(starts))
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen[name] = None
            waiting = [*ways.get(name, ()), *waiting]
    return list(seen)
