"""A measure that saves energy, as planned, as executed, as verified: three statements, never one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name


class EnergyMeasure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What a ``measure`` at a ``site`` saves between two days [kWh, CNY], at one ``stage`` of its life.

    ``verified`` names who verified it. ``pue_before`` and ``pue_after`` are total over IT energy of a data centre
    (ISO/IEC 30134-2). Of several statements on one measure and stage the one entered last counts.
    """

    id: Name
    kind: Literal["energy_measure"]
    measure: Name
    occurred_at: Moment
    owner: Name
    period_end: date
    period_start: date
    pue_after: DecimalText | None = None
    pue_before: DecimalText | None = None
    saved_cny: DecimalText | None = None
    saved_kwh: DecimalText
    site: Name
    stage: Literal["executed", "planned", "verified"]
    verified_by: Name | None = None
    version: Literal[1]


def check_measure(record: EnergyMeasure) -> None:
    """Verified by somebody and only then; a period with a length; both PUE or none, each at least 1."""
    if record.stage == "verified" and record.verified_by is None:
        raise FieldMissing(field="verified_by").at(Place(pointer="/verified_by"))
    if record.stage != "verified" and record.verified_by is not None:
        raise contradiction(
            "only a verified saving names who verified it", "只有已核查的节约量才写明核查方", "/verified_by"
        )
    if record.period_end < record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
    if (record.pue_before is None) != (record.pue_after is None):
        raise FieldMissing(field="pue_before / pue_after").at(Place(pointer="/pue_after"))
    for name in ("pue_before", "pue_after"):
        value = getattr(record, name)
        if value is not None and Decimal(value) < 1:
            raise contradiction("a PUE is at least 1", "PUE 不小于 1", f"/{name}")
