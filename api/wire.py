"""Small conversions between the ledger's values and the wire."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
from fastapi import Request
from starlette.responses import Response

from api.faults import BodyUnreadable, MediaTypeRefused
from ledger.errors import Place

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_POINTER: Final = re.compile(r" - at `(?:key in )?\$(.*)`$")
JSON: Final = ("application/json", "application/ld+json")
MAX_DEPTH: Final = 32
_PLAINLY_SHALLOW: Final = 200
"""So many brackets in all cannot nest deep enough to hurt; only longer bodies are looked at closely."""
_NOT_A_BRACKET: Final = re.compile(rb"""[^][{}"]+|"[^"\\]*(?:\\.[^"\\]*)*"|\"""", re.DOTALL)
Shape = TypeVar("Shape", bound=msgspec.Struct)


def instant(moment: int) -> str:
    """RFC 3339 UTC text of microseconds since the Unix epoch."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def reply(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer; ``headers`` are written with _ for -."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(msgspec.json.encode(value), status, named, "application/json")


def media_type(request: Request) -> str:
    """The body's media type without its parameters; JSON when nothing is said."""
    return request.headers.get("content-type", JSON[0]).partition(";")[0].strip().lower()


async def read(request: Request, shape: type[Shape]) -> Shape:
    """The JSON body in a wire shape. Raises ``MediaTypeRefused``, ``BodyUnreadable`` with its pointer."""
    require_json(request)
    return typed(await request.body(), shape)


def require_json(request: Request) -> None:
    """Raise ``MediaTypeRefused`` unless the body says it is JSON."""
    got = media_type(request)
    if got not in JSON:
        raise MediaTypeRefused(got=got[:100], wanted=JSON[0])


def require_shallow(data: bytes) -> None:
    """
    Raise ``BodyUnreadable`` for JSON nested deeper than ``MAX_DEPTH``, before a decoder sees it.

    Decoders recurse on the C stack, and the interpreter's own limit does not hold: py_ecc raises it to 100,000.
    """
    if data.count(b"[") + data.count(b"{") <= _PLAINLY_SHALLOW:
        return
    brackets = _NOT_A_BRACKET.sub(b"", data)
    for _ in range(MAX_DEPTH):
        inner = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if inner == brackets:
            break
        brackets = inner
    if brackets:
        raise BodyUnreadable(why=f"it is not JSON, or nests deeper than {MAX_DEPTH}")


def typed(data: bytes, shape: type[Shape]) -> Shape:
    """Bytes in a wire shape. Raises ``BodyUnreadable``."""
    require_shallow(data)
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = str(error)
        found = _POINTER.search(message)
        pointer = re.sub(r"\.|\[(\d+|\.\.\.)\]", lambda m: f"/{m[1] or ''}", found[1]) if found else None
        raise BodyUnreadable(why=_POINTER.sub("", message)[:300]).at(Place(pointer=pointer)) from None
