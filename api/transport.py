"""
How requests come in: by TLS here, or by TLS at a proxy that is trusted to say so; over plain http nothing is given.

Who calls a ledger over plain http has shown its key to everyone between: it is refused, also where it would be valid,
so that the mistake is seen the first time (PACT Technical Specifications 3.0, section 6.1: only HTTPS). A person who
follows an http link to a page is led to the https one. Checks of health are answered anyway; they hold nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.language import LANGUAGE_COOKIE, locale_of
from api.origin import request_id_of
from api.problem import problem_response
from api.protocol_errors import protocol_answer
from api.resolving.accept import wants_page
from ledger.errors import AccessError
from ledger.settings import Settings

ANYWAY: Final = frozenset({"/healthz", "/readyz"})


class PlainHttp(AccessError):
    """A request came over plain http to a ledger that is reached by https."""

    code = "access.plain-http"
    domain: str
    en = "this ledger answers by https alone"
    zh = "本账本仅通过 https 提供服务"
    fix_en = (
        "Call {domain}. If a proxy before it speaks TLS, let it send X-Forwarded-Proto, and name it in "
        "ONECODE_TRUSTED_PROXIES. Replace the key or password that was sent in the clear"
    )
    fix_zh = (
        "请访问 {domain}。若由前置代理终止 TLS，请使其发送 X-Forwarded-Proto，并在 ONECODE_TRUSTED_PROXIES 中登记。"
        "已明文发送的密钥或密码请更换"
    )


class Transport(NamedTuple):
    """Files of the server's certificate chain and key, where it speaks TLS itself, and proxies that are believed."""

    certificate: str | None = None
    key: str | None = None
    proxies: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the operator set it."""
        return cls(
            str(settings.tls_certificate) if settings.tls_certificate else None,
            str(settings.tls_key) if settings.tls_key else None,
            settings.trusted_proxies,
        )


DIRECT: Final = Transport()
"""No TLS, and nobody between."""


class OnlyTls:
    """ASGI: hands on what came by https, by the server's own word or a trusted proxy's, and refuses the rest."""

    def __init__(self, inner: ASGIApp, domain: str) -> None:
        self._inner, self._domain = inner, domain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http" or scope["scheme"] == "https" or scope["path"] in ANYWAY:
            await self._inner(scope, receive, send)
            return
        await self._refused(Request(scope))(scope, receive, send)

    def _refused(self, request: Request) -> Response:
        if request.method in {"GET", "HEAD"} and wants_page(request.headers.get("accept", "")):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{self._domain}{request.url.path}{query}", 308)
        error = PlainHttp(domain=self._domain)
        locale = locale_of(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))
        answer = protocol_answer(request.url.path, error, locale)
        return answer or problem_response(error, locale, request_id_of(request))
