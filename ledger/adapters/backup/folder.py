"""
A backup: ``database/``, ``home/`` and ``manifest.json``, in a folder named by the moment it was begun.

The database comes first and the files of the home after it, because files are only added: whatever the database names
is there. Keys stay out, so that a stolen backup signs nothing: they have copies of their own (docs/operations.md). A
file that the backup before has already is linked to that one. The folder gets its name when everything is on disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from ledger.adapters.backup.database import dump, load
from ledger.adapters.backup.errors import BackupDamaged, RestoreRefused

MANIFEST: Final = "manifest.json"
STAMP: Final = "backup.json"
"""In the home: when the last whole backup was begun, for ``onecode_backup_timestamp_seconds``."""
KEYS: Final = (".key", ".pass", "-key.json", "-keys.json")
"""How the names of files with keys end, at the top of the home."""
NEEDED: Final = ("note.key", "interface.key")
"""Without the first the database refuses, without the second what is kept secret in it cannot be read."""
ELSEWHERE: Final = frozenset({"segments"})
"""Copied to object storage, and sealed anew from the log."""
_NAME: Final = "%Y%m%dT%H%M%SZ"


class File(Struct, frozen=True):
    """A file of a backup."""

    sha256: str
    bytes: int
    changed: int
    """When it was last written [ns since the Unix epoch]."""


class Backup(Struct, frozen=True, kw_only=True):
    """What a backup says of itself. ``entries`` were in the log when it was begun: it has at least these."""

    format: int = 1
    begun: datetime
    entries: int
    checkpoint: str
    """The newest checkpoint then, as a signed note: what a restore must extend."""
    tables: dict[str, list[str]]
    files: dict[str, File]


def write(url: str, home: Path, into: Path, *, now: datetime, entries: int, checkpoint: str) -> tuple[Path, Backup]:
    """Make one in ``into``. Raises ``StoreUnavailable``, ``RestoreRefused`` for a folder that is there."""
    before = newest(into)
    had = _manifest(before).files if before else {}
    final = into / now.astimezone(UTC).strftime(_NAME)
    part = final.with_suffix(".part")
    if final.exists():
        raise RestoreRefused(what=f"{final} exists")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    tables = dump(url, part / "database")
    files = {f"database/{path.name}": _sealed(path) for path in sorted((part / "database").iterdir())}
    for path in _of_home(home, into):
        name = f"home/{path.relative_to(home).as_posix()}"
        with suppress(FileNotFoundError):  # an upload that was dealt with meanwhile
            link = before / name if before and name in had and _same(path, had[name]) else None
            files[name] = had[name] if link else _kept(path, part / name)
            if link:
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                os.link(link, part / name)
    made = Backup(begun=now, entries=entries, checkpoint=checkpoint, tables=tables, files=files)
    (part / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1))
    _synced(part / MANIFEST)
    part.rename(final)
    stamp = home / f"{STAMP}.part"
    stamp.write_bytes(msgspec.json.encode({"at": int(now.timestamp()), "entries": entries}))
    stamp.replace(home / STAMP)
    return final, made


def read(folder: Path) -> Backup:
    """The manifest of one whose every file is as it says. Raises ``BackupDamaged``."""
    made = _manifest(folder)
    for name, file in made.files.items():
        try:
            found = _sha256(folder / name)
        except OSError as error:
            raise BackupDamaged(path=name) from error
        if found != file.sha256:
            raise BackupDamaged(path=name)
    return made


def _manifest(folder: Path) -> Backup:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Backup)
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupDamaged(path=str(folder / MANIFEST)) from error


def restore(folder: Path, url: str, home: Path) -> Backup:
    """Take one back into an empty database and home. Raises ``BackupDamaged``, ``RestoreRefused``."""
    made = read(folder)
    missing = [name for name in NEEDED if not (home / name).exists()]
    if missing:
        raise RestoreRefused(what=f"{home} lacks {', '.join(missing)}")
    for name in made.files:
        kind, _, path = name.partition("/")
        if kind == "home" and (home / path).exists():
            raise RestoreRefused(what=f"{home / path} exists")
    load(url, folder / "database", made.tables)
    for name in made.files:
        kind, _, path = name.partition("/")
        if kind == "home":
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, home / path)
    return made


def newest(into: Path) -> Path | None:
    """The last whole one in a folder of backups."""
    found = sorted(path.parent for path in into.glob(f"*Z/{MANIFEST}"))
    return found[-1] if found else None


def prune(into: Path, keep: timedelta, now: datetime) -> list[Path]:
    """Remove those older than ``keep``, never the newest; answers with what went."""
    last, gone = newest(into), []
    for manifest in sorted(into.glob(f"*Z/{MANIFEST}")):
        folder = manifest.parent
        begun = datetime.strptime(folder.name, _NAME).replace(tzinfo=UTC)
        if folder != last and begun < now - keep:
            shutil.rmtree(folder)
            gone.append(folder)
    return gone


def _of_home(home: Path, backups: Path) -> Iterator[Path]:
    """Files of the home that a backup has: no keys, databases, backups, half-written or otherwise kept files."""
    backups = backups.resolve()
    for path in sorted(home.rglob("*")):
        first = path.relative_to(home).parts[0]
        if not path.is_file() or path.is_symlink() or first in ELSEWHERE | {STAMP} or first.endswith(KEYS):
            continue
        if path.resolve().is_relative_to(backups):
            continue
        if path.name.endswith((".part", ".lock")) or ".db" in path.suffixes or ".sqlite" in path.name:
            continue
        if first.endswith((".db-wal", ".db-shm")):
            continue
        yield path


def _same(path: Path, old: File) -> bool:
    stat = path.stat()
    return (old.bytes, old.changed) == (stat.st_size, stat.st_mtime_ns)


def _kept(path: Path, copy: Path) -> File:
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, copy)
    return _sealed(copy)


def _sealed(path: Path) -> File:
    _synced(path)
    stat = path.stat()
    return File(_sha256(path), stat.st_size, stat.st_mtime_ns)


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
