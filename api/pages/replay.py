"""The page that computes a score sheet again in the browser, by the ledger's own modules."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.deps import LedgerDep, locale_for
from api.pages import shell
from api.pages.catalogue import translator, under
from api.pages.statics import MSGSPEC, STATIC, address
from api.replay_core import core

router = APIRouter(include_in_schema=False)


class ReplayView(NamedTuple):
    """The log's key, and where the page finds what computes."""

    key: str
    worker: str
    statics: str
    wheel: str
    core: str
    modules: int
    digest: str
    pinned: str = ""


@router.get("/replay")
def replay(request: Request, ledger: LedgerDep) -> Response:
    """The page. It asks nobody who they are: an award is challenged by those who have its file."""
    locale, code = locale_for(request), core()
    view = ReplayView(
        key=str(ledger.note_key.verifier),
        worker=address("replay-worker.js"),
        statics=STATIC,
        wheel=address(MSGSPEC),
        core=f"/replay/core.zip?{code.digest[:16]}",
        modules=code.modules,
        digest=code.digest,
    )
    crumbs = ((translator(locale)("nav.replay"), ""),)
    messages = under(locale, "js.") | {f"replay.{key}": said for key, said in under(locale, "replay.").items()}
    text = shell.text(request, "replay.html", view, crumbs=crumbs, messages=messages)
    return HTMLResponse(text, headers={"Content-Language": locale})


@router.get("/replay/core.zip")
def source() -> Response:
    """The source that computes, to run and to read."""
    return Response(core().archive, media_type="application/zip", headers={"Cache-Control": "no-cache"})
