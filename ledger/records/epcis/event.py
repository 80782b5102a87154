"""
The event as captured: one form for the five event types, its fields in wire order and under EPCIS's own names.

Which field goes with which type is checked by ``checking``. Quantities are kept as decimal strings. What has no field
of its own stands in ``extensions``, under the name it came with, its prefixes in ``context``; the rules are in
``extension``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, field

from ledger.records.epcis.error_declaration import DECLARED, LONGEST_EVENT_ID, ErrorDeclaration, Uri, record_id
from ledger.records.epcis.sensor import SensorElement
from ledger.records.transport_leg import Moment

Uris = Annotated[list[Uri], Meta(max_length=20_000)]
Words = Annotated[list[Uri], Meta(max_length=100)]
EventType = Literal["AggregationEvent", "AssociationEvent", "ObjectEvent", "TransactionEvent", "TransformationEvent"]
RecordId = Annotated[str, Meta(min_length=1, max_length=LONGEST_EVENT_ID + len(DECLARED))]
MOST_PARTS: Final = 20_000


class Place(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A read point or business location by its id."""

    extensions: dict[str, Any] | None = None
    id: Uri


class Quantity(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """
    An amount of a class of things; ``uom`` is a UN/ECE Recommendation 20 code, absent for pieces.

    Without ``quantity`` the amount was not stated (EPCIS 2.0, 7.3.3.3).
    """

    epc_class: Uri = field(name="epcClass")
    quantity: Decimal | None = None
    uom: Annotated[str, Meta(min_length=2, max_length=3)] | None = None


Quantities = Annotated[list[Quantity], Meta(max_length=MOST_PARTS)]


class BizTransaction(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A purchase order, waybill or the like."""

    biz_transaction: Uri = field(name="bizTransaction")
    type: Uri | None = None


class Source(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Where a transfer began, by party or place."""

    source: Uri
    type: Uri


class Destination(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Where a transfer is to end, by party or place."""

    destination: Uri
    type: Uri


class PersistentDisposition(
    Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True
):
    """Conditions that hold until another event unsets them."""

    set: Words | None = None
    unset: Words | None = None


class Event(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """
    The event, its fields in wire order. A list that was sent empty stays empty; what was not sent is ``None``.

    ``context`` holds the inline prefixes that the event uses. ``recordTime`` is the log's own and never a sender's.
    """

    context: dict[str, str] | None = field(name="@context", default=None)
    action: Literal["ADD", "DELETE", "OBSERVE"] | None = None
    biz_location: Place | None = field(name="bizLocation", default=None)
    biz_step: Uri | None = field(name="bizStep", default=None)
    biz_transaction_list: Annotated[list[BizTransaction], Meta(max_length=MOST_PARTS)] | None = field(
        name="bizTransactionList", default=None
    )
    certification_info: Uri | Words | None = field(name="certificationInfo", default=None)
    child_epcs: Uris | None = field(name="childEPCs", default=None)
    child_quantity_list: Quantities | None = field(name="childQuantityList", default=None)
    destination_list: Annotated[list[Destination], Meta(max_length=MOST_PARTS)] | None = field(
        name="destinationList", default=None
    )
    disposition: Uri | None = None
    epc_list: Uris | None = field(name="epcList", default=None)
    error_declaration: ErrorDeclaration | None = field(name="errorDeclaration", default=None)
    event_id: Annotated[str, Meta(min_length=1, max_length=LONGEST_EVENT_ID)] = field(name="eventID")
    event_time: Moment = field(name="eventTime")
    event_time_zone_offset: Annotated[str, Meta(min_length=6, max_length=6)] = field(name="eventTimeZoneOffset")
    extensions: dict[str, Any] | None = None
    ilmd: dict[str, Any] | None = None
    input_epc_list: Uris | None = field(name="inputEPCList", default=None)
    input_quantity_list: Quantities | None = field(name="inputQuantityList", default=None)
    output_epc_list: Uris | None = field(name="outputEPCList", default=None)
    output_quantity_list: Quantities | None = field(name="outputQuantityList", default=None)
    parent_id: Uri | None = field(name="parentID", default=None)
    persistent_disposition: PersistentDisposition | None = field(name="persistentDisposition", default=None)
    quantity_list: Quantities | None = field(name="quantityList", default=None)
    read_point: Place | None = field(name="readPoint", default=None)
    sensor_element_list: Annotated[list[SensorElement], Meta(max_length=MOST_PARTS)] | None = field(
        name="sensorElementList", default=None
    )
    source_list: Annotated[list[Source], Meta(max_length=MOST_PARTS)] | None = field(name="sourceList", default=None)
    transformation_id: Uri | None = field(name="transformationID", default=None)
    type: EventType

    def epcs(self) -> list[str]:
        """Every single thing the event names, as written: parent, things, children, inputs, outputs."""
        if self.type == "ObjectEvent":
            return self.epc_list or []
        return [
            *([self.parent_id] if self.parent_id else []),
            *(self.epc_list or ()),
            *(self.child_epcs or ()),
            *(self.input_epc_list or ()),
            *(self.output_epc_list or ()),
        ]

    def quantities(self) -> list[Quantity]:
        """Every amount of a class of things: things, children, inputs, outputs."""
        if self.type == "ObjectEvent":
            return self.quantity_list or []
        return [
            *(self.quantity_list or ()),
            *(self.child_quantity_list or ()),
            *(self.input_quantity_list or ()),
            *(self.output_quantity_list or ()),
        ]

    @property
    def is_declared_error(self) -> bool:
        """Whether this says of an earlier event with the same eventID that it is an error."""
        return self.error_declaration is not None

    @property
    def has_free_json(self) -> bool:
        """Whether any part of it is JSON without a form of its own, whose keys nothing keeps in order."""
        return (
            self.ilmd is not None
            or self.extensions is not None
            or self.context is not None
            or (self.read_point is not None and self.read_point.extensions is not None)
            or (self.biz_location is not None and self.biz_location.extensions is not None)
            or (self.error_declaration is not None and self.error_declaration.extensions is not None)
            or (self.sensor_element_list is not None and any(map(_extended, self.sensor_element_list)))
        )


def _extended(element: SensorElement) -> bool:
    metadata = element.sensor_metadata
    return (
        element.extensions is not None
        or (metadata is not None and metadata.extensions is not None)
        or any(report.extensions is not None for report in element.sensor_report)
    )


class EpcisEvent(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """The event as a record; ``id`` is its eventID, or that of its error declaration; ``occurred_at`` its eventTime."""

    event: Event
    id: RecordId
    kind: Literal["epcis_event"]
    occurred_at: Moment
    version: Literal[1]


def record_of(event: Event) -> EpcisEvent:
    """The record that an event becomes."""
    name = event.event_id if event.error_declaration is None else record_id(event.event_id, declared=True)
    return EpcisEvent(event=event, id=name, kind="epcis_event", occurred_at=event.event_time, version=1)
