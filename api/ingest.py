"""
The hot path: a machine posts one event, and the answer comes once it is durable.

This stands before the router and serves the common case alone: a key that was seen lately, a small body of known
length. Everything else, and every error of access, goes the ordinary way and meets the same functions there. The
permission is the same row of the same table.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.events import event_draft, receipt_bytes
from api.faults import Unforeseen
from api.language import LANGUAGE_COOKIE, locale_of
from api.operations import roles_for
from api.permissions import may
from api.problem import problem_response
from api.runtime import Runtime
from ledger.errors import LedgerError
from ledger.ports import Receipt
from ledger.services.access import Principal
from ledger.services.capture import Submission
from ledger.services.gate import KeyRefused

_LOG = logging.getLogger("onecode.api")
LARGEST: Final = 65_536
ROUTE: Final = "/events"
_HEADERS: Final = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class EventIngest:
    """ASGI middleware in front of everything."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        row = roles_for("POST", ROUTE)
        assert row is not None
        self._app = app
        self._runtime = runtime
        self._permission = row[0]
        self._remembered = runtime.gate.remembered
        self._random = runtime.ledger.random
        self._count = runtime.metrics.for_route(ROUTE, "POST")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an event, or pass it on untouched."""
        if scope["type"] == "http" and scope["path"] == ROUTE and scope["method"] == "POST":
            principal = self._principal(scope)
            if principal is not None:
                await self._serve(scope, receive, send, principal)
                return
        await self._app(scope, receive, send)

    def _principal(self, scope: Scope) -> Principal | None:
        """Who asks, when that and the body's size are plain to see."""
        length, key = b"", b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                key = value
            elif name == b"content-length":
                length = value
            elif name == b"content-type" and not value.startswith(b"application/json"):
                return None
        if key[:7].lower() != b"bearer " or not length.isdigit() or len(length) > 5 or int(length) > LARGEST:
            return None
        try:
            principal = self._remembered(key[7:].decode("latin-1"))
        except KeyRefused:
            return None
        return principal if principal is not None and may(principal, self._permission) else None

    async def _serve(self, scope: Scope, receive: Receive, send: Send, principal: Principal) -> None:
        began = perf_counter()
        body = await _body(receive)
        if body is None:
            return
        request_id = os.urandom(8).hex()
        fault: LedgerError
        try:
            draft = event_draft(body, Submission.of(principal), self._random)
            receipt = await self._runtime.commits.append(draft)
        except LedgerError as error:
            fault = error
        except Exception:  # noqa: BLE001 - logged here, generic outside
            _LOG.exception("request %s failed", request_id)
            fault = Unforeseen()
        else:
            await self._accept(send, draft.record_id, receipt, request_id, began)
            return
        response = problem_response(fault, _locale(scope), request_id, epcis=True)
        response.headers["x-request-id"] = request_id
        response.headers["x-content-type-options"] = "nosniff"
        self._count(response.status_code, perf_counter() - began)
        await response(scope, receive, send)

    async def _accept(self, send: Send, event_id: str, receipt: Receipt, request_id: str, began: float) -> None:
        status = 201 if receipt.fresh else 200
        payload = receipt_bytes(event_id, receipt)
        headers = [
            *_HEADERS,
            (b"content-length", str(len(payload)).encode()),
            (b"location", event_location(event_id).encode()),
            (b"x-request-id", request_id.encode()),
        ]
        self._count(status, perf_counter() - began)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})


async def _body(receive: Callable[[], Awaitable[Message]]) -> bytes | None:
    """The whole body; ``None`` when the client went away."""
    message: Any = await receive()
    if message["type"] != "http.request":
        return None
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
    return body


def _locale(scope: Scope) -> Any:
    headers = dict(scope["headers"])
    cookies = headers.get(b"cookie", b"").decode("latin-1").split("; ")
    chosen = next((c.partition("=")[2] for c in cookies if c.startswith(LANGUAGE_COOKIE + "=")), None)
    return locale_of(chosen, headers.get(b"accept-language", b"").decode("latin-1"))


def event_location(event_id: str) -> str:
    """Where an event is found again."""
    return f"{ROUTE}/{quote(event_id, safe=':-._~')}"
