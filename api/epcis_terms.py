"""
What an EPCIS client and this server agree on by headers (GS1 EPCIS 2.0, section 12.6).

The server has one version of each standard. A client that can do without it is told so with 406, before anything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Request
from starlette.responses import Response

from api.faults import NotAcceptable
from ledger.services.event_query.presented import EPC_FORMATS, EpcFormat

VERSION: Final = "2.0.0"
CAPTURE_LIMIT: Final = 10_000
"""Events one document may hold."""
CAPTURE_SIZE: Final = 64 * 1024 * 1024
"""Bytes one document may have."""
ANNOUNCED: Final[Mapping[str, str]] = {
    "GS1-EPCIS-Version": VERSION,
    "GS1-EPCIS-Min": VERSION,
    "GS1-EPCIS-Max": VERSION,
    "GS1-CBV-Version": VERSION,
    "GS1-CBV-Min": VERSION,
    "GS1-CBV-Max": VERSION,
    "GS1-Vendor-Version": f"onecode-ledger/{version('onecode-ledger')}",
}
CAPTURE_HEADERS: Final[Mapping[str, str]] = {
    "GS1-EPCIS-Capture-Limit": str(CAPTURE_LIMIT),
    "GS1-EPCIS-Capture-File-Size-Limit": str(CAPTURE_SIZE),
    "GS1-Capture-Error-Behaviour": "all",
}
_VERSION: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}", re.ASCII)
_JSON: Final = ("*/*", "application/*", "application/json", "application/ld+json")
_EXTENSION: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]{0,60})=([A-Za-z][A-Za-z0-9+.-]*:[^\s,]{1,500})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one request."""

    epc_format: EpcFormat
    prefixes: Mapping[str, str]
    """Namespaces by the prefixes that extension parameters use (GS1-Extensions)."""


def terms_of(request: Request) -> Terms:
    """The terms a request asks for. Raises ``NotAcceptable``."""
    for standard in ("EPCIS", "CBV"):
        _require(request, f"GS1-{standard}-Version", lambda asked: asked == _numbers(VERSION))
        _require(request, f"GS1-{standard}-Min", lambda asked: asked <= _numbers(VERSION))
        _require(request, f"GS1-{standard}-Max", lambda asked: asked >= _numbers(VERSION))
    accept = request.headers.get("accept", "*/*")
    if not any(part.partition(";")[0].strip().lower() in _JSON for part in accept.split(",")):
        raise NotAcceptable(header="Accept", value=accept[:200], offered="application/json")
    asked = request.headers.get("GS1-EPC-Format", EPC_FORMATS[0])
    form = next((each for each in EPC_FORMATS if each == asked), None)
    if form is None:
        raise NotAcceptable(header="GS1-EPC-Format", value=asked[:200], offered=", ".join(EPC_FORMATS))
    found = dict(_EXTENSION.findall(request.headers.get("GS1-Extensions", "")[:4_000]))
    return Terms(form, found)


def _require(request: Request, header: str, fits: Any) -> None:
    value = request.headers.get(header)
    if value is not None and not (_VERSION.fullmatch(value) and fits(_numbers(value))):
        raise NotAcceptable(header=header, value=value[:50], offered=VERSION)


def _numbers(text: str) -> tuple[int, ...]:
    parts = tuple(map(int, text.split(".")))
    return parts + (0,) * (3 - len(parts))


TermsDep = Annotated[Terms, Depends(terms_of)]


def epcis_reply(value: Any, terms: Terms, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that says by which versions and in which form it was written."""
    told = {**ANNOUNCED, "GS1-EPC-Format": terms.epc_format, **(headers or {})}
    return Response(msgspec.json.encode(value), status, told, "application/json")
