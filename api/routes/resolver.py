"""
GS1 Digital Link: the address on a label leads on to what is known of the thing.

As the resolver standard has it, a plain scan is redirected (307) to the default link, a link type to its own, and the
list of all links is answered here. Nothing of the log is read for that: the links of a code follow from the code.
"""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response

from api.deps import LedgerDep
from api.describe import gives
from api.operations import COMPRESSED, DIGITAL_LINK_KEYS
from api.resolving.choice import chosen, wants_linkset
from api.resolving.errors import LinkCompressed
from api.resolving.linkset import LINKSET_JSON, context_header, link_header, linkset, resolver_description
from api.resolving.reading import EXPOSED, PUBLIC, identity_at
from api.wire import reply

router = APIRouter(tags=["Digital Link"])


def resolve(request: Request, ledger: LedgerDep) -> Response:
    """A thing by its GS1 Digital Link path: a redirection to one of its links, or the list of all of them."""
    identity, domain = identity_at(request, ""), ledger.settings.domain
    link_type, accept = request.query_params.get("linkType", ""), request.headers.get("accept", "")
    headers = {"Link": link_header(domain, identity), "Cache-Control": "public, max-age=60", **PUBLIC, **EXPOSED}
    if wants_linkset(link_type, accept):
        headers["Link"] += ", " + context_header()
        return Response(msgspec.json.encode(linkset(domain, identity)), headers=headers, media_type=LINKSET_JSON)
    target = chosen(domain, identity, link_type, accept).href
    return Response(status_code=307, headers={**headers, "Location": _passed_on(target, request.url.query)})


def _passed_on(target: str, query: str) -> str:
    """The query goes with a redirection, but for what was said to this resolver."""
    kept = "&".join(part for part in query.split("&") if part and not part.startswith(("linkType=", "context=")))
    if not kept:
        return target
    address, hash_mark, fragment = target.partition("#")
    return f"{address}?{kept}{hash_mark}{fragment}"


for _key in DIGITAL_LINK_KEYS:
    router.add_api_route(
        f"/{_key}/{{rest:path}}", resolve, methods=["GET"], operation_id=f"resolve_{_key}", **gives(None, status=307)
    )


@router.get("/.well-known/gs1resolver", **gives(None))
def describe_resolver(ledger: LedgerDep) -> Response:
    """Which keys and link types are resolved here."""
    answer = reply(resolver_description(ledger.settings.domain))
    answer.headers.update(PUBLIC | {"Cache-Control": "public, max-age=3600"})
    return answer


class _Compressed(Convertor[str]):
    """One segment as compression writes it: base64url with a capital letter, digit or underscore."""

    regex = r"(?=[a-z-]*[A-Z0-9_])[A-Za-z0-9_-]{10,}"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("compressed", _Compressed())
compressed_router = APIRouter(include_in_schema=False)
"""Tried last: one segment could also be a page's name."""


@compressed_router.get(COMPRESSED)
def compressed(code: str) -> Response:  # noqa: ARG001 - it is not read
    """Refused with the reason."""
    raise LinkCompressed
