"""
Impinj R700, events of its IoT device interface.

Source: Impinj IoT device interface, ``tagInventoryEvent``: ``epc`` is base64url without padding, ``epcHex`` optional,
``peakRssiCdbm`` hundredths of a dBm, times with nine decimals.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from ledger.reads.errors import ReadUnfit
from ledger.reads.read import TagRead, hexadecimal, moment, whole_number


def read(value: Mapping[str, Any]) -> TagRead | None:
    """The read of a tag inventory event."""
    seen = value.get("tagInventoryEvent")
    if not isinstance(seen, Mapping):
        return None
    rssi = seen.get("peakRssiCdbm")
    return TagRead(
        tag=hexadecimal(seen["epcHex"] if "epcHex" in seen else _decoded(seen.get("epc"))),
        at=moment(seen.get("lastSeenTime", value.get("timestamp"))),
        antenna=whole_number(seen.get("antennaPort")),
        rssi_cdbm=rssi if isinstance(rssi, int) else None,
    )


def _decoded(epc: object) -> str:
    if not isinstance(epc, str) or not epc.isascii():
        raise ReadUnfit(why="the event has neither epc nor epcHex", why_zh="事件缺少 epc 与 epcHex")
    try:
        return urlsafe_b64decode(epc + "=" * (-len(epc) % 4)).hex()
    except (binascii.Error, ValueError):
        raise ReadUnfit(why="epc is not base64url", why_zh="epc 不是 base64url") from None
