"""Text of a file: its encoding found, its lines or rows handed out one by one, the whole never in memory."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Literal

from ledger.adapters.files.errors import FileTooLarge, TextUnreadable

MAX_TEXT = 2_000_000_000
"""Bytes of a table or of records line by line, at most. An EPCIS document is held in memory and has its own limit."""
MAX_FIELD = 100_000
"""Characters of one cell, at most."""
_CHUNK = 1 << 20
Encoding = Literal["utf-8-sig", "gb18030"]


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file, in memory or on disk."""

    name: str
    at: Path | bytes

    def open(self) -> BinaryIO:
        """A fresh stream."""
        return self.at.open("rb") if isinstance(self.at, Path) else BytesIO(self.at)

    def size(self) -> int:
        """Bytes."""
        return self.at.stat().st_size if isinstance(self.at, Path) else len(self.at)

    def whole(self, limit: int) -> bytes:
        """All of it. Raises ``FileTooLarge``."""
        if self.size() > limit:
            raise FileTooLarge(size=self.size(), limit=limit)
        return self.at.read_bytes() if isinstance(self.at, Path) else self.at

    def start(self, size: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def sha256(self) -> str:
        """Hash of all bytes, 64 hexadecimal digits."""
        found = sha256()
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Text:
    """What one pass over a text file found out."""

    encoding: Encoding
    line_ends: int
    sha256: str


def read_through(content: Content) -> Text:
    """
    One pass: the encoding that fits every byte, the number of lines, the hash.

    UTF-8 (with or without its mark) is tried first, then GB18030. Raises ``TextUnreadable``, ``FileTooLarge``.
    """
    if content.size() > MAX_TEXT:
        raise FileTooLarge(size=content.size(), limit=MAX_TEXT)
    digest, ends = sha256(), 0
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "gb18030")}
    with content.open() as stream:
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                raise TextUnreadable(
                    why="it holds zero bytes (UTF-16 or binary)", why_zh="含有零字节（UTF-16 或二进制）"
                )
            digest.update(chunk)
            ends += chunk.count(b"\n")
            _feed(decoders, chunk, final=False)
    _feed(decoders, b"", final=True)
    return Text("utf-8-sig" if "utf-8-sig" in decoders else "gb18030", ends, digest.hexdigest())


def _feed(decoders: dict[str, codecs.IncrementalDecoder], chunk: bytes, *, final: bool) -> None:
    """Drop the decoders that this chunk does not fit."""
    for name in list(decoders):
        try:
            decoders[name].decode(chunk, final)
        except UnicodeDecodeError:
            del decoders[name]
        else:
            if name == "utf-8-sig" and not chunk.isascii():
                continue
            break  # while UTF-8 fits and all is ASCII, GB18030 fits as well
    if not decoders:
        raise TextUnreadable(why="it is neither UTF-8 nor GB18030", why_zh="既不是 UTF-8 也不是 GB18030")


def rows(content: Content, text: Text) -> Iterator[list[str]]:
    """Every row of a delimited table; the delimiter is ``,``, ``;`` or tab, whichever the first rows use most."""
    with TextIOWrapper(content.open(), text.encoding, newline="") as stream:
        head = stream.read(8_192)
        delimiter = max(",;\t", key=head.count)
        stream.seek(0)
        csv.field_size_limit(MAX_FIELD)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                why = f"line {reader.line_num}: {error}"
                raise TextUnreadable(why=why, why_zh=f"第 {reader.line_num} 行：{error}") from None
            if row is None:
                return
            yield row


def lines(content: Content) -> Iterator[bytes]:
    """Every line of a file of records, without its end. Raises ``FileTooLarge`` for an endless line."""
    limit = 2_000_000
    with content.open() as stream:
        while line := stream.readline(limit):
            if len(line) == limit:
                raise FileTooLarge(size=len(line), limit=limit - 1)
            yield line
