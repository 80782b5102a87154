"""
Declaring an event an error (EPCIS 2.0, 7.4.1.2): the event again, with the same eventID and an ``errorDeclaration``.

The declaration is a record of its own beside the event it is about, so that history stays: its record id is the
eventID with ``DECLARED`` behind it. Either is found from the other, and neither conflicts with the other.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta, Struct, field

from ledger.records.transport_leg import Moment

DECLARED: Final = "#error-declaration"
"""What stands behind an eventID in the record id of its declaration; no plain eventID may end so."""
LONGEST_EVENT_ID: Final = 200
Uri = Annotated[str, Meta(min_length=1, max_length=2048)]


class ErrorDeclaration(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """When and why the event was declared an error, and which events stand in its place."""

    corrective_event_ids: Annotated[list[Uri], Meta(max_length=1_000)] | None = field(
        name="correctiveEventIDs", default=None
    )
    declaration_time: Moment = field(name="declarationTime")
    extensions: dict[str, Any] | None = None
    reason: Uri | None = None


def record_id(event_id: str, *, declared: bool = False) -> str:
    """The record id of an event, or of the declaration that it is an error."""
    return event_id + DECLARED if declared else event_id


def event_id_of(of_record: str) -> str:
    """The eventID that a record id of either belongs to."""
    return of_record.removesuffix(DECLARED)
