"""
Take scans in: record every one, and say which repeat an earlier scan of the same thing, step and place.

A repeat is recorded like any other event: two people may both be right. It is flagged, so that whoever scanned can take
one of them back. The window looks at scans that came through here, by their own times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from ledger.errors import LedgerError
from ledger.ports import Clock, Draft, EntryStore, Receipt, Sighting, Sightings
from ledger.records.record import microseconds

WINDOW: Final = timedelta(minutes=10)
"""A second scan this close to the first is a repeat."""
_WINDOW: Final = WINDOW // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan ready to be sequenced, with what a repeat is told by."""

    draft: Draft
    event_id: str
    things: tuple[str, ...]
    """Canonical texts."""
    step: str
    place: str
    at: datetime
    takes_back: bool = False
    """An error declaration: it shows nothing, and what its event has shown was not seen."""


class Taken(NamedTuple):
    """A recorded scan, and the scan that each of its things was seen by before."""

    receipt: Receipt
    seen_before: dict[str, Sighting]


Outcome = Taken | LedgerError


def take_scans(
    entries: EntryStore, sightings: Sightings, clock: Clock, scans: Sequence[Scan | LedgerError]
) -> list[Outcome]:
    """One outcome per scan, in order; what could not be read comes back as it is. Durable when it returns."""
    good = [scan for scan in scans if isinstance(scan, Scan)]
    now = microseconds(clock.now())
    receipts = list(entries.append([scan.draft for scan in good], now).outcomes())
    recorded = [scan for scan, receipt in zip(good, receipts, strict=True) if isinstance(receipt, Receipt)]
    for scan in recorded:
        if scan.takes_back:
            sightings.forget(scan.event_id)
    seen = _judged(sightings, [scan for scan in recorded if not scan.takes_back], now)
    answered = iter(zip(good, receipts, strict=True))
    outcomes: list[Outcome] = []
    for given in scans:
        if isinstance(given, LedgerError):
            outcomes.append(given)
            continue
        scan, receipt = next(answered)
        outcomes.append(Taken(receipt, seen.get(id(scan), {})) if isinstance(receipt, Receipt) else receipt)
    return outcomes


def _judged(sightings: Sightings, scans: Sequence[Scan], now: int) -> dict[int, dict[str, Sighting]]:
    """What each scan, by ``id``, repeats."""
    keyed = [
        (scan, thing, sighting_key(scan.draft.tenant, thing, scan.step, scan.place))
        for scan in scans
        for thing in scan.things
    ]
    repeats: dict[int, dict[str, Sighting]] = {}

    def decide(kept: Mapping[int, Sighting]) -> list[Sighting]:
        held, fresh = dict(kept), dict[int, Sighting]()
        for scan, thing, key in keyed:
            new = Sighting(key, scan.event_id, microseconds(scan.at))
            old = held.get(key)
            if old is None or new.at - old.at > _WINDOW:
                held[key] = fresh[key] = new
            elif old.event_id != new.event_id and abs(new.at - old.at) <= _WINDOW:
                repeats.setdefault(id(scan), {})[thing] = old
        return list(fresh.values())

    if keyed:
        sightings.judge(sorted({key for _, _, key in keyed}), now, decide)
    return repeats


def sighting_key(tenant: str, thing: str, step: str, place: str) -> int:
    """A signed 64-bit number for the four; two that meet by chance cost one wrong flag."""
    digest = sha256(f"{tenant}\x1f{thing}\x1f{step}\x1f{place}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
