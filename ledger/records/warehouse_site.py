"""A warehouse and what is stated of it: its facts from a day on, and figures of a year that no other record holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

SiteKind = Literal["cold_store", "cross_dock", "distribution", "storage", "yard"]
Year = Annotated[int, Meta(ge=2000, le=2200)]
StatedMeasure = Literal["electric_handling", "fill", "idle_stock", "packaging_return", "reuse"]
"""Measures of the index that a site may state, with evidence."""


class WarehouseSite(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What a ``site`` (its name in energy, hub and certificate records) is from the day ``valid_from`` on.

    ``floor_area_m2`` [m²] is what energy is divided by. The latest day at or before another counts on it. ``location``
    is what events call it (``bizLocation``, else ``readPoint``); extensions of a GLN are parts of it.
    """

    floor_area_m2: DecimalText
    id: Name
    kind: Literal["warehouse_site"]
    location: Name | None = None
    name: Name
    occurred_at: Moment
    region: Name
    site: Name
    site_kind: SiteKind
    valid_from: date
    version: Literal[1]


class SiteStatement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``part`` of ``whole`` of a ``measure`` in a ``year`` at a ``site``, as somebody states, with what shows it.

    ``evidence`` are SHA-256 of files handed in about the site. Of several on one measure the one entered last counts.
    """

    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    id: Name
    kind: Literal["site_statement"]
    measure: StatedMeasure
    occurred_at: Moment
    part: DecimalText
    site: Name
    version: Literal[1]
    whole: DecimalText
    words: Words
    year: Year


def site_record_id(prefix: str, *said: object) -> str:
    """An id made of what is said: the same again is the same record, and what differs stands beside it."""
    return f"{prefix}:" + sha256("\n".join(map(str, said)).encode()).hexdigest()[:40]


def check_site(record: WarehouseSite) -> None:
    """It has an area."""
    if Decimal(record.floor_area_m2) == 0:
        raise contradiction("a site has a floor area", "站点须有建筑面积", "/floor_area_m2")


def check_statement(record: SiteStatement) -> None:
    """A part is at most its whole, and the whole is something."""
    if Decimal(record.whole) == 0:
        raise contradiction("the whole is more than nothing", "总量须大于零", "/whole")
    if Decimal(record.part) > Decimal(record.whole):
        raise contradiction("a part is at most its whole", "部分不得大于总量", "/part")
    if len(set(record.evidence)) < len(record.evidence):
        raise contradiction("one is named twice", "有一项重复", "/evidence")
