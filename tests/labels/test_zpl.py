"""ZPL: what a renderer of another maker makes of it, and what it writes into tags."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zlib
from base64 import b64decode
from binascii import crc_hqx
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from labels import Job, errors
from labels.layout import L7160
from labels.stocks import PART, ROLL_40X30, ROLL_100X50, stock_named
from labels.symbol import GS1_DATAMATRIX
from labels.tag_answers import compared, epc_in
from labels.zpl import Zpl, encoding, escaped, zpl_formats
from tests.e2e.browser import node
from tests.labels.samples import DOMAIN, decoded, links_of, some_labels

RENDER = Path(__file__).with_name("render_zpl.mjs")
# TDS 2.3 annex E.3: GIAI-96 and SGTIN-198.
GIAI_96 = "3476451FD40000000000162E"
SGTIN_198 = "3666C4409047E159B2C2BF100000000000000000000000000000"


def rendered(zpl: bytes, job: Job) -> list[Image.Image]:
    """Pictures of every format, by npm zpl-renderer-js."""
    stock = job.stock
    size = [str(length / 100) for length in stock.page]
    dots = {203: "8", 300: "12"}[stock.dpi]
    done = subprocess.run([node(), str(RENDER), *size, dots], input=zpl, stdout=subprocess.PIPE, check=True)
    return [Image.open(io.BytesIO(b64decode(data))).convert("L") for data in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("stock", "way"),
    [
        (ROLL_100X50, Zpl()),
        (ROLL_100X50, Zpl(native=True)),
        (replace(ROLL_100X50, dpi=300), Zpl(native=True)),
        (stock_named("60x40", 300), Zpl()),
    ],
    ids=["203", "203-native", "300-native", "300-own-size"],
)
def test_a_renderer_of_another_maker_prints_codes_that_read(stock, way):
    """Each format renders to its own label, and its code says the label's link."""
    labels, job = some_labels(4), Job(DOMAIN, stock)
    pictures = rendered(b"".join(zpl_formats(labels, job, way)), job)
    assert [decoded(picture) for picture in pictures] == [[link] for link in links_of(labels, job)]


def test_a_datamatrix_for_a_small_part_renders_and_reads():
    """14 x 14 mm at 300 dots to the inch."""
    labels, job = some_labels(2), Job(DOMAIN, PART, GS1_DATAMATRIX)
    (first, second) = rendered(b"".join(zpl_formats(labels, job)), job)
    assert decoded(first) == ["(01)09506000134352(21)100000000"]
    assert decoded(second) == ["(8004)95211415679"]


def test_the_bitmap_is_the_drawing_dot_for_dot():
    """What ^GFA unpacks to reads back; its length, row length and CRC-16/XMODEM are as stated."""
    labels, job = some_labels(1), Job(DOMAIN, ROLL_40X30)
    (zpl,) = zpl_formats(labels, job)
    found = re.search(rb"\^GFA,(\d+),(\d+),(\d+),:Z64:([^:]+):([0-9A-F]{4})\^FS", zpl)
    assert found
    size, again, row, packed, crc = found.groups()
    data = zlib.decompress(b64decode(packed))
    wide, high = job.stock.page_dots
    assert (int(size), int(again), int(row)) == (len(data), len(data), -(-wide // 8))
    assert len(data) == int(row) * high
    assert int(crc, 16) == crc_hqx(packed, 0)
    assert crc_hqx(b"123456789", 0) == 0x31C3  # the check value of CRC-16/XMODEM
    picture = Image.frombytes("1", (int(row) * 8, high), bytes(byte ^ 0xFF for byte in data)).convert("L")
    assert decoded(picture) == links_of(labels, job)


def test_a_short_epc_is_written_plainly_and_a_long_one_with_its_pc_word():
    """96 bits: the printer sets the PC word. 208 bits: 13 words, PC 0x6800, from word 1 of bank 1 on."""
    assert encoding(GIAI_96, 3) == ["^RS8,,,3", f"^RFW,H^FD{GIAI_96}^FS"]
    assert encoding(SGTIN_198, 2) == ["^RS8,,,2", f"^RFW,H,1,28,1^FD6800{SGTIN_198}^FS"]
    labels = [replace(label, epc=GIAI_96) for label in some_labels(1)]
    (zpl,) = zpl_formats(labels, Job(DOMAIN, ROLL_100X50), Zpl(encode=True))
    order = [zpl.index(part) for part in (b"^RS8", b"^RFW,H^FD" + GIAI_96.encode(), b"^GFA", b"^RFR,H^FN1", b"^HV1,24")]
    assert order == sorted(order)
    assert b"^FH_^HV1,24,EPC[,]_0D_0A,L^FS" in zpl


@pytest.mark.parametrize("epc", ["", "34", "3476451FD4000000000016ZZ", "0" * 128])
def test_what_no_tag_can_hold_is_not_written(epc):
    """No EPC, half a word, other letters, more words than a PC word can say."""
    with pytest.raises(errors.EpcUnfit):
        encoding(epc, 3)


def test_encoding_is_refused_for_a_label_without_an_epc():
    """A tag is never left as it came."""
    with pytest.raises(errors.EpcUnfit):
        list(zpl_formats(some_labels(1), Job(DOMAIN, ROLL_100X50), Zpl(encode=True)))


def test_a_sheet_is_no_roll():
    """Sheets do not go through label printers."""
    with pytest.raises(errors.NotARoll):
        list(zpl_formats(some_labels(1), Job(DOMAIN, L7160)))


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_field_data_cannot_hold_a_command(text):
    """Whatever is in a field, no command character of ZPL is left in it, and the data comes back whole."""
    safe = escaped(text)
    assert not set(safe) & set("^~\\")
    assert re.sub("_([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), safe) == text


def test_tags_are_compared_with_what_they_should_hold():
    """The same digits match in either case; others do not; no answer and an empty tag are unread."""
    assert compared(1, GIAI_96, b"EPC[" + GIAI_96.lower().encode() + b"]\r\n").verdict == "match"
    assert compared(1, GIAI_96, b"EPC[3476451FD40000000000162F]\r\n").verdict == "mismatch"
    assert compared(1, GIAI_96, b"EPC[]\r\n").verdict == "unread"
    assert compared(1, GIAI_96, None).verdict == "unread"
    for answer in (b"", b"ERROR 3\r\n", b"EPC[34", b"EPC[34]EPC[35]"):
        with pytest.raises(errors.ReadBackUnreadable):
            epc_in(answer)
