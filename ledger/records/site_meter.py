"""
Electricity meters of a site and their readings: what the register shows, as it shows it.

What flowed is computed from two readings, never stated: ``programme.warehouse.meters``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_review import Digest
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Flow = Literal["export", "generation", "import"]
"""Out to the grid, generated on site, in from the grid."""
Serial = Annotated[str, Meta(min_length=1, max_length=80)]


class ReplacedDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The device that was taken out at the same moment, and what its register showed then."""

    final: DecimalText
    serial: Serial


class SiteMeter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A device with a ``serial`` number, put in at ``occurred_at`` at the measuring point ``meter`` of a ``site``.

    Its register has ``digits`` before the point and begins again after them; ``initial`` is what it showed when it was
    put in. ``unit`` times ``multiplier`` (current and voltage transformers) is one step of the register.
    ``nothing_before`` says that nothing flowed there before, as with a new plant.
    """

    digits: Annotated[int, Meta(ge=3, le=12)]
    flow: Flow
    id: Name
    initial: DecimalText
    kind: Literal["site_meter"]
    meter: Name
    multiplier: DecimalText
    nothing_before: bool = False
    occurred_at: Moment
    replaces: ReplacedDevice | None = None
    serial: Serial
    site: Name
    unit: Literal["MWh", "kWh"]
    version: Literal[1]


class MeterReading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What the register of a device showed at ``occurred_at``, in its own unit.

    ``rolled_over`` says that it passed its last digit since the reading before, once. ``evidence`` are SHA-256 of
    photographs handed in about the site.
    """

    evidence: Annotated[tuple[Digest, ...], Meta(max_length=5)] = ()
    id: Name
    kind: Literal["meter_reading"]
    meter: Name
    occurred_at: Moment
    rolled_over: bool = False
    serial: Serial
    site: Name
    value: DecimalText
    version: Literal[1]


def check_meter(record: SiteMeter) -> None:
    """The register can show what it is said to have shown; a device replaces another one."""
    if Decimal(record.multiplier) == 0:
        raise contradiction("a multiplier is more than nothing", "倍率须大于零", "/multiplier")
    if Decimal(record.initial) >= 10**record.digits:
        raise contradiction("the register has fewer digits", "读数位数超过表计位数", "/initial")
    if record.replaces is None:
        return
    if record.replaces.serial == record.serial:
        raise contradiction("a device does not replace itself", "表计不能替换自身", "/replaces/serial")
    if record.nothing_before:
        raise contradiction("where a device is replaced, something flowed", "替换表计时此前已有电量", "/nothing_before")
