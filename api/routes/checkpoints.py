"""Checkpoints and the log's key: public, so that anyone can keep them and hold the log to them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import PlainTextResponse, Response

from api.deps import LedgerDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.schemas.native import CheckpointPage, CheckpointView, VerifierKeyView, WitnessCount
from api.wire import instant, reply
from ledger.ports import StoredCheckpoint
from ledger.services.witness_standing import standing_of
from ledger.wiring import Ledger

router = APIRouter(tags=["checkpoints"])
Size = Annotated[int, Path(ge=1, le=2**53 - 1)]
REPLY: Final = "application/timestamp-reply"
_BRIEFLY = {"Cache-Control": "public, max-age=1"}


@router.get("/api/v1/checkpoints", **gives(CheckpointPage))
def list_checkpoints(
    ledger: LedgerDep,
    after: Annotated[int, Query(ge=0, le=2**53 - 1, description="The size the last page ended with")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Response:
    """Checkpoints by size: ask again with ``after`` = ``next_after``."""
    found = ledger.checkpoints.all(after, limit + 1)
    page = found[:limit]
    more = page[-1].checkpoint.size if len(found) > limit else None
    views = [checkpoint_view(stored, ledger) for stored in page]
    return reply(CheckpointPage(checkpoints=views, next_after=more), Cache_Control=_BRIEFLY["Cache-Control"])


@router.get("/api/v1/checkpoints/latest", **gives(None, media_type="text/plain"))
def latest_checkpoint(ledger: LedgerDep) -> Response:
    """The newest checkpoint as a signed note (C2SP)."""
    latest = ledger.checkpoints.latest()
    if latest is None:
        raise NoSuchAddress
    return PlainTextResponse(latest.note, headers=_BRIEFLY)


@router.get("/api/v1/checkpoints/{size}/note", **gives(None, media_type="text/plain"))
def checkpoint_note(size: Size, ledger: LedgerDep) -> Response:
    """A checkpoint's signed note, byte for byte as it is signed, cosigned and stamped."""
    return PlainTextResponse(_at(ledger, size).note)


@router.get("/api/v1/checkpoints/{size}/time-stamp", **gives(None, media_type=REPLY))
def checkpoint_time_stamp(size: Size, ledger: LedgerDep) -> Response:
    """The RFC 3161 response to the note; check it with `ledger stamp` or `openssl ts -verify`."""
    found = ledger.time_stamps.of(_at(ledger, size).checkpoint.size)
    if not found:
        raise NoSuchAddress
    headers = {"Content-Disposition": f'attachment; filename="checkpoint-{size}.tsr"'}
    return Response(found[0].response, media_type=REPLY, headers=headers)


def _at(ledger: Ledger, size: int) -> StoredCheckpoint:
    stored = ledger.checkpoints.get(size)
    if stored is None:
        raise NoSuchAddress
    return stored


@router.get("/api/v1/key", **gives(VerifierKeyView))
def verifier_key(ledger: LedgerDep) -> Response:
    """The public key that checkpoints verify with. Compare it with one you had from elsewhere."""
    key = ledger.note_key.verifier
    return reply(VerifierKeyView(key=str(key), origin=key.name))


def checkpoint_view(stored: StoredCheckpoint, ledger: Ledger) -> CheckpointView:
    """A checkpoint on the wire."""
    receipt, standing = stored.receipt, standing_of(ledger.policy, ledger.cosignatures, stored)
    return CheckpointView(
        size=stored.checkpoint.size,
        root=stored.checkpoint.root.hex(),
        previous_size=stored.previous_size,
        created_at=instant(stored.created_at),
        state=stored.state,
        note=stored.note,
        transaction="0x" + receipt.transaction.hex() if receipt else None,
        block_number=receipt.block_number if receipt else None,
        block_time=instant(receipt.block_time * 1_000_000) if receipt else None,
        cosignatures=stored.cosignatures,
        witnesses=WitnessCount(
            cosigned=standing.cosigned,
            witnesses=standing.witnesses,
            required=standing.least,
            met=standing.met,
        )
        if standing
        else None,
    )
