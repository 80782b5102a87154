"""A small OpenID provider on 127.0.0.1: discovery, authorization with PKCE, token, keys; it misbehaves when told to."""

from __future__ import annotations

import socket
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "ledger", "the client's secret"


@dataclass
class OpenIdHouse:
    """The provider: who signs in there next, and what is wrong with its next tokens."""

    issuer: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}))
    who: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that replace the right ones; ``None`` takes one away."""
    header: dict[str, Any] = field(default_factory=dict)
    signer: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    async def discovery(self, _: Request) -> Response:
        """OpenID Connect Discovery 1.0."""
        named = {name: f"{self.issuer}/{path}" for name, path in _ENDPOINTS.items()}
        return JSONResponse({"issuer": self.issuer, **named})

    async def authorize(self, request: Request) -> Response:
        """Whoever is there signs in at once."""
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = sha256(asked["state"].encode()).hexdigest()
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)

    async def token(self, request: Request) -> Response:
        """A code, once, with the verifier of its challenge, by a client that knows its secret."""
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = _text(sha256(form.get("code_verifier", "").encode()).digest())
        basic = request.headers.get("authorization", "")
        if asked is None or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if not basic.startswith("Basic "):
            return JSONResponse({"error": "invalid_client"}, 401)
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.who}
        said = {name: value for name, value in (right | self.claims).items() if value is not None}
        header = {"alg": "RS256", "kid": "1", "typ": "JWT"} | self.header
        return JSONResponse(
            {"token_type": "Bearer", "access_token": "x", "id_token": jwt.encode(header, said, self.signer or self.key)}
        )

    async def keys(self, _: Request) -> Response:
        """The public keys."""
        return JSONResponse(KeySet([self.key]).as_dict(private=False))


_ENDPOINTS = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def openid_house() -> Iterator[OpenIdHouse]:
    """The provider, served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house = OpenIdHouse(f"http://127.0.0.1:{port}")
    routes = [
        Route("/.well-known/openid-configuration", house.discovery),
        Route("/authorize", house.authorize),
        Route("/token", house.token, methods=["POST"]),
        Route("/keys", house.keys),
    ]
    config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield house
    finally:
        server.should_exit = True
        thread.join(10)
