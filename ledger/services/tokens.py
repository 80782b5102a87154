"""
Access tokens for machines: OAuth 2.0 client credentials (RFC 6749, 4.4), as JWTs (RFC 9068) signed with ES256 alone.

A client is the holder of a key: its id and secret are the client's. A token names the client and nothing else; what
the client may do, and whether it still may, is asked of the principals at every request. What the header of a token
says beside ``alg``, ``typ`` and ``kid`` is not followed but refused: no key is ever taken from a token.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, ClassVar, Final, Literal, Protocol
from urllib.parse import unquote

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.services.access import Principal, StoredPrincipal
from ledger.services.gate import Gate, Key, KeyRefused

ALGORITHM: Final = "ES256"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - RFC 9068, 2.1
GRANT: Final = "client_credentials"
TOKEN_SECONDS: Final = 900
SKEW_SECONDS: Final = 5
"""How far ahead of this process's clock a token's beginning may be: another process may have made it."""
LONGEST_TOKEN: Final = 4096
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


TokenFaultName = Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
"""The names of RFC 6749, 5.2, that are said here."""


class TokenRefused(KeyRefused):
    """A token that is not one of this issuer's, or whose client may act no more. Which of these it is, is not said."""

    code = "access.token-refused"
    en = "the access token is not valid"
    zh = "访问令牌无效"
    fix_en = "Ask for a new token at /auth/token with the client's id and secret"
    fix_zh = "请用客户端编号和密钥在 /auth/token 重新获取令牌"


class TokenExpired(KeyRefused):
    """A token of this issuer whose time is over."""

    code = "access.token-expired"
    en = "the access token has expired"
    zh = "访问令牌已过期"
    fix_en = "Ask for a new token at /auth/token with the client's id and secret"
    fix_zh = "请用客户端编号和密钥在 /auth/token 重新获取令牌"


class TokenRequestRefused(AccessError):
    """A request for a token that gets none. ``error`` is its name in RFC 6749, 5.2."""

    code = "access.token-request"
    error: ClassVar[TokenFaultName] = "invalid_request"


class TokenRequestMalformed(TokenRequestRefused):
    """A request for a token that is no form, or says a thing twice or not at all."""

    code = "access.token-request-malformed"
    why: str
    why_zh: str
    en = "the request for a token cannot be read: {why}"
    zh = "令牌请求无法读取：{why_zh}"
    fix_en = "Send grant_type=client_credentials as application/x-www-form-urlencoded"
    fix_zh = "请以 application/x-www-form-urlencoded 发送 grant_type=client_credentials"


class ClientRefused(TokenRequestRefused):
    """A client that is unknown, wrong, expired or revoked, or did not say who it is by HTTP Basic."""

    code = "access.client"
    error = "invalid_client"
    en = "the client is not known, or its secret is not valid"
    zh = "客户端未知，或其密钥无效"
    fix_en = "Send the client's id and secret by HTTP Basic (RFC 6749, 2.3.1)"
    fix_zh = "请通过 HTTP Basic 发送客户端编号和密钥（RFC 6749 第 2.3.1 节）"


class GrantTypeRefused(TokenRequestRefused):
    """A grant other than client credentials."""

    code = "access.grant-type"
    error = "unsupported_grant_type"
    got: str
    en = "the grant type is {got!r}; client_credentials is offered"
    zh = "授权类型为 {got!r}，此处提供 client_credentials"
    fix_en = "Send grant_type=client_credentials"
    fix_zh = "请发送 grant_type=client_credentials"


class TokenScopeRefused(TokenRequestRefused):
    """A scope with a permission that the client has not."""

    code = "access.token-scope"
    error = "invalid_scope"
    name: str
    en = "the client does not have {name!r}"
    zh = "该客户端没有权限 {name!r}"
    fix_en = "Leave scope out, or name permissions that the key has"
    fix_zh = "请省略 scope，或只写该密钥拥有的权限"


