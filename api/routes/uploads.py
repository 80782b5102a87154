"""Uploads by programs: open one, send its parts, read what is wrong with its rows, submit the good ones, undo."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, LocaleDep, PrincipalDep, RuntimeDep
from api.describe import gives
from api.intake_views import error_file, receipt_page, refused_page, sender_of, upload_for, upload_view
from api.schemas.uploads import NewUpload, ReceiptPage, RefusedPage, UploadList, UploadView
from api.wire import read, reply
from ledger.services import intake

router = APIRouter(tags=["uploads"])
UploadId = Annotated[str, Path(max_length=100, description="The upload's id")]
Limit = Annotated[int, Query(ge=1, le=1000)]
_BYTES = {"type": "string", "format": "binary"}


@router.post("/api/v1/uploads", **gives(UploadView, status=201, takes=NewUpload))
async def open_upload(request: Request, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Announce a file. One of the same hash that was cut off goes on: send from ``received``."""
    new = await read(request, NewUpload)
    job = await run_in_threadpool(intake.open_upload, ledger, sender_of(principal), new.name, new.size, new.sha256)
    return reply(upload_view(ledger, job, locale), 201, Location=f"/api/v1/uploads/{job.id}")


@router.get("/api/v1/uploads", **gives(UploadList))
def list_uploads(
    ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep,
    before: Annotated[str, Query(max_length=100)] = "", limit: Limit = 50,
) -> Response:  # fmt: skip
    """Uploads of the caller's organisation, or of all for the house, newest first."""
    found = ledger.intake.listed(principal.tenant, principal.organisation, limit + 1, before)
    views = [upload_view(ledger, job, locale) for job in found[:limit]]
    return reply(UploadList(uploads=views, next_before=views[-1].id if len(found) > limit else None))


@router.get("/api/v1/uploads/{upload_id}", **gives(UploadView))
def get_upload(upload_id: UploadId, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """An upload as the server has it; ask again while its stage is uploading, checking, submitting, withdrawing."""
    return reply(upload_view(ledger, upload_for(ledger, principal, upload_id), locale))


@router.put(
    "/api/v1/uploads/{upload_id}/content",
    **gives(UploadView, takes=_BYTES, takes_type=("application/octet-stream",)),
)
async def put_part(  # noqa: PLR0917 - what FastAPI hands over
    request: Request, upload_id: UploadId, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep,
    offset: Annotated[int, Query(ge=0, le=10**12, description="Where this part begins; equal to ``received``")],
) -> Response:  # fmt: skip
    """Send a part, durable when the answer comes. With the last one the check of all rows begins."""
    ledger, data = runtime.ledger, await request.body()
    job = await run_in_threadpool(upload_for, ledger, principal, upload_id)
    job = await run_in_threadpool(intake.take_part, ledger, job, offset, data)
    if job.stage == "checking":
        runtime.intake.wake()
    return reply(upload_view(ledger, job, locale))


@router.get("/api/v1/uploads/{upload_id}/errors", **gives(RefusedPage))
def get_errors(  # noqa: PLR0917 - what FastAPI hands over
    upload_id: UploadId, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0, limit: Limit = 100,
) -> Response:  # fmt: skip
    """Every refused row with all that is wrong with it, in the reader's language."""
    return reply(refused_page(ledger, upload_for(ledger, principal, upload_id), after, limit, locale))


@router.get("/api/v1/uploads/{upload_id}/error-file", **gives(None, media_type="application/octet-stream"))
def get_error_file(
    upload_id: UploadId, ledger: LedgerDep, principal: PrincipalDep,
    form: Annotated[Literal["xlsx", "csv"], Query(alias="as")] = "xlsx",
) -> Response:  # fmt: skip
    """The refused rows as they were, with the reasons in further columns; corrected, it can be uploaded again."""
    return error_file(ledger, upload_for(ledger, principal, upload_id), form)


@router.get("/api/v1/uploads/{upload_id}/receipt", **gives(ReceiptPage))
def get_receipt(
    upload_id: UploadId, ledger: LedgerDep, principal: PrincipalDep,
    batch: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:  # fmt: skip
    """Which entry each submitted row became."""
    return reply(receipt_page(ledger, upload_for(ledger, principal, upload_id), batch))


@router.post("/api/v1/uploads/{upload_id}/submit", **gives(UploadView, status=202))
def post_submit(upload_id: UploadId, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Let the good rows become entries. The same file, or row, again adds nothing."""
    job = intake.submit(runtime.ledger, upload_for(runtime.ledger, principal, upload_id))
    runtime.intake.wake()
    return reply(upload_view(runtime.ledger, job, locale), 202)


@router.post("/api/v1/uploads/{upload_id}/cancel", **gives(UploadView))
def post_cancel(upload_id: UploadId, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Stop an upload or its check; or a submission behind the batch that is under way."""
    return reply(upload_view(ledger, intake.cancel(ledger, upload_for(ledger, principal, upload_id)), locale))


@router.post("/api/v1/uploads/{upload_id}/undo", **gives(UploadView, status=202))
def post_undo(upload_id: UploadId, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Withdraw every entry that this upload added: no figure counts them any more, their proofs stay."""
    ledger = runtime.ledger
    job = intake.undo(ledger, upload_for(ledger, principal, upload_id), sender_of(principal))
    runtime.intake.wake()
    return reply(upload_view(ledger, job, locale), 202)


@router.delete("/api/v1/uploads/{upload_id}", **gives(None, status=204))
def delete_upload(upload_id: UploadId, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Discard a file of which nothing was submitted, and all that was staged of it."""
    intake.discard(ledger, upload_for(ledger, principal, upload_id))
    return Response(status_code=204)
