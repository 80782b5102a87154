"""
Look at a workbook before anything parses it: sizes as they really unpack, cells, entities, macros.

The directory of a zip file may say anything, so what it says is held against the limits first, and then every member
is unpacked here, in small steps, and counted: the parser sees a file whose whole content is known.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import unpack_from
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ledger.adapters.files.errors import ArchiveUnsafe, FileTooLarge, MacrosPresent, WorkbookUnreadable, damaged

MAX_PACKED = 10_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 100
MAX_ENTRIES = 1_000
MAX_CELLS = 2_000_000
"""Cells of the rectangle that a sheet spans; the parser keeps all of it in memory, empty or not."""
_RATIO_FROM = 2_000_000
"""Unpacked bytes below which the ratio says nothing: small files of repeated XML pack very well."""
_CHUNK = 65_536
_LONGEST_GAP = 1_000_000
"""Bytes between two tags of a part, at most; a cell's text has at most 32,767 characters."""
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_TAG = re.compile(rb"""<(?:\w+:)?c((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/?>""")
_ATTRIBUTE = re.compile(rb"""\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ADDRESS = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_PLAIN_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_OTHER_BLANK = re.compile(rb"<c[^\S ]")
_BLANKS = b"\t\n\r\f\v"
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TARGET = re.compile(rb"""\sTarget\s*=\s*["']([^"']*)["']""")
_RELATIONS = "xl/_rels/workbook.xml.rels"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_XML = (".xml", ".rels", ".vml")


def check_workbook(data: bytes) -> None:
    """Raises ``FileTooLarge``, ``ArchiveUnsafe``, ``MacrosPresent``, ``WorkbookUnreadable``; never unpacks beyond."""
    if len(data) > MAX_PACKED:
        raise FileTooLarge(size=len(data), limit=MAX_PACKED)
    # Its own directory is read member by member before it can be counted: ten megabytes of it take seconds.
    if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise _unsafe(f"more than {MAX_ENTRIES} parts", f"内部文件超过 {MAX_ENTRIES} 个")
    try:
        members = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, ValueError, NotImplementedError, OverflowError):
        # Whatever zipfile makes of a directory that is none; which of them says nothing to who sent the file.
        raise damaged() from None
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise MacrosPresent
    if "xl/workbook.xml" not in names:
        raise WorkbookUnreadable(why="it is no Excel workbook", why_zh="不是 Excel 工作簿")
    if len(names) != len(members):
        raise _unsafe("two parts have one name", "内部文件重名")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MAX_RATIO * len(data)):
        raise _unsafe(
            f"it unpacks to more than {MAX_UNPACKED} bytes, or {MAX_RATIO} times its size",
            f"解压后超过 {MAX_UNPACKED} 字节，或超过其大小的 {MAX_RATIO} 倍",
        )
    for member in members:
        _check_member(data, member)


def _check_member(data: bytes, member: ZipInfo) -> None:
    """Unpack one member, looking at its tags, and never further than its directory says."""
    watch = _Watch(member.filename)
    size = 0
    for chunk in _unpacked(data, member):
        size += len(chunk)
        if size > member.file_size:
            break
        watch.look(chunk)
    watch.finish()
    if size != member.file_size:
        raise _unsafe("its directory states other sizes than it has", "目录所载大小与实际不符")


def _unpacked(data: bytes, member: ZipInfo) -> Iterator[bytes]:
    """The member's bytes in steps of at most 64 KiB."""
    start = member.header_offset
    if member.flag_bits & 1 or member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise WorkbookUnreadable(
            why="it is encrypted, or packed in a way that spreadsheets do not use",
            why_zh="已加密，或压缩方式不是表格软件所用",
        )
    if start < 0 or data[start : start + 4] != b"PK\x03\x04" or start + 30 > len(data):
        raise damaged(member.filename)
    name, extra = unpack_from("<HH", data, start + 26)
    body = start + 30 + name + extra
    packed = memoryview(data)[body : body + member.compress_size]
    if member.compress_type == ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
    else:
        yield from _inflated(packed, member.filename)


def _inflated(packed: memoryview, name: str) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), _CHUNK):
            left: bytes | memoryview = packed[at : at + _CHUNK]
            while left and not inflate.eof:
                yield inflate.decompress(left, _CHUNK)
                left = inflate.unconsumed_tail
        while not inflate.eof and (chunk := inflate.decompress(b"", _CHUNK)):
            yield chunk
    except zlib.error:
        raise damaged(name) from None
    if not inflate.eof:
        raise damaged(name)


