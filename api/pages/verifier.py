"""The page that verifies proofs in the browser; the verifier also as one file to keep, of HTML or of Python."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from api.deps import LedgerDep, locale_for
from api.pages import shell
from api.pages.catalogue import translator, under
from api.pages.statics import STATICS
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)


class VerifyView(NamedTuple):
    """What the form is filled with."""

    key: str
    policy: str
    pinned: str = ""


def _filled(ledger: Ledger) -> VerifyView:
    return VerifyView(str(ledger.note_key.verifier), ledger.policy.text if ledger.policy else "")


@router.get("/verify")
def verify(request: Request, ledger: LedgerDep) -> Response:
    """The verifier. The key comes with the page; the reader compares it with one from elsewhere."""
    locale = locale_for(request)
    crumbs = ((translator(locale)("nav.verify"), ""),)
    view = _filled(ledger)
    text = shell.text(request, "verify.html", view, crumbs=crumbs, messages=under(locale, "js."))
    return HTMLResponse(text, headers={"Content-Language": locale})


@router.get("/verify/offline")
def offline(request: Request, ledger: LedgerDep) -> Response:
    """The verifier as one file: its own policy lets it run its own script and reach no network."""
    locale = locale_for(request)
    policy, style, script = _inlined()
    text = shell.text(
        request,
        "verify-offline.html",
        _filled(ledger),
        messages=under(locale, "js."),
        policy=policy,
        style=style,
        script=script,
    )
    name = f'attachment; filename="onecode-verify-{locale}.html"'
    return HTMLResponse(text, headers={"Content-Disposition": name, "Content-Language": locale})


@router.get("/verify/verify.py")
def court() -> Response:
    """The verifier as one file of Python that needs the standard library alone."""
    source = (files("ledger.data") / "court" / "verify.py").read_bytes()
    headers = {"Content-Disposition": 'attachment; filename="onecode-verify.py"', "Cache-Control": "no-cache"}
    return Response(source, media_type="text/x-python; charset=utf-8", headers=headers)


@cache
def _inlined() -> tuple[str, Markup, Markup]:
    """Policy, style and script of the file. Both texts are ours, built and kept in the repository."""
    style, script = (STATICS[name].data.decode() for name in ("app.css", "verify-page.js"))
    if "</style" in style or "</script" in script:
        raise ValueError("the bundle would end its own element")
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}"
    return policy, Markup(style), Markup(script)  # noqa: S704 - no one else's text


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
