"""Evidence files: attach one to a product, footprint or certificate; fetch it again, if it may be seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.downloads import download
from api.intake_views import attached
from api.schemas.uploads import EvidenceView
from api.wire import reply
from ledger.ports import Receipt
from ledger.records.evidence_file import EvidenceFile
from ledger.services.evidence_files import Upload, content_of, evidence_named

router = APIRouter(tags=["evidence"])
EvidenceId = Annotated[str, Path(max_length=100, description="The evidence's record id")]
Text = Annotated[str, Query(min_length=1, max_length=200)]
_BYTES = {"type": "string", "format": "binary"}
TAKES = ("application/pdf", "image/jpeg", "image/png", "application/octet-stream")


@router.post("/api/v1/evidence", **gives(EvidenceView, 200, status=201, takes=_BYTES, takes_type=TAKES))
async def post_evidence(  # noqa: PLR0917 - what FastAPI hands over
    request: Request, ledger: LedgerDep, principal: PrincipalDep, name: Text, about: Text,
    sha256: Annotated[str, Query(pattern=r"^([0-9a-fA-F]{64})?$")] = "",
) -> Response:  # fmt: skip
    """Attach a PDF, JPEG, PNG or .xlsx of at most 20 MB; ``sha256`` is compared with what arrives."""
    upload = Upload(name, await request.body(), about, sha256)
    record, receipt = await run_in_threadpool(attached, ledger, principal, upload)
    return reply(_view(record, receipt), 201 if receipt.fresh else 200)


@router.get("/api/v1/evidence/{evidence_id}/content", **gives(None, media_type="application/octet-stream"))
def get_content(evidence_id: EvidenceId, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The file, to be saved: it is never shown inside of a page."""
    record = evidence_named(ledger, principal.tenant, principal.organisation, evidence_id)
    answer = download(content_of(ledger, record), record.media_type, record.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _view(record: EvidenceFile, receipt: Receipt) -> EvidenceView:
    return EvidenceView(
        id=record.id,
        entry=receipt.seq,
        repeated=not receipt.fresh,
        about=record.about,
        name=record.name,
        media_type=record.media_type,
        bytes=record.bytes,
        sha256=record.sha256,
        supplier=record.supplier,
    )
