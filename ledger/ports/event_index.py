"""The index over EPCIS events: what a query asks, and where the events are that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple, Protocol

from ledger.ports.projections import Folding

EVENT_TYPES: Final = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
ACTIONS: Final = ("ADD", "OBSERVE", "DELETE")
NameKind = Literal[
    "epc",
    "epcClass",
    "readPoint",
    "bizLocation",
    "bizStep",
    "disposition",
    "transformationID",
    "bizTransaction",
    "source",
    "destination",
    "correctiveEventID",
    "errorReason",
    "persistentDisposition_set",
    "persistentDisposition_unset",
    "field",
    "value",
]
Role = Literal["epc", "child", "parent", "input", "output"]
"""How an event names a thing; quantities have no parent."""
ROLES: Final[tuple[Role, ...]] = ("epc", "child", "parent", "input", "output")
Comparison = Literal["EQ", "GT", "GE", "LT", "LE"]
Order = Literal["recordTime", "eventTime"]


def typed(type_: str, value: str) -> str:
    """The text of a name that consists of a type, or field, and a value."""
    return f"{type_}\n{value}"


@dataclass(frozen=True, slots=True)
class Named:
    """The event names one of these: whole texts in canonical form, or texts that begin so."""

    kind: NameKind
    texts: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    """In one of these roles; in any when empty."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A numeric field of the event compares so with one of these. Times are microseconds since the Unix epoch."""

    field: str
    comparison: Comparison
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class EitherWay:
    """A field equals a value as text or as number (``EQ_`` of an extension, whose type nobody declares)."""

    named: Named
    measured: Measured


Condition = Named | Measured | EitherWay


@dataclass(frozen=True, slots=True)
class EventQuery:
    """
    What events must be to answer a query; an empty tuple and ``None`` ask for nothing.

    Times are microseconds since the Unix epoch; ``_from`` includes its moment, ``_before`` does not.
    """

    types: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    event_from: int | None = None
    event_before: int | None = None
    record_from: int | None = None
    record_before: int | None = None
    event_ids: tuple[str, ...] = ()
    declared: bool = False
    """Only events that carry an error declaration."""
    conditions: tuple[Condition, ...] = ()
    order: Order = "recordTime"
    descending: bool = False


class Hit(NamedTuple):
    """Where an event is in the log, and what it is ordered by beside that."""

    seq: int
    event_at: int


class EventIndex(Folding, Protocol):
    """Events of each tenant by everything a query can ask for."""

    def find(
        self, tenant: str, query: EventQuery, limit: int, *, after: Hit | None = None, below: int | None = None
    ) -> list[Hit]:
        """
        At most ``limit`` events in the query's order, those behind ``after``, among entries below ``below``.

        An ``eventID`` is found by a hash of it: who asks for one compares it with the event.
        """
        ...

    def names(self, tenant: str, kind: NameKind, limit: int, after: str = "") -> list[str]:
        """What a tenant's events have named of a kind, in the order of code points."""
        ...

    def types(self, tenant: str) -> list[str]:
        """Event types of which the tenant has events."""
        ...
