"""Cells that hold several names or pairs, one after the other behind semicolons."""

from __future__ import annotations

from ledger.adapters.files import cell
from ledger.records.errors import contradiction


def names(text: str) -> tuple[str, ...]:
    """``a; b``: names, each once, in that order."""
    parts = (part.strip() for part in text.replace("；", ";").split(";"))
    return tuple(dict.fromkeys(cell.name(part) for part in parts if part))


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """``what: why; what: why``. Raises ``FieldContradicts`` for a part without its second half."""
    found = []
    for part in names(text):
        what, colon, why = part.replace("：", ":").partition(":")
        if not colon or not what.strip() or not why.strip():
            raise contradiction(f"{part!r} is not name: text", f"{part!r} 不是“名称：文字”")
        found.append((what.strip(), why.strip()))
    return tuple(found)
