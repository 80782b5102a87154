"""Open a file: recognise what it is by its content, and hand out its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from ledger.adapters.files.archive import MAX_PACKED
from ledger.adapters.files.documents import EpcisFile, RecordLines
from ledger.adapters.files.errors import FileError, FormatUnknown, HeadingsUnknown, old_workbook
from ledger.adapters.files.folded import LOOKED_AT, folded
from ledger.adapters.files.forms.form import Layout
from ledger.adapters.files.joining import read_joined
from ledger.adapters.files.lines import Content, Text, read_through, rows
from ledger.adapters.files.table import Headed, find_headings
from ledger.adapters.files.workbook import HEADING_ROWS, Sheet, sheets
from ledger.errors import Place
from ledger.services.import_file import ReadRow, Source

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def open_file(file: Path | str | bytes, *, name: str | None = None, kind: str | None = None) -> Source:
    """
    The rows of a file by its content, whatever its ending; ``kind`` says which form a table must be.

    Raises leaves of ``FileError`` with the file's name: too large, unsafe, unreadable, headings unknown.
    """
    at = Path(file) if isinstance(file, str) else file
    shown = name or (at.name if isinstance(at, Path) else "upload")
    try:
        return _opened(Content(shown, at), kind)
    except FileError as error:
        raise error.at(Place(file=shown)) from None


def _opened(content: Content, kind: str | None) -> Source:
    start = content.start(4_096)
    if start.startswith(_ZIP):
        return _workbook(content, kind)
    if start.startswith(_OLE):
        raise old_workbook(content.whole(MAX_PACKED))
    if not start.strip():
        raise FormatUnknown(found="0")
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first == b"{":
        return EpcisFile.open(content) if _is_document(start) else RecordLines(content, read_through(content))
    return _table(content, kind)


def _is_document(start: bytes) -> bool:
    """Whether it is one JSON document; records line by line have their whole first object on one line."""
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return b'"EPCISDocument"' in head or b'"EPCISQueryDocument"' in head or b'"epcisBody"' in head


@dataclass(frozen=True, slots=True)
class _Workbook:
    name: str
    sha256: str
    headed: tuple[tuple[Sheet, Headed], ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(headed.layout.form.kind for _, headed in self.headed))

    @property
    def headings(self) -> tuple[str, ...]:
        return self.headed[0][1].layout.headings

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(heading for _, headed in self.headed for heading in headed.layout.ignored)

    @property
    def total(self) -> int:
        return sum(max(sheet.rows_in_all - headed.rows_before, 0) for sheet, headed in self.headed)

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:
        for sheet, headed in self.headed:
            yield from _read(sheet.rows(), headed.rows_before, headed.layout, sheet.name, vehicles)


def _workbook(content: Content, kind: str | None) -> Source:
    data = content.whole(MAX_PACKED)
    headed, refused = [], None
    for sheet in sheets(data):
        try:
            headed.append((sheet, find_headings(sheet.head(), kind)))
        except HeadingsUnknown as error:
            refused = refused if refused and refused.nearest != "-" else error.at(Place(sheet=sheet.name))
    if not headed:
        raise refused or HeadingsUnknown(nearest="-", missing="-")
    return _Workbook(content.name, sha256(data).hexdigest(), tuple(headed))


@dataclass(frozen=True, slots=True)
class _Table:
    content: Content
    text: Text
    headed: Headed

    @property
    def name(self) -> str:
        return self.content.name

    @property
    def sha256(self) -> str:
        return self.text.sha256

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.headed.layout.form.kind,)

    @property
    def headings(self) -> tuple[str, ...]:
        return self.headed.layout.headings

    @property
    def ignored(self) -> tuple[str, ...]:
        return self.headed.layout.ignored

    @property
    def total(self) -> int:
        return max(self.text.line_ends - self.headed.rows_before, 0)

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:
        found = rows(self.content, self.text)
        return _read(found, self.headed.rows_before, self.headed.layout, None, vehicles)


def _table(content: Content, kind: str | None) -> Source:
    text = read_through(content)
    head = list(islice(rows(content, text), HEADING_ROWS))
    return _Table(content, text, find_headings(head, kind))


def _read(
    found: Iterator[list[str]], before: int, columns: Layout, sheet: str | None, vehicles: Mapping[str, str]
) -> Iterator[ReadRow]:
    """Rows below the headings; empty ones are passed over but counted, so that row numbers are what a person sees."""
    if columns.form.join is not None:
        below = ((number, cells) for number, cells in enumerate(found, 1) if number > before and any(cells))
        yield from read_joined(below, columns, sheet, vehicles)
        return
    read, near = columns.read, before + LOOKED_AT
    for number, cells in enumerate(found, 1):
        if number > before and any(cells):
            told = tuple(folded(columns, number, cells)) if number <= near else ()
            yield ReadRow(sheet, number, None, cells, read(cells, vehicles), told)
