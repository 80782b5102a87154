"""What a file of evidence is, by its content: PDF, JPEG, PNG, or a workbook without macros."""

from __future__ import annotations

from typing import Final

from ledger.adapters.files.archive import check_workbook
from ledger.adapters.files.errors import EvidenceUnknown
from ledger.records.evidence_file import MediaType

_STARTS: Final[tuple[tuple[bytes, bytes, MediaType], ...]] = (
    (b"%PDF-", b"%%EOF", "application/pdf"),
    (b"\xff\xd8\xff", b"\xff\xd9", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", b"IEND", "image/png"),
)
"""How each begins, and what stands near its end: a transfer that was cut short is not taken for the file."""
_TAIL: Final = 2_048
_WORKBOOK: Final[MediaType] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def evidence_type(data: bytes) -> MediaType:
    """The media type. Raises ``EvidenceUnknown``, and what ``check_workbook`` raises."""
    for start, end, media_type in _STARTS:
        if data.startswith(start):
            if end not in data[-_TAIL:]:
                raise EvidenceUnknown(found=f"{media_type}, cut off")
            return media_type
    if data.startswith(b"PK\x03\x04"):
        check_workbook(data)
        return _WORKBOOK
    raise EvidenceUnknown(found=data[:4].hex() or "0")
