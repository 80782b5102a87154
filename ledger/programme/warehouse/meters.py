"""
What flowed through a measuring point between two moments [kWh], exact: from readings of its devices alone.

A moment is met by the reading closest to it within a day. From one reading to the next of a device the register moved
by their difference, or once around when it is said to have rolled over. A device that takes another's place continues
it when the other's final reading is stated. Whatever does not fit is refused with its entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from ledger.footprint.activity import CHINA
from ledger.programme.warehouse.errors import (
    MeterDeviceUnknown,
    MeterGap,
    MeterPeriodMissing,
    MeterReadTwice,
    MeterWentBack,
)
from ledger.records.site_meter import Flow, MeterReading, SiteMeter

WITHIN: Final = timedelta(days=1)
KWH: Final = {"kWh": 1, "MWh": 1000}


class Point(NamedTuple):
    """The register of a device at a moment, by an entry; ``opens`` where the device was put in."""

    at: datetime
    serial: str
    value: Fraction
    entry: int
    rolled_over: bool = False
    opens: bool = False
    closes: bool = False


class Flowed(NamedTuple):
    """``kwh`` from one point to another, and every entry on the way."""

    kwh: Fraction
    first: Point
    last: Point
    entries: tuple[int, ...]


class MeasuringPoint(NamedTuple):
    """A measuring point: what it measures, its devices by serial number, and all their points in time order."""

    meter: str
    flow: Flow
    devices: dict[str, tuple[int, SiteMeter]]
    points: tuple[Point, ...]

    @property
    def nothing_before(self) -> bool:
        """Whether the first device says that nothing flowed before it."""
        return any(one.nothing_before for _, one in self.devices.values())

    def flowed(self, start: datetime, end: datetime) -> Flowed:
        """
        What flowed from ``start`` to ``end``.

        Raises ``MeterPeriodMissing``, ``MeterWentBack``, ``MeterDeviceUnknown``, ``MeterReadTwice``, ``MeterGap``.
        """
        first, last = self._near(start, start, end), self._near(end, start, end)
        walked = self.points[first : last + 1]
        kwh = Fraction(0)
        for before, after in pairwise(walked):
            kwh += self._between(before, after)
        entries = tuple(sorted({point.entry for point in walked}))
        return Flowed(kwh, walked[0], walked[-1], entries)

    def _near(self, at: datetime, start: datetime, end: datetime) -> int:
        opening = self.points[0]
        if self.nothing_before and opening.opens and at <= opening.at:
            return 0
        near = [(abs(point.at - at), index) for index, point in enumerate(self.points) if abs(point.at - at) <= WITHIN]
        if not near:
            raise MeterPeriodMissing(meter=self.meter, start=_day(start), end=_day(end), near=_day(at))
        found = min(near)[1]
        self._ensure_one(self.points[found])
        return found

    def _ensure_one(self, point: Point) -> None:
        for other in self.points:
            if (other.at, other.serial) == (point.at, point.serial) and other.value != point.value:
                first, second = sorted((point.entry, other.entry))
                raise MeterReadTwice(meter=self.meter, first=first, second=second)

    def _between(self, before: Point, after: Point) -> Fraction:
        for point in (before, after):
            self._check(point)
        device = self.devices[after.serial][1]
        if after.opens:
            if not before.closes or device.replaces is None or device.replaces.serial != before.serial:
                raise MeterGap(meter=self.meter, serial=after.serial, entry=after.entry)
            return Fraction(0)
        if before.serial != after.serial:
            raise MeterDeviceUnknown(meter=self.meter, serial=after.serial, entry=after.entry)
        if before.at == after.at:
            self._ensure_one(after)
        steps = after.value - before.value
        if after.rolled_over:
            steps += 10**device.digits
        if steps < 0 or (after.rolled_over and after.value >= before.value):
            told = {"before": str(before.value), "after": str(after.value)}
            raise MeterWentBack(meter=self.meter, entry=after.entry, **told)
        return steps * Fraction(device.multiplier) * KWH[device.unit]

    def _check(self, point: Point) -> None:
        held = self.devices.get(point.serial)
        if held is None or point.at < held[1].occurred_at or point.value >= 10 ** held[1].digits:
            raise MeterDeviceUnknown(meter=self.meter, serial=point.serial, entry=point.entry)


def measuring_points(
    meters: Iterable[tuple[int, SiteMeter]], readings: Iterable[tuple[int, MeterReading]]
) -> list[MeasuringPoint]:
    """
    The measuring points of one site by name, of (entry, record) pairs in the order of the log.

    Raises ``MeterReadTwice`` for two statements on one device, or on the direction of one point.
    """
    devices: dict[str, dict[str, tuple[int, SiteMeter]]] = {}
    for entry, one in meters:
        own = devices.setdefault(one.meter, {})
        other = own.get(one.serial) or next((each for each in own.values() if each[1].flow != one.flow), None)
        if other is not None:
            raise MeterReadTwice(meter=one.meter, first=other[0], second=entry)
        own[one.serial] = (entry, one)
    read: dict[str, list[tuple[int, MeterReading]]] = {}
    for entry, reading in readings:
        read.setdefault(reading.meter, []).append((entry, reading))
    return [
        MeasuringPoint(name, next(iter(own.values()))[1].flow, own, _points(own, read.get(name, ())))
        for name, own in sorted(devices.items())
    ]


def _points(
    devices: dict[str, tuple[int, SiteMeter]], readings: Sequence[tuple[int, MeterReading]]
) -> tuple[Point, ...]:
    found: list[tuple[datetime, int, int, Point]] = []
    for entry, one in devices.values():
        at = one.occurred_at
        if one.replaces is not None:
            closing = Point(at, one.replaces.serial, Fraction(one.replaces.final), entry, closes=True)
            found.append((at, 0, entry, closing))
        found.append((at, 1, entry, Point(at, one.serial, Fraction(one.initial), entry, opens=True)))
    for entry, reading in readings:
        point = Point(reading.occurred_at, reading.serial, Fraction(reading.value), entry, reading.rolled_over)
        # At the moment of a replacement the old device is read before it goes, the new one after it came.
        old = any(
            one.replaces is not None and one.replaces.serial == reading.serial and one.occurred_at == point.at
            for _, one in devices.values()
        )
        found.append((point.at, -1 if old else 2, entry, point))
    return tuple(point for *_, point in sorted(found, key=lambda row: row[:3]))


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).date().isoformat()
