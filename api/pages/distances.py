"""How far it is: places by name, the distance with its method, and the way on a map."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.maps.drawing import MapView, Stop, draw
from api.pages.catalogue import translator
from api.pages.shell import page
from ledger.errors import LedgerError, Locale
from ledger.ports.distances import Basis, Measured, Mode
from ledger.services.measure_distance import BASES, MODES, measure
from ledger.units import shown

router = APIRouter(include_in_schema=False)
Name = Annotated[str, Query(max_length=200)]


class PartRow(NamedTuple):
    """One way from a place to the next."""

    start: str
    end: str
    km: str


class Found(NamedTuple):
    """A distance as it was measured."""

    km: str
    metres: int
    basis: str
    method: str
    version: str
    data: str
    source: str
    parts: list[PartRow]
    map: MapView | None


class DistanceView(NamedTuple):
    """The form as it was filled in, and what came of it."""

    start: str
    via: str
    end: str
    mode: str
    basis: str
    modes: tuple[str, ...]
    bases: tuple[str, ...]
    found: Found | None
    fault: str
    fix: str


@router.get("/distances")
def distances(  # noqa: PLR0917 - the fields of a form
    request: Request,
    scope: ScopeDep,
    start: Annotated[Name, Query(alias="from")] = "",
    via: Name = "",
    end: Annotated[Name, Query(alias="to")] = "",
    mode: Mode = "road",
    basis: Basis | None = None,
) -> Response:
    """The form, and the distance when both ends are named."""
    ledger, locale = scope.ledger, locale_for(request)
    found, fault = None, None
    if start.strip() and end.strip():
        names = [start.strip(), *([via.strip()] if via.strip() else []), end.strip()]
        own = scope.tenant == ledger.settings.tenant
        try:
            answer = measure(ledger.distances, ledger.clock, mode, names, basis, unpublished=own)
            found = _found(answer.measured, locale)
        except LedgerError as error:
            fault = error
    view = DistanceView(
        start=start,
        via=via,
        end=end,
        mode=mode,
        basis=basis or "",
        modes=MODES,
        bases=BASES,
        found=found,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((translator(locale)("nav.distances"), ""),)
    return page(request, "distances.html", view, crumbs=crumbs, status=422 if fault else 200)


def _found(measured: Measured, locale: Locale) -> Found:
    spots = [measured.parts[0].start, *(part.end for part in measured.parts)]
    stops = [Stop(spot.name(locale), spot.latitude, spot.longitude) for spot in spots]
    way = [point for part in measured.parts for point in part.path]
    return Found(
        km=_km(measured.metres),
        metres=measured.metres,
        basis=measured.basis,
        method=measured.method,
        version=measured.version,
        data=measured.data,
        source=measured.source,
        parts=[PartRow(part.start.told(), part.end.told(), _km(part.metres)) for part in measured.parts],
        map=draw(stops, way),
    )


def _km(metres: int) -> str:
    return shown(Fraction(metres, 1000), 3)
