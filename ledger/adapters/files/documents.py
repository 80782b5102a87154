"""
EPCIS JSON documents, and records line by line (NDJSON).

``@context`` is never followed: field names are EPCIS's own and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from ledger.adapters.files.errors import FormatUnknown
from ledger.adapters.files.forms.form import vehicle_unknown
from ledger.adapters.files.lines import Content, Text, lines
from ledger.errors import LedgerError
from ledger.records.errors import FieldMissing, RecordUnreadable
from ledger.records.record import Record, decode
from ledger.services.import_file import Fault, ReadRow

MAX_DOCUMENT = 200_000_000


class _Body(msgspec.Struct):
    event_list: list[msgspec.Raw] = msgspec.field(name="eventList", default_factory=list)


class _Document(msgspec.Struct):
    type: str
    body: _Body = msgspec.field(name="epcisBody", default_factory=_Body)


class _Event(msgspec.Struct):
    event_id: str = msgspec.field(name="eventID", default="")
    event_time: str = msgspec.field(name="eventTime", default="")


_DOCUMENT = msgspec.json.Decoder(_Document)
_EVENT = msgspec.json.Decoder(_Event)
_ENCODE = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class EpcisFile:
    """An ``EPCISDocument`` with its events, each one row; its place is a JSON pointer."""

    name: str
    sha256: str
    events: tuple[msgspec.Raw, ...]
    kinds: tuple[str, ...] = ("epcis_event",)
    headings: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @classmethod
    def open(cls, content: Content) -> EpcisFile:
        """Raises ``FileTooLarge``, ``FormatUnknown``."""
        data = content.whole(MAX_DOCUMENT)
        try:
            document = _DOCUMENT.decode(data.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise FormatUnknown(found=str(error)) from None
        if document.type != "EPCISDocument":
            raise FormatUnknown(found=document.type)
        return cls(content.name, sha256(data).hexdigest(), tuple(document.body.event_list))

    @property
    def total(self) -> int:
        """Events."""
        return len(self.events)

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:  # noqa: ARG002
        """Every event."""
        for index, raw in enumerate(self.events):
            pointer = f"/epcisBody/eventList/{index}"
            yield ReadRow(None, 0, pointer, (), _event(bytes(raw)))


def _event(raw: bytes) -> Record | tuple[Fault, ...]:
    try:
        found = _EVENT.decode(raw)
        if not found.event_id:
            return (Fault("eventID", "", FieldMissing(field="eventID")),)
        head = b'{"event":' + raw + b',"id":' + _ENCODE(found.event_id) + b',"kind":"epcis_event","occurred_at":'
        return decode(head + _ENCODE(found.event_time) + b',"version":1}', "epcis_event")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return (Fault(None, "", RecordUnreadable(why=str(error))),)
    except LedgerError as error:
        return (_fault(error),)


@dataclass(frozen=True, slots=True)
class RecordLines:
    """Records of any kind, one JSON object a line, in the form that the log keeps."""

    content: Content
    text: Text
    kinds: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.content.name

    @property
    def sha256(self) -> str:
        """Hash of its bytes."""
        return self.text.sha256

    @property
    def total(self) -> int:
        """Lines."""
        return self.text.line_ends

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:
        """Every line; empty ones are passed over but counted."""
        for number, line in enumerate(lines(self.content), 1):
            if not line.isspace():
                yield _line(number, line, vehicles)


def _line(number: int, line: bytes, vehicles: Mapping[str, str]) -> ReadRow:
    try:
        record: Any = decode(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
    except LedgerError as error:
        return ReadRow(None, number, None, (_shown(line),), (_fault(error),))
    if record.kind == "transport_leg" and record.vehicle not in vehicles:
        return ReadRow(None, number, None, (_shown(line),), (_vehicle_fault(record.vehicle, vehicles),))
    return ReadRow(None, number, None, (), record)


def _vehicle_fault(vehicle: str, vehicles: Mapping[str, str]) -> Fault:
    return Fault("vehicle", vehicle, vehicle_unknown(vehicle, vehicles))


def _fault(error: LedgerError) -> Fault:
    """The fault of a document: the field it is about instead of a column."""
    pointer = error.place.pointer if error.place else None
    return Fault((pointer or "").removeprefix("/").replace("event/", "", 1) or None, "", error)


def _shown(line: bytes) -> str:
    return line[:2_000].decode("utf-8", "replace").strip()
