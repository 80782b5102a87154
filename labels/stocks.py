"""
Kinds of label paper, one row each in ``STOCKS``, and paper of one's own by its size.

Sheet layouts and rolls are those named in makers' data sheets; flags and plates are common sizes of cable labels and
nameplates. A feed correction of the job, found with the calibration page, puts a printer right.
"""

from __future__ import annotations

import re
from dataclasses import replace

from labels.errors import ResolutionUnknown, StockUnfit, StockUnknown
from labels.layout import DPIS, L7160, Correction, Stock

L7159 = Stock("L7159", "A4 63.5×33.9 毫米 24 张", "A4 63.5×33.9 mm, 24 labels", (6_350, 3_390),
              columns=3, rows=8, left=725, top=1_290, pitch=(6_604, 3_390))  # fmt: skip
L7163 = Stock("L7163", "A4 99.1×38.1 毫米 14 张", "A4 99.1×38.1 mm, 14 labels", (9_910, 3_810),
              columns=2, rows=7, left=465, top=1_515, pitch=(10_160, 3_810))  # fmt: skip
L7651 = Stock("L7651", "A4 38.1×21.2 毫米 65 张", "A4 38.1×21.2 mm, 65 labels", (3_810, 2_120),
              columns=5, rows=13, left=475, top=1_070, pitch=(4_060, 2_120))  # fmt: skip


def _roll(width: int, height: int) -> Stock:
    """A thermal roll of ``width`` x ``height`` mm at 203 dots to the inch; one label is one page."""
    return _piece(
        f"ROLL-{width}x{height}", f"热敏卷 {width}×{height} 毫米", f"thermal roll {width}×{height} mm", (width, height)
    )


def _piece(
    name: str, zh: str, en: str, size: tuple[int, int], *, dpi: int = 203, correction: Correction = "M"
) -> Stock:
    """Single labels of ``size`` [mm]."""
    label = (100 * size[0], 100 * size[1])
    return Stock(name, zh, en, label, label, dpi=dpi, correction=correction, roll=True)


def _flag(letter: str, size: tuple[int, int], tail: int) -> Stock:
    """
    A cable flag: ``size`` [mm] is printed, a ``tail`` [mm] wraps around the cable: beside it (P) or below it (F).

    Cables are bent, handled and dirty, so a quarter of the symbol may be lost.
    """
    (wide, high), beside = size, letter == "P"
    page = (100 * (wide + tail), 100 * high) if beside else (100 * wide, 100 * (high + tail))
    return Stock(
        f"FLAG-{letter}-{wide}x{high}",
        f"{letter} 型线缆标签 {wide}×{high} 毫米，尾长 {tail} 毫米",
        f"cable flag {letter}, {wide}×{high} mm, tail {tail} mm",
        (100 * wide, 100 * high),
        page,
        dpi=300,
        correction="Q",
        roll=True,
        flag=True,
    )


ROLL_100X50, ROLL_70X40, ROLL_60X40, ROLL_40X30 = _roll(100, 50), _roll(70, 40), _roll(60, 40), _roll(40, 30)
FLAG_P, FLAG_F = _flag("P", (38, 25), 35), _flag("F", (45, 30), 30)
PLATE = _piece("PLATE-70x40", "室外铭牌 70×40 毫米", "outdoor plate 70×40 mm", (70, 40), dpi=300, correction="H")
PART = _piece("PART-14x14", "小零件 14×14 毫米（DataMatrix）", "small part 14×14 mm (DataMatrix)", (14, 14), dpi=300)

STOCKS: tuple[Stock, ...] = (
    L7160, L7159, L7163, L7651, ROLL_100X50, ROLL_70X40, ROLL_60X40, ROLL_40X30, FLAG_P, FLAG_F, PLATE, PART,
)  # fmt: skip

LEAST, MOST = (10, 10), (210, 300)
"""Width and height of a label of one's own size [mm]."""
_OWN = re.compile(r"(?:CUSTOM-)?([0-9]{1,3})x([0-9]{1,3})", re.ASCII)


def stock_named(name: str, dpi: int | None = None) -> Stock:
    """
    The stock of a name, or single labels of one's own size (``80x25``, in mm), for a printer of ``dpi``.

    Raises ``StockUnknown``, ``StockUnfit``, ``ResolutionUnknown``.
    """
    if dpi is not None and dpi not in DPIS:
        raise ResolutionUnknown(dpi=dpi, known=", ".join(map(str, DPIS)))
    found = next((stock for stock in STOCKS if stock.name == name), None) or _own(name)
    return replace(found, dpi=dpi) if dpi else found


def _own(name: str) -> Stock:
    match = _OWN.fullmatch(name)
    if match is None:
        raise StockUnknown(stock=name[:60], known=", ".join(stock.name for stock in STOCKS))
    wide, high = int(match[1]), int(match[2])
    if not (LEAST[0] <= wide <= MOST[0] and LEAST[1] <= high <= MOST[1]):
        raise StockUnfit(stock=f"{wide}x{high}", least="x".join(map(str, LEAST)), most="x".join(map(str, MOST)))
    return _piece(f"CUSTOM-{wide}x{high}", f"自定义 {wide}×{high} 毫米", f"own size {wide}×{high} mm", (wide, high))
