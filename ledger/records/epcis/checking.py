"""
What the types of an event do not say: which fields go together, which words exist, what an amount may be.

Source: GS1 EPCIS 2.0, section 7.4 (event types) and 7.3 (their parts), and GS1's JSON binding. Every error carries a
JSON pointer into the event. What depends on other events or on the clock is not judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final

from ledger.errors import IdentityError, LedgerError
from ledger.errors import Place as Where
from ledger.identity import canonical
from ledger.records.epcis.error_declaration import DECLARED
from ledger.records.epcis.errors import (
    AmountUnfit,
    EventIdReserved,
    FieldOfOtherType,
    NotAUri,
    ParentIsChild,
    Repeated,
    UnitUnknown,
    UnitWithoutQuantity,
    WordUnknown,
    ZoneUnfit,
)
from ledger.records.epcis.event import Event, Quantity
from ledger.records.epcis.extension import check_free
from ledger.records.epcis.planned import refuse_planned
from ledger.records.epcis.sensor import SensorElement, SensorReport
from ledger.records.epcis.units import UNITS
from ledger.records.epcis.vocabulary import BIZ_TRANSACTION, is_uri, known
from ledger.records.errors import FieldMissing, contradiction

_ZONES: Final = frozenset(
    f"{sign}{hour:02}:{minute:02}" for sign in "+-" for hour in range(14) for minute in range(60)
) | {"+14:00", "-14:00"}
_LISTS: Final = (
    ("epcList", "epc_list"),
    ("childEPCs", "child_epcs"),
    ("inputEPCList", "input_epc_list"),
    ("outputEPCList", "output_epc_list"),
)
_AMOUNTS: Final = (
    ("quantityList", "quantity_list"),
    ("childQuantityList", "child_quantity_list"),
    ("inputQuantityList", "input_quantity_list"),
    ("outputQuantityList", "output_quantity_list"),
)
_OWN: Final = {
    "ObjectEvent": {"action", "epc_list", "quantity_list", "ilmd"},
    "AggregationEvent": {"action", "parent_id", "child_epcs", "child_quantity_list"},
    "AssociationEvent": {"action", "parent_id", "child_epcs", "child_quantity_list"},
    "TransactionEvent": {"action", "parent_id", "epc_list", "quantity_list"},
    "TransformationEvent": {
        "input_epc_list", "input_quantity_list", "output_epc_list", "output_quantity_list", "transformation_id", "ilmd",
    },
}  # fmt: skip
_WIRE: Final = dict(zip(Event.__struct_fields__, Event.__struct_encode_fields__, strict=True))
_FOREIGN: Final = {
    type_: tuple((name, _WIRE[name]) for name in sorted(set().union(*_OWN.values()) - own))
    for type_, own in _OWN.items()
}
"""The fields of other types, by event type."""
_FOREIGN_OF: Final = {type_: attrgetter(*(name for name, _ in found)) for type_, found in _FOREIGN.items()}
_AMOUNTS_OF: Final = attrgetter(*(name for _, name in _AMOUNTS))
MOST_DIGITS: Final = 60


def check_event(event: Event) -> None:
    """Raise the first thing that is wrong with the event but its codes (``check_things``), with its pointer into it."""
    if event.event_time_zone_offset not in _ZONES:
        raise ZoneUnfit(text=event.event_time_zone_offset).at(_at("/eventTimeZoneOffset"))
    _check_id(event.event_id)
    _word("bizStep", event.biz_step, "/bizStep")
    _word("disposition", event.disposition, "/disposition")
    foreign = _FOREIGN_OF[event.type](event)
    if foreign.count(None) < len(foreign):
        wire = next(wire for value, (_, wire) in zip(foreign, _FOREIGN[event.type], strict=True) if value is not None)
        raise FieldOfOtherType(field=wire, type=event.type).at(_at(f"/{wire}"))
    if event.read_point is not None:
        _named("readPoint", event.read_point.id, "/readPoint/id")
    if event.biz_location is not None:
        _named("bizLocation", event.biz_location.id, "/bizLocation/id")
    _check_what(event)
    if event.biz_transaction_list or event.source_list or event.destination_list:
        _check_parties(event)
    if event.sensor_element_list is not None:
        _check_sensors(event.sensor_element_list)
    if event.has_free_json:
        check_free(event)
    if event.error_declaration is not None or event.persistent_disposition is not None or event.certification_info:
        _check_rest(event)


def check_things(event: Event) -> None:
    """
    Raise ``IdentityError`` at the first code that cannot be read, ``ParentIsChild`` and ``Repeated``.

    Raises ``EventOnlyPlanned`` for what has not happened.
    """
    refuse_planned(event)
    try:
        named = list(map(canonical, event.epcs()))
        if event.type != "ObjectEvent" or event.quantity_list:
            for amount in event.quantities():
                canonical(amount.epc_class)
    except IdentityError as error:
        raise error.at(_at(_unreadable(event))) from None
    if len(named) > 1 and (event.parent_id is not None or len(set(named)) < len(named)):
        _check_distinct(event)


def _check_distinct(event: Event) -> None:
    parent = canonical(event.parent_id) if event.parent_id is not None else None
    for wire, name in _LISTS:
        seen: set[str] = set()
        for at, written in enumerate(getattr(event, name) or ()):
            code = canonical(written)
            if code == parent:
                raise ParentIsChild(epc=written).at(_at(f"/{wire}/{at}"))
            if code in seen:
                raise Repeated(epc=written, field=wire).at(_at(f"/{wire}/{at}"))
            seen.add(code)


def _unreadable(event: Event) -> str | None:
    """Where the first code is that cannot be read."""
    codes = [("/parentID", event.parent_id)] if event.parent_id else []
    for wire, name in _LISTS:
        codes += [(f"/{wire}/{at}", code) for at, code in enumerate(getattr(event, name) or ())]
    for wire, name in _AMOUNTS:
        amounts: Sequence[Quantity] = getattr(event, name) or ()
        codes += [(f"/{wire}/{at}/epcClass", amount.epc_class) for at, amount in enumerate(amounts)]
    return next((pointer for pointer, code in codes if not _readable(code)), None)


def _readable(code: str) -> bool:
    try:
        canonical(code)
    except IdentityError:
        return False
    return True


def _check_id(event_id: str) -> None:
    if not event_id.startswith("urn:uuid:") and not is_uri(event_id):
        raise NotAUri(field="eventID", text=event_id).at(_at("/eventID"))
    if event_id.endswith(DECLARED):
        raise EventIdReserved(ending=DECLARED).at(_at("/eventID"))


def _check_what(event: Event) -> None:
    """What the event is about, by its type (EPCIS 2.0, 7.4.2 to 7.4.6)."""
    if event.type != "TransformationEvent" and event.action is None:
        raise FieldMissing(field="action").at(_at("/action"))
    _WHAT[event.type](event)
    stated = _AMOUNTS_OF(event)
    if stated.count(None) < len(stated):
        for (wire, _), amounts in zip(_AMOUNTS, stated, strict=True):
            for at, amount in enumerate(amounts or ()):
                _quantity(amount, f"/{wire}/{at}")


def _object(event: Event) -> None:
    if not (event.epc_list or event.quantity_list or event.sensor_element_list):
        raise FieldMissing(field="epcList").at(_at("/epcList"))
    if event.ilmd is not None and event.action != "ADD":
        raise contradiction(
            "master data (ilmd) is stated once, when the things come into being (action ADD)",
            "主数据（ilmd）只在物品产生时（action ADD）声明一次",
        ).at(_at("/ilmd"))


def _grouping(event: Event) -> None:
    """Aggregation and association: a parent and its children."""
    if event.parent_id is None and event.action != "OBSERVE":
        raise FieldMissing(field="parentID").at(_at("/parentID"))
    if not (event.child_epcs or event.child_quantity_list) and (event.action == "ADD" or event.parent_id is None):
        raise FieldMissing(field="childEPCs").at(_at("/childEPCs"))


def _transaction(event: Event) -> None:
    if not event.biz_transaction_list:
        raise FieldMissing(field="bizTransactionList").at(_at("/bizTransactionList"))
    if not (event.epc_list or event.quantity_list or event.parent_id) and event.action != "DELETE":
        raise FieldMissing(field="epcList").at(_at("/epcList"))


def _transformation(event: Event) -> None:
    """Without an id that ties several events together, both sides must be there (7.4.6)."""
    if event.transformation_id is not None:
        _uri("transformationID", event.transformation_id, "/transformationID")
    elif not (event.input_epc_list or event.input_quantity_list):
        raise FieldMissing(field="inputEPCList").at(_at("/inputEPCList"))
    elif not (event.output_epc_list or event.output_quantity_list):
        raise FieldMissing(field="outputEPCList").at(_at("/outputEPCList"))


_WHAT: Final[dict[str, Callable[[Event], None]]] = {
    "ObjectEvent": _object,
    "AggregationEvent": _grouping,
    "AssociationEvent": _grouping,
    "TransactionEvent": _transaction,
    "TransformationEvent": _transformation,
}


def _quantity(amount: Quantity, pointer: str) -> None:
    if amount.quantity is None:
        if amount.uom is not None:
            raise UnitWithoutQuantity(unit=amount.uom).at(_at(f"{pointer}/uom"))
        return
    _number("quantity", amount.quantity, f"{pointer}/quantity")
    if amount.quantity < 0:
        raise AmountUnfit(field="quantity", got=str(amount.quantity)).at(_at(f"{pointer}/quantity"))
    _unit(amount.uom, f"{pointer}/uom")


def _number(field: str, number: Decimal, pointer: str) -> None:
    """A number that is one, and of a size that can be written out."""
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or len(number.as_tuple().digits) > MOST_DIGITS:
        raise AmountUnfit(field=field, got=str(number)[:MOST_DIGITS]).at(_at(pointer))


def _unit(unit: str | None, pointer: str) -> None:
    if unit is not None and unit not in UNITS:
        raise UnitUnknown(unit=unit).at(_at(pointer))


def _check_parties(event: Event) -> None:
    for at, transaction in enumerate(event.biz_transaction_list or ()):
        if not is_uri(transaction.biz_transaction):
            _uri("bizTransaction", transaction.biz_transaction, f"/bizTransactionList/{at}/bizTransaction")
        if transaction.type not in BIZ_TRANSACTION.words:
            _word("bizTransaction type", transaction.type, f"/bizTransactionList/{at}/type")
    for at, source in enumerate(event.source_list or ()):
        _word("source or destination type", source.type, f"/sourceList/{at}/type")
        _named("source", source.source, f"/sourceList/{at}/source")
    for at, destination in enumerate(event.destination_list or ()):
        _word("source or destination type", destination.type, f"/destinationList/{at}/type")
        _named("destination", destination.destination, f"/destinationList/{at}/destination")


def _check_sensors(elements: Sequence[SensorElement]) -> None:
    for at, element in enumerate(elements):
        for number, report in enumerate(element.sensor_report):
            _check_report(report, f"/sensorElementList/{at}/sensorReport/{number}")


def _check_report(report: SensorReport, pointer: str) -> None:
    _word("sensorReport type", report.type, f"{pointer}/type")
    _word("component", report.component, f"{pointer}/component")
    _word("exception", report.exception, f"{pointer}/exception")
    amounts = report.amounts()
    for name, amount in amounts.items():
        _number(name, amount, f"{pointer}/{name}")
    if report.uom is not None and not amounts:
        raise UnitWithoutQuantity(unit=report.uom).at(_at(f"{pointer}/uom"))
    _unit(report.uom, f"{pointer}/uom")
    if report.hex_binary_value is not None and not _is_hex(report.hex_binary_value):
        raise AmountUnfit(field="hexBinaryValue", got=report.hex_binary_value[:40]).at(_at(f"{pointer}/hexBinaryValue"))


def _is_hex(text: str) -> bool:
    return bool(text) and not text.strip("0123456789abcdefABCDEF")


def _check_rest(event: Event) -> None:
    declared = event.error_declaration
    if declared is not None:
        _word("reason", declared.reason, "/errorDeclaration/reason")
        for at, other in enumerate(declared.corrective_event_ids or ()):
            _uri("correctiveEventIDs", other, f"/errorDeclaration/correctiveEventIDs/{at}")
    conditions = event.persistent_disposition
    if conditions is not None:
        for name, words in (("set", conditions.set), ("unset", conditions.unset)):
            for at, word in enumerate(words or ()):
                _word("disposition", word, f"/persistentDisposition/{name}/{at}")
    certificates = event.certification_info
    for certificate in [certificates] if isinstance(certificates, str) else certificates or ():
        _uri("certificationInfo", certificate, "/certificationInfo")


def _word(field: str, text: str | None, pointer: str) -> None:
    if text is not None and not known(field, text):
        raise WordUnknown(field=field, word=text[:200]).at(_at(pointer))


def _uri(field: str, text: str, pointer: str) -> None:
    if not is_uri(text):
        raise NotAUri(field=field, text=text[:200]).at(_at(pointer))


def _named(field: str, text: str, pointer: str) -> None:
    """A place or party: any URI; one that says it is a GS1 key must be one."""
    try:
        fit = _fit(text)
    except LedgerError as error:
        error.place = None
        raise error.at(_at(pointer)) from None
    if not fit:
        raise NotAUri(field=field, text=text[:200]).at(_at(pointer))


@lru_cache(maxsize=65_536)
def _fit(text: str) -> bool:
    """Whether a place or party can be named so; places come back in event after event. Raises ``IdentityError``."""
    if text.startswith(("urn:epc:id:sgln:", "urn:epc:id:pgln:", "https://id.gs1.org/")):
        canonical(text)
        return True
    return is_uri(text)


def _at(pointer: str | None) -> Where:
    return Where(pointer=pointer)
