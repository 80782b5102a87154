"""Dots on paper: codes at printer resolution, offsets and start positions measured, damage found."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from labels import GS1_DATAMATRIX, Job, errors, verify_sheet, write_sheet
from labels.layout import L7160, Stock
from labels.raster import png
from labels.stocks import FLAG_F, FLAG_P, L7651, PART, PLATE, ROLL_40X30, ROLL_100X50, stock_named
from tests.labels.samples import DOMAIN, decoded, links_of, pdf_of, some_labels


def pages(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    """Pages as a printer of ``dpi`` sees them."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=dpi / 72, grayscale=True).to_pil()


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("stock", [L7160, L7651, ROLL_100X50, ROLL_40X30, FLAG_P, FLAG_F, PLATE], ids=lambda s: s.name)
def test_every_label_decodes_as_a_png_at_printer_resolution(stock: Stock, dpi: int):
    """Rendered to PNG at 203 and 300 dots to the inch, all codes of a page say their links."""
    labels = some_labels(min(stock.per_page, 10)) if not stock.roll else some_labels(3)
    job = Job(DOMAIN, stock)
    pdf = pdf_of(labels, job)
    read = []
    for number in range(len(pypdfium2.PdfDocument(pdf))):
        read += decoded(Image.open(io.BytesIO(png(pdf, number, dpi))).convert("L"))
    assert sorted(read) == sorted(links_of(labels, job))


def test_small_parts_carry_a_datamatrix_and_flags_more_correction():
    """14 mm: DataMatrix with its code below in full. Flags: Q. Outdoor plates: H."""
    labels = some_labels(2)
    assert verify_sheet(
        pdf_of(labels, Job(DOMAIN, PART, GS1_DATAMATRIX)), labels, Job(DOMAIN, PART, GS1_DATAMATRIX)
    ).holds
    with pytest.raises(errors.SymbolTooSmall):
        pdf_of(labels, Job(DOMAIN, PART))
    for stock, level in ((FLAG_P, "Q"), (FLAG_F, "Q"), (PLATE, "H"), (L7160, "M")):
        job = Job(DOMAIN, stock)
        assert job.level == level
        assert verify_sheet(pdf_of(labels, job), labels, Job(DOMAIN, stock, correction=level)).holds


def ink(stock: Stock, **job: object) -> tuple[float, float, float, float]:
    """Left, top, right and bottom edge of the label's printed outline on the first page [mm]."""
    dpi = 600
    (page,) = pages(pdf_of(some_labels(1), Job(DOMAIN, stock, outline=True, **job)), dpi)
    box = page.point(lambda level: 255 if level < 160 else 0).getbbox()
    assert box
    left, top, right, bottom = (at * 25.4 / dpi for at in box)
    return left, top, right, bottom


def test_a_label_stands_where_the_stock_says():
    """L7160: 7.25 mm from the left, 15.15 mm from the top, 63.5 x 38.1 mm, within a tenth of a millimetre."""
    left, top, right, bottom = ink(L7160)
    assert (left, top) == pytest.approx((7.25, 15.15), abs=0.1)
    assert (right - left, bottom - top) == pytest.approx((63.5, 38.1), abs=0.15)


def test_offset_and_start_position_move_the_ink_by_what_they_say():
    """+1.5 mm right and 2 mm up; place 5 is the second row, middle column."""
    left, top, *_ = ink(L7160)
    moved = ink(L7160, offset=(150, -200))
    assert (moved[0] - left, moved[1] - top) == pytest.approx((1.5, -2.0), abs=0.1)
    fifth = ink(L7160, start=5)
    assert (fifth[0] - left, fifth[1] - top) == pytest.approx((66.04, 38.1), abs=0.1)


def test_a_damaged_label_is_caught_and_named():
    """A symbol painted over in the file is missing; the others still read."""
    labels, job = some_labels(6), Job(DOMAIN)
    pdf = pdf_of(labels, job)
    page = next(pages(pdf, 200))
    slot, dot = job.stock.slot(1, 1, (0, 0)), 200 / job.stock.dpi
    left, top = slot.x * dot, slot.y * dot
    ImageDraw.Draw(page).rectangle((left + 40, top + 40, left + 160, top + 160), fill=0)
    damaged = io.BytesIO()
    page.save(damaged, "PDF", resolution=200)
    report = verify_sheet(damaged.getvalue(), labels, job)
    assert [(fault.kind, fault.number, fault.place) for fault in report.faults] == [("missing", 2, 2)]
    assert not report.holds


def test_a_file_drawn_in_processes_is_the_same_file():
    """Two processes draw the job as one does, byte for byte, start position and all."""
    labels, job = some_labels(400), Job(DOMAIN, L7651, start=7)
    one, two = io.BytesIO(), io.BytesIO()
    write_sheet(one, labels, job)
    write_sheet(two, labels, job, workers=2)
    assert one.getvalue() == two.getvalue()
    swapped = [labels[1], labels[0], *labels[2:]]
    report = verify_sheet(two.getvalue(), swapped, job)
    assert [fault.number for fault in report.faults] == [1, 2]
    assert report.labels == 400


def test_paper_of_ones_own_is_checked():
    """Sizes beyond printers, names without a size, and resolutions nobody builds are refused."""
    assert stock_named("80x25").label == (8_000, 2_500)
    assert stock_named("ROLL-70x40", 600).dpi == 600
    for name, refusal in (("9x30", errors.StockUnfit), ("80x999", errors.StockUnfit), ("A4", errors.StockUnknown)):
        with pytest.raises(refusal):
            stock_named(name)
    with pytest.raises(errors.ResolutionUnknown):
        stock_named("L7160", 72)