class TokenKeys(Protocol):
    """The keys of the issuer: one that signs, and those whose tokens may still live."""

    def signing(self) -> ECKey:
        """The key that signs now, private."""
        ...

    def find(self, kid: str) -> ECKey | None:
        """The public key of an id; ``None`` when it is none of ours, or no longer."""
        ...

    def published(self) -> Sequence[Mapping[str, Any]]:
        """The public keys as JWKs (RFC 7517), the signing one first."""
        ...

    def rotate(self) -> str:
        """Sign with a new key from now on; the old ones stay published for a day. Returns the new key's id."""
        ...


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, for how many seconds it is good, and what it was narrowed to."""

    token: str
    seconds: int
    scope: frozenset[str]


def client_of(authorization: str) -> Key:
    """
    The client's id and secret from an HTTP Basic header (RFC 7617), percent-encoded or as they are.

    The two forms are the same here: neither ids nor secrets have a character that encoding changes. Raises
    ``ClientRefused``.
    """
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise ClientRefused
    try:
        pair = b64decode(coded.strip(), validate=True).decode("ascii")
    except (Base64Error, ValueError):
        raise ClientRefused from None
    name, colon, secret = pair.partition(":")
    if not colon or not name or not secret:
        raise ClientRefused
    return Key(unquote(name), unquote(secret))


def is_token(text: str) -> bool:
    """Whether a bearer's text has the shape of a JWT."""
    return len(text) <= LONGEST_TOKEN and _SHAPE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes tokens and reads them again. Safe to call from any thread."""

    keys: TokenKeys
    gate: Gate
    clock: Clock
    random: Random
    issuer: str
    """The address people reach the ledger at: issuer and audience are one."""
    permissions_of: Callable[[Principal], frozenset[str]]

    def issue(self, client: Key, scope: Collection[str] = ()) -> tuple[Principal, Issued]:
        """A token for a client, with its principal. Raises ``ClientRefused``, ``TokenScopeRefused``."""
        try:
            principal = self.gate.identify(client.text)
        except KeyRefused:
            raise ClientRefused from None
        beyond = sorted(frozenset(scope) - self.permissions_of(principal))
        if beyond:
            raise TokenScopeRefused(name=beyond[0][:100])
        narrowed = frozenset(scope) or principal.scope
        now = self._now()
        life = min(TOKEN_SECONDS, principal.expires_at // 1_000_000 - now)
        key = self.keys.signing()
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": principal.id,
            "client_id": principal.id,
            "iat": now,
            "nbf": now,
            "exp": now + life,
            "jti": urlsafe_b64encode(self.random.token(12)).decode(),
            "scope": " ".join(sorted(narrowed)),
            "secret": _mark(self.gate.known(principal.id)),
        }
        header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}
        return principal, Issued(jwt.encode(header, claims, key, algorithms=[ALGORITHM]), life, narrowed)

    def read(self, text: str) -> Principal:
        """
        Who a token was given to.

        Raises ``TokenExpired`` for a token of ours whose time is over, ``TokenRefused`` for every other fault: another
        signature, algorithm, type, issuer, audience or key, a time that has not come, a client revoked or with a new
        secret.
        """
        claims = self._claims(text)
        now = self._now()
        try:
            began, ends, client = int(claims["nbf"]), int(claims["exp"]), str(claims["sub"])
        except (KeyError, TypeError, ValueError):
            raise TokenRefused from None
        if claims.get("iss") != self.issuer or claims.get("aud") != self.issuer or began > now + SKEW_SECONDS:
            raise TokenRefused
        if ends <= now:
            raise TokenExpired
        try:
            stored = self.gate.known(client)
        except KeyRefused:
            raise TokenRefused from None
        if not hmac.compare_digest(_mark(stored), str(claims.get("secret", ""))):
            raise TokenRefused
        return self._narrowed(stored.principal, frozenset(str(claims.get("scope", "")).split()))

    def _narrowed(self, principal: Principal, scope: frozenset[str]) -> Principal:
        """A token never has more than its key has now."""
        if not scope:
            return principal
        left = scope & self.permissions_of(principal)
        if not left:
            raise TokenRefused
        return replace(principal, scope=left)

    def _claims(self, text: str) -> Mapping[str, Any]:
        """What a token says, once its signature holds."""
        if not is_token(text):
            raise TokenRefused
        try:
            header = jws.extract_compact(text.encode()).headers()
            kid = header.get("kid")
            if set(header) != {"alg", "typ", "kid"} or header["typ"] != TOKEN_TYPE or not isinstance(kid, str):
                raise TokenRefused
            key = self.keys.find(kid)
            if key is None:
                raise TokenRefused
            return jwt.decode(text, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise TokenRefused from None

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _mark(stored: StoredPrincipal) -> str:
    """Ties a token to the secret it was given for, so that a new secret ends it."""
    return sha256(b"onecode/token/1\n" + stored.secret_hash).hexdigest()[:32]
