"""Refrigerant that a site lost: what was refilled, hence had leaked (ISO 14083:2023, annex on refrigerants)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name


class SiteRefrigerant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``mass_kg`` [kg] of a ``gas`` refilled at a site in a period.

    ``serves`` is ``refrigerated`` for cold rooms and ``all`` for the building's air conditioning.
    """

    gas: Name
    id: Name
    kind: Literal["site_refrigerant"]
    mass_kg: DecimalText
    occurred_at: Moment
    period_end: Moment
    period_start: Moment
    serves: Literal["all", "refrigerated"] = "refrigerated"
    site: Name
    version: Literal[1]


def check_refrigerant(record: SiteRefrigerant) -> None:
    """The period has a length."""
    if record.period_end <= record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
