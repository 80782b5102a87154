"""From a scan as a device sends it to one ready to be sequenced: codes are read here, whatever form they came in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from api.events import drafted
from api.faults import BodyUnreadable
from ledger.errors import IdentityError, LedgerError, Place
from ledger.identity import canonical
from ledger.ports import Random
from ledger.records.epcis.reading import read_event
from ledger.services.capture import Submission
from ledger.services.take_scans import Scan

_LISTS: Final = ("epcList", "childEPCs")
_LONGEST_CODE: Final = 2048


def scan_of(value: Any, submission: Submission, random: Random) -> Scan | LedgerError:
    """The scan, or why it cannot be recorded, with a pointer into the event."""
    try:
        return _scan(value, submission, random)
    except LedgerError as error:
        return error


def _scan(value: Any, submission: Submission, random: Random) -> Scan:
    if not isinstance(value, dict):
        raise BodyUnreadable(why="a scan is a JSON object")
    fields = dict(value)
    for name in _LISTS:
        if isinstance(fields.get(name), list):
            fields[name] = [_read(code, f"/{name}/{at}") for at, code in enumerate(fields[name])]
    if isinstance(fields.get("parentID"), str):
        fields["parentID"] = _read(fields["parentID"], "/parentID")
    for name in ("readPoint", "bizLocation"):
        if isinstance(fields.get(name), dict):
            fields[name] = fields[name] | {"id": _read(fields[name].get("id"), f"/{name}/id")}
    event = read_event(msgspec.json.encode(fields))
    things = tuple(code for name in _LISTS for code in fields.get(name) or ())
    read_point = fields.get("readPoint") or {}
    return Scan(
        draft=drafted(event, submission, random),
        event_id=event.event_id,
        things=things,
        step=str(fields.get("bizStep", "")),
        place=str(read_point.get("id", "")),
        at=event.event_time,
        takes_back=event.error_declaration is not None,
    )


def _read(code: Any, pointer: str) -> str:
    if not isinstance(code, str) or len(code) > _LONGEST_CODE:
        raise BodyUnreadable(why="a code is a text").at(Place(pointer=pointer))
    try:
        return canonical(code)
    except IdentityError as error:
        raise error.at(Place(pointer=pointer)) from None


def skew_ms(device_time: str, now: datetime) -> int | None:
    """The device's clock minus this one [ms]; ``None`` when the device does not say."""
    try:
        said = datetime.fromisoformat(device_time)
    except ValueError:
        return None
    if said.tzinfo is None:
        return None
    apart = said.astimezone(UTC) - now
    return round(apart.total_seconds() * 1000)
