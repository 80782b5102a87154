"""
Evidence: files that support a statement, kept by their content, each attached by an entry.

The content goes into ``Contents`` first and is durable there before the entry is made, so that no entry names a file
that was never kept. The same content about the same thing is one entry, however often it is handed in. That a file was
handed in says nothing of what it proves: someone has to read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.errors import LedgerError, RecordError
from ledger.ports import Clock, EntryStore, Random, Receipt
from ledger.ports.labels import Contents
from ledger.records.evidence_file import MOST_BYTES, EvidenceFile, evidence_id
from ledger.records.record import decode, decode_body
from ledger.services.capture import Submission, capture
from ledger.services.corrections import withdrawal_of

Recognise = Callable[[bytes], str]
"""The media type of a file by its content; raises for anything that is not taken as evidence."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Control characters and those that turn the direction of text: ``fdp.exe`` must not read as ``exe.pdf``."""


class EvidenceTooLarge(RecordError):
    """An evidence file of more bytes than are taken, or of none."""

    code = "evidence.size"
    size: int
    limit: int
    en = "the file has {size} bytes; 1 to {limit} are taken"
    zh = "文件有 {size} 字节，应为 1 至 {limit} 字节"
    fix_en = "Scan it at a lower resolution, or hand in its parts"
    fix_zh = "请降低扫描分辨率，或分成几个文件提交"


class EvidenceDiffers(RecordError):
    """Content that arrived is not the content that was hashed before it was sent."""

    code = "evidence.hash"
    expected: str
    got: str
    en = "the file arrived with SHA-256 {got}, it was announced with {expected}"
    zh = "收到的文件 SHA-256 为 {got}，发送前为 {expected}"
    fix_en = "Send it again; if that fails, the file changes while it is read"
    fix_zh = "请重新发送；若仍失败，说明文件在读取时被改动"


class EvidenceAbsent(RecordError):
    """There is no such evidence for this reader."""

    code = "evidence.absent"
    evidence: str
    en = "there is no evidence file {evidence}"
    zh = "没有证据文件 {evidence}"
    fix_en = "See the list of evidence files"
    fix_zh = "请查看证据文件列表"


class Upload(NamedTuple):
    """A file as it came in: its ``announced`` SHA-256 is empty when the sender did not hash it."""

    name: str
    data: bytes
    about: str
    announced: str = ""


class EvidenceDesk(Protocol):
    """What keeping evidence needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Where the statement goes."""
        ...

    @property
    def contents(self) -> Contents:
        """Where the content goes."""
        ...

    @property
    def recognise(self) -> Recognise:
        """What is taken as evidence."""
        ...

    @property
    def clock(self) -> Clock:
        """When it was handed in."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


def attach(desk: EvidenceDesk, submission: Submission, supplier: str, upload: Upload) -> tuple[EvidenceFile, Receipt]:
    """
    Keep a file and record that it was handed in; ``supplier`` is the submitter's organisation, empty for the house.

    Raises ``EvidenceTooLarge``, ``EvidenceDiffers``, what ``recognise`` raises, ``RecordError`` and ``StoreError``.
    """
    size, digest = len(upload.data), sha256(upload.data).hexdigest()
    if not 0 < size <= MOST_BYTES:
        raise EvidenceTooLarge(size=size, limit=MOST_BYTES)
    if upload.announced and upload.announced.lower() != digest:
        raise EvidenceDiffers(expected=upload.announced[:64], got=digest)
    record_id = evidence_id(supplier, upload.about, digest)
    known = desk.entries.find(submission.tenant, record_id)
    if known is not None:
        return _decoded(known.body), Receipt(known.index, known.recorded_at, fresh=False)
    fields = {
        "about": upload.about,
        "bytes": size,
        "id": record_id,
        "kind": "evidence_file",
        "media_type": desk.recognise(upload.data),
        "name": shown_name(upload.name),
        "occurred_at": desk.clock.now().isoformat(),
        "sha256": digest,
        "version": 1,
    }
    record = decode(msgspec.json.encode(fields | ({"supplier": supplier} if supplier else {})), "evidence_file")
    assert isinstance(record, EvidenceFile)
    desk.contents.keep(upload.data)
    (outcome,) = capture(
        desk.entries,
        desk.clock,
        desk.random,
        **submission._asdict(),
        records=[record],
    )
    if isinstance(outcome, LedgerError):
        other = desk.entries.find(submission.tenant, record_id)
        if other is None:
            raise outcome
        return _decoded(other.body), Receipt(other.index, other.recorded_at, fresh=False)  # another was faster
    return record, outcome


def evidence_named(desk: EvidenceDesk, tenant: str, organisation: str, record_id: str) -> EvidenceFile:
    """
    Evidence that a reader of ``organisation`` may see, empty for the house, which sees all of the tenant's.

    Raises ``EvidenceAbsent`` alike for absent, withdrawn and foreign ones.
    """
    entry = desk.entries.find(tenant, record_id) if record_id.startswith("evidence:") else None
    record = _decoded(entry.body) if entry is not None else None
    if record is None or (organisation and record.supplier != organisation):
        raise EvidenceAbsent(evidence=record_id[:100])
    if withdrawal_of(desk.entries, tenant, record_id, "evidence_file") is not None:
        raise EvidenceAbsent(evidence=record_id[:100])
    return record


def content_of(desk: EvidenceDesk, record: EvidenceFile) -> bytes:
    """The file. Raises ``ContentAbsent``, ``ContentAltered``."""
    return desk.contents.read(record.sha256)


def shown_name(name: str) -> str:
    """The last part of a path, without what cannot be seen, at most 200 characters."""
    last = _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
    return last[-200:] or "file"


def _decoded(body: bytes) -> EvidenceFile:
    record = decode_body(body, "evidence_file")
    assert isinstance(record, EvidenceFile)
    return record
