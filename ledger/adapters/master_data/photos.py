"""Pictures of things: files in ``photos/`` of the ledger's home, named by ``photos.csv``, served by their content."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.adapters.master_data.errors import MasterDataRefused
from ledger.adapters.master_data.table import WatchedTable
from ledger.identity import canonical
from ledger.ports import Photo

FILE: Final = "photos.csv"
FOLDER: Final = "photos"
LARGEST: Final = 2 * 1024 * 1024
_MAGIC: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
"""How a picture begins; nothing else is served, whatever a file is called."""


class PhotoFiles:
    """``ports.Photos`` from a folder that the operator keeps."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self.table = WatchedTable(home / FILE, self._row)

    def photo(self, *identities: str) -> Photo | None:
        """See ``Photos.photo``."""
        rows = self.table.rows()
        return next((rows[identity][0] for identity in identities if identity in rows), None)

    def read(self, digest: str) -> tuple[Photo, bytes] | None:
        """See ``Photos.read``."""
        for photo, path in self.table.rows().values():
            if photo.digest == digest:
                data = path.read_bytes()
                return (photo, data) if sha256(data).hexdigest() == digest else None
        return None

    def version(self) -> int:
        """See ``Photos.version``."""
        return self.table.version()

    def _row(self, row: Mapping[str, str]) -> tuple[str, tuple[Photo, Path]]:
        code, name = canonical(row.get("code", "")), row.get("file", "")
        path = self._folder / name
        if not name or Path(name).name != name or not path.is_file() or path.stat().st_size > LARGEST:
            raise MasterDataRefused(
                why=f"photos/{name} is no file of at most {LARGEST} bytes", why_zh=f"photos/{name} 不是可用的文件"
            )
        data = path.read_bytes()
        kind = next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
        if kind is None:
            why, why_zh = f"photos/{name} is no JPEG and no PNG", f"photos/{name} 不是 JPEG 或 PNG"
            raise MasterDataRefused(why=why, why_zh=why_zh)
        return code, (Photo(sha256(data).hexdigest(), kind), path)
