"""
EPCIS 2.0 events (GS1 EPCIS 2.0, section 7.4): all five event types with every field, as records.

``event`` is the form, ``reading`` the way in from the wire, ``checking`` what the types alone do not say. ``@context``
is never followed: what GS1's own context means is known here, anything else is a prefix.
"""

from __future__ import annotations

from ledger.records.epcis.error_declaration import DECLARED, ErrorDeclaration, record_id
from ledger.records.epcis.event import (
    BizTransaction,
    Destination,
    EpcisEvent,
    Event,
    EventType,
    PersistentDisposition,
    Place,
    Quantity,
    Source,
    record_of,
)
from ledger.records.epcis.sensor import SensorElement, SensorMetadata, SensorReport

__all__ = [
    "DECLARED",
    "BizTransaction",
    "Destination",
    "EpcisEvent",
    "ErrorDeclaration",
    "Event",
    "EventType",
    "PersistentDisposition",
    "Place",
    "Quantity",
    "SensorElement",
    "SensorMetadata",
    "SensorReport",
    "Source",
    "record_id",
    "record_of",
]
