"""
The log for other people's tools: checkpoint, tiles and entry bundles in the layout of C2SP tlog-tiles.

Tiles hold hashes alone and never change. Bundles say who recorded how much and when: an operator opens
them by a setting.
"""

from __future__ import annotations

import gzip
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from api.deps import LedgerDep
from api.describe import gives
from api.faults import NoSuchAddress
from ledger.log.errors import EntriesUnpublished
from ledger.log.tile_paths import read_level, read_tile_path
from ledger.services.publish_tiles import entry_bundle, hash_tile

router = APIRouter(tags=["checkpoints"])
BRIEFLY: Final = "public, max-age=1"
FOR_EVER: Final = "public, max-age=31536000, immutable"
_BYTES: Final = "application/octet-stream"


@router.get("/checkpoint", **gives(None, media_type="text/plain"))
def checkpoint(ledger: LedgerDep) -> Response:
    """The newest checkpoint as a signed note, with the lines of those witnesses that have cosigned it."""
    latest = ledger.checkpoints.latest()
    if latest is None:
        raise NoSuchAddress
    return PlainTextResponse(latest.cosigned_note, headers={"Cache-Control": BRIEFLY})


@router.get("/tile/entries/{tile:path}", **gives(None, media_type=_BYTES))
def entries(tile: str, request: Request, ledger: LedgerDep) -> Response:
    """Leaf inputs, each behind its length as two bytes: salted commitments, never a record."""
    if not ledger.settings.publish_entries:
        raise EntriesUnpublished
    place = read_tile_path(tile)
    bundle = place and entry_bundle(ledger.entries, ledger.checkpoints, place)
    if not bundle:
        raise NoSuchAddress
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        bundle = gzip.compress(bundle, 6, mtime=0)
    return Response(bundle, media_type=_BYTES, headers=headers)


@router.get("/tile/{level}/{tile:path}", **gives(None, media_type=_BYTES))
def hashes(level: str, tile: str, ledger: LedgerDep) -> Response:
    """Hashes of up to 256 complete subtrees of 256^level leaves, 32 bytes each, one after the other."""
    height, place = read_level(level), read_tile_path(tile)
    if height is None or place is None:
        raise NoSuchAddress
    found = hash_tile(ledger.checkpoints, height, place)
    if found is None:
        raise NoSuchAddress
    return Response(found, media_type=_BYTES, headers={"Cache-Control": FOR_EVER})
