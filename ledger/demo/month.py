"""
One month of a regional warehouse as records: inbound by road and rail, handling, outbound, electricity, scans.

Seeded and deterministic: the same seed and scale give the same records, whatever the machine. What leaves in a window
of three days arrived shortly before, piece for piece, so that inbound and outbound balance. ``scale`` multiplies the
deliveries of a day; at 1 the month has about eight thousand records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import count, islice
from math import ceil
from random import Random

from ledger.demo import scans
from ledger.demo.catalogue import CARRIER_IN, CARRIER_OUT, CARRIER_RAIL, PRODUCTS, SUPPLIERS, VERIFIER, Product
from ledger.demo.places import DESTINATIONS, HUB, TERMINAL, TERMINAL_KM, City
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import Record
from ledger.records.transport_leg import TransportLeg
from ledger.units import decimal_text, parse_decimal

SEED = 20230501
YEAR, MONTH, DAYS, WINDOW = 2023, 5, 31, 3
ZONE = timezone(timedelta(hours=8))
LINES = 6
"""Deliveries to one city on one day."""
_ARTIC, _ARTIC_33 = "road.hgv.artic-over-33t.diesel.avg", "road.hgv.artic-33t.diesel.avg"
_OUTBOUND = (
    (9_000_000, "road.hgv.artic-33t.diesel.avg"),
    (4_500_000, "road.hgv.rigid-over-17t.diesel.avg"),
    (2_500_000, "road.hgv.rigid-17t.diesel.avg"),
    (900_000, "road.hgv.rigid-7.5t.diesel.avg"),
    (0, "road.van.diesel.avg"),
)
"""Vehicle by the least mass of a round [g]."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One product out of the warehouse to one city: what is delivered, when, and which pieces."""

    number: int
    at: datetime
    city: City
    km: int
    product: Product
    quantity: int
    first: int
    """Serial number of the first piece."""
    vehicle: str = ""
    """Of the city's round that day, by everything on it."""

    @property
    def pieces(self) -> list[str]:
        """The single pieces, empty where they carry no code of their own."""
        product = self.product
        return [product.piece(self.first + i) for i in range(self.quantity)] if product.serial else []


@dataclass(frozen=True, slots=True)
class Arrival:
    """One inbound vehicle of one product."""

    number: int
    at: datetime
    """Departure at the supplier."""
    product: Product
    quantity: int
    first: int

    @property
    def received_at(self) -> datetime:
        """At the warehouse's gate."""
        return self.at + timedelta(days=self.product.supplier.origin.days)

    @property
    def pieces(self) -> list[str]:
        """The single pieces, empty where they carry no code of their own."""
        product = self.product
        return [product.piece(self.first + i) for i in range(self.quantity)] if product.serial else []


def records(seed: int = SEED, scale: int = 1) -> Iterator[Record]:
    """Every record of the month; declarations first, then window by window in order of time."""
    yield from declarations()
    month = _Month(Random(seed), scale)  # noqa: S311  (a repeatable story, not a secret)
    for start in range(1, DAYS + 1, WINDOW):
        found = list(month.window(start))
        found.sort(key=lambda record: record.occurred_at)
        yield from found


def first_records(number: int, seed: int = SEED) -> Iterator[Record]:
    """Exactly so many records of a month that is large enough; for benchmarks."""
    return islice(records(seed, ceil(number / 7_000)), number)


def declarations() -> Iterator[ProductFootprint]:
    """What the suppliers declared in April."""
    for product in PRODUCTS:
        yield ProductFootprint(
            boundary="cradle_to_gate",
            declared_unit="piece",
            id=f"pcf:{product.supplier.zh}:PCF-2023-{product.number:03d}",
            kind="product_footprint",
            name=product.zh,
            occurred_at=datetime(YEAR, 4, 20, 10, tzinfo=ZONE),
            pcf_kg_co2e=decimal_text(parse_decimal(product.pcf)),
            primary_data_share_pct=str(product.primary_pct),
            product=product.identity,
            supplier=product.supplier.zh,
            valid_from=datetime(2023, 1, 1, tzinfo=ZONE).date(),
            valid_to=datetime(2024, 12, 31, tzinfo=ZONE).date(),
            verified_by=VERIFIER if product.status == "verified" else None,
            version=1,
        )


