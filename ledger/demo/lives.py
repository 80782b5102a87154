"""
Two lives from the supplier to a second use, as their scanners would report them: an ONU, and a drum of cable.

The drum is cut; the piece and the remainder have codes of their own, and their mass and length add up to the drum's.
One scan is declared an error. One tag answers with another chip than before, as a clone would: that is flagged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from ledger.demo.catalogue import PRODUCTS, Supplier, sscc
from ledger.demo.places import DESTINATIONS, HUB, OPERATOR, City
from ledger.identity import check_digit
from ledger.lifecycle.vocabulary import OWN, step_uri

GS1_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
ZONE: Final = timezone(timedelta(hours=8))
_BY_NUMBER: Final = {product.number: product for product in PRODUCTS}
_ONU, _CABLE = _BY_NUMBER[101], _BY_NUMBER[24]
_CITIES: Final = {city.en: city for city, _ in DESTINATIONS}
ONU: Final = f"{_ONU.identity}/21/U2023040117"
ONU_GIAI: Final = f"https://id.gs1.org/8004/{OPERATOR}GW0000117"
"""The operator's own number on the same ONU."""
DRUM: Final = f"{_CABLE.identity}/21/D2023-0417"
PIECE: Final = f"{_CABLE.identity}/21/D2023-0417-1"
REMAINDER: Final = f"{_CABLE.identity}/21/D2023-0417-2"
ASSETS: Final = (
    (ONU, "ONU", "光网络终端 ONU"),
    (DRUM, "Drum of cable, 2 km", "光缆 2 km 整盘"),
    (PIECE, "Piece of it, 1,350 m", "其中 1350 米段"),
    (REMAINDER, "Remainder, 650 m", "余段 650 米"),
)
"""Codes with names, in the order in which the story tells them."""
CHIP: Final = "E2801191A503006A5C7A1B01"
CLONE: Final = "E2801191A503006A5C7A9F44"
DRUM_CHIP: Final = "E2801191A503006A5C7A2D07"


def party(prefix: str) -> str:
    """Digital Link of a party by its company prefix."""
    body = f"{prefix}00000"
    return f"https://id.gs1.org/417/{body}{check_digit(body)}"


def frame(city: City) -> str:
    """The frame, or the duct, at a city's site that things are fixed to."""
    return f"https://id.gs1.org/8004/{OPERATOR}JJ{city.number:04d}"


class _Scanner(NamedTuple):
    """Where a scan is made, and in whose document it stands."""

    file: str
    place: str


def _site(name: str) -> _Scanner:
    return _Scanner("sites", _CITIES[name].gln)


_HUB: Final = _Scanner("warehouse", HUB.gln)
_DEPOT: Final = _Scanner("depot", HUB.gln)
Told = tuple[str, dict[str, Any]]
"""Document and event."""


def _event(scanner: _Scanner, at: str, type_: str, step: str, disposition: str, **fields: Any) -> Told:
    moment = datetime.fromisoformat(at).replace(tzinfo=ZONE).isoformat()
    named = json.dumps([at, step, sorted(fields)], ensure_ascii=False) + scanner.file + str(fields.get("epcList", ""))
    return scanner.file, {
        "type": type_,
        "eventID": f"urn:uuid:{uuid5(NAMESPACE_URL, 'https://onecode.example/demo/lives/' + named)}",
        "eventTime": moment,
        "eventTimeZoneOffset": "+08:00",
        **({} if type_ == "TransformationEvent" else {"action": fields.pop("action", "OBSERVE")}),
        **({"bizStep": step_uri(step)} if step else {}),
        "disposition": disposition,
        "readPoint": {"id": scanner.place},
        **fields,
    }


def _seen(scanner: _Scanner, at: str, step: str, disposition: str, code: str, **fields: Any) -> Told:
    return _event(scanner, at, "ObjectEvent", step, disposition, epcList=[code], **fields)


def _packed(scanner: _Scanner, at: str, step: str, code: str, *, unit: str, action: str) -> Told:
    held = {"parentID": unit, "childEPCs": [code], "action": action}
    return _event(scanner, at, "AggregationEvent", step, "in_progress", **held)


def _fixed(city: str, at: str, step: str, code: str, action: str) -> Told:
    held = {"parentID": frame(_CITIES[city]), "childEPCs": [code], "action": action}
    return _event(_site(city), at, "AssociationEvent", step, "active" if action == "ADD" else "inactive", **held)


def _from_supplier(
    supplier: Supplier, code: str, days: tuple[str, ...], *, chip: str, ilmd: dict[str, str], number: int
) -> Iterator[Told]:
    """Encoded, born, packed, shipped and received by pallet, unpacked, stored."""
    unit = sscc(supplier.prefix, 900_000_000 + number)
    made = _Scanner(supplier.en.split()[0].lower(), supplier.origin.city.gln)
    born, packed, shipped, received, stored = days
    away = [{"type": "possessing_party", "source": party(supplier.prefix)}]
    to = [{"type": "possessing_party", "destination": party(OPERATOR)}]
    own = {f"onecode:{name}": value for name, value in ilmd.items()}
    yield _seen(made, f"{born}T09:00:00", "encoding", "encoded", code, **{"onecode:tid": chip})
    yield _seen(made, f"{born}T09:05:00", "commissioning", "active", code, action="ADD", ilmd=own)
    yield _packed(made, f"{packed}T14:00:00", "packing", code, unit=unit, action="ADD")
    yield _seen(made, f"{shipped}T08:30:00", "shipping", "in_transit", unit, sourceList=away, destinationList=to)
    yield _seen(_HUB, f"{received}T10:10:00", "receiving", "in_progress", unit, sourceList=away, destinationList=to)
    yield _packed(_HUB, f"{received}T11:00:00", "unpacking", code, unit=unit, action="DELETE")
    yield _seen(_HUB, f"{stored}T11:40:00", "storing", "available", code)


