"""
Sealed segments for those who see every entry in them: what a verifier checks without the ledger.

A segment holds whole ranges of the log, so it is handed out whole or not at all: to whom an entry in it is not shown,
another tenant's or a footprint that its supplier keeps, it is absent.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import FileResponse, Response

from api.deps import LedgerDep, ScopeDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.schemas.segments import SegmentFile, SegmentList, SegmentView
from api.wire import reply
from ledger.segments.errors import SegmentFileAltered
from ledger.segments.manifest import Manifest
from ledger.wiring import Ledger

router = APIRouter(tags=["checkpoints"])
MANIFEST: Final = "manifest.json"
PARQUET: Final = "application/vnd.apache.parquet"


@router.get("/api/v1/segments", **gives(SegmentList))
def list_segments(
    ledger: LedgerDep,
    scope: ScopeDep,
    after: Annotated[int, Query(ge=0, le=2**53 - 1, description="The size the last page ended with")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Segments that the reader may have, by place in the log, each with its files and their SHA-256."""
    found = [one for one in ledger.segments.manifests() if one.start >= after]
    seen = [_view(one) for one in found[:limit] if scope.sees_range(one.start, one.stop)]
    return reply(SegmentList(segments=seen, next_after=found[limit - 1].stop if len(found) > limit else None))


@router.get("/api/v1/segments/{segment}/{file}", **gives(None, media_type=PARQUET))
def get_segment_file(segment: str, file: str, ledger: LedgerDep, scope: ScopeDep) -> Response:
    """
    ``manifest.json`` or a table of a segment, byte for byte as it was sealed.

    ``Repr-Digest`` (RFC 9530) is its SHA-256. A file that is no longer what was sealed is not sent.
    """
    manifest = _named(ledger, segment)
    if not scope.sees_range(manifest.start, manifest.stop):
        raise NoSuchAddress
    if file == MANIFEST:
        data = manifest.to_bytes()
        return Response(data, media_type="application/json", headers=_headers(sha256(data).digest(), segment, file))
    table = file.removesuffix(".parquet")
    if table == file or table not in manifest.files:
        raise NoSuchAddress
    path = Path(ledger.segments.location(manifest, table))
    digest = _digest(path)
    if digest.hex() != manifest.files[table].sha256:
        raise SegmentFileAltered(segment=segment, file=file)
    return FileResponse(path, media_type=PARQUET, headers=_headers(digest, segment, file))


def _named(ledger: Ledger, segment: str) -> Manifest:
    found = next((one for one in ledger.segments.manifests() if one.name == segment), None)
    if found is None:
        raise NoSuchAddress
    return found


def _digest(path: Path) -> bytes:
    """The file's SHA-256; of one that is gone, of nothing."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError:
        return b""


def _headers(digest: bytes, segment: str, file: str) -> dict[str, str]:
    return {
        "Repr-Digest": f"sha-256=:{b64encode(digest).decode()}:",
        "ETag": f'"{digest.hex()}"',
        "Content-Disposition": f'attachment; filename="{segment}-{file}"',
    }


def _view(manifest: Manifest) -> SegmentView:
    data = manifest.to_bytes()
    files = [SegmentFile(name=MANIFEST, bytes=len(data), sha256=sha256(data).hexdigest())]
    for table, sealed in sorted(manifest.files.items()):
        files.append(SegmentFile(name=f"{table}.parquet", bytes=sealed.bytes, sha256=sealed.sha256))
    return SegmentView(name=manifest.name, start=manifest.start, stop=manifest.stop, files=files)
