"""A page that shows where a printer puts labels: print it on plain paper, lay it over the stock, read the offset."""

from __future__ import annotations

import zlib
from io import BytesIO

from labels.drawing import text_shown
from labels.job import Job
from labels.layout import Stock
from labels.pdf import PdfFile

TICK, LONG_TICK = 100, 500
"""A ruler has a tick every millimetre, a longer one every five [1/100 mm]."""


def calibration_page(job: Job) -> bytes:
    """
    One page (PDF): the edge and middle cross of each label at the job's offset, its place, and two rulers.

    The rulers stand in the first label and count millimetres from its left and top edge. What the paper's label edge
    reads there is the offset to set.
    """
    stock = job.stock
    scale = f"{72 / stock.dpi:.6f}"
    parts = [f"{scale} 0 0 {scale} 0 0 cm 1 w"]
    texts = [_title(job)]
    top = stock.page_dots[1]
    for place in range(stock.per_page):
        slot = stock.slot(place, 1, job.offset)
        parts += _edges(stock, slot.x, top - slot.y)
        texts.append(str(place + 1))
        parts.append(_text(texts[-1], slot.x + stock.dots(250), top - slot.y - stock.dots(750), stock.dots(300)))
    slot = stock.slot(0, 1, job.offset)
    parts += _rulers(stock, slot.x, top - slot.y)
    parts.append(_text(texts[0], slot.x + stock.dots(800), top - slot.y - stock.dots(700), stock.dots(250)))
    file = PdfFile(stock.page_points, job.locale)
    file.add_page(zlib.compress("\n".join(parts).encode("ascii")), "".join(texts))
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _title(job: Job) -> str:
    right, down = (f"{length / 100:+.2f}" for length in job.offset)
    return f"{job.stock.name} → {right} ↓ {down} mm"


def _edges(stock: Stock, x: int, y: int) -> list[str]:
    """The edge of a label and a cross in its middle; ``x``, ``y`` its upper left corner, y upwards."""
    wide, high = stock.size
    arm, middle, centre = stock.dots(200), x + wide // 2, y - high // 2
    return [
        f"{x} {y - high} {wide} {high} re S",
        f"{middle - arm} {centre} m {middle + arm} {centre} l S",
        f"{middle} {centre - arm} m {middle} {centre + arm} l S",
    ]


def _rulers(stock: Stock, x: int, y: int) -> list[str]:
    """Ticks along the upper and the left edge of the first label."""
    found = []
    for at in range(0, stock.label[0], TICK):
        long = stock.dots(250 if at % LONG_TICK == 0 else 120)
        found.append(f"{x + stock.dots(at)} {y} m {x + stock.dots(at)} {y - long} l S")
    for at in range(0, stock.label[1], TICK):
        long = stock.dots(250 if at % LONG_TICK == 0 else 120)
        found.append(f"{x} {y - stock.dots(at)} m {x + long} {y - stock.dots(at)} l S")
    return found


def _text(text: str, x: int, y: int, size: int) -> str:
    return f"BT 1 0 0 1 {x} {y} Tm{text_shown(text, size)} ET"