def _second_life(code: str, first: str, second: str, days: tuple[str, ...]) -> Iterator[Told]:
    """Shipped and installed, repaired, dismantled, sent back, refurbished, installed somewhere else."""
    out, repaired, off, back, refurbished, again = days
    yield _seen(_HUB, f"{out}T07:30:00", "shipping", "in_transit", code)
    yield _fixed(first, f"{out}T15:20:00", "installing", code, "ADD")
    yield _seen(_site(first), f"{repaired}T10:00:00", "repairing", "damaged", code)
    yield _seen(_site(first), f"{repaired}T16:30:00", "installing", "active", code)
    yield _fixed(first, f"{off}T09:40:00", "removing", code, "DELETE")
    yield _seen(_site(first), f"{off}T17:00:00", "shipping", "in_transit", code)
    yield _seen(_DEPOT, f"{back}T09:30:00", "receiving", "returned", code)
    yield _seen(_DEPOT, f"{refurbished}T15:00:00", "refurbishing", "available", code)
    yield _seen(_HUB, f"{again}T06:50:00", "shipping", "in_transit", code)
    yield _fixed(second, f"{again}T14:30:00", "installing", code, "ADD")


def _onu() -> Iterator[Told]:
    ilmd = {"category": "onu", "massKg": "0.45", "valueCNY": "128.00"}
    made = ("2023-04-17", "2023-04-18", "2023-04-19", "2023-04-20", "2023-04-20")
    yield from _from_supplier(_ONU.supplier, ONU, made, chip=CHIP, ilmd=ilmd, number=117)
    alias = {"onecode:aliasOf": ONU}
    yield _seen(_HUB, "2023-04-21T09:00:00", "tagging", "active", ONU_GIAI, action="ADD", ilmd=alias)
    days = ("2023-05-09", "2023-11-02", "2024-03-12", "2024-03-13", "2024-03-20", "2024-05-08")
    yield from _second_life(ONU_GIAI, "Nanjing", "Wuxi", days)
    wrong = _seen(_site("Xuzhou"), "2023-08-01T10:15:00", "cycle_counting", "available", ONU)
    yield wrong
    declared = {"declarationTime": "2023-08-03T09:00:00+08:00", "reason": "did_not_occur"}
    yield wrong[0], wrong[1] | {"errorDeclaration": declared}
    counted = {"onecode:tid": CLONE}
    yield _seen(_site("Wuxi"), "2024-06-15T10:00:00", "cycle_counting", "active", ONU, **counted)


def _drum() -> Iterator[Told]:
    ilmd = {"category": "cable-optical", "massKg": "225", "lengthM": "2000", "valueCNY": "5860.00"}
    made = ("2023-04-10", "2023-04-11", "2023-04-12", "2023-04-14", "2023-04-14")
    yield from _from_supplier(_CABLE.supplier, DRUM, made, chip=DRUM_CHIP, ilmd=ilmd, number=24)
    amounts = [
        {"epc": PIECE, "massKg": "151.875", "lengthM": "1350", "valueCNY": "3955.50"},
        {"epc": REMAINDER, "massKg": "73.125", "lengthM": "650", "valueCNY": "1904.50"},
    ]
    cut = {"inputEPCList": [DRUM], "outputEPCList": [PIECE, REMAINDER], "onecode:amounts": amounts}
    cut["ilmd"] = {"onecode:category": "cable-optical"}
    yield _event(_HUB, "2023-05-15T10:00:00", "TransformationEvent", "", "in_progress", **cut)
    yield _seen(_HUB, "2023-05-15T11:00:00", "storing", "available", REMAINDER)
    days = ("2023-05-16", "2023-12-05", "2024-04-09", "2024-04-10", "2024-04-22", "2024-06-04")
    yield from _second_life(PIECE, "Xuzhou", "Huai'an", days)


def write_lives(directory: Path) -> list[Path]:
    """One EPCIS document a scanner; the events of each in order of their time."""
    documents: dict[str, list[dict[str, Any]]] = {}
    for name, event in (*_onu(), *_drum()):
        documents.setdefault(name, []).append(event)
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name, events in sorted(documents.items()):
        events.sort(key=lambda event: (event["eventTime"], "errorDeclaration" in event))
        document = {
            "@context": [GS1_CONTEXT, {"onecode": OWN}],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2024-06-30T00:00:00+08:00",
            "epcisBody": {"eventList": events},
        }
        path = directory / f"{name}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
        written.append(path)
    return written


PRODUCT_LIST: Final = {301: ("aau", "41", "8200.00"), 302: ("rru", "21", "3600.00"), 401: ("battery-lfp", "47", "2100")}
"""Category, mass [kg] and book value [CNY] of products whose scans say none of it; illustrative."""


def write_product_list(path: Path) -> None:
    """The operator's list of products, unless there is one."""
    if not path.exists():
        rows = [f"{_BY_NUMBER[number].gtin},{','.join(row)}" for number, row in PRODUCT_LIST.items()]
        path.write_text("\n".join(["product,category,mass_kg,value_cny", *rows, ""]), "utf-8")
