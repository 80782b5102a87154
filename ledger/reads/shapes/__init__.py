"""
The shapes in which readers send reads as JSON. A new one is one file and one line here.

Each takes an object and gives its read, or ``None`` when the object is not of its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ledger.reads.read import TagRead
from ledger.reads.shapes import impinj, plain, zebra

Shape = Callable[[Mapping[str, Any]], TagRead | None]
SHAPES: Final[tuple[Shape, ...]] = (impinj.read, zebra.read, plain.read)


def read_of(value: Any) -> TagRead | None:
    """
    The read in an object; ``None`` for what readers send beside reads (heartbeats, states).

    Raises ``ReadUnfit`` for a read with parts that cannot be used.
    """
    if not isinstance(value, Mapping):
        return None
    return next((found for shape in SHAPES if (found := shape(value)) is not None), None)