@dataclass(slots=True)
class _Month:
    random: Random
    scale: int
    serials: dict[int, int] = field(default_factory=lambda: defaultdict(lambda: 1))
    deliveries: Iterator[int] = field(default_factory=lambda: count(1))
    arrivals: Iterator[int] = field(default_factory=lambda: count(1))
    pallets: dict[str, Iterator[int]] = field(default_factory=lambda: {s.prefix: count(1) for s in SUPPLIERS})

    def upto(self, least: int, most: int) -> int:
        """An integer in the closed range. ``Random.random`` is the one method whose sequence Python keeps for ever."""
        return least + int(self.random.random() * (most - least + 1))

    def window(self, start: int) -> Iterator[Record]:
        days = range(start, min(start + WINDOW, DAYS + 1))
        delivered: dict[int, list[Delivery]] = defaultdict(list)
        for day in days:
            yield self.meter(day)
            for city, km in DESTINATIONS:
                for delivery in loaded(self.day(day, city, km)):
                    delivered[delivery.product.number].append(delivery)
        if start == 1:
            yield from terminal_meters()
        for product in PRODUCTS:
            yield from self.arrived(start, product, delivered[product.number])
            for delivery in delivered[product.number]:
                yield from self.left(delivery)

    def day(self, day: int, city: City, km: int) -> Iterator[Delivery]:
        for _ in range(LINES * self.scale):
            product = PRODUCTS[self.upto(0, len(PRODUCTS) - 1)]
            quantity = self.upto(*product.line)
            first = self.serials[product.number]
            self.serials[product.number] += quantity
            at = datetime(YEAR, MONTH, day, self.upto(7, 18), self.upto(0, 59), tzinfo=ZONE)
            yield Delivery(next(self.deliveries), at, city, km, product, quantity, first)

    def left(self, delivery: Delivery) -> Iterator[Record]:
        product, day = delivery.product, delivery.at.strftime("%Y%m%d")
        route = f"{HUB.zh}-{delivery.city.zh}"
        mass = product.gross_g * delivery.quantity
        yield HubOperation(
            hub=HUB.zh,
            id=f"hub:{HUB.zh}:CK{day}-{delivery.number:06d}",
            kind="hub_operation",
            mass_g=mass,
            occurred_at=delivery.at - timedelta(minutes=self.upto(15, 90)),
            operation="storage",
            product=product.identity,
            quantity=delivery.quantity,
            route=route,
            version=1,
        )
        waybill = f"JH{day}-{delivery.number:06d}"
        way = (HUB.zh, delivery.city.zh, delivery.km)
        yield self.leg(delivery, (CARRIER_OUT, waybill, 1), way, route, delivery.vehicle)
        yield from scans.delivered(delivery, waybill, self.upto(1, 6), self.upto(1, 100))

    def arrived(self, start: int, product: Product, deliveries: list[Delivery]) -> Iterator[Record]:
        """Vehicles from the supplier that bring just what the window's deliveries take."""
        left = sum(delivery.quantity for delivery in deliveries)
        first = deliveries[0].first if deliveries else 0
        origin = product.supplier.origin
        while left:
            quantity = min(left, product.load)
            departs = datetime(YEAR, MONTH, start, self.upto(6, 11), self.upto(0, 59), tzinfo=ZONE)
            at = departs - timedelta(days=origin.days + 1 + self.upto(0, 1))
            arrival = Arrival(next(self.arrivals), at, product, quantity, first)
            yield from self.inbound(arrival)
            pallets = [next(self.pallets[product.supplier.prefix]) for _ in range(ceil(quantity / product.pallet))]
            yield from scans.arrived(arrival, pallets)
            left, first = left - quantity, first + quantity

    def inbound(self, arrival: Arrival) -> Iterator[Record]:
        product, at = arrival.product, arrival.at
        origin = product.supplier.origin
        route = f"{origin.city.zh}-{HUB.zh}"
        number = f"{at:%Y%m%d}-{arrival.number:06d}"
        if not origin.rail:
            vehicle = _ARTIC if origin.km > 300 else _ARTIC_33
            way = (origin.city.zh, HUB.zh, origin.km)
            yield self.leg(arrival, (CARRIER_IN, f"CF{number}", 1), way, route, vehicle)
            return
        unloaded = at + timedelta(days=origin.days - 1, hours=6)
        way = (origin.city.zh, TERMINAL.zh, origin.km)
        yield self.leg(arrival, (CARRIER_RAIL, f"HT{number}", 1), way, route, "rail.freight.avg")
        yield HubOperation(
            hub=TERMINAL.zh,
            id=f"hub:{TERMINAL.zh}:ZY{number}",
            kind="hub_operation",
            mass_g=product.gross_g * arrival.quantity,
            occurred_at=unloaded,
            operation="transshipment",
            product=product.identity,
            quantity=arrival.quantity,
            route=route,
            version=1,
        )
        way = (TERMINAL.zh, HUB.zh, TERMINAL_KM)
        onward = replace(arrival, at=unloaded + timedelta(hours=3))
        yield self.leg(onward, (CARRIER_RAIL, f"HT{number}", 2), way, route, _ARTIC_33)

    def leg(
        self,
        goods: Arrival | Delivery,
        key: tuple[str, str, int],
        way: tuple[str, str, int],
        route: str,
        vehicle: str,
    ) -> TransportLeg:
        """One leg of goods: (carrier, waybill, line), (origin, destination, km)."""
        carrier, waybill, line = key
        origin, destination, km = way
        rail = vehicle.startswith("rail")
        return TransportLeg(
            carrier=carrier,
            consignment=waybill,
            destination=destination,
            distance_basis="sfd",
            distance_m=km * 1000,
            driven_m=km * (1000 + (0 if rail else self.upto(0, 60))),
            id=f"waybill:{carrier}:{waybill}:{line}",
            kind="transport_leg",
            mass_g=goods.product.gross_g * goods.quantity,
            mode="rail" if rail else "road",
            occurred_at=goods.at,
            origin=origin,
            product=goods.product.identity,
            quantity=goods.quantity,
            route=route,
            vehicle=vehicle,
            version=1,
        )

    def meter(self, day: int) -> EnergyUse:
        start = datetime(YEAR, MONTH, day, tzinfo=ZONE)
        return reading(HUB, "LS-D01", start, start + timedelta(days=1), self.upto(9_000, 12_000) * 100)


