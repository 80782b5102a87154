"""iLEAP data from bytes, checked: types first, then what the types do not say, each fault at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final, TypeVar

import msgspec

from ledger.errors import LedgerError, Place
from ledger.footprint.amount import exact_text
from ledger.ileap.activity import Tad
from ledger.ileap.category import Hoc, Toc
from ledger.ileap.energy import EnergyCarrier
from ledger.ileap.errors import ElementsContradict, NumberOutside
from ledger.ileap.shipment import ShipmentFootprint, Tce
from ledger.ileap.terms import Distance, Location
from ledger.records.errors import FieldMissing, RecordUnreadable, contradiction

Form = TypeVar("Form", ShipmentFootprint, Toc, Hoc, Tad)
_POINTER: Final = re.compile(r" - at `(?:key in )?\$(.*)`$")
_POSITIVE: Final = "above 0"
_SHARE: Final = "above 0 and up to 1"


def read(value: object, form: type[Form]) -> Form:
    """
    The value of plain JSON as its form; ``null`` says what leaving the field out says.

    Raises ``RecordError`` with a JSON pointer: the first fault of ``faults``.
    """
    try:
        found = msgspec.convert(_without_null(value), form)
    except msgspec.ValidationError as error:
        raise _located(str(error)) from None
    for fault in faults(found):
        raise fault
    return found


def written(value: msgspec.Struct) -> dict[str, Any]:
    """The value as plain JSON, undefined fields left out; times as text."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return plain


def faults(value: ShipmentFootprint | Toc | Hoc | Tad) -> Iterator[LedgerError]:
    """Everything that is wrong with it by itself."""
    match value:
        case ShipmentFootprint():
            yield from _shipment(value)
        case Toc():
            yield from _category(value)
            yield from _within(value.load_factor, "/loadFactor", lambda v: 0 < v <= 1, _SHARE)
            yield from _within(
                value.empty_distance_factor, "/emptyDistanceFactor", lambda v: 0 <= v < 1, "0 to below 1"
            )
        case Hoc():
            yield from _category(value)
            yield from _location(value.hub_location, "/hubLocation")
        case Tad():
            yield from _activity(value)


def _shipment(value: ShipmentFootprint) -> Iterator[LedgerError]:
    yield from _within(value.mass, "/mass", lambda v: v > 0, _POSITIVE)
    for number, tce in enumerate(value.tces):
        at = f"/tces/{number}"
        yield from _element(tce, at)
        if tce.shipment_id != value.shipment_id:
            yield ElementsContradict(
                why=f"{tce.tce_id} is of shipment {tce.shipment_id}", why_zh=f"{tce.tce_id} 属于货运 {tce.shipment_id}"
            ).at(Place(pointer=f"{at}/shipmentId"))


def _element(tce: Tce, at: str) -> Iterator[LedgerError]:
    if (tce.toc_id is None) == (tce.hoc_id is None):
        yield contradiction(
            "exactly one of tocId and hocId is stated", "tocId 与 hocId 须且只须填写一个", f"{at}/tocId"
        )
    yield from _within(tce.mass, f"{at}/mass", lambda v: v > 0, _POSITIVE)
    yield from _within(tce.transport_activity, f"{at}/transportActivity", lambda v: v >= 0, "0 or above")
    yield from _distance(tce.distance, f"{at}/distance")
    yield from _location(tce.origin, f"{at}/origin")
    yield from _location(tce.destination, f"{at}/destination")


def _category(value: Toc | Hoc) -> Iterator[LedgerError]:
    yield from _carriers(value.energy_carriers, "/energyCarriers", factors=True)


def _activity(value: Tad) -> Iterator[LedgerError]:
    yield from _distance(value.distance, "/distance")
    yield from _within(value.mass, "/mass", lambda v: v > 0, _POSITIVE)
    yield from _within(value.load_factor, "/loadFactor", lambda v: 0 < v <= 1, _SHARE)
    yield from _within(value.empty_distance_factor, "/emptyDistanceFactor", lambda v: 0 <= v < 1, "0 to below 1")
    yield from _location(value.origin, "/origin")
    yield from _location(value.destination, "/destination")
    if value.arrival_at < value.departure_at:
        yield contradiction("it arrives before it departs", "到达早于出发", "/arrivalAt")
    yield from _carriers(value.energy_carriers, "/energyCarriers", factors=False)


def _carriers(carriers: Sequence[EnergyCarrier], at: str, *, factors: bool) -> Iterator[LedgerError]:
    for number, one in enumerate(carriers):
        here = f"{at}/{number}"
        yield from _within(one.relative_share, f"{here}/relativeShare", lambda v: 0 < v <= 1, _SHARE)
        yield from _within(one.energy_consumption, f"{here}/energyConsumption", lambda v: v >= 0, "0 or above")
        if (one.energy_consumption is None) != (one.energy_consumption_unit is None):
            yield contradiction(
                "energyConsumption and its unit are stated together",
                "energyConsumption 与其单位须同时填写",
                f"{here}/energyConsumptionUnit",
            )
        for name, stated in (("WTW", one.emission_factor_wtw), ("TTW", one.emission_factor_ttw)):
            if factors and stated is None:
                yield FieldMissing(field=f"emissionFactor{name}").at(Place(pointer=f"{here}/emissionFactor{name}"))
        parts = sum((Fraction(one.feedstock_share or 0) for one in one.feedstocks), Fraction(0))
        if parts > 1:
            yield NumberOutside(got=exact_text(parts), wanted="feedstock shares of at most 1 together").at(
                Place(pointer=f"{here}/feedstocks")
            )
    whole = sum((Fraction(one.relative_share) for one in carriers), Fraction(0))
    if carriers and whole != 1:
        yield NumberOutside(got=exact_text(whole), wanted="relative shares of 1 together").at(Place(pointer=at))


def _distance(value: Distance, at: str) -> Iterator[LedgerError]:
    if value.actual is value.gcd is value.sfd is None:
        yield FieldMissing(field="actual, gcd or sfd").at(Place(pointer=at))
    for name in ("actual", "gcd", "sfd"):
        yield from _within(getattr(value, name), f"{at}/{name}", lambda v: v >= 0, "0 or above")


def _location(value: Location | None, at: str) -> Iterator[LedgerError]:
    if value is None:
        return
    if (value.lat is None) != (value.lng is None):
        yield contradiction("lat and lng are stated together", "lat 与 lng 须同时填写", f"{at}/lat")
    yield from _within(value.lat, f"{at}/lat", lambda v: -90 <= v <= 90, "a latitude")
    yield from _within(value.lng, f"{at}/lng", lambda v: -180 <= v <= 180, "a longitude")


def _within(text: str | None, at: str, holds: Callable[[Fraction], bool], wanted: str) -> Iterator[LedgerError]:
    if text is not None and not holds(Fraction(text)):
        yield NumberOutside(got=text, wanted=wanted).at(Place(pointer=at))


def _without_null(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_null(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    return value


def _located(message: str) -> RecordUnreadable:
    found = _POINTER.search(message)
    pointer = re.sub(r"\.|\[(\d+|\.\.\.)\]", lambda m: f"/{m[1] or ''}", found[1]) if found else None
    return RecordUnreadable(why=_POINTER.sub("", message)).at(Place(pointer=pointer or None))
