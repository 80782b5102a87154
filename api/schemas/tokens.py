"""Shapes of the token endpoint (RFC 6749), of its description (RFC 8414) and of its keys (RFC 7517)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from ledger.services.tokens import TokenFaultName


class TokenRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The form that asks for a token. Other fields are not looked at."""

    grant_type: Literal["client_credentials"]
    scope: str = ""


class TokenAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    A token, and for how many seconds it is good (RFC 6749, 5.1).

    ``scope`` are the permissions it is narrowed to; without it, it has all that the client has.
    """

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str = ""


class TokenFault(Struct, frozen=True, kw_only=True):
    """Why there is no token (RFC 6749, 5.2); ``fix`` says what to do about it, in the reader's language."""

    error: TokenFaultName
    error_description: str
    fix: str


class TokenServer(Struct, frozen=True, kw_only=True):
    """Where tokens are issued, and how."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]


class KeySet(Struct, frozen=True, kw_only=True):
    """Public keys."""

    keys: list[dict[str, Any]]
