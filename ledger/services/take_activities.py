"""
Take transport activity data from a carrier: each as it came, then the leg and the operation that follow from it.

All go the way of every record. The same data again add nothing; other data under the same id are a conflict and come
back as such. What cannot be made a leg comes back with its place in the document, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from ledger.errors import LedgerError, Place
from ledger.footprint.factor import FactorSource
from ledger.ileap.activity import Tad
from ledger.ileap.reading import read
from ledger.ileap.taken import Assigned, records_of
from ledger.ports import Clock, EntryStore, Random, Receipt
from ledger.records.errors import RecordUnreadable
from ledger.records.record import Record, check
from ledger.records.shipment import TransportActivity, activity_id
from ledger.services.capture import capture, check_identities

MOST: Final = 10_000
"""Activities of one document."""


class Taking(Protocol):
    """What taking needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Where entries go."""
        ...

    @property
    def clock(self) -> Clock:
        """Recorded times."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...

    @property
    def factors(self) -> FactorSource:
        """Names of fuels and of classes of vehicles."""
        ...


class Ready(NamedTuple):
    """What one activity becomes: the entry of what was received, the leg, and the operation where there is one."""

    pointer: str
    records: tuple[Record, ...]


class Preview(NamedTuple):
    """What a document would add, and what of it cannot be taken, each fault at its place."""

    ready: tuple[Ready, ...]
    faults: tuple[LedgerError, ...]


class Taken(NamedTuple):
    """What became of a document: ``fresh`` entries added, ``already`` there, and what was not taken."""

    fresh: int
    already: int
    faults: tuple[LedgerError, ...]

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        faults = [
            {"pointer": one.place.pointer if one.place else None, "code": one.code, "en": one.message("en")}
            for one in self.faults
        ]
        return {"fresh": self.fresh, "already": self.already, "faults": faults}


def activities_in(document: bytes) -> list[Any]:
    """The activities of an answer ``{"data": [...]}``, of a list, or of one alone. Raises ``RecordUnreadable``."""
    try:
        value = msgspec.json.decode(document.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordUnreadable(why=str(error)[:200]) from None
    if isinstance(value, dict) and "data" in value:
        value = value["data"]
    found = value if isinstance(value, list) else [value]
    if len(found) > MOST or not all(isinstance(one, dict) for one in found):
        raise RecordUnreadable(why=f"it is not a list of up to {MOST} activities")
    return found


def preview(
    ledger: Taking, partner: str, activities: Sequence[Any], assigned: Assigned | Mapping[str, Assigned]
) -> Preview:
    """
    What taking would add, without adding it.

    ``assigned`` is for all consignments, or by consignment. Every activity comes back as ready or with its fault.
    """
    factors = ledger.factors.current()
    fuels = {one.fuel.casefold(): one.fuel for one in factors.factors.values() if one.fuel and not one.mode}
    ready: list[Ready] = []
    faults: list[LedgerError] = []
    for number, activity in enumerate(activities):
        try:
            tad = read(activity, Tad)
            leg, operation = records_of(tad, partner, _assigned(tad, assigned), fuels)
            received = TransportActivity(
                activity=activity,
                id=activity_id(partner, tad.activity_id),
                kind="transport_activity",
                occurred_at=tad.departure_at,
                partner=partner,
                version=1,
            )
            records: tuple[Record, ...] = (received, leg) if operation is None else (received, leg, operation)
            for record in records:
                check(record)
                check_identities(record)
                # a record that was built is held to its form like one that was read
                msgspec.convert(msgspec.to_builtins(record), type(record))
            if operation is None:
                factors.transport_class(leg.vehicle, leg.mode)
        except msgspec.ValidationError as error:
            faults.append(RecordUnreadable(why=str(error)).at(Place(pointer=f"/{number}")))
        except LedgerError as error:
            faults.append(_within(error, number))
        else:
            ready.append(Ready(f"/{number}", records))
    return Preview(tuple(ready), tuple(faults))


def take(ledger: Taking, found: Preview, *, tenant: str, submitter: str) -> Taken:
    """Capture what is ready, all records of an activity together. Faults of the preview are in the answer."""
    records = [record for one in found.ready for record in one.records]
    if not records:
        return Taken(0, 0, found.faults)
    outcomes = capture(ledger.entries, ledger.clock, ledger.random, tenant=tenant, submitter=submitter, records=records)
    receipts = [one for one in outcomes if isinstance(one, Receipt)]
    refused = [one for one in outcomes if not isinstance(one, Receipt)]
    fresh = sum(one.fresh for one in receipts)
    return Taken(fresh, len(receipts) - fresh, (*found.faults, *refused))


def _assigned(tad: Tad, assigned: Assigned | Mapping[str, Assigned]) -> Assigned:
    if isinstance(assigned, Assigned):
        return assigned
    found = assigned.get(tad.consignment_ids[0])
    if found is None:
        raise RecordUnreadable(why=f"nothing is assigned to {tad.consignment_ids[0]}").at(
            Place(pointer="/consignmentIds/0")
        )
    return found


def _within(error: LedgerError, number: int) -> LedgerError:
    inner = (error.place.pointer if error.place else None) or ""
    error.place = None
    return error.at(Place(pointer=f"/{number}{inner}"))
