"""``ports.SegmentStore``: a folder with one folder a segment, written beside, synchronised, then renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import msgspec

from ledger.ports.segments import Compared, Row, SegmentDraft
from ledger.segments.errors import SegmentMalformed, SegmentsUnavailable
from ledger.segments.manifest import MAX_MANIFEST, Manifest, Sealed
from ledger.segments.tables import TABLES

if TYPE_CHECKING:
    from types import ModuleType

    from ledger.adapters.segments.parquet import Writer

MANIFEST: Final = "manifest.json"
_PART: Final = ".part-"
_COMPARED: Final = ".compared.json"
EXTRA: Final = "segments"
"""The optional dependencies that read and write Parquet."""


def file_name(table: str) -> str:
    """The file of a table."""
    return f"{table}.parquet"


@dataclass(frozen=True, slots=True)
class FolderSegments:
    """Segments below ``folder``."""

    folder: Path

    def path(self, manifest: Manifest, table: str) -> Path:
        """Where a table of a segment lies."""
        return self.folder / manifest.name / file_name(table)

    def location(self, manifest: Manifest, table: str) -> str:
        """See ``SegmentStore.location``."""
        return str(self.path(manifest, table).resolve())

    def manifests(self) -> list[Manifest]:
        """See ``SegmentStore.manifests``."""
        if not self.folder.is_dir():
            return []
        return [_manifest(path) for path in sorted(self.folder.iterdir()) if not path.name.startswith(".")]

    @contextmanager
    def draft(self) -> Iterator[SegmentDraft]:
        """See ``SegmentStore.draft``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)  # a sealer that was killed; the lease lets no two at it
        part = self.folder / f"{_PART}{uuid4().hex}"
        part.mkdir()
        draft = _Draft(self.folder, part, _parquet())
        try:
            yield draft
        finally:
            draft.abandon()

    def remember(self, compared: Compared) -> None:
        """See ``SegmentStore.remember``."""
        part = self.folder / f"{_COMPARED}-{uuid4().hex}"
        part.write_bytes(msgspec.json.encode(compared))
        part.replace(self.folder / _COMPARED)

    def remembered(self) -> Compared | None:
        """See ``SegmentStore.remembered``."""
        try:
            return msgspec.json.decode((self.folder / _COMPARED).read_bytes(), type=Compared)
        except (OSError, msgspec.DecodeError):
            return None

    def files(self, manifest: Manifest) -> dict[str, Sealed | None]:
        """See ``SegmentStore.files``."""
        return {table: self._sealed(manifest, table) for table in TABLES}

    def _sealed(self, manifest: Manifest, table: str) -> Sealed | None:
        try:
            return _digest(self.path(manifest, table), manifest.files[table].rows)
        except FileNotFoundError:
            return None

    def rows(self, manifest: Manifest, table: str, start: int = 0) -> Iterator[list[Row]]:
        """See ``SegmentStore.rows``."""
        found: Iterator[list[Row]] = _parquet().read(self.path(manifest, table), manifest.name, table, start)
        return found


def _parquet() -> ModuleType:
    try:
        from ledger.adapters.segments import parquet
    except ImportError as error:
        raise SegmentsUnavailable(package=error.name or "pyarrow", extra=EXTRA) from error
    return parquet


def _manifest(path: Path) -> Manifest:
    try:
        with (path / MANIFEST).open("rb") as file:
            data = file.read(MAX_MANIFEST + 1)
    except OSError as error:
        raise SegmentMalformed(segment=path.name, why=f"{MANIFEST}: {error.strerror}") from error
    return Manifest.from_bytes(data, path.name)


def _digest(path: Path, rows: int) -> Sealed:
    with path.open("rb") as file:
        return Sealed(os.fstat(file.fileno()).st_size, rows, file_digest(file, "sha256").hexdigest())


@dataclass(slots=True)
class _Draft:
    """See ``SegmentDraft``."""

    folder: Path
    part: Path
    parquet: ModuleType
    writers: dict[str, Writer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in TABLES:
            self.writers[table] = self.parquet.Writer(self.part / file_name(table), table)

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """See ``SegmentDraft.add``."""
        self.writers[table].add(rows)

    def seal(self, manifest: Callable[[Mapping[str, Sealed]], Manifest]) -> Manifest:
        """See ``SegmentDraft.seal``. A segment of this name that is there already stays."""
        files = {}
        for table, writer in self.writers.items():
            writer.close()
            _synchronise(writer.path)
            files[table] = _digest(writer.path, writer.rows)
        made = manifest(files)
        path = self.part / MANIFEST
        path.write_bytes(made.to_bytes())
        _synchronise(path)
        _synchronise(self.part)
        place = self.folder / made.name
        if not place.exists():
            self.part.rename(place)
            _synchronise(self.folder)
        return made

    def abandon(self) -> None:
        """Throw away what was not sealed."""
        if self.part.exists():
            for writer in self.writers.values():
                writer.abandon()
            shutil.rmtree(self.part, ignore_errors=True)


def _synchronise(path: Path) -> None:
    """Durable: the bytes of a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
