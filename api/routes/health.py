"""Whether it runs, how far behind it is, what it offers."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from api.deps import LocaleDep, RuntimeDep
from api.describe import description, gives
from api.faults import NoSuchAddress
from api.readiness import readiness
from api.schemas.native import Health, Readiness
from api.wire import reply
from ledger.errors import LedgerError

router = APIRouter(tags=["running"])


@router.get("/healthz", **gives(Health))
async def healthz() -> Response:
    """The process answers. Says nothing of what it stands on: restarting it would not help there."""
    return reply(Health(status="alive"))


@router.get("/readyz", **gives(Readiness, 503))
def readyz(runtime: RuntimeDep) -> Response:
    """
    200 while events can be stored, 503 when not.

    With the chain away, capture goes on and anchoring catches up later: then it is ``degraded``, not down.
    """
    found = readiness(runtime)
    return reply(found, 503 if found.status == "down" else 200)


@router.get("/metrics", **gives(None, 401, 403, media_type="text/plain"))
def metrics(runtime: RuntimeDep) -> Response:
    """Figures of this process and of the ledger, for Prometheus."""
    return Response(runtime.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    """The description of the interface; written once, because what is served does not change."""
    state = request.app.state
    if not hasattr(state, "description"):
        state.description = msgspec.json.encode(description(request.app))
    return Response(state.description, media_type="application/json")


@router.get("/problems/{code}", **gives(None, media_type="text/plain"))
def problem_type(code: str, locale: LocaleDep) -> Response:
    """What a problem's ``type`` means, and what to do about it."""
    kind = next((each for each in _all(LedgerError) if each.code == code), None)
    if kind is None:
        raise NoSuchAddress
    words = (kind.zh, kind.fix_zh) if locale == "zh-CN" else (kind.en, kind.fix_en)
    about = tuple(text.replace("!r}", "}") for text in words)
    return PlainTextResponse("\n\n".join((code, *filter(None, about))) + "\n", headers={"Content-Language": locale})


def _all(kind: type[LedgerError]) -> list[type[LedgerError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in _all(child))]
