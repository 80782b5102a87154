"""What a code says, in every form: for scanners' makers, label makers and whoever wonders. Asks no ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LocaleDep
from api.describe import gives
from api.schemas.codes import CodeView, code_view
from api.wire import reply
from ledger.identity.forms import forms, understood

router = APIRouter(tags=["codes"])


@router.get("/api/v1/codes", **gives(CodeView))
def explain_code(
    *,
    locale: LocaleDep,
    text: Annotated[str, Query(min_length=1, max_length=512, description="As scanned, typed, or read from a tag")],
    filter: Annotated[int | None, Query(ge=0, le=7, description="Filter value of tags")] = None,  # noqa: A002
    gcp_length: Annotated[int | None, Query(ge=6, le=12, description="Digits of the company prefix")] = None,
    own_prefix: Annotated[str, Query(pattern="^([0-9]{6,12})?$", description="For plain serial numbers")] = "",
    hostname: Annotated[str | None, Query(max_length=63, description="Resolver, for '++' tags")] = None,
) -> Response:
    """What is read, whichever form it came in, and every form it can be written in."""
    found = understood(text, own_prefix)
    written = forms(found.identity, filter=filter, gcp_length=gcp_length, hostname=hostname) if found.identity else ()
    return reply(code_view(found, written, locale), Content_Language=locale)
