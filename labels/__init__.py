"""
Labels: the one code as a symbol and as text, on sheets and rolls, and the proof that every symbol reads back.

``write_sheet`` makes the PDF of a job, ``verify_sheet`` renders it and decodes each label. Needs ``ledger.identity``
and nothing else of the ledger.
"""

from __future__ import annotations

from labels.composition import Label
from labels.job import Job
from labels.layout import Stock
from labels.sheet import Written, write_sheet
from labels.stocks import STOCKS, stock_named
from labels.symbol import GS1_DATAMATRIX, QR, SYMBOLOGIES
from labels.verify import Fault, Verification, verify_sheet

__all__ = [
    "GS1_DATAMATRIX",
    "QR",
    "STOCKS",
    "SYMBOLOGIES",
    "Fault",
    "Job",
    "Label",
    "Stock",
    "Verification",
    "Written",
    "stock_named",
    "verify_sheet",
    "write_sheet",
]
