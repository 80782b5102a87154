"""Sealed segments on the wire."""

from __future__ import annotations

from msgspec import Struct


class SegmentFile(Struct, frozen=True, kw_only=True):
    """A file of a segment, at ``/api/v1/segments/NAME/FILE``."""

    name: str
    bytes: int
    sha256: str


class SegmentView(Struct, frozen=True, kw_only=True):
    """Entries ``start`` to ``stop`` - 1, under the checkpoint of size ``stop``."""

    name: str
    start: int
    stop: int
    files: list[SegmentFile]


class SegmentList(Struct, frozen=True, kw_only=True):
    """Those of a page that the reader may have; ask again with ``after`` = ``next_after`` until it is null."""

    segments: list[SegmentView]
    next_after: int | None
