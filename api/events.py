"""
From the bytes of one EPCIS event to a draft for the log, and from its receipt to the answer.

``POST /events`` does this for one event, ``POST /capture`` for each of a document.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec

from api.faults import BodyUnreadable, ContextNotKnown
from api.schemas.epcis import EventReceipt
from api.wire import instant, require_shallow
from ledger.errors import IdentityError, LedgerError, Place
from ledger.identity import canonical
from ledger.log.entry import SALT_SIZE
from ledger.ports import Draft, Random, Receipt
from ledger.records.epcis_event import EpcisEvent, Event
from ledger.records.errors import RecordUnreadable
from ledger.records.record import check, decode
from ledger.services.capture import Submission, draft

GS1_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CONTEXTS: Final = frozenset(
    {
        GS1_CONTEXT,
        "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        "https://gs1.github.io/EPCIS/epcis-context.jsonld",
    }
)
"""Contexts whose meaning is known without fetching them."""
_LONGEST_ID: Final = 200
_EVENT: Final = msgspec.json.Decoder(Event)


def event_draft(data: bytes, submission: Submission, random: Random) -> Draft:
    """
    The draft of one event as its submitter sent it.

    Raises ``RecordError`` and ``IdentityError`` with a pointer into the event, ``ContextNotKnown``.
    """
    require_shallow(data)
    try:
        event = _EVENT.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        event = _read_slowly(data)
    return drafted(event, submission, random)


def drafted(event: Event, submission: Submission, random: Random) -> Draft:
    """The draft of a typed event; identities are checked, and kept in the words they came in."""
    record = EpcisEvent(event=event, id=event.event_id, kind="epcis_event", occurred_at=event.event_time, version=1)
    if len(event.event_id) > _LONGEST_ID:
        raise RecordUnreadable(why=f"eventID is longer than {_LONGEST_ID} characters").at(Place(pointer="/eventID"))
    try:
        check(record)
        return draft(record, submission, random.token(SALT_SIZE))
    except IdentityError as error:
        raise error.at(Place(pointer=_pointer(event))) from None
    except LedgerError as error:
        raise _outside(error) from None


def _pointer(event: Event) -> str | None:
    """Where the first code is that cannot be read."""
    codes = [("/parentID", event.parent_id)] if event.parent_id else []
    for field, listed in (("epcList", event.epc_list), ("childEPCs", event.child_epcs)):
        codes += [(f"/{field}/{at}", code) for at, code in enumerate(listed or ())]
    for field, amounts in (("quantityList", event.quantity_list), ("childQuantityList", event.child_quantity_list)):
        codes += [(f"/{field}/{at}/epcClass", amount.epc_class) for at, amount in enumerate(amounts or ())]
    return next((pointer for pointer, code in codes if not _readable(code)), None)


def _readable(code: str) -> bool:
    try:
        canonical(code)
    except IdentityError:
        return False
    return True


def _read_slowly(data: bytes) -> Event:
    """An event with a JSON-LD context, or one that is wrong: then the error says where."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BodyUnreadable(why=_short(error)) from None
    return event_of(value)


def event_of(value: Any) -> Event:
    """A typed event from plain JSON data; a known ``@context`` and the sender's ``recordTime`` are left out."""
    if not isinstance(value, dict):
        raise BodyUnreadable(why="an event is a JSON object")
    check_context(value.get("@context"))
    fields = {name: part for name, part in value.items() if name not in {"@context", "recordTime"}}
    wrapped = {
        "event": fields,
        "id": str(fields.get("eventID", "?"))[:_LONGEST_ID] or "?",
        "kind": "epcis_event",
        "occurred_at": fields.get("eventTime", ""),
        "version": 1,
    }
    try:
        record = decode(msgspec.json.encode(wrapped), "epcis_event")
    except LedgerError as error:
        raise _outside(error) from None
    assert isinstance(record, EpcisEvent)
    return record.event


def check_context(context: Any) -> None:
    """Raise ``ContextNotKnown`` for anything but GS1's own context."""
    for part in context if isinstance(context, list) else [context]:
        if part is not None and (not isinstance(part, str) or part not in CONTEXTS):
            raise ContextNotKnown(context=str(part)[:200])


def _outside(error: LedgerError) -> LedgerError:
    """The error with a pointer into the event as sent, not into the record around it."""
    place = error.place
    if place and place.pointer:
        error.place = Place(pointer=place.pointer.removeprefix("/event") or None)
    return error


def _short(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__


def receipt_bytes(event_id: str, receipt: Receipt) -> bytes:
    """The answer to one event."""
    return msgspec.json.encode(
        EventReceipt(event_id=event_id, index=receipt.seq, recorded_at=_instant(receipt.recorded_at))
    )


@lru_cache(maxsize=1024)
def _instant(moment: int) -> str:
    return instant(moment)
