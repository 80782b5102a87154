"""``ports.Contents``: a folder of files named by the SHA-256 of what is in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledger.errors import StoreError


class ContentAbsent(StoreError):
    """A kept file that is not there any more."""

    code = "store.content-absent"
    sha256: str
    en = "the file {sha256} is not in the ledger's directory"
    zh = "账本目录中没有文件 {sha256}"
    fix_en = "Restore the directory from its backup; the entry still holds the file's hash"
    fix_zh = "请从备份恢复该目录；条目中仍保有该文件的哈希"


class ContentAltered(StoreError):
    """A kept file that was changed."""

    code = "store.content-altered"
    sha256: str
    en = "the file {sha256} was changed since it was kept"
    zh = "文件 {sha256} 在保存后被改动"
    fix_en = "Do not use it; restore it from a backup"
    fix_zh = "请勿使用；请从备份恢复"


@dataclass(frozen=True, slots=True)
class FolderContents:
    """Contents below ``folder``, 256 folders wide."""

    folder: Path

    def keep(self, data: bytes) -> str:
        """See ``Contents.keep``: written beside, synchronised, then renamed, so that a name never has half a file."""
        digest = sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{digest}.{os.getpid()}.part")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        return digest

    def read(self, sha256: str) -> bytes:
        """See ``Contents.read``."""
        return _checked(sha256, self._path(sha256))

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


def _checked(digest: str, path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ContentAbsent(sha256=digest) from None
    if sha256(data).hexdigest() != digest:
        raise ContentAltered(sha256=digest)
    return data
