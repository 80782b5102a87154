"""
Symbols as modules: QR codes of Digital Links, and GS1 DataMatrix for small parts; one row each in ``SYMBOLOGIES``.

A GS1 Digital Link goes into a plain QR code (symbology identifier ]Q1), not into one with FNC1. The library zxing-cpp
makes them; where it has no build, the qrcode library makes QR codes of the same size, about fifty times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from labels.errors import SymbolUnfit
from labels.layout import Correction
from ledger.identity import URI, Identity

if TYPE_CHECKING:
    import zxingcpp


@dataclass(frozen=True, slots=True)
class Modules:
    """A symbol without its quiet zone: ``width`` x ``height`` modules by rows from the top, 0 dark, 255 light."""

    width: int
    height: int
    cells: bytes

    def dark_runs(self) -> list[tuple[int, int, int]]:
        """Dark modules side by side: column and row (from the top left) and length."""
        width, found = self.width, []
        for row in range(self.height):
            cells = self.cells[row * width : row * width + width]
            start = cells.find(0)
            while start >= 0:
                end = cells.find(255, start)
                end = width if end < 0 else end
                found.append((start, row, end - start))
                start = cells.find(0, end)
        return found


def qr_by_zxing(content: str, correction: Correction) -> Modules:
    """A QR code by zxing-cpp. Raises ``ValueError`` when the content is too long."""
    import zxingcpp

    return _modules(zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level=correction))


def qr_by_qrcode(content: str, correction: Correction) -> Modules:
    """A QR code by qrcode. Raises ``ValueError`` when the content is too long."""
    import qrcode
    from qrcode import constants
    from qrcode.exceptions import DataOverflowError

    code = qrcode.QRCode(border=0, error_correction=getattr(constants, f"ERROR_CORRECT_{correction}"))
    code.add_data(content)
    try:
        code.make(fit=True)
    except DataOverflowError as error:
        raise ValueError(content) from error
    size = code.modules_count
    return Modules(size, size, bytes(0 if dark else 255 for row in code.get_matrix() for dark in row))


_make_qr = qr_by_zxing if find_spec("zxingcpp") else qr_by_qrcode


def qr(content: str, correction: Correction = "M") -> Modules:
    """A QR code (ISO/IEC 18004, model 2); beyond ASCII as UTF-8. Raises ``SymbolUnfit`` when it is too long."""
    try:
        return _make_qr(content, correction)
    except ValueError as error:
        raise SymbolUnfit(content=content[:80], symbology="QR") from error


def gs1_datamatrix(content: str, _correction: Correction = "M") -> Modules:
    """A GS1 DataMatrix of an element string with brackets; its error correction is fixed by its size (ECC 200)."""
    import zxingcpp

    try:
        return _modules(
            zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True)
        )
    except ValueError as error:
        raise SymbolUnfit(content=content, symbology="GS1 DataMatrix") from error


def _modules(made: zxingcpp.Barcode) -> Modules:
    image = made.to_image(scale=1, add_quiet_zones=False)
    height, width = image.shape
    return Modules(width, height, bytes(memoryview(image)))  # type: ignore[arg-type]


def link_of(identity: Identity, domain: str) -> str:
    """What a QR code says: the Digital Link on our resolver, or the address of a thing without a GS1 key."""
    return identity.text if identity.key is URI else identity.digital_link(domain)


def elements_of(identity: Identity, _domain: str) -> str:
    """What a GS1 DataMatrix says. Raises ``SymbolUnfit`` for a bracket inside a value, which cannot be told apart."""
    said = identity.element_string()
    if "\\" in said or ")" in identity.code + identity.serial:
        raise SymbolUnfit(content=said, symbology="GS1 DataMatrix")
    return said


@dataclass(frozen=True, slots=True)
class Symbology:
    """A kind of symbol: what it says of an identity, how it is made, and how much white it needs around it."""

    name: str
    content: Callable[[Identity, str], str]
    make: Callable[[str, Correction], Modules]
    quiet: int
    """Quiet zone on each side [modules]."""
    least_x: int
    """Smallest module [1/1000 mm]."""
    format: str
    """Its name in zxing-cpp, for reading it back."""
    identifier: str
    """Symbology identifier a scanner reports (ISO/IEC 15424)."""


QR = Symbology("QR", link_of, qr, 4, 396, "QRCode", "]Q1")
GS1_DATAMATRIX = Symbology("GS1 DataMatrix", elements_of, gs1_datamatrix, 1, 250, "DataMatrix", "]d2")
"""Read at close range from small parts, so its modules may be smaller: two dots at 203, three at 300 to the inch."""

SYMBOLOGIES: tuple[Symbology, ...] = (QR, GS1_DATAMATRIX)
