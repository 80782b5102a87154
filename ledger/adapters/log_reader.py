"""Another log, read over HTTP as C2SP tlog-tiles lays it out. Answers are bounded."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ledger.log.checkpoint import MAX_NOTE
from ledger.log.errors import LogUnreachable
from ledger.log.merkle import HASH_SIZE
from ledger.log.tile_paths import TilePlace, tile_path
from ledger.log.tiles import TILE_HEIGHT, TILE_WIDTH, Place, TileReader

SECONDS = 20


@dataclass(frozen=True, slots=True)
class HttpLog:
    """The log whose public address is ``prefix``. Raises ``LogUnreachable``."""

    prefix: str

    def __post_init__(self) -> None:
        if urlsplit(self.prefix).scheme not in {"http", "https"}:
            raise LogUnreachable(url=self.prefix, reason="http(s) alone")

    def checkpoint(self) -> str:
        """Its newest checkpoint, as a note."""
        try:
            return self._get("checkpoint", MAX_NOTE).decode()
        except UnicodeDecodeError as error:
            raise LogUnreachable(url=self.prefix, reason="no text") from error

    def tiles(self, size: int) -> TileReader:
        """A reader of the tiles of its tree of so many leaves."""

        def read(places: Sequence[Place]) -> Mapping[Place, bytes]:
            return {place: self._tile(place, size) for place in places}

        return read

    def _tile(self, place: Place, size: int) -> bytes:
        level, number = place
        width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
        most = TILE_WIDTH * HASH_SIZE
        try:
            return self._get(f"tile/{level}/{tile_path(TilePlace(number, width))}", most)
        except LogUnreachable:
            if width == TILE_WIDTH:
                raise
            # tlog-tiles: a partial tile may be gone once the full one is there.
            return self._get(f"tile/{level}/{tile_path(TilePlace(number))}", most)

    def _get(self, path: str, most: int) -> bytes:
        url = f"{self.prefix.rstrip('/')}/{path}"
        try:
            with urllib.request.urlopen(url, timeout=SECONDS) as response:  # noqa: S310 - the scheme was looked at
                data: bytes = response.read(most + 1)
        except (OSError, ValueError) as error:
            raise LogUnreachable(url=url, reason=str(error)) from error
        if len(data) > most:
            raise LogUnreachable(url=url, reason=f"more than {most} bytes")
        return data
