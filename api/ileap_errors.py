"""
Errors of iLEAP's own endpoint: ``{code, message}``, with statuses of its own.

A token that is missing or wrong is 403 AccessDenied here and an expired one 401 TokenExpired (iLEAP Technical
Specifications 1.0.0, TadResponseBody; test cases 007 and 008), unlike problem details and unlike PACT's addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from api.errors import status_of
from api.wire import reply
from ledger.errors import AccessError, LedgerError, Locale
from ledger.services.tokens import TokenExpired

PREFIX: Final = "/2/ileap/"
_CODES: Final[Mapping[int, str]] = {400: "BadRequest", 403: "AccessDenied", 404: "BadRequest", 405: "BadRequest"}


def ileap_error(error: LedgerError, locale: Locale) -> Response:
    """The error as the specification words it."""
    if isinstance(error, TokenExpired):
        return _said("TokenExpired", 401, error, locale)
    status = status_of(type(error))
    if isinstance(error, AccessError) and status in {401, 403}:
        return _said("AccessDenied", 403, error, locale)
    return _said(_CODES.get(status, "InternalError" if status >= 500 else "BadRequest"), status, error, locale)


def _said(code: str, status: int, error: LedgerError, locale: Locale) -> Response:
    return reply({"code": code, "message": error.message(locale)}, status)
