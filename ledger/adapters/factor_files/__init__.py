"""
Importers of published factor tables: each one file here and one line in ``IMPORTERS``.

The first that recognises a file's headings reads it, unless one is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.adapters.factor_files import defra, glec, mee, table
from ledger.adapters.factor_files.reading import Importer, Opened, Table, open_tables
from ledger.footprint.registry.errors import FactorFormUnknown
from ledger.services.factor_import import ReturnedRow, Stated, TakenRow

IMPORTERS: Final[tuple[Importer, ...]] = (defra.IMPORTER, mee.IMPORTER, glec.IMPORTER, table.IMPORTER)


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """A file, its tables that hold factors, and the importer that reads them (``FactorFile``)."""

    opened: Opened
    using: Importer
    tables: tuple[Table, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.opened.name

    @property
    def sha256(self) -> str:
        """Hash of its bytes."""
        return self.opened.sha256

    @property
    def importer(self) -> str:
        """The importer's name."""
        return self.using.name

    def rows(self, stated: Stated) -> Iterator[TakenRow | ReturnedRow]:
        """Every row, taken or returned."""
        for found in self.tables:
            yield from self.using.rows(found, stated)


def open_factor_file(
    file: Path | bytes, *, name: str = "", form: str = "", columns: Mapping[str, str] | None = None
) -> RecognisedFile:
    """
    The file with the importer that reads it. ``columns`` maps fields to headings, for ``glec`` and ``table``.

    Raises leaves of ``FileError``, ``FactorFormUnknown``, ``FactorFileTooLong``, ``ColumnAbsent``.
    """
    opened = open_tables(file, name)
    for importer in IMPORTERS:
        if form in {"", importer.name}:
            found = tuple(t for sheet in opened.sheets if (t := importer.find(sheet, columns or {})) is not None)
            if found:
                return RecognisedFile(opened, importer, found)
    raise FactorFormUnknown(known=", ".join(importer.name for importer in IMPORTERS))
