"""
A year of a manufacturer's transport and scans, as lines of JSON: three legs and one scan for each shipment.

2,000 products, 1,500 routes of three legs, four routes a product; every piece is scanned four times on its way. All of
it follows from the number of the shipment, so any part of any size is made without the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from ledger.identity.text import check_digit

TENANT = "demo"
PRODUCTS = 2_000
ROUTES = 1_500
PIECES_ON_THE_WAY = 1_000
LINES_A_SHIPMENT = 4
_CITIES = (
    "上海", "苏州", "南京", "合肥", "武汉", "长沙", "重庆", "成都", "西安", "郑州",
    "济南", "青岛", "天津", "北京", "沈阳", "广州", "深圳", "东莞", "厦门", "宁波",
)  # fmt: skip
_RIGID, _ARTIC, _VAN = "road.hgv.rigid-17t.diesel.avg", "road.hgv.artic-over-33t.diesel.avg", "road.van.diesel.avg"
_CHAINS = (
    ((_RIGID, "road"), (_ARTIC, "road"), (_VAN, "road")),
    ((_RIGID, "road"), ("rail.freight.avg", "rail"), (_RIGID, "road")),
    ((_ARTIC, "road"), ("rail.freight.avg", "rail"), (_VAN, "road")),
)
_STEPS = (("commissioning", "active"), ("shipping", "in_transit"), ("arriving", "in_progress"), ("receiving", "active"))
_DAYS = [(date(2025, 1, 1) + timedelta(days=day)).isoformat() for day in range(365)]


class Leg(NamedTuple):
    """What every shipment of a route has in common, up to the mass."""

    origin: str
    destination: str
    distance: int
    vehicle: str
    mode: str


def _gtin(product: int) -> str:
    body = f"0950600{product:06d}"
    return body + check_digit(body)


def _legs(route: int) -> tuple[Leg, Leg, Leg]:
    start, stop = _CITIES[route % 20], _CITIES[(route * 7 + 3) % 20]
    stops = (f"{start}工厂{route % 9}", f"{start}枢纽", f"{stop}枢纽", f"{stop}客户仓{route % 70}")
    metres = (18_000 + route * 131 % 60_000, 240_000 + route * 7919 % 1_400_000, 6_000 + route * 577 % 80_000)
    chain = _CHAINS[route % 3]
    first, second, third = (
        Leg(a, b, metre, *vehicle) for a, b, metre, vehicle in zip(stops, stops[1:], metres, chain, strict=False)
    )
    return first, second, third


_GTINS = [_gtin(product) for product in range(PRODUCTS)]
_ROUTES = [_legs(route) for route in range(ROUTES)]


def shipment(number: int) -> str:
    """The four lines of a shipment."""
    product = number * 7_919 % PRODUCTS
    route = (product * 7 + number % 4 * 375) % ROUTES
    pieces = 1 + number * 31 % 48
    grams = pieces * (200 + product * 3_719 % 20_000)
    second = number * 97 % 86_400
    at = f"{_DAYS[number // 450 % 365]}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}+08:00"
    waybill = f"WB2025{number:09d}"
    gtin = _GTINS[product]
    lines = []
    for place, leg in enumerate(_ROUTES[route], 1):
        driven = f'"driven_m":{leg.distance + number * place * 37 % 9_000},' if (number + place) % 5 else ""
        lines.append(
            f'{{"kind":"transport_leg","version":1,"id":"{waybill}-{place}","occurred_at":"{at}",'
            f'"consignment":"{waybill}","carrier":"承运商{route % 37:03d}","origin":"{leg.origin}",'
            f'"destination":"{leg.destination}","product":"https://id.gs1.org/01/{gtin}","quantity":{pieces},'
            f'"mass_g":{grams},"distance_m":{leg.distance},{driven}"distance_basis":"sfd","mode":"{leg.mode}",'
            f'"vehicle":"{leg.vehicle}","route":"R{route:04d}"}}\n'
        )
    lines.append(_scan(number, at, waybill))
    return "".join(lines)


def _scan(number: int, at: str, waybill: str) -> str:
    """One piece at one of its four steps; a thousand other pieces are scanned before its next."""
    group, inside = divmod(number, 4 * PIECES_ON_THE_WAY)
    step, disposition = _STEPS[inside // PIECES_ON_THE_WAY]
    piece = group * PIECES_ON_THE_WAY + inside % PIECES_ON_THE_WAY
    gtin = _GTINS[piece * 7_919 % PRODUCTS]
    event = f"urn:uuid:{number * 2_654_435_761 % 2**32:08x}-2025-4000-8000-{number:012x}"
    place = f"https://id.gs1.org/414/{_GTINS[number % 200][1:]}"
    return (
        f'{{"kind":"epcis_event","version":1,"id":"{event}","occurred_at":"{at}","event":{{"type":"ObjectEvent",'
        f'"action":"OBSERVE","eventID":"{event}","eventTime":"{at}","eventTimeZoneOffset":"+08:00",'
        f'"epcList":["https://id.gs1.org/01/{gtin}/21/{piece:010d}"],'
        f'"bizStep":"{step}","disposition":"{disposition}","readPoint":{{"id":"{place}"}},'
        f'"bizLocation":{{"id":"{place}"}},"bizTransactionList":[{{"type":"po","bizTransaction":"urn:epcglobal:cbv:bt:9506000000001:{waybill}"}}]}}}}\n'
    )


def blocks(records: int, at_once: int = 5_000) -> Iterator[str]:
    """The lines of so many records (a multiple of four), some thousand shipments at a time."""
    shipments = records // LINES_A_SHIPMENT
    for start in range(0, shipments, at_once):
        yield "".join(map(shipment, range(start, min(start + at_once, shipments))))


def write(path: Path, records: int) -> int:
    """Write a file of so many lines; its size in bytes."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        return sum(file.write(block) and len(block.encode()) for block in blocks(records))
