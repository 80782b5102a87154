"""A small CSV table that is read again when the file changes; a row that cannot be used is reported and left out."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar

from ledger.adapters.master_data.errors import MasterDataRefused
from ledger.errors import IdentityError, Place

_LOG: Final = logging.getLogger("onecode.master-data")
LARGEST: Final = 16 * 1024 * 1024
Row = TypeVar("Row")


class WatchedTable(Generic[Row]):
    """Rows by canonical identity; an absent file is an empty table."""

    def __init__(self, path: Path, read: Callable[[Mapping[str, str]], tuple[str, Row]]) -> None:
        self._path = path
        self._read = read
        self._lock = Lock()
        self._seen = 0
        self._rows: dict[str, Row] = {}
        self.refused: list[MasterDataRefused] = []
        """What the last reading left out."""

    def version(self) -> int:
        """Modification time and size in one number; 0 without a file."""
        try:
            found = self._path.stat()
        except OSError:
            return 0
        return found.st_mtime_ns * 31 + found.st_size

    def rows(self) -> Mapping[str, Row]:
        """The table as the file has it now."""
        version = self.version()
        if version != self._seen:
            with self._lock:
                if version != self._seen:
                    self._rows = self._load() if version else {}
                    self._seen = version
        return self._rows

    def _load(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        self.refused = []
        if self._path.stat().st_size > LARGEST:
            self._refuse(MasterDataRefused(why=f"the file has more than {LARGEST} bytes", why_zh="文件过大"), 1)
            return found
        with self._path.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                try:
                    key, value = self._read({name: (text or "").strip() for name, text in row.items() if name})
                except IdentityError as error:
                    self._refuse(MasterDataRefused(why=error.message("en"), why_zh=error.message("zh-CN")), number)
                except MasterDataRefused as error:
                    self._refuse(error, number)
                else:
                    found[key] = value
        return found

    def _refuse(self, error: MasterDataRefused, row: int) -> None:
        located = error.at(Place(file=self._path.name, row=row))
        self.refused.append(located)
        _LOG.warning("%s", located)
