"""
EPCIS JSON documents, and records line by line (NDJSON).

``@context`` is never followed and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.adapters.files.errors import FormatUnknown
from ledger.adapters.files.forms.form import vehicle_unknown
from ledger.adapters.files.lines import Content, Text, lines
from ledger.errors import LedgerError
from ledger.records.epcis import Event, record_of
from ledger.records.epcis.checking import check_event, check_things
from ledger.records.epcis.document import EventDocument, read_document
from ledger.records.record import Record, decode
from ledger.services.import_file import Fault, ReadRow

MAX_DOCUMENT = 200_000_000


@dataclass(frozen=True, slots=True)
class EpcisFile:
    """An EPCIS document with its events, each one row; its place is a JSON pointer."""

    name: str
    sha256: str
    document: EventDocument
    kinds: tuple[str, ...] = ("epcis_event",)
    headings: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @classmethod
    def open(cls, content: Content) -> EpcisFile:
        """Raises ``FileTooLarge``, ``FormatUnknown``."""
        data = content.whole(MAX_DOCUMENT)
        try:
            document = read_document(data.removeprefix(b"\xef\xbb\xbf"))
        except LedgerError as error:
            raise FormatUnknown(found=error.message("en")) from None
        return cls(content.name, sha256(data).hexdigest(), document)

    @property
    def total(self) -> int:
        """Events."""
        return len(self.document.events)

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:  # noqa: ARG002
        """Every event."""
        for index, read in enumerate(self.document.events):
            yield ReadRow(None, 0, f"{self.document.pointer}/{index}", (), _record(read))


def _record(read: Event | LedgerError) -> Record | tuple[Fault, ...]:
    try:
        if isinstance(read, LedgerError):
            return (_fault(read),)
        check_event(read)
        check_things(read)
        return record_of(read)
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
