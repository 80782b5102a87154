"""
A print job for label printers that speak ZPL II: the drawing as a bitmap, and the tag inside encoded and read back.

Source: Zebra ZPL II Programming Guide: ^GF with Z64 data, ^BQ, ^RS, ^RF, ^HV, ^FH, ^CI. A Gen2 tag says in its PC word
how many words its EPC has (EPC Gen2 6.3.2.1.2): printers set it for 96 bits by themselves; for any other length it is
written with the EPC, from word 1 of bank 1 on.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import NamedTuple

from labels.composition import Label
from labels.drawing import Drawn, page_content, texts_of
from labels.errors import EpcUnfit, NotARoll
from labels.job import Job
from labels.pdf import PdfFile
from labels.raster import Bitmap, bitmaps
from labels.sheet import drawn_pages
from labels.spread import spread
from labels.symbol import QR
from ledger.errors import IdentityError
from ledger.identity import pc_word

PIECE = 100
"""Labels drawn in one go."""
_SHORT_EPC = 24
_ESCAPED = {ord(c): f"_{ord(c):02X}" for c in "_^~\\"}


@dataclass(frozen=True, slots=True)
class Zpl:
    """How a job goes to a label printer."""

    encode: bool = False
    """Write each label's EPC into its tag and have it read back. Labels without an EPC are then refused."""
    tries: int = 3
    """Labels the printer may spoil on one EPC before it gives up."""
    native: bool = False
    """QR codes drawn by the printer instead of sent as dots: shorter data, but its own choice of mask."""


class _Piece(NamedTuple):
    first: int
    labels: list[Label]
    job: Job
    way: Zpl


def zpl_formats(
    labels: Iterable[Label],
    job: Job,
    way: Zpl | None = None,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
) -> Iterator[bytes]:
    """
    One format (^XA ... ^XZ) per label, in order.

    Raises ``NotARoll``, ``EpcUnfit`` and what drawing raises; ``progress`` hears the number of labels done.
    """
    if not job.stock.roll:
        raise NotARoll(stock=job.stock.name)
    done = 0
    for formats in spread(_formats, _pieces(labels, job, way or Zpl()), workers):
        yield from formats
        done += len(formats)
        if progress:
            progress(done)


def _pieces(labels: Iterable[Label], job: Job, way: Zpl) -> Iterator[_Piece]:
    stream, first = iter(labels), 0
    while piece := list(islice(stream, PIECE)):
        yield _Piece(first, piece, job, way)
        first += len(piece)


def _formats(piece: _Piece) -> list[bytes]:
    native = piece.way.native and piece.job.symbology is QR
    stock, drawn = piece.job.stock, []
    file = PdfFile(stock.page_points, piece.job.locale)
    for page in drawn_pages(piece.labels, piece.job, piece.first):
        content = page_content(page, stock, symbols=not native)
        file.add_page(zlib.compress(content.encode("ascii"), 1), "".join(texts_of(page)))
        drawn += page
    out = BytesIO()
    file.save(out)
    pictures = bitmaps(out.getvalue(), stock)
    return [
        _format(picture, label, place if native else None, piece)
        for picture, label, place in zip(pictures, piece.labels, drawn, strict=True)
    ]


def _format(picture: Bitmap, label: Label, native: Drawn | None, piece: _Piece) -> bytes:
    job, way = piece.job, piece.way
    wide, high = job.stock.page_dots
    lines = [f"^XA^CI28^PW{wide}^LL{high}^LH0,0"]
    if way.encode:
        lines += encoding(label.epc, way.tries)
    lines.append(f"^FO0,0{graphic(picture)}^FS")
    if native is not None:
        content = job.symbology.content(label.identity, job.domain)
        x, y = native.x + native.symbol.x, native.y + native.symbol.y
        lines.append(f"^FO{x},{y}^BQN,2,{native.symbol.module}^FH_^FD{job.level}A,{escaped(content)}^FS")
    if way.encode:
        lines.append(read_back(label.epc))
    return "\n".join([*lines, "^PQ1^XZ", ""]).encode()


def graphic(picture: Bitmap) -> str:
    """A bitmap as ^GFA in Z64: deflated, base64, and its CRC (CCITT, from 0)."""
    packed = b64encode(zlib.compress(picture.data))
    size = len(picture.data)
    return f"^GFA,{size},{size},{picture.row_bytes},:Z64:{packed.decode()}:{crc_hqx(packed, 0):04X}"


def escaped(text: str) -> str:
    """Field data behind ^FH_: command characters and the escape itself as hexadecimal."""
    return text.translate(_ESCAPED)


def encoding(epc: str, tries: int) -> list[str]:
    """The commands that write an EPC [hexadecimal, whole words]. Raises ``EpcUnfit``."""
    try:
        pc = pc_word(epc)
    except IdentityError:
        raise EpcUnfit(epc=epc) from None
    setup = f"^RS8,,,{tries}"
    if len(epc) == _SHORT_EPC:
        return [setup, f"^RFW,H^FD{epc}^FS"]
    return [setup, f"^RFW,H,1,{2 + len(epc) // 2},1^FD{pc:04X}{epc}^FS"]


def read_back(epc: str) -> str:
    """The commands that read the tag and send ``EPC[...]`` to the host, once for every label."""
    return f"^RFR,H^FN1^FS^FH_^HV1,{len(epc)},EPC[,]_0D_0A,L^FS"
