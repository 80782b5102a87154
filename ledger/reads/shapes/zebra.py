"""
Zebra FX readers through IoT Connector, tag data events.

Source: Zebra IoT Connector, tag data: ``data.idHex``, ``peakRssi`` in dBm; ``timestamp`` is ISO 8601 or milliseconds
since the epoch, by firmware.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledger.reads.read import TagRead, hexadecimal, moment, whole_number


def read(value: Mapping[str, Any]) -> TagRead | None:
    """The read of a tag data event."""
    seen = value.get("data")
    if not isinstance(seen, Mapping) or "idHex" not in seen:
        return None
    rssi = seen.get("peakRssi")
    return TagRead(
        tag=hexadecimal(seen["idHex"]),
        at=moment(value.get("timestamp")),
        antenna=whole_number(seen.get("antenna")),
        rssi_cdbm=int(Decimal(str(rssi)) * 100) if isinstance(rssi, int | float) and abs(rssi) < 1000 else None,
    )
