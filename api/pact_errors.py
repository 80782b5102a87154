"""
Errors of the PACT interface: ``{code, message}``, as its specification and its conformance tool ask for them.

A footprint that exists and is not shared is 403 AccessDenied: ids are random, so that this tells nobody anything new.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from api.errors import status_of
from api.faults import NoSuchAddress
from api.wire import reply
from ledger.errors import AccessError, LedgerError, Locale
from ledger.services.access import KeyRefused, SignInNeeded
from ledger.services.pcf import PcfAbsent
from ledger.services.tokens import TokenExpired

PREFIXES: Final = {"2": 2, "3": 3}
"""First parts of the interface's addresses, and the version each speaks."""


def pact_error(error: LedgerError, major: int, locale: Locale) -> Response:
    """The answer for an error at ``/2/...`` or ``/3/...``."""
    status, code = _said(error, major)
    headers = {"WWW_Authenticate": "Bearer"} if status == 401 else {}
    return reply({"code": code, "message": error.message(locale)}, status, **headers)


def _said(error: LedgerError, major: int) -> tuple[int, str]:
    status = status_of(type(error))
    match error:
        case TokenExpired():
            said = 401, "TokenExpired"
        case KeyRefused() | SignInNeeded():
            said = 401, "BadRequest"
        case PcfAbsent():
            said = 404, "NoSuchFootprint" if major == 2 else "NotFound"
        case NoSuchAddress():
            said = 400 if major == 2 else 501, "NotImplemented"
        case AccessError() if status == 403:
            said = 403, "AccessDenied"
        case _:
            said = (500, "InternalError") if status >= 500 else (429 if status == 429 else 400, "BadRequest")
    return said
