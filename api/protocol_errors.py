"""
Errors of the protocols of exchange, PACT and iLEAP: ``{code, message}``, as their specifications and their conformance
tests ask for them.

A footprint that exists and is not shared is 403 AccessDenied: ids are random, so that this tells nobody anything new.
iLEAP's own address answers a token that is missing or wrong with 403 AccessDenied (iLEAP Technical Specifications
1.0.0, TadResponseBody; test cases 007 and 008), PACT's with 401 BadRequest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.responses import Response

from api.errors import status_of
from api.faults import NoSuchAddress
from api.problem import headers_of
from api.wire import reply
from ledger.errors import AccessError, LedgerError, Locale
from ledger.services.access import SignInNeeded
from ledger.services.gate import KeyRefused
from ledger.services.pcf_shelf import PcfAbsent
from ledger.services.tokens import TokenExpired

Coded = Callable[[LedgerError], tuple[int, str]]
"""The status and the code of an error."""


def protocol_answer(path: str, error: LedgerError, locale: Locale) -> Response | None:
    """The answer for an error at an address of one of the protocols, ``None`` at any other."""
    coded = next((form for prefix, form in FORMS if path.startswith(prefix)), None)
    if coded is None:
        return None
    status, code = coded(error)
    headers = {"WWW_Authenticate": "Bearer"} if status == 401 else {}
    if status == 429:
        headers = {name.replace("-", "_"): text for name, text in headers_of(error, status).items()}
    return reply({"code": code, "message": error.message(locale)}, status, **headers)


def _pact(error: LedgerError, major: int) -> tuple[int, str]:
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


def _ileap(error: LedgerError) -> tuple[int, str]:
    status = status_of(type(error))
    if isinstance(error, TokenExpired):
        return 401, "TokenExpired"
    if isinstance(error, AccessError) and status in {401, 403}:
        return 403, "AccessDenied"
    return status, "InternalError" if status >= 500 else "BadRequest"


FORMS: Final[tuple[tuple[str, Coded], ...]] = (
    ("/2/ileap/", _ileap),
    ("/2/", partial(_pact, major=2)),
    ("/3/", partial(_pact, major=3)),
)
"""Where each protocol's addresses begin, the longer first."""
