"""The scan page, its service worker, the steps it offers. The page holds nothing of anyone: it is the same for all."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.deps import locale_for
from api.pages.catalogue import translator, under
from api.pages.shell import templates
from api.pages.statics import STATICS, address
from api.shell import SECURITY_HEADERS
from ledger.errors import Locale

router = APIRouter(include_in_schema=False)
PAGE: Final = "/scan"
SHELL: Final = (
    "app.css", "scan.css", "scan-page.js", "scan-decoder.js", "zxing_reader.wasm", "mark.svg",
    "mark-192.png", "scan.webmanifest",
)  # fmt: skip
"""What the page needs without a network."""
POLICY: Final = SECURITY_HEADERS["Content-Security-Policy"] + "; script-src 'self' 'wasm-unsafe-eval'"
"""The decoder is WebAssembly; no other page may compile any."""


class Step(NamedTuple):
    """A button: what event it makes of what is scanned. ``stays``: the things are at the place from then on."""

    name: str
    biz_step: str
    disposition: str
    type: Literal["ObjectEvent", "AssociationEvent"] = "ObjectEvent"
    action: Literal["ADD", "OBSERVE", "DELETE"] = "OBSERVE"
    stays: bool = True


STEPS: Final = (
    Step("receiving", "receiving", "in_progress"),
    Step("storing", "storing", "available"),
    Step("picking", "picking", "reserved"),
    Step("shipping", "shipping", "in_transit", stays=False),
    Step("installing", "installing", "active", "AssociationEvent", "ADD"),
    Step("removing", "removing", "inactive", "AssociationEvent", "DELETE"),
    Step("inspecting", "inspecting", "conformant"),
    Step("faulty", "inspecting", "non_conformant"),
    Step("repairing", "repairing", "damaged"),
    Step("counting", "stock_taking", ""),
)
"""In the order of a thing's way through a warehouse and a site; words of CBV 2.0."""


class ScanView(NamedTuple):
    """The frame."""

    steps: tuple[Step, ...]
    offered: list[dict[str, object]]
    """The steps for the script, in its own words."""
    decoder: str
    words: dict[str, str]


@router.get(PAGE)
def scan(request: Request) -> Response:
    """The scan page."""
    locale = locale_for(request)
    headers = {"Content-Language": locale, "Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return HTMLResponse(_page(locale), headers=headers)


@cache
def _page(locale: Locale) -> str:
    words = under(locale, "scan.") | {f"step.{k}": v for k, v in under(locale, "step.").items()}
    words |= {f"disposition.{k}": v for k, v in under(locale, "disposition.").items()}
    view = ScanView(STEPS, list(map(_offered, STEPS)), _decoder(), words)
    return templates().get_template("scan.html").render(t=translator(locale), locale=locale, view=view)


def _offered(step: Step) -> dict[str, object]:
    return {
        "name": step.name,
        "type": step.type,
        "action": step.action,
        "bizStep": step.biz_step,
        "disposition": step.disposition,
        "stays": step.stays,
    }


def _decoder() -> str:
    """The decoder's address, which tells it where its WebAssembly is."""
    return f"{address('scan-decoder.js')}&wasm={quote(address('zxing_reader.wasm'), safe='')}"


@router.get("/scan-worker.js")
def scan_worker() -> Response:
    """The service worker, from the root so that it may serve the page; its text changes when anything it keeps does."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": PAGE}
    return Response(_worker(), headers=headers, media_type="text/javascript")


@cache
def _worker() -> bytes:
    files = [_decoder() if name == "scan-decoder.js" else address(name) for name in SHELL]
    pages = "".join(_page(locale) for locale in ("en", "zh-CN"))
    version = sha256("\n".join([*files, pages]).encode() + STATICS["scan-worker.js"].data).hexdigest()[:16]
    shell = msgspec.json.encode({"version": version, "files": files, "page": PAGE})
    return b"const SHELL=" + shell + b";\n" + STATICS["scan-worker.js"].data
