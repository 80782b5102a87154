"""Font, stock and symbols on their own."""

from __future__ import annotations

import hashlib
import re

import pytest
import zxingcpp

from labels.composition import Frame
from labels.fonts import FILE, span_width, spans, width
from labels.stocks import PART, STOCKS
from labels.symbol import Modules, qr, qr_by_qrcode, qr_by_zxing

LINK = "https://id.example.com.cn/01/09506000134352/21/123456789"


def test_the_font_file_is_the_one_described():
    """The checksum in the font's README is that of the file, and its licence lies beside it."""
    readme = FILE.with_name("README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() in readme
    assert "SIL OPEN FONT LICENSE Version 1.1" in FILE.with_name("OFL.txt").read_text(encoding="utf-8")


def test_the_font_draws_every_character_of_gb2312():
    """All 6,763 Chinese characters of GB 2312 and what labels write besides can be drawn."""
    rows = [bytes((r, c)).decode("gb2312", "ignore") for r in range(0xB0, 0xF8) for c in range(0xA1, 0xFF)]
    text = "".join(rows)
    assert len(text) == 6_763
    assert width(text) == 6_763 * 1_000
    assert width("镕堃喆〇锂钴 ·—…‰℃×≤≥Ω²³€") > 0


def test_carbon_dioxide_has_its_subscript():
    """CO2 and the subscript digits are set low; model numbers that merely contain the letters are not."""
    assert spans("12 kg CO2e") == (("12 kg CO", False), ("2", True), ("e", False))
    assert spans("CO₂e N₂O") == (("CO", False), ("2", True), ("e N", False), ("2", True), ("O", False))
    assert spans("ECO2 CO26") == (("ECO2 CO26", False),)
    assert span_width(spans("CO2")) < width("CO2")


@pytest.mark.parametrize("stock", STOCKS, ids=lambda s: s.name)
def test_all_labels_lie_on_the_page_and_apart(stock):
    """No label hangs over the paper's edge, and none covers another."""
    wide, high = stock.size
    places = [stock.slot(i, 1, (0, 0)) for i in range(stock.per_page)]
    assert {p.page for p in places} == {0}
    assert stock.slot(stock.per_page, 1, (0, 0)).page == 1
    for p in places:
        assert p.x >= 0
        assert p.x + wide <= stock.dots(stock.page[0]) + 1
        assert p.y >= 0
        assert p.y + high <= stock.dots(stock.page[1]) + 1
    for a in places:
        assert not any(a != b and abs(a.x - b.x) < wide - 1 and abs(a.y - b.y) < high - 1 for b in places)


@pytest.mark.parametrize("stock", [s for s in STOCKS if s is not PART], ids=lambda s: s.name)
def test_modules_are_whole_dots_with_their_quiet_zone_on_the_label(stock):
    """Module size lies in 0.396-0.990 mm and four white modules stand on every side."""
    modules = qr(LINK)
    placed = Frame.of(stock).symbol(modules, 4, 396)
    assert 0.396 <= placed.module * 25.4 / stock.dpi <= 0.99
    wide, high = stock.size
    assert placed.quiet == 4 * placed.module
    assert placed.x >= placed.quiet
    assert placed.y >= placed.quiet
    assert placed.x + placed.width + placed.quiet <= wide
    assert placed.y + placed.height + placed.quiet <= high


@pytest.mark.parametrize("make", [qr_by_zxing, qr_by_qrcode])
@pytest.mark.parametrize("correction", ["L", "M", "Q", "H"])
def test_two_libraries_make_the_same_kind_of_symbol(make, correction):
    """Both makers give a plain QR code (]Q1) that a third party reads, at the level asked for."""
    modules = make(LINK, correction)
    scale, quiet = 4, 4
    side = (modules.width + 2 * quiet) * scale
    picture = bytearray(b"\xff" * side * side)
    for x, y, n in modules.dark_runs():
        for row in range(scale):
            at = ((y + quiet) * scale + row) * side + (x + quiet) * scale
            picture[at : at + n * scale] = bytes(n * scale)
    pixels = bytes(picture)  # the view borrows it
    image = zxingcpp.ImageView(pixels, side, side, zxingcpp.ImageFormat.Lum)
    (code,) = zxingcpp.read_barcodes(image)
    assert (code.text, code.symbology_identifier, code.ec_level) == (LINK, "]Q1", correction)


def test_runs_cover_exactly_the_dark_modules():
    """Runs of a row are the dark modules of that row and nothing else."""
    modules = Modules(3, 2, bytes([0, 255, 0, 0, 0, 0]))
    assert list(modules.dark_runs()) == [(0, 0, 1), (2, 0, 1), (0, 1, 3)]


def test_stock_is_named_in_both_languages():
    """Every kind of paper has a name of its own and a description in Chinese and English."""
    assert len({s.name for s in STOCKS}) == len(STOCKS)
    for stock in STOCKS:
        assert re.search("[一-龥]", stock.zh)
        assert stock.en
