"""A recorded footprint as far as its standing goes, out of either kind of record that states one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final

from ledger.desk.status import Stated
from ledger.log.canonical import canonical_bytes

YEARS_VALID: Final = 3
"""A footprint that states no validity holds so long after its reference period (PACT methodology 3.0, 3.2.2)."""
KINDS: Final = ("pcf", "product_footprint")
"""Kinds of records that state a product's footprint."""


def stated(entry: int, record: dict[str, Any]) -> Stated:
    """What the record of an entry states; it is of one of ``KINDS``."""
    return _exchanged(entry, record) if record["kind"] == "pcf" else _declared(entry, record)


def _exchanged(entry: int, record: dict[str, Any]) -> Stated:
    """A footprint in the data model of PACT 3.0. The figure is the one that no uptake lowers."""
    footprint = record["footprint"]
    pcf = footprint["pcf"]
    end = _day(pcf["referencePeriodEnd"])
    starts, ends = footprint.get("validityPeriodStart"), footprint.get("validityPeriodEnd")
    return Stated(
        entry=entry,
        id=record["id"],
        kind="pcf",
        supplier=record["supplier"],
        product=record.get("product") or footprint["productIds"][0],
        name=footprint["productNameCompany"],
        kg_co2e=Fraction(Decimal(pcf["pcfExcludingBiogenicUptake"])),
        amount=Fraction(Decimal(pcf["declaredUnitAmount"])),
        unit=pcf["declaredUnitOfMeasurement"],
        sha256=sha256(canonical_bytes(record)).hexdigest(),
        valid_from=_day(starts) if starts else end,
        valid_end=_day(ends) if ends else _years_after(end),
        footprint_id=str(footprint["id"]).lower(),
        replaces=tuple(str(one).lower() for one in footprint.get("precedingPfIds") or ()),
    )


def _declared(entry: int, record: dict[str, Any]) -> Stated:
    """A footprint as a declaration states it; its last day counts."""
    return Stated(
        entry=entry,
        id=record["id"],
        kind="product_footprint",
        supplier=record["supplier"],
        product=record["product"],
        name=record["name"],
        kg_co2e=Fraction(Decimal(record["pcf_kg_co2e"])),
        amount=Fraction(1),
        unit=record["declared_unit"],
        sha256=sha256(canonical_bytes(record)).hexdigest(),
        valid_from=date.fromisoformat(record["valid_from"]),
        valid_end=date.fromisoformat(record["valid_to"]) + timedelta(days=1),
        footprint_id=record["id"],
    )


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + YEARS_VALID)
    except ValueError:  # 29 February: the end does not count, so the 28th is the last day
        return day.replace(year=day.year + YEARS_VALID, month=3, day=1)
