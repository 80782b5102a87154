"""From a batch of arrivals to EPCIS events, the same ones whenever they are made."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from ledger.reads.presence import Batch
from ledger.reads.reader import Reader
from ledger.records.epcis import Event, Place

LARGEST: Final = 500
"""Things that one event names at most."""
LEAVING: Final = frozenset({"shipping", "departing"})
"""Steps after which things are no longer at the place (CBV 2.0, 7.1)."""
_NAMESPACE: Final = uuid.UUID("6f2f9d0a-52a5-5d0c-9c2e-5b7f0c1f4a11")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def events(reader: Reader, batch: Batch) -> list[Event]:
    """One object event, several above ``LARGEST`` things. The id follows from what the event says (RFC 9562, 5.5)."""
    parts = [batch.things[start : start + LARGEST] for start in range(0, len(batch.things), LARGEST)]
    return [_event(reader, batch.at, part) for part in parts]


def _event(reader: Reader, at: int, things: tuple[str, ...]) -> Event:
    said = "\n".join((reader.tenant, reader.id, reader.read_point, reader.biz_step, str(at), *things))
    return Event(
        action="OBSERVE",
        biz_location=None if reader.biz_step in LEAVING else Place(id=reader.read_point),
        biz_step=reader.biz_step,
        disposition=reader.disposition or None,
        epc_list=list(things),
        event_id=f"urn:uuid:{uuid.uuid5(_NAMESPACE, said)}",
        event_time=_EPOCH + timedelta(microseconds=at),
        event_time_zone_offset=reader.zone,
        read_point=Place(id=reader.read_point),
        type="ObjectEvent",
    )
