"""What the scanners say: commissioning and packing at the supplier, shipping, receipt, delivery, installation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from ledger.demo.catalogue import sscc
from ledger.demo.places import HUB
from ledger.records.epcis import EpcisEvent

if TYPE_CHECKING:
    from ledger.demo.month import Arrival, Delivery

INSTALLED_PCT = 85
"""Of the deliveries, installed within the story."""
ENDS = datetime.fromisoformat("2023-06-01T00:00:00+08:00")


def arrived(arrival: Arrival, pallets: Sequence[int]) -> Iterator[EpcisEvent]:
    """A vehicle's pieces: made, packed on pallets, shipped by pallet, received piece by piece at the RFID gate."""
    pieces = arrival.pieces
    if not pieces:
        return
    product = arrival.product
    supplier = product.supplier
    at, here = arrival.at, supplier.origin.city.gln
    units = [sscc(supplier.prefix, number) for number in pallets]
    key = f"{arrival.number}"
    yield event(key, "commissioning", at - timedelta(hours=30), here, "active", epcs=pieces, action="ADD")
    for index, unit in enumerate(units):
        on = pieces[index * product.pallet : (index + 1) * product.pallet]
        packed = at - timedelta(hours=4, minutes=len(units) - index)
        yield event(f"{key}/{index}", "packing", packed, here, "in_progress", parent=unit, children=on, action="ADD")
    yield event(key, "shipping", at, here, "in_transit", epcs=units)
    yield event(key, "receiving", arrival.received_at, HUB.gln, "in_progress", epcs=pieces)


def delivered(delivery: Delivery, waybill: str, days: int, chance: int) -> Iterator[EpcisEvent]:
    """A delivery's pieces: shipped from the warehouse, and most of them installed some days later."""
    pieces = delivery.pieces
    if not pieces:
        return
    key = f"out/{delivery.number}"
    yield event(key, "shipping", delivery.at, HUB.gln, "in_transit", epcs=pieces, waybill=waybill)
    installed = delivery.at + timedelta(days=days)
    if chance <= INSTALLED_PCT and installed < ENDS:
        yield event(key, "installing", installed, delivery.city.gln, "active", epcs=pieces)


def event(
    key: str,
    step: str,
    at: datetime,
    place: str,
    disposition: str,
    *,
    epcs: Sequence[str] = (),
    parent: str = "",
    children: Sequence[str] = (),
    action: str = "OBSERVE",
    waybill: str = "",
) -> EpcisEvent:
    """One event; its id comes from what it is about, so that the same story has the same ids."""
    number = uuid5(NAMESPACE_URL, f"https://onecode.example/demo/{step}/{key}")
    fields: dict[str, Any] = {
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "eventID": f"urn:uuid:{number}",
        "eventTime": at,
        "eventTimeZoneOffset": "+08:00",
        "readPoint": {"id": place},
        "type": "AggregationEvent" if parent else "ObjectEvent",
    }
    if parent:
        fields |= {"parentID": parent, "childEPCs": list(children)}
    else:
        fields["epcList"] = list(epcs)
    if step in {"receiving", "installing"}:
        fields["bizLocation"] = {"id": place}
    if waybill:
        fields["bizTransactionList"] = [{"type": "bol", "bizTransaction": f"https://onecode.example/waybill/{waybill}"}]
    wrapped = {"event": fields, "id": fields["eventID"], "kind": "epcis_event", "occurred_at": at, "version": 1}
    return msgspec.convert(wrapped, EpcisEvent)
