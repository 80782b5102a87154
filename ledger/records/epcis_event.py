"""
An EPCIS 2.0 event (GS1 EPCIS 2.0, section 7.4) as captured: object and aggregation events.

Field names on the wire are EPCIS's own. Quantities are kept as decimal strings. ``@context`` is never followed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from ledger.records.transport_leg import Moment, Name

Uri = Annotated[str, Meta(min_length=1, max_length=2048)]
Uris = Annotated[list[Uri], Meta(max_length=20_000)]


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """A read point or business location by its id."""

    id: Uri


class Quantity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An amount of a class of things; ``uom`` is a UN/ECE Recommendation 20 code, absent for pieces."""

    epc_class: Uri = field(name="epcClass")
    quantity: Decimal
    uom: Annotated[str, Meta(min_length=2, max_length=3)] | None = None


class BizTransaction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A purchase order, waybill or the like."""

    biz_transaction: Uri = field(name="bizTransaction")
    type: Uri | None = None


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The event, its fields in wire order."""

    action: Literal["ADD", "DELETE", "OBSERVE"]
    biz_location: Place | None = field(name="bizLocation", default=None)
    biz_step: Uri | None = field(name="bizStep", default=None)
    biz_transaction_list: list[BizTransaction] | None = field(name="bizTransactionList", default=None)
    child_epcs: Uris | None = field(name="childEPCs", default=None)
    child_quantity_list: list[Quantity] | None = field(name="childQuantityList", default=None)
    disposition: Uri | None = None
    epc_list: Uris | None = field(name="epcList", default=None)
    event_id: Uri = field(name="eventID")
    event_time: Moment = field(name="eventTime")
    event_time_zone_offset: Annotated[str, Meta(pattern=r"^[+-][0-9]{2}:[0-9]{2}$")] = field(name="eventTimeZoneOffset")
    ilmd: dict[str, Any] | None = None
    parent_id: Uri | None = field(name="parentID", default=None)
    quantity_list: list[Quantity] | None = field(name="quantityList", default=None)
    read_point: Place | None = field(name="readPoint", default=None)
    type: Literal["AggregationEvent", "ObjectEvent"]

    def epcs(self) -> list[str]:
        """Every single thing the event names, parent first."""
        if self.parent_id is None and self.child_epcs is None:
            return self.epc_list or []
        return [*([self.parent_id] if self.parent_id else []), *(self.epc_list or ()), *(self.child_epcs or ())]


class EpcisEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The event as a record; ``id`` is its eventID, ``occurred_at`` its eventTime."""

    event: Event
    id: Name
    kind: Literal["epcis_event"]
    occurred_at: Moment
    version: Literal[1]
