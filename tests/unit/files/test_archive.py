"""Workbooks made to hurt are refused before anything parses them, quickly."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from time import monotonic
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from ledger.adapters.files import open_file
from ledger.adapters.files.archive import MAX_ENTRIES, MAX_PACKED, check_workbook
from ledger.adapters.files.errors import ArchiveUnsafe, FileTooLarge, MacrosPresent, WorkbookUnreadable
from tests.unit.files.tables import HEADINGS, ROW, book, only, text

SHEET = "xl/worksheets/sheet1.xml"


def rebuilt(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    """A workbook with some parts replaced or added."""
    out = BytesIO()
    with ZipFile(BytesIO(base or book([HEADINGS, ROW]))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    """A sheet part with these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def refused(data: bytes) -> Exception:
    """The refusal, which takes less than two seconds."""
    started = monotonic()
    with pytest.raises((ArchiveUnsafe, FileTooLarge, MacrosPresent, WorkbookUnreadable)) as caught:
        open_file(data, name="bomb.xlsx")
    assert monotonic() - started < 2
    return caught.value


def test_a_bomb_is_refused_at_once() -> None:
    """Four hundred million blanks in four hundred kilobytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b" " * 1_000_000
    packed = b"".join(packer.compress(piece) for _ in range(400)) + packer.flush()
    assert isinstance(refused(with_raw_member(SHEET, packed, size=400_000_000)), ArchiveUnsafe)


def with_raw_member(name: str, packed: bytes, size: int) -> bytes:
    """A workbook whose last member is this deflated data, its directory stating this size."""
    out = BytesIO(rebuilt({name: b"placeholder"}))
    with ZipFile(out) as archive:
        others = {n: archive.read(n) for n in archive.namelist() if n != name}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for other, data in others.items():
            archive.writestr(other, data)
        start = archive.fp.tell()  # type: ignore[union-attr]
        info = archive.NameToInfo["xl/workbook.xml"].__class__(name)
        info.compress_type, info.compress_size, info.file_size, info.header_offset = (
            ZIP_DEFLATED,
            len(packed),
            size,
            start,
        )
        info.CRC = 0
        archive.fp.write(info.FileHeader(zip64=False) + packed)  # type: ignore[union-attr]
        archive.filelist.append(info)
        archive.NameToInfo[name] = info
        archive.start_dir = archive.fp.tell()  # type: ignore[union-attr]
        archive._didModify = True
    return out.getvalue()


def test_a_directory_that_understates_a_member_is_refused() -> None:
    """The parser would unpack what is there, whatever the directory says."""
    data = zlib.compress(sheet("<row/>" * 1000), 9)[2:-4]
    assert "directory" in str(refused(with_raw_member(SHEET, data, size=10)))


def test_a_sheet_that_spans_more_cells_than_memory_is_refused() -> None:
    """Two cells in opposite corners are a rectangle of 17 thousand million."""
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "spans" in str(refused(rebuilt({SHEET: sheet(corners)})))


@pytest.mark.parametrize(
    "cell",
    [
        "<c><v>1</v></c>",
        "<x:c><v>1</v></x:c>",
        "<c s='1'><v>1</v></c>",
        """<c a=' r="A1"' s="1"><v>1</v></c>""",
        """<c a="x' r='A1" s="1"><v>1</v></c>""",
        """<c a='>' r="A1"><v>1</v></c>  <c><v>2</v></c>""",
    ],
)
def test_a_cell_that_does_not_say_where_it_is_is_refused(cell: str) -> None:
    """Cells placed by counting could span anything; tricks with quotes do not pass for an address."""
    assert isinstance(refused(rebuilt({SHEET: sheet(f'<row r="1">{cell}</row>')})), ArchiveUnsafe)


def test_an_address_hidden_behind_quotes_counts_as_what_it_is() -> None:
    """The far corner is found behind an attribute that looks like an address."""
    tricky = """<row r="1"><c r="A1"><v>1</v></c><c a=' r="A1"' r="XFD1048576"><v>1</v></c></row>"""
    assert "spans" in str(refused(rebuilt({SHEET: sheet(tricky)})))


def test_entities_are_refused_and_nothing_is_fetched_or_expanded() -> None:
    """External entities, billion laughs: the declaration alone is enough."""
    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    for part in (SHEET, "xl/workbook.xml", "docProps/core.xml"):
        data = rebuilt({part: doctype + sheet('<row r="1"><c r="A1" t="str"><v>&e;</v></c></row>')[21:]})
        assert "entities" in str(refused(data))


def test_macros_passwords_and_odd_archives_are_refused() -> None:
    """Each by its own error."""
    assert isinstance(refused(rebuilt({"xl/vbaProject.bin": b"x"})), MacrosPresent)
    assert isinstance(refused(b"PK\x03\x04 and then nothing"), WorkbookUnreadable)
    many = {f"x{n}.xml": b"<x/>" for n in range(MAX_ENTRIES)}
    assert isinstance(refused(rebuilt(many)), ArchiveUnsafe)
    assert isinstance(refused(book([HEADINGS, ROW])[: -1 << 8]), WorkbookUnreadable)
    relations = b'<Relationships><Relationship Type="x/worksheet" Target="media/image1.png"/></Relationships>'
    assert "not XML" in str(refused(rebuilt({"xl/_rels/workbook.xml.rels": relations})))


def test_a_packed_file_over_the_limit_is_not_looked_at() -> None:
    """Ten megabytes."""
    assert isinstance(refused(b"PK\x03\x04" + bytes(MAX_PACKED)), FileTooLarge)


def test_a_locked_member_is_refused() -> None:
    """The flag of encryption, on a real workbook."""
    data = bytearray(book([HEADINGS, ROW]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(mark)
        flags = struct.unpack_from("<H", data, start + at)[0]
        struct.pack_into("<H", data, start + at, flags | 1)
    assert isinstance(refused(bytes(data)), WorkbookUnreadable)


def test_an_ordinary_workbook_passes_packed_or_stored() -> None:
    """The checks cost honest files nothing but time."""
    data = book([HEADINGS, ROW])
    check_workbook(data)
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert only(out.getvalue()) == only(text([ROW]))


def test_a_directory_of_nothing_but_members_is_refused_before_it_is_read() -> None:
    """Two hundred thousand members in ten megabytes: counted, not taken apart one by one."""
    member = b"PK\x01\x02" + bytes(24) + struct.pack("<HHH", 1, 0, 0) + bytes(12) + b"a"
    directory = member * (MAX_PACKED // len(member) - 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 65_535, 65_535, len(directory), 0, 0)
    started = monotonic()
    with pytest.raises(ArchiveUnsafe):
        check_workbook(directory + end)
    assert monotonic() - started < 0.5


@pytest.mark.parametrize("back", range(26, 32))
def test_a_member_that_begins_before_the_file_is_refused(back: int) -> None:
    """A directory that is said to stand later than it does moves its members back, before the first byte."""
    data = bytearray(book([HEADINGS, ROW]))
    at = data.rfind(b"PK\x05\x06")
    (directory,) = struct.unpack_from("<L", data, at + 16)
    shift = 1_000_000
    struct.pack_into("<L", data, at + 16, directory + shift)
    comment = (b"PK\x03\x04" + bytes(back))[:back]
    struct.pack_into("<H", data, at + 20, len(comment))
    while data[directory : directory + 4] == b"PK\x01\x02":
        struct.pack_into("<L", data, directory + 42, shift - back)
        directory += 46 + sum(struct.unpack_from("<HHH", data, directory + 28))
    assert isinstance(refused(bytes(data) + comment), WorkbookUnreadable)


@pytest.mark.parametrize(
    ("stream", "en", "zh"), [("EncryptedPackage", "password", "密码"), ("Workbook", "old .xls", "旧版 .xls")]
)
def test_a_locked_workbook_and_an_old_one_are_told_apart(stream: str, en: str, zh: str) -> None:
    """Both begin as OLE files do; the names of their streams differ."""
    error = refused(b"\xd0\xcf\x11\xe0" + b"\0" * 2_000 + stream.encode("utf-16-le"))
    assert isinstance(error, WorkbookUnreadable)
    assert en in error.message("en")
    assert zh in error.message("zh-CN")
