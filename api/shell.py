"""
What surrounds every answer: request id, body limit, security headers, figures, and the last catch.

Plain ASGI, so that streams stay streams.
"""

from __future__ import annotations

import logging
import os
import re
from time import perf_counter
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.audit import note_export
from api.epcis_terms import CAPTURE_SIZE
from api.faults import BodyTooLarge, Unforeseen
from api.problem import problem_response
from api.runtime import Runtime
from ledger.errors import LedgerError

MEGABYTE: Final = 1024 * 1024
BODY_LIMIT: Final = 5 * MEGABYTE
BODY_LIMITS: Final = {
    "/capture": CAPTURE_SIZE,
    "/api/v1/records": 64 * MEGABYTE,
    "/intake": 64 * MEGABYTE,
    "/evidence": 21 * MEGABYTE,
    "/api/v1/evidence": 21 * MEGABYTE,
}
"""Addresses that take more than ``BODY_LIMIT``; they read in parts."""
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
HSTS: Final = "max-age=31536000; includeSubDomains"
STATIC: Final = "/static/"
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_LOG = logging.getLogger("onecode.api")


class Shell:
    """ASGI middleware around the app."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime
        self._headers = dict(SECURITY_HEADERS)
        if runtime.sessions.secure:
            self._headers["Strict-Transport-Security"] = HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request in and its answer out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        head = scope["method"] == "HEAD"
        if head:
            scope["method"] = "GET"  # RFC 9110, 9.3.2: the same answer without its content
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, message, request_id)
                if status == 200:
                    note_export(self._runtime, scope, message)
            elif head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        fault = await self._inside(scope, receive, answer, request_id)
        if fault is not None and not status:
            await problem_response(fault, "en", request_id)(scope, receive, answer)
        route = getattr(scope.get("route"), "path", "none")
        self._runtime.metrics.count(route, scope["method"], status, perf_counter() - began)

    async def _inside(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> LedgerError | None:
        """Let the app answer; what it could not answer itself."""
        limit = BODY_LIMITS.get(scope["path"], BODY_LIMIT)
        if _announced(scope) > limit:
            return BodyTooLarge(limit=limit)
        try:
            await self._app(scope, _limited(receive, limit), send)
        except LedgerError as error:
            return error
        except Exception:  # noqa: BLE001 - the last catch: logged here, generic outside
            _LOG.exception("request %s failed", request_id)
            return Unforeseen()
        return None

    def _dress(self, scope: Scope, message: Message, request_id: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith(STATIC) else "no-store")
        headers["X-Request-ID"] = request_id


def _request_id(scope: Scope) -> str:
    """The caller's id if it is a plain one, else a fresh one."""
    given: bytes = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else os.urandom(8).hex()


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and len(value) < 19:
            return int(value)
    return 0


def _limited(receive: Receive, limit: int) -> Receive:
    """``receive`` that raises ``BodyTooLarge`` once more than ``limit`` bytes came, whatever was announced."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge(limit=limit)
        return message

    return counted
