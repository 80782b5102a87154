"""Signing in, choosing a language, and what went wrong."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep, locale_for, request_id_of
from api.faults import NoSuchAddress
from api.language import LANGUAGE_COOKIE
from api.pages.shell import page
from api.problem import headers_of, problem_of
from ledger.errors import LedgerError

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600


class LoginView(NamedTuple):
    """The form, and why it is shown again."""

    next: str
    fault: str = ""


@router.get("/login")
def login(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in the address
    """The form that opens a session."""
    return page(request, "login.html", LoginView(local(next)))


@router.get("/language/{language}")
def language(request: Request, language: str, runtime: RuntimeDep, next: str = "/") -> Response:  # noqa: A002, ARG001
    """Keep a language in a cookie, and go back."""
    if language not in {"en", "zh-CN"}:
        raise NoSuchAddress
    answer = RedirectResponse(local(next), 303)
    secure = runtime.sessions.secure
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


def problem_page(request: Request, error: LedgerError) -> HTMLResponse:
    """An error as a page; a wrong key shows the form again."""
    locale = locale_for(request)
    problem = problem_of(error, locale, request_id_of(request))
    if request.url.path == "/login":
        answer = page(request, "login.html", LoginView("/", problem.detail), status=problem.status)
    else:
        answer = page(request, "problem.html", problem, status=problem.status)
    answer.headers.update({"Cache-Control": "no-store", **headers_of(error, problem.status)})
    return answer


def local(address: str) -> str:
    """An address on this server; anything else becomes the overview."""
    plain = address.startswith("/") and address[1:2] not in {"/", "\\"} and address.isprintable()
    return address if plain else "/"
