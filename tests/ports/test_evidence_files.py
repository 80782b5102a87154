"""Evidence on both databases: kept by content, attached once, seen by its organisation and the house alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from ledger.adapters.contents import ContentAltered
from ledger.adapters.files.errors import EvidenceUnknown, MacrosPresent
from ledger.adapters.files.template import template_xlsx
from ledger.records.errors import FieldContradicts
from ledger.records.evidence_file import MOST_BYTES
from ledger.records.record import check
from ledger.services.capture import Submission
from ledger.services.evidence_files import (
    EvidenceAbsent,
    EvidenceDiffers,
    EvidenceTooLarge,
    Upload,
    attach,
    content_of,
    evidence_named,
    shown_name,
)
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import TENANT, opened

WHO = Submission(TENANT, "supplier-key")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def ledger(sqlite_url: str, tmp_path: Path) -> Iterator[Ledger]:
    """One database is enough: the service asks nothing of it that the store's own suite does not."""
    with opened(tmp_path / "home", database_url=sqlite_url) as ledger:
        yield ledger


def png() -> bytes:
    """The smallest picture that follows the standard (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def test_a_file_is_kept_by_its_content_and_attached_once(ledger: Ledger) -> None:
    """The entry holds the hash that the sender computed; the same again is the same entry, another subject another."""
    digest = sha256(PDF).hexdigest()
    record, receipt = attach(ledger, WHO, "org-1", Upload("检测报告.pdf", PDF, "product-1", digest.upper()))
    assert receipt.fresh
    assert (record.sha256, record.bytes, record.media_type, record.name) == (
        digest,
        len(PDF),
        "application/pdf",
        "检测报告.pdf",
    )
    again, second = attach(ledger, WHO, "org-1", Upload("copy.pdf", PDF, "product-1"))
    assert (second.seq, second.fresh, again) == (receipt.seq, False, record)
    _, other = attach(ledger, WHO, "org-1", Upload("检测报告.pdf", PDF, "product-2"))
    assert other.fresh
    assert other.seq != receipt.seq
    assert content_of(ledger, record) == PDF


def test_media_types_are_read_from_the_content(ledger: Ledger) -> None:
    """What a name ends in is nobody's proof."""
    assert attach(ledger, WHO, "", Upload("a.pdf", png(), "x"))[0].media_type == "image/png"
    workbook = template_xlsx("transport_leg")
    assert attach(ledger, WHO, "", Upload("a.jpg", workbook, "x"))[0].media_type == XLSX


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EvidenceTooLarge),
        (b"%PDF-" + b" " * MOST_BYTES, EvidenceTooLarge),
        (b"%PDF-1.7\ncut off in the mid", EvidenceUnknown),
        (b"MZ\x90\0 a program", EvidenceUnknown),
        (b"<html><script>alert(1)</script></html>", EvidenceUnknown),
    ],
)
def test_anything_else_is_refused_and_leaves_nothing(ledger: Ledger, data: bytes, error: type[Exception]) -> None:
    """Neither an entry nor a file."""
    with pytest.raises(error):
        attach(ledger, WHO, "", Upload("a.pdf", data, "x"))
    assert ledger.entries.size() == 0
    assert not list((ledger.settings.home / "contents").rglob("*"))


def test_workbooks_with_macros_are_refused(ledger: Ledger) -> None:
    """Under any name."""
    out = BytesIO(template_xlsx("transport_leg"))
    with ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(MacrosPresent):
        attach(ledger, WHO, "", Upload("a.xlsx", out.getvalue(), "x"))


def test_content_that_changed_on_its_way_is_refused(ledger: Ledger) -> None:
    """The hash announced is the hash that is held."""
    with pytest.raises(EvidenceDiffers):
        attach(ledger, WHO, "org-1", Upload("a.pdf", PDF + b" ", "x", sha256(PDF).hexdigest()))


def test_evidence_is_seen_by_its_organisation_and_the_house(ledger: Ledger) -> None:
    """For every other organisation and tenant it is absent, as one that never was."""
    record, _ = attach(ledger, WHO, "org-1", Upload("a.pdf", PDF, "x"))
    assert evidence_named(ledger, TENANT, "org-1", record.id) == record
    assert evidence_named(ledger, TENANT, "", record.id) == record
    for tenant, organisation, name in (
        (TENANT, "org-2", record.id),
        ("other", "", record.id),
        (TENANT, "org-1", "evidence:0"),
        (TENANT, "", "leg-1"),
    ):
        with pytest.raises(EvidenceAbsent):
            evidence_named(ledger, tenant, organisation, name)
    withdraw(ledger, WHO, record.id, "wrong file")
    with pytest.raises(EvidenceAbsent):
        evidence_named(ledger, TENANT, "org-1", record.id)


def test_tampering_with_a_kept_file_or_a_record_shows(ledger: Ledger) -> None:
    """A changed file is not handed out; a record of another hash has another id."""
    record, _ = attach(ledger, WHO, "org-1", Upload("a.pdf", PDF, "x"))
    with pytest.raises(FieldContradicts):
        check(msgspec.structs.replace(record, sha256="0" * 64))
    (path,) = (p for p in (ledger.settings.home / "contents").rglob("*") if p.is_file())
    path.write_bytes(PDF.replace(b"1.7", b"1.4"))
    with pytest.raises(ContentAltered):
        content_of(ledger, record)


def test_names_lose_paths_and_what_hides_an_ending() -> None:
    """A right-to-left override would show ``exe.pdf`` for ``fdp.exe``."""
    assert shown_name("C:\\Users\\zhang\\报告.pdf") == "报告.pdf"
    assert shown_name("../../etc/passwd") == "passwd"
    assert shown_name("a\u202efdp.exe\r\n") == "afdp.exe"
    assert shown_name("\0/") == "file"
