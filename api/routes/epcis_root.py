"""What the EPCIS interface offers where: resources, versions and methods (OPTIONS), and ending a page token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import PrincipalDep, RuntimeDep
from api.describe import gives
from api.epcis_terms import ANNOUNCED, CAPTURE_HEADERS, TermsDep
from api.operations import EPCIS, TABLE
from ledger.services.event_query.presented import EPC_FORMATS

router = APIRouter(tags=["EPCIS"])


def _options(methods: list[str], path: str) -> Callable[..., Response]:
    headers = {**ANNOUNCED, "Allow": ", ".join(sorted({*methods, "OPTIONS"})), "GS1-EPC-Format": ", ".join(EPC_FORMATS)}
    if path.startswith(("/capture", "/events")):
        headers |= CAPTURE_HEADERS

    def options(_: TermsDep) -> Response:
        """Versions, formats and methods of this address."""
        return Response(status_code=204, headers=headers)

    return options


_METHODS: Final[defaultdict[str, list[str]]] = defaultdict(list)
for _method, _path in TABLE:
    if _method != "OPTIONS" and ("OPTIONS", _path) in EPCIS:
        _METHODS[_path].append(_method)
for _number, (_path, _methods) in enumerate(sorted(_METHODS.items(), key=lambda row: -row[0].count("/"))):
    _id, _gives = f"options_{_number}", gives(None, status=204)
    router.add_api_route(_path, _options(_methods, _path), methods=["OPTIONS"], operation_id=_id, **_gives)


@router.delete("/nextPageToken/{token}", **gives(None, status=204))
def end_page_token(token: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """End a page token before its time. Any text is answered alike: a token tells nothing about its query."""
    runtime.answering.end(principal.tenant, token)
    return Response(status_code=204, headers=dict(ANNOUNCED))
