"""A file of footprints in PACT's form, version 3 or 2: read, and everything said that is wrong or unusual with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from ledger.errors import Place
from ledger.log.errors import RecordConflict
from ledger.log.proof import record_of
from ledger.pact.errors import FootprintFileRefused, PactFieldRefused
from ledger.pact.footprint import defined, faults, taken, warnings
from ledger.pact.version2 import from_version2
from ledger.ports import EntryStore

MOST_FOOTPRINTS: Final = 50
"""Footprints of one file."""
_DOCUMENT: Final = msgspec.json.Decoder(float_hook=str)
"""Numbers with a point or an exponent stay the digits they were written with."""


class FootprintRead(NamedTuple):
    """
    One footprint of a file, by its JSON pointer there.

    ``footprint`` is what would be recorded, ``None`` when there are faults. Pointers of faults and warnings are of the
    file; for a document of version 2 (``converted``) they are of the version 3 footprint that it states.
    """

    pointer: str
    name: str
    converted: bool
    footprint: dict[str, Any] | None
    faults: tuple[PactFieldRefused, ...]
    warnings: tuple[PactFieldRefused, ...]


def read_footprints(data: bytes) -> list[FootprintRead]:
    """
    The footprints of a file: ``{"data": [...]}``, ``{"data": {...}}``, or one bare object.

    Nesting is bounded by whoever takes the bytes in. Raises ``FootprintFileRefused`` for what holds none.
    """
    try:
        document = _DOCUMENT.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FootprintFileRefused(why=f"it is not JSON: {error}", why_zh=f"不是 JSON：{error}") from None
    held, at = (document["data"], "/data") if isinstance(document, dict) and "data" in document else (document, "")
    listed = [(f"{at}/{index}", one) for index, one in enumerate(held)] if isinstance(held, list) else [(at, held)]
    if not 0 < len(listed) <= MOST_FOOTPRINTS:
        why, why_zh = f"it holds {len(listed)} footprints, not 1 to {MOST_FOOTPRINTS}", f"含 {len(listed)} 份碳足迹"
        raise FootprintFileRefused(why=why, why_zh=f"{why_zh}，应为 1 至 {MOST_FOOTPRINTS} 份")
    return [_read(pointer, one) for pointer, one in listed]


def conflict(entries: EntryStore, tenant: str, supplier: str, footprint: Mapping[str, Any]) -> RecordConflict | None:
    """Whether another footprint, or another's, is recorded under its id already."""
    name = f"pcf:{footprint['id']}"
    entry = entries.find(tenant, name)
    if entry is None:
        return None
    record = record_of(entry)
    same = record.get("footprint") == footprint and record.get("supplier") == supplier
    return None if same else RecordConflict(record_id=name, index=entry.index)


def _read(pointer: str, document: Any) -> FootprintRead:
    if not isinstance(document, dict):
        wrong = PactFieldRefused(name="footprint", why="an object", why_zh="应为对象").at(Place(pointer=pointer or "/"))
        return FootprintRead(pointer, "", converted=False, footprint=None, faults=(wrong,), warnings=())
    said = document.get("productNameCompany")
    name = said[:200] if isinstance(said, str) else ""
    version = document.get("specVersion")
    converted = isinstance(version, str) and version.startswith("2")
    if converted:
        try:
            document = from_version2(document)
        except PactFieldRefused as error:
            return FootprintRead(pointer, name, converted, None, (error.at(Place(pointer=f"{pointer}/pcf")),), ())
    kept = {part: value for part, value in defined(document).items() if part != "status"}
    base = "" if converted else pointer
    found = tuple(_under(base, fault) for fault in faults(kept))
    if found:
        return FootprintRead(pointer, name, converted, None, found, ())
    footprint = taken(document)
    unusual = tuple(_under(base, each) for each in warnings(footprint))
    return FootprintRead(pointer, name, converted, footprint, (), unusual)


def _under(base: str, error: PactFieldRefused) -> PactFieldRefused:
    """The same at its pointer in the file."""
    pointer = base + ((error.place.pointer if error.place else None) or "")
    return PactFieldRefused(name=error.name, why=error.why, why_zh=error.why_zh).at(Place(pointer=pointer))
