"""Distances between named places, and the gazetteer they are named in; computed here, never guessed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.wire import reply
from ledger.ports.distances import Basis, Mode
from ledger.services.measure_distance import measure

router = APIRouter(tags=["distances"])
Name = Annotated[str, Query(max_length=200, description="A place by name or code")]
Via = Annotated[list[str], Query(max_length=8, description="Places on the way, in order")]
BY_MODE = Query(description="Places of the kinds this mode moves between")
SHORTEST = Query(description="sfd, the shortest feasible, or gcd, the great circle; for air gcd")


@router.get("/api/v1/distances", **gives(None))
def get_distance(  # noqa: PLR0917 - a distance has that many terms
    ledger: LedgerDep,
    principal: PrincipalDep,
    start: Annotated[Name, Query(alias="from")],
    end: Annotated[Name, Query(alias="to")],
    mode: Mode,
    via: Via = [],  # noqa: B006 - read, never changed
    basis: Annotated[Basis | None, SHORTEST] = None,
) -> Response:
    """The distance along the places [m], its method, version and data, and the way on the map."""
    own = principal.tenant == ledger.settings.tenant
    found = measure(ledger.distances, ledger.clock, mode, [start, *via, end], basis, unpublished=own)
    return reply(found.to_record())


@router.get("/api/v1/places", **gives(None))
def get_places(
    ledger: LedgerDep, principal: PrincipalDep, q: Name, mode: Annotated[Mode | None, BY_MODE] = None
) -> Response:
    """At most twenty places that a name or code may mean, the best fits first."""
    own = principal.tenant == ledger.settings.tenant
    found = ledger.distances.search(q, mode, unpublished=own)
    return reply({"places": [spot.to_record() for spot in found]})
