"""How a stack of labels is printed."""

from __future__ import annotations

from dataclasses import dataclass

from labels.composition import Locale
from labels.layout import L7160, Correction, Stock
from labels.symbol import QR, Symbology
from ledger.identity import link_stem


@dataclass(frozen=True, slots=True)
class Job:
    """How a stack of labels is printed."""

    domain: str
    """Resolver domain the codes point to; a thing without a GS1 key keeps its own address."""
    stock: Stock = L7160
    symbology: Symbology = QR
    correction: Correction | None = None
    """Error correction of QR codes; without it the stock's own."""
    start: int = 1
    """First place used on the first sheet, from 1, row by row: a begun sheet can be used up."""
    offset: tuple[int, int] = (0, 0)
    """Feed correction, right and down [1/100 mm]."""
    locale: Locale = "zh-CN"
    outline: bool = False
    """Draw the edge of each label, to adjust a printer on plain paper."""

    def __post_init__(self) -> None:
        link_stem(self.domain)
        self.stock.must_hold(self.start, self.offset)

    @property
    def level(self) -> Correction:
        """The error correction of this job's QR codes."""
        return self.correction or self.stock.correction
