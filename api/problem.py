"""From an error to problem details (RFC 9457), in the reader's language."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

from api.errors import status_of
from api.faults import ParameterRefused
from api.schemas.problem import Problem
from ledger.errors import LedgerError, Locale
from ledger.ports import DestinationRefused
from ledger.services.attempts import TooManyAttempts, TooManyRequests
from ledger.services.event_query import errors as query
from ledger.services.tokens import ClientRefused, TokenExpired, TokenRefused

PROBLEM_JSON = "application/problem+json"
_RETRY_SECONDS = 1
_LONGEST_VALUE = 200
_TITLES: dict[int, tuple[str, str]] = {
    400: ("The request cannot be understood", "请求无法理解"),
    401: ("A valid key is needed", "需要有效的密钥"),
    403: ("Not allowed", "没有权限"),
    404: ("Not found", "未找到"),
    405: ("Not offered", "不支持该操作"),
    406: ("No such form", "没有该格式"),
    409: ("Conflict", "冲突"),
    414: ("Address too long", "网址过长"),
    413: ("Too large", "内容过大"),
    415: ("Format not taken", "格式不受支持"),
    422: ("Cannot be done with this", "无法据此完成"),
    429: ("Too many attempts", "尝试次数过多"),
    500: ("Server fault", "服务器故障"),
    503: ("Not available now", "暂不可用"),
}
EPCIS_TYPES: dict[int, str] = {
    400: "epcisException:ValidationException",
    401: "epcisException:SecurityException",
    403: "epcisException:SecurityException",
    404: "epcisException:NoSuchResourceException",
    406: "epcisException:NotAcceptableException",
    409: "epcisException:ResourceAlreadyExistsException",
    413: "epcisException:CaptureLimitExceededException",
    414: "epcisException:URITooLongException",
    415: "epcisException:UnsupportedMediaTypeException",
}
"""GS1 EPCIS 2.0 REST bindings name the types; whatever has none there is an implementation exception."""
EPCIS_TYPES_OF: dict[type[LedgerError], str] = {
    ParameterRefused: "epcisException:QueryParameterException",
    query.ParameterError: "epcisException:QueryParameterException",
    query.SubscriptionRefused: "epcisException:SubscriptionControlsException",
    DestinationRefused: "epcisException:InvalidURIException",
    query.SubscriptionUnknown: "epcisException:NoSuchSubscriptionException",
    query.QueryTooLarge: "epcisException:QueryTooLargeException",
    query.QueryTooComplex: "epcisException:QueryTooComplexException",
    query.QueryNameUnknown: "epcisException:NoSuchNameException",
}
"""Types of errors that share their status with others; the most specific class that has a row decides."""


def epcis_type(kind: type[LedgerError], status: int) -> str:
    """The standard's name for an error."""
    own = next((EPCIS_TYPES_OF[base] for base in kind.__mro__ if base in EPCIS_TYPES_OF), None)
    return own or EPCIS_TYPES.get(status, "epcisException:ImplementationException")


def problem_of(error: LedgerError, locale: Locale, request_id: str, *, epcis: bool = False) -> Problem:
    """
    The problem that an error is.

    A fault of the server (500) or of what it stands on (503) says what to do, but not its inner reasons: those may
    hold SQL, paths or addresses, and are in the log.
    """
    status = status_of(type(error))
    inner = status >= 500
    place = error.place
    titles = _TITLES.get(status, _TITLES[500])
    return Problem(
        type=epcis_type(type(error), status) if epcis else f"/problems/{error.code}",
        title=titles[1] if locale == "zh-CN" else titles[0],
        status=status,
        detail=titles[1 if locale == "zh-CN" else 0] if inner and error.values() else error.message(locale),
        instance=f"/requests/{request_id}" if request_id else "",
        code=error.code,
        fix=error.fix(locale),
        file=place.file if place else None,
        sheet=place.sheet if place else None,
        row=place.row if place else None,
        column=place.column if place else None,
        pointer=place.pointer if place else None,
        values={} if inner else {name: str(value)[:_LONGEST_VALUE] for name, value in error.values().items()},
        retryable=error.retryable,
    )


def headers_of(error: LedgerError, status: int) -> dict[str, str]:
    """Headers that go with an error: how to sign in, when to come back."""
    if isinstance(error, ClientRefused):
        return {"WWW-Authenticate": 'Basic realm="token"'}
    if isinstance(error, TokenRefused | TokenExpired):  # RFC 6750, 3.1
        return {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{error.en}"'}
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyAttempts | TooManyRequests):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": str(_RETRY_SECONDS)} if status == 503 and error.retryable else {}


def problem_response(error: LedgerError, locale: Locale, request_id: str, *, epcis: bool = False) -> Response:
    """The whole answer."""
    problem = problem_of(error, locale, request_id, epcis=epcis)
    headers = {"Content-Language": locale, "Cache-Control": "no-store", **headers_of(error, problem.status)}
    return Response(msgspec.json.encode(problem), problem.status, headers, PROBLEM_JSON)
