"""Styles and scripts: built from ``api/web`` by esbuild, kept in the repository, served under a name that holds."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.faults import NoSuchAddress

_TYPES: Final = {
    "css": "text/css",
    "js": "text/javascript",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
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
POLICIES: Final = {"scan-decoder.js": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"}
"""A worker runs under the policy its own script comes with: this one compiles WebAssembly."""
router = APIRouter(include_in_schema=False)


def address(name: str) -> str:
    """Where a page finds a static file; changes when the file does."""
    return f"/static/{name}?{STATICS[name].tag}"


@router.get("/static/{name}")
def static(name: str, request: Request) -> Response:
    """A style or a script."""
    found = STATICS.get(name)
    if found is None:
        raise NoSuchAddress
    headers = {
        "ETag": f'"{found.tag}"',
        "Cache-Control": "public, max-age=31536000, immutable" if _named(request, found) else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if name in POLICIES:
        headers["Content-Security-Policy"] = POLICIES[name]
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.data, headers=headers, media_type=found.media_type)


def _named(request: Request, found: Static) -> bool:
    """Whether the address says which bytes it means: then they hold for ever under it."""
    return request.url.query.partition("&")[0] == found.tag
