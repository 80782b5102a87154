"""Any other reader: ``{"tag": HEX, "at": MOMENT, "antenna": 1, "rssi_cdbm": -6200}``; the first two are needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.reads.read import TagRead, hexadecimal, moment, whole_number


def read(value: Mapping[str, Any]) -> TagRead | None:
    """The read of a plain object."""
    if "tag" not in value:
        return None
    rssi = value.get("rssi_cdbm")
    return TagRead(
        tag=hexadecimal(value["tag"]),
        at=moment(value.get("at")),
        antenna=whole_number(value.get("antenna")),
        rssi_cdbm=rssi if isinstance(rssi, int) and not isinstance(rssi, bool) else None,
    )