def loaded(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """A city's deliveries of one day share rounds of up to six, each with the smallest vehicle that takes it."""
    waiting, found = list(deliveries), []
    for start in range(0, len(waiting), LINES):
        on = waiting[start : start + LINES]
        mass = sum(delivery.product.gross_g * delivery.quantity for delivery in on)
        vehicle = next(name for least, name in _OUTBOUND if mass >= least)
        found += [replace(delivery, vehicle=vehicle) for delivery in on]
    return found


def terminal_meters() -> Iterator[EnergyUse]:
    """The terminal's energy in April and May, by month."""
    for month, kwh in ((4, 1_460), (5, 1_730)):
        start = datetime(YEAR, month, 1, tzinfo=ZONE)
        yield reading(TERMINAL, "YHM-D01", start, datetime(YEAR, month + 1, 1, tzinfo=ZONE), kwh * 1000)


def reading(site: City, meter: str, start: datetime, end: datetime, energy_wh: int) -> EnergyUse:
    """One meter reading in Jiangsu."""
    return EnergyUse(
        carrier="electricity",
        energy_wh=energy_wh,
        id=f"meter:{site.zh}:{meter}:{start.isoformat()}",
        kind="energy_use",
        meter=meter,
        occurred_at=end,
        period_end=end,
        period_start=start,
        region="江苏",
        site=site.zh,
        version=1,
    )