class _Watch:
    """
    The tags of one part, in whole: no entities, every cell says where it is, and all cells fit the limit.

    A cell without a reference would be placed by counting, which this check does not do. Pictures are not looked at;
    what the workbook names as a sheet is always a part that is.
    """

    def __init__(self, part: str) -> None:
        self.xml = part.lower().endswith(_XML)
        self.relations = part == _RELATIONS
        self.left, self.right, self.top, self.bottom = 2**31, 0, 2**31, 0
        self.rest = b""

    def look(self, chunk: bytes) -> None:
        """Take in a piece; a tag that is cut off waits for the next."""
        if not self.xml:
            return
        window = self.rest + chunk
        end = window.rfind(b"<")
        self.rest = window[end:] if end >= 0 else b""
        if len(self.rest) > _LONGEST_GAP:
            raise _unsafe("a text in it is endless", "其中有超长文本")
        self._read(window[:end] if end >= 0 else window)

    def finish(self) -> None:
        """Take in what waits."""
        self._read(self.rest)

    def _read(self, xml: bytes) -> None:
        if b"<!" in xml and _ENTITY.search(xml):
            raise _unsafe("its XML declares a document type or entities", "其 XML 声明了文档类型或实体")
        if self.relations and not all(t.lower().endswith(b".xml") for t in _TARGET.findall(xml)):
            raise _unsafe("a sheet of it is not XML", "其工作表不是 XML")
        # Nearly every file writes its cells as <c r="A1" ...>; then two plain searches say all.
        found = _PLAIN_REFERENCE.findall(xml)
        cells = xml.count(b"<c ") + xml.count(b"<c>") + xml.count(b"<c/")
        if len(found) != cells or _written_otherwise(xml):
            found, cells = list(_references(xml)), len(_CELL.findall(xml))
        if cells:
            self._span(found, cells)

    def _span(self, found: list[tuple[bytes, bytes]], cells: int) -> None:
        if len(found) != cells:
            raise _unsafe("a cell in it does not say where it is", "其中有单元格没有位置")
        columns = [column_number(letters) for letters in {pair[0] for pair in found}]
        rows = [int(row) for row in {pair[1] for pair in found}]
        self.left, self.right = min(self.left, *columns), max(self.right, *columns)
        self.top, self.bottom = min(self.top, *rows), max(self.bottom, *rows)
        spanned = (self.bottom - self.top + 1) * (self.right - self.left + 1)
        if spanned > MAX_CELLS:
            raise _unsafe(
                f"a sheet spans {spanned} cells, over {MAX_CELLS}", f"工作表跨越 {spanned} 个单元格，超过 {MAX_CELLS}"
            )


def _written_otherwise(xml: bytes) -> bool:
    """Whether a cell has a prefix, or another blank than a space behind its name; searched for only where it can be."""
    if b":c" in xml and _PREFIXED_CELL.search(xml):
        return True
    return any(blank in xml for blank in _BLANKS) and _OTHER_BLANK.search(xml) is not None


def _references(xml: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Column and row of every cell that is written by the grammar and says where it is."""
    for attributes in _TAG.findall(xml):
        address = next((one or other for name, one, other in _ATTRIBUTE.findall(attributes) if name == b"r"), b"")
        match = _ADDRESS.fullmatch(address)
        if match:
            yield match[1], match[2]


def column_number(letters: bytes) -> int:
    """Column of its letters, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _unsafe(why: str, why_zh: str) -> ArchiveUnsafe:
    return ArchiveUnsafe(why=why, why_zh=why_zh)
