"""Open a table of factors and hand out its rows by field; what every importer stands on."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.adapters.files.archive import MAX_PACKED
from ledger.adapters.files.errors import FileError, old_workbook
from ledger.adapters.files.lines import Content, read_through, rows
from ledger.adapters.files.workbook import HEADING_ROWS, sheets
from ledger.errors import LedgerError, Place
from ledger.footprint.registry.errors import FactorFileTooLong
from ledger.services.factor_import import ReturnedRow, Stated, TakenRow

MAX_ROWS: Final = 100_000
MAX_TEXT: Final = 50_000_000
"""Bytes of a text table; a workbook has the limits of every workbook."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, or of a text table, as text."""

    place: Place
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file: its name, hash, and sheets."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose headings an importer knows: where each field stands, by the heading's own text."""

    sheet: Sheet
    heading_row: int
    """Index of the row of headings, from 0."""
    at: Mapping[str, int]
    headings: Mapping[str, str]

    def rows(self) -> Iterator[Row]:
        """Every row below the headings that says anything."""
        for index in range(self.heading_row + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if any(text.strip() for text in cells):
                yield Row(self, index + 1, cells)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``number`` counts from 1, headings included."""

    table: Table
    number: int
    cells: Sequence[str]

    def __getitem__(self, field: str) -> str:
        """The cell of a field, empty when the table lacks the column."""
        at = self.table.at.get(field)
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""

    def place(self, field: str = "") -> Place:
        """Where a field of this row stands."""
        known = self.table.sheet.place
        return Place(file=known.file, sheet=known.sheet, row=self.number, column=self.table.headings.get(field) or None)

    def returned(self, error: LedgerError, field: str = "") -> ReturnedRow:
        """The row, coming back because of one field of it."""
        return ReturnedRow(place=self.place(field), value=self[field], error=error.at(self.place(field)))


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of file: its name, what it is, how its table is found in a sheet, and how rows are read."""

    name: str
    en: str
    zh: str
    find: Callable[[Sheet, Mapping[str, str]], Table | None]
    rows: Callable[[Table, Stated], Iterator[TakenRow | ReturnedRow]]


class Unfit(Exception):
    """A fault of one field, on its way to the row that comes back."""

    def __init__(self, error: LedgerError, field: str = "") -> None:
        super().__init__(error, field)
        self.error, self.field = error, field


def open_tables(file: Path | bytes, name: str = "") -> Opened:
    """Every sheet of a workbook, or the one table of a text file. Raises ``FileError``, ``FactorFileTooLong``."""
    shown = name or (file.name if isinstance(file, Path) else "upload")
    content = Content(shown, file)
    try:
        if content.start(4).startswith(b"PK\x03\x04"):
            data = content.whole(MAX_PACKED)
            found = tuple(_bounded(Place(file=shown, sheet=sheet.name), sheet.rows()) for sheet in sheets(data))
            return Opened(shown, sha256(data).hexdigest(), found)
        if content.start(4) == b"\xd0\xcf\x11\xe0":
            raise old_workbook(content.whole(MAX_PACKED))
        content.whole(MAX_TEXT)
        text = read_through(content)
        return Opened(shown, text.sha256, (_bounded(Place(file=shown), rows(content, text)),))
    except FileError as error:
        raise error.at(Place(file=shown)) from None


def _bounded(place: Place, found: Iterator[list[str]]) -> Sheet:
    kept = list[list[str]]()
    for row in found:
        if len(kept) == MAX_ROWS + HEADING_ROWS:
            raise FactorFileTooLong(limit=MAX_ROWS).at(place)
        kept.append(row)
    return Sheet(place, kept)


def find_table(sheet: Sheet, known: Mapping[str, str], needed: Sequence[str]) -> Table | None:
    """The table below the first row that heads every needed field; ``known`` maps folded headings to fields."""
    for index, row in enumerate(sheet.rows[:HEADING_ROWS]):
        at = dict[str, int]()
        for column, text in enumerate(row):
            field = known.get(folded(text))
            if field is not None:
                at.setdefault(field, column)
        if set(needed) <= at.keys():
            return Table(sheet, index, at, {field: row[column].strip() for field, column in at.items()})
    return None


def folded(heading: str) -> str:
    """A heading as it is compared: no case, blanks, underscores, and nothing in brackets at its end."""
    return "".join(_parted(heading)[0].casefold().replace("_", "").split())


def bracketed(heading: str) -> str:
    """What stands in brackets at a heading's end: its unit."""
    return _parted(heading)[1]


def _parted(heading: str) -> tuple[str, str]:
    """A heading and its last brackets' content; brackets inside those belong to it."""
    text = unicodedata.normalize("NFKC", heading).strip()
    depth = 0
    for at in range(len(text) - 1, 0, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return (text[:at], text[at + 1 : -1].strip()) if text.endswith(")") else (text, "")
    return text, ""
