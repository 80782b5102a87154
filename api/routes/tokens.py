"""Where machines get access tokens (OAuth 2.0 client credentials), and what tells them where that is."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.audit import done, note, refused
from api.deps import RuntimeDep, locale_for
from api.describe import gives
from api.errors import status_of
from api.operations import TOKEN_PATH
from api.origin import address_of, unknown_place
from api.problem import headers_of
from api.schemas.tokens import KeySet, TokenAnswer, TokenFault, TokenRequest, TokenServer
from api.wire import media_type, reply
from ledger.services.attempts import TooManyAttempts
from ledger.services.tokens import (
    ALGORITHM,
    GRANT,
    ClientRefused,
    GrantTypeRefused,
    TokenRequestMalformed,
    TokenRequestRefused,
    client_of,
)

router = APIRouter(tags=["tokens"])
FORM: Final = "application/x-www-form-urlencoded"
KEYS_PATH: Final = "/auth/keys"
_MOST_BYTES: Final = 16_384
_MOST_FIELDS: Final = 20
_KEYS_KEPT: Final = "public, max-age=300"
_REFUSED: Final[dict[int | str, Any]] = {
    status: {
        "description": (TokenFault.__doc__ or "").strip(),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TokenFault"}}},
    }
    for status in (400, 401)
}


def _token_terms() -> dict[str, Any]:
    terms = gives(TokenAnswer, takes=TokenRequest, takes_type=(FORM,))
    terms["responses"] |= _REFUSED
    terms["openapi_extra"]["security"] = [{"client": []}]
    return terms


@router.post(TOKEN_PATH, **_token_terms())
async def token(request: Request, runtime: RuntimeDep) -> Response:
    """
    An access token for the holder of a key (RFC 6749, 4.4): HTTP Basic with the key's id and secret.

    A key is written ``ocl_<id>_<secret>``. The token is a JWT (RFC 9068), signed with ES256, and ends after 15 minutes.
    """
    claimed = ""
    try:
        client = client_of(request.headers.get("authorization", ""))
        claimed = client.id
        known = await run_in_threadpool(runtime.gate.knows, client.id)
        place = f"{address_of(request)} {client.id}" if known else unknown_place(request)
        await run_in_threadpool(runtime.attempts.check, place)
        fields = await _form(request)
        _check_grant(fields)
        try:
            principal, issued = await run_in_threadpool(runtime.tokens.issue, client, fields.get("scope", "").split())
        except ClientRefused:
            await run_in_threadpool(runtime.attempts.failed, place)
            raise
    except (TokenRequestRefused, TooManyAttempts) as error:
        note(request, refused(request, "issue_token", error), claimed=claimed)
        if isinstance(error, TooManyAttempts):
            raise
        return _fault(request, error)
    note(request, done("issue_token", principal))
    answer = TokenAnswer(
        access_token=issued.token,
        token_type="Bearer",  # noqa: S106 - the kind of token
        expires_in=issued.seconds,
        scope=" ".join(sorted(issued.scope)),
    )
    return reply(answer, Cache_Control="no-store", Pragma="no-cache")


@router.get("/.well-known/openid-configuration", **gives(TokenServer))
@router.get("/.well-known/oauth-authorization-server", **gives(TokenServer))
def token_server(runtime: RuntimeDep) -> Response:
    """Where tokens and keys are (OpenID Connect Discovery 1.0; RFC 8414)."""
    issuer = runtime.tokens.issuer
    return reply(
        TokenServer(
            issuer=issuer,
            token_endpoint=issuer + TOKEN_PATH,
            jwks_uri=issuer + KEYS_PATH,
            grant_types_supported=[GRANT],
            response_types_supported=[],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=[ALGORITHM],
            token_endpoint_auth_methods_supported=["client_secret_basic"],
        ),
        Cache_Control=_KEYS_KEPT,
    )


@router.get(KEYS_PATH, **gives(KeySet))
def token_keys(runtime: RuntimeDep) -> Response:
    """The public keys that access tokens are signed with (RFC 7517), the one in use first."""
    return reply(KeySet(keys=[dict(key) for key in runtime.tokens.keys.published()]), Cache_Control=_KEYS_KEPT)


async def _form(request: Request) -> dict[str, str]:
    if media_type(request) != FORM:
        raise TokenRequestMalformed(why=f"the body is not {FORM}", why_zh=f"内容类型不是 {FORM}")
    body = await request.body()
    if len(body) > _MOST_BYTES:
        raise TokenRequestMalformed(why=f"it has more than {_MOST_BYTES} bytes", why_zh=f"超过 {_MOST_BYTES} 字节")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise TokenRequestMalformed(why="it is not a form", why_zh="内容不是表单") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise TokenRequestMalformed(why="a parameter is there twice", why_zh="参数重复")
    return fields


def _check_grant(fields: dict[str, str]) -> None:
    got = fields.get("grant_type", "")
    if not got:
        raise TokenRequestMalformed(why="grant_type is missing", why_zh="缺少 grant_type")
    if got != GRANT:
        raise GrantTypeRefused(got=got[:100])


def _fault(request: Request, error: TokenRequestRefused) -> Response:
    status, locale = status_of(type(error)), locale_for(request)
    answer = TokenFault(error=error.error, error_description=error.message("en"), fix=error.fix(locale))
    return reply(answer, status, Cache_Control="no-store", Pragma="no-cache", **headers_of(error, status))
