"""
Writing a print job as PDF: any number of labels on sheets or a roll, the typeface embedded, symbols as vector paths.

The same job gives the same bytes. Nothing is written when one label is refused.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NamedTuple

from labels.composition import Frame, Label, Setting, compose
from labels.drawing import Drawn, page_content, texts_of
from labels.errors import JobSize
from labels.job import Job
from labels.pdf import PdfFile
from labels.spread import spread
from ledger.errors import LedgerError, Place
from ledger.identity import link_stem

MOST_LABELS = 50_000
"""Labels in one file: its pages stay in memory until all are drawn, about 400 bytes a label."""
PIECE = 300
"""Labels drawn in one go, at least: fewer would wait for each other, more would come in jumps."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    labels: int
    pages: int


class _Piece(NamedTuple):
    """Labels that fill whole pages, but for the last of the job; ``first`` is the number of the first, from 0."""

    first: int
    labels: list[Label]
    job: Job


def write_sheet(
    target: str | PathLike[str] | BinaryIO,
    labels: Iterable[Label],
    job: Job,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
) -> Written:
    """
    Write the PDF of ``labels`` to a path or an open binary file, drawn in so many processes.

    ``progress`` is called with the number of labels done after every few pages. Raises leaves of ``LabelError`` and
    ``IdentityError`` with the label's number as the row of their place (from 1).
    """
    file = PdfFile(job.stock.page_points, job.locale)
    pages = done = 0
    for drawn in spread(_drawn, _pieces(labels, job), workers):
        for content, characters, count in drawn:
            file.add_page(content, characters)
            done += count
        pages += len(drawn)
        if progress:
            progress(done)
    if not done:
        raise JobSize(got="0", most=MOST_LABELS)
    _save(file, target)
    return Written(done, pages)


def _pieces(labels: Iterable[Label], job: Job) -> Iterator[_Piece]:
    """The job cut at page ends, a few hundred labels a piece."""
    per_page, stream = job.stock.per_page, iter(labels)
    first, step = 0, per_page * -(-PIECE // per_page)
    piece = list(islice(stream, step - job.start + 1))
    while piece:
        if first + len(piece) > MOST_LABELS:
            raise JobSize(got=f"> {MOST_LABELS}", most=MOST_LABELS)
        yield _Piece(first, piece, job)
        first += len(piece)
        piece = list(islice(stream, step))


def _drawn(piece: _Piece) -> list[tuple[bytes, str, int]]:
    """Of each page: its deflated content, the characters on it, how many labels."""
    found = []
    for page in drawn_pages(piece.labels, piece.job, piece.first):
        content = page_content(page, piece.job.stock, outline=piece.job.outline)
        found.append((zlib.compress(content.encode("ascii")), "".join(set().union(*texts_of(page))), len(page)))
    return found


def _save(file: PdfFile, target: str | PathLike[str] | BinaryIO) -> None:
    if isinstance(target, str | PathLike):
        with Path(target).open("wb") as out:
            file.save(out)
    else:
        file.save(target)


def drawn_pages(labels: Iterable[Label], job: Job, first: int = 0) -> Iterator[list[Drawn]]:
    """Labels composed and placed, a page at a time; ``first`` is the number of the first of them in its job."""
    stock, page = job.stock, job.stock.slot(first, job.start, job.offset).page
    frames = {epc: Frame.of(stock, epc=epc) for epc in (False, True)}
    current: list[Drawn] = []
    setting = Setting(job.symbology.quiet, job.symbology.least_x, link_stem(job.domain).partition("://")[2], job.locale)
    for number, label in enumerate(labels, first):
        slot = stock.slot(number, job.start, job.offset)
        if slot.page != page:
            yield current
            page, current = slot.page, []
        try:
            modules = job.symbology.make(job.symbology.content(label.identity, job.domain), job.level)
            symbol, lines = compose(frames[bool(label.epc)], label, modules, setting)
        except LedgerError as error:
            raise error.at(Place(row=number + 1)) from None
        current.append(Drawn(slot.x, slot.y, modules, symbol, lines))
    if current:
        yield current
