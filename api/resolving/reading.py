"""Reading the code out of an address, and the headers of what programs of any site may read."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request

from api.resolving.errors import LinkCompressed
from ledger.identity import CANONICAL_STEM, Identity, parse

PUBLIC: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""None of it depends on who asks."""
EXPOSED: Final = {"Access-Control-Expose-Headers": "Link, Location, ETag", "Vary": "Accept, Accept-Language"}
_COMPRESSED: Final = re.compile("[A-Za-z0-9_-]{8,}", re.ASCII)


def identity_at(request: Request, prefix: str) -> Identity:
    """The identity a path names behind ``prefix``, with or without a slash at its end. Raises ``IdentityError``."""
    path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    plain = path.partition(b"?")[0].decode("ascii", "replace").removeprefix(prefix)
    segments = plain.strip("/").split("/")
    if len(segments) in {3, 5} and segments[0].isdecimal() and _COMPRESSED.fullmatch(segments[-1]):
        raise LinkCompressed
    query = f"?{request.url.query}" if request.url.query else ""
    return parse(CANONICAL_STEM + plain.rstrip("/") + query)
