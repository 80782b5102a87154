"""Signing in, choosing a language, and what went wrong."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep, SessionDep, locale_for, runtime_of
from api.faults import NoSuchAddress
from api.language import LANGUAGE_COOKIE
from api.origin import request_id_of
from api.pages.shell import page
from api.problem import headers_of, problem_of
from api.signing_in import keep_language, local
from ledger.errors import LedgerError
from ledger.services.gate import KeyRefused

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600


class LoginView(NamedTuple):
    """The form, and why it is shown again."""

    next: str
    oidc: str
    """Host of the OpenID provider; empty without one."""
    fault: str = ""
    by_key: bool = False
    """Whether the form of keys stands open: a key was refused."""


@router.get("/login")
def login(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in the address
    """The form that opens a session."""
    return page(request, "login.html", LoginView(local(next), _provider(request)))


@router.get("/language/{language}")
def language(request: Request, language: str, runtime: RuntimeDep, session: SessionDep, next: str = "/") -> Response:  # noqa: A002, ARG001
    """Keep a language in a cookie, and go back."""
    if language not in {"en", "zh-CN"}:
        raise NoSuchAddress
    if session is not None:
        keep_language(runtime, session.principal, "zh-CN" if language == "zh-CN" else "en")
    answer = RedirectResponse(local(next), 303)
    secure = runtime.sessions.secure
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


def _provider(request: Request) -> str:
    return urlsplit(runtime_of(request).ledger.settings.oidc_issuer).hostname or ""


def problem_page(request: Request, error: LedgerError) -> HTMLResponse:
    """An error as a page; a wrong key shows the form again."""
    locale = locale_for(request)
    problem = problem_of(error, locale, request_id_of(request))
    if request.url.path.startswith("/login"):
        again = LoginView("/", _provider(request), problem.detail, isinstance(error, KeyRefused))
        answer = page(
            request,
            "login.html",
            again,
            status=problem.status,
        )
    else:
        answer = page(request, "problem.html", problem, status=problem.status)
    answer.headers.update({"Cache-Control": "no-store", **headers_of(error, problem.status)})
    return answer
