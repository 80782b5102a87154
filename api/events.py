"""From the bytes of one EPCIS event to a draft for the log, and from its receipt to the answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from api.schemas.epcis import EventReceipt
from api.wire import instant, require_shallow
from ledger.log.entry import SALT_SIZE
from ledger.ports import Draft, Random, Receipt
from ledger.records.epcis import EpcisEvent, Event, record_of
from ledger.records.epcis.checking import check_event
from ledger.records.epcis.event_hash import event_hash, hash_matches
from ledger.records.epcis.reading import read_event
from ledger.services.capture import Submission, draft


def event_draft(data: bytes, submission: Submission, random: Random) -> Draft:
    """
    The draft of one event as its submitter sent it.

    Raises ``RecordError`` and ``IdentityError`` with a pointer into the event.
    """
    require_shallow(data)
    return drafted(read_event(data), submission, random)


def drafted(event: Event, submission: Submission, random: Random) -> Draft:
    """The draft of a typed event; it is checked, and kept in the words it came in."""
    check_event(event)
    return draft(record_of(event), submission, random.token(SALT_SIZE))


class EventHash(NamedTuple):
    """The hash id that CBV 2.0 gives an event, and whether an eventID that is a hash id is that one."""

    id: str
    matches: bool | None


def event_hash_of(body: bytes) -> EventHash | None:
    """The hash of the event in an entry's body; ``None`` for another kind of record, or a body that was changed."""
    try:
        event = _RECORDED.decode(body).record.event
    except msgspec.DecodeError:
        return None
    return EventHash(event_hash(event), hash_matches(event))


class _Recorded(msgspec.Struct):
    record: EpcisEvent


_RECORDED: Final = msgspec.json.Decoder(_Recorded)


def receipt_bytes(event_id: str, receipt: Receipt) -> bytes:
    """The answer to one event."""
    return msgspec.json.encode(
        EventReceipt(event_id=event_id, index=receipt.seq, recorded_at=_instant(receipt.recorded_at))
    )


@lru_cache(maxsize=1024)
def _instant(moment: int) -> str:
    return instant(moment)
