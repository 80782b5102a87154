"""
Writing a print job as PDF: any number of labels on sheets or a roll, the typeface embedded, symbols as vector paths.

The same job gives the same bytes. Nothing is written when one label is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from labels.composition import Frame, Label, Setting, compose
from labels.drawing import Drawn, page_content, texts_of
from labels.errors import JobSize
from labels.job import Job
from labels.pdf import PdfFile
from ledger.errors import LedgerError, Place
from ledger.identity import link_stem

MOST_LABELS = 50_000
"""Labels in one file: its pages stay in memory until all are drawn, about 400 bytes a label."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    labels: int
    pages: int


def write_sheet(
    target: str | PathLike[str] | BinaryIO,
    labels: Iterable[Label],
    job: Job,
    progress: Callable[[int], None] | None = None,
) -> Written:
    """
    Write the PDF of ``labels`` to a path or an open binary file.

    ``progress`` is called with the number of labels done after each page. Raises leaves of ``LabelError`` and
    ``IdentityError`` with the label's number as the row of their place (from 1).
    """
    file = PdfFile(job.stock.page_points, job.locale)
    pages = done = 0
    for page in drawn_pages(labels, job):
        file.add_page(page_content(page, job.stock, outline=job.outline), texts_of(page))
        pages += 1
        done += len(page)
        if progress:
            progress(done)
    if not done:
        raise JobSize(got="0", most=MOST_LABELS)
    _save(file, target)
    return Written(done, pages)


def _save(file: PdfFile, target: str | PathLike[str] | BinaryIO) -> None:
    if isinstance(target, str | PathLike):
        with Path(target).open("wb") as out:
            file.save(out)
    else:
        file.save(target)


def drawn_pages(labels: Iterable[Label], job: Job) -> Iterator[list[Drawn]]:
    """Labels composed and placed, a page at a time."""
    stock, page = job.stock, 0
    frames = {epc: Frame.of(stock, epc=epc) for epc in (False, True)}
    current: list[Drawn] = []
    setting = Setting(job.symbology.quiet, job.symbology.least_x, link_stem(job.domain).partition("://")[2], job.locale)
    for number, label in enumerate(labels):
        if number >= MOST_LABELS:
            raise JobSize(got=f"> {MOST_LABELS}", most=MOST_LABELS)
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
