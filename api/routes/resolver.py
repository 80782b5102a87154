"""
GS1 Digital Link: the address on a label leads to the thing's public page, or to its public data.

Public means what ``AssetView`` holds and nothing else: no tenant, no place, no partner, no price.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import LedgerDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.pages.passport import render_passport
from api.permissions import DIGITAL_LINK_KEYS
from api.schemas.native import AssetView
from api.wire import instant, reply
from ledger.identity import CANONICAL_STEM, Identity, parse
from ledger.wiring import Ledger

router = APIRouter(tags=["Digital Link"])


def resolve(request: Request, ledger: LedgerDep) -> Response:
    """A thing by its GS1 Digital Link path: a page for people, JSON for programs."""
    path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    identity = parse(CANONICAL_STEM + path.decode("ascii", "replace"))
    if wants_page(request.headers.get("accept", "")):
        return render_passport(request, ledger, identity)
    return reply(public_view(ledger, identity), Vary="Accept", Cache_Control="public, max-age=1")


for _key in DIGITAL_LINK_KEYS:
    router.add_api_route(
        f"/{_key}/{{rest:path}}", resolve, methods=["GET"], operation_id=f"resolve_{_key}", **gives(AssetView)
    )


def wants_page(accept: str) -> bool:
    """Whether the reader is a browser: it names HTML before any kind of JSON. Programs get JSON, also by ``*/*``."""
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    page = min((named.index(kind) for kind in ("text/html", "application/xhtml+xml") if kind in named), default=None)
    data = min((n for n, kind in enumerate(named) if kind.endswith("json")), default=None)
    return page is not None and (data is None or page < data)


def public_view(ledger: Ledger, identity: Identity) -> AssetView:
    """What anyone may know of a thing. Raises ``NoSuchAddress`` for things the log does not know."""
    asset = ledger.projections.asset(identity.text)
    if asset is None:
        raise NoSuchAddress
    covering = ledger.checkpoints.covering(asset.last_seq)
    return AssetView(
        id=asset.id,
        product=asset.product,
        disposition=asset.disposition,
        last_step=asset.step,
        last_seen=instant(asset.last_at),
        entries=len(ledger.projections.asset_entries(asset.id)),
        state=covering.state if covering else "sequenced",
    )
