"""
The hot path of reading: a program asks for a public passport, and gets the bytes it would be given now.

This stands before the router. Bytes are kept beside the version of everything they were made from, and handed out only
while that version holds. It is asked after the request came: requests that the event loop took in together share one
look. Nothing is ever older than the moment it was asked for.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from hashlib import sha256
from time import perf_counter
from typing import Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.operations import DIGITAL_LINK_KEYS, roles_for
from api.resolving.links import JSON, JSON_LD
from api.resolving.linkset import link_header
from api.resolving.reading import EXPOSED, PUBLIC
from api.routes.passports import PASSPORTS, passport_bytes
from api.runtime import Runtime
from ledger.errors import LedgerError
from ledger.identity import CANONICAL_STEM, parse
from ledger.services.access import PUBLIC as ANYONE

_STEM: Final = f"{PASSPORTS}/"
_OPEN: Final = (_STEM, "/proofs/", "/api/v1/proofs/", "/.well-known/gs1resolver")
_ASKS_WHO: Final = frozenset({b"authorization", b"cookie"})
_ALLOW: Final = b"GET, HEAD, OPTIONS"
MOST_BYTES: Final = 64 * 1024 * 1024


class Kept(NamedTuple):
    """A passport's bytes, the headers that go with them, and the version they were made at."""

    version: Hashable
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    tag: bytes


class PassportReads:
    """ASGI middleware in front of everything: cached public passports, and OPTIONS of what programs may read."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        row = roles_for("GET", _STEM + "{rest:path}")
        assert row is not None
        assert "public" in row[1]
        self._app = app
        self._ledger = runtime.ledger
        self._passports = runtime.passports
        self._count = runtime.metrics.for_route(_STEM + "{rest:path}", "GET")
        self._kept: OrderedDict[tuple[str, bool], Kept] = OrderedDict()
        self._size = 0
        self._version: Hashable = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or pass on untouched."""
        if scope["type"] == "http":
            if scope["method"] == "GET" and scope["path"].startswith(_STEM) and not scope["query_string"]:
                began = perf_counter()
                kept, given = await self._look(scope)
                if kept is not None:
                    await self._serve(send, kept, given, began)
                    return
            elif scope["method"] == "OPTIONS" and _is_open(scope["path"]):
                await _options(send)
                return
        await self._app(scope, receive, send)

    async def _look(self, scope: Scope) -> tuple[Kept | None, bytes]:
        """The bytes for a request by anyone, and the tag it holds already; ``None`` for what goes the ordinary way."""
        linked, given = False, b""
        for name, value in scope["headers"]:
            if name in _ASKS_WHO:
                return None, b""
            if name == b"accept":
                linked = JSON_LD.encode() in value
            elif name == b"if-none-match":
                given = value
        path = scope["path"]
        try:
            version = self._seen()
            kept = self._kept.get((path, linked))
            if kept is not None and kept.version == version:
                self._kept.move_to_end((path, linked))
                return kept, given
            made = await run_in_threadpool(self._made, scope.get("raw_path") or path.encode(), version, linked)
        except (LedgerError, UnicodeDecodeError):
            return None, b""  # the ordinary way meets it again and says so
        self._keep((path, linked), made)
        return made, given

    def _seen(self) -> Hashable:
        """The version now; one look serves what the loop took in before it."""
        if self._version is None:
            self._version = self._passports.version()
            asyncio.get_running_loop().call_soon(self._forget)
        return self._version

    def _forget(self) -> None:
        self._version = None

    def _made(self, path: bytes, version: Hashable, linked: bool) -> Kept:
        identity = parse(CANONICAL_STEM + path.decode("ascii").removeprefix(PASSPORTS))
        body = passport_bytes(self._passports, identity, ANYONE)
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        named = {
            "content-type": JSON_LD if linked else JSON,
            "cache-control": "public, no-cache",
            "etag": tag,
            "link": link_header(self._ledger.settings.domain, identity),
            "x-content-type-options": "nosniff",
            **PUBLIC,
            **EXPOSED,
        }
        headers = tuple((name.lower().encode(), value.encode()) for name, value in named.items())
        return Kept(version, body, headers, tag.encode())

    def _keep(self, key: tuple[str, bool], kept: Kept) -> None:
        """The least recently asked for goes first."""
        old = self._kept.pop(key, None)
        self._size += len(kept.body) - (len(old.body) if old else 0)
        self._kept[key] = kept
        while self._size > MOST_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.body)

    async def _serve(self, send: Send, kept: Kept, given: bytes, began: float) -> None:
        status, body = (304, b"") if given == kept.tag else (200, kept.body)
        headers = [*kept.headers, (b"content-length", str(len(body)).encode())] if status == 200 else [*kept.headers]
        self._count(status, perf_counter() - began)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _is_open(path: str) -> bool:
    """Whether programs of any site may read what stands at a path."""
    return path.startswith(_OPEN) or path[1:].partition("/")[0] in DIGITAL_LINK_KEYS


async def _options(send: Send) -> None:
    """What may be asked here, and that any site may (the Fetch standard's preflight)."""
    headers = [
        (b"allow", _ALLOW),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", _ALLOW),
        (b"access-control-allow-headers", b"Accept, Accept-Language, If-None-Match"),
        (b"access-control-max-age", b"86400"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
