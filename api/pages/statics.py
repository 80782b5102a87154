"""Styles and scripts: built from ``api/web`` by esbuild, kept in the repository, served under a name that holds."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.faults import NoSuchAddress

_TYPES: Final = {
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
    "whl": "application/zip",
    "zip": "application/zip",
    "webmanifest": "application/manifest+json",
}


class Static(NamedTuple):
    """One file: its bytes, media type and the tag that changes with the bytes."""

    data: bytes
    media_type: str
    tag: str


def _load() -> dict[str, Static]:
    found = {}
    for file in files("api.static").iterdir():
        media_type = _TYPES.get(file.name.rpartition(".")[2])
        if media_type:
            data = file.read_bytes()
            found[file.name] = Static(data, media_type, sha256(data).hexdigest()[:16])
    return found


STATICS: Final[Mapping[str, Static]] = _load()
STATIC: Final = "/static/"
MSGSPEC: Final = "msgspec-0.22.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
"""msgspec for Python in the browser, as PyPI has it; its hash is in ``requirements.lock``."""
_COMPILES: Final = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
POLICIES: Final = {"scan-decoder.js": _COMPILES, "replay-worker.js": _COMPILES}
"""A worker runs under the policy its own script comes with: these compile WebAssembly."""
_SQUEEZED: Final = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/wasm"})
_WORTH: Final = 100_000
"""From how many bytes on a file is sent compressed."""
router = APIRouter(include_in_schema=False)


def address(name: str) -> str:
    """Where a page finds a static file; changes when the file does."""
    return f"{STATIC}{name}?{STATICS[name].tag}"


@router.get("/static/{name}")
def static(name: str, request: Request) -> Response:
    """A style or a script."""
    found = STATICS.get(name)
    if found is None:
        raise NoSuchAddress
    data, tag, headers = found.data, found.tag, {"X-Content-Type-Options": "nosniff"}
    if _squeezable(found):
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            data, tag = _squeezed(name), f"{tag}-gzip"
            headers["Content-Encoding"] = "gzip"
    headers["ETag"] = f'"{tag}"'
    headers["Cache-Control"] = "public, max-age=31536000, immutable" if _named(request, found) else "no-cache"
    if name in POLICIES:
        headers["Content-Security-Policy"] = POLICIES[name]
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=found.media_type)


def _squeezable(found: Static) -> bool:
    return found.media_type in _SQUEEZED and len(found.data) >= _WORTH


@cache
def _squeezed(name: str) -> bytes:
    """The file as gzip, made when it is first asked for: 9 MB of WebAssembly are 3.6."""
    return gzip.compress(STATICS[name].data, 6, mtime=0)


def _named(request: Request, found: Static) -> bool:
    """Whether the address says which bytes it means: then they hold for ever under it."""
    return request.url.query.partition("&")[0] == found.tag
