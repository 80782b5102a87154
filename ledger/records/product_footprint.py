"""A product carbon footprint as a supplier declares it (ISO 14067:2018; the PACT data model's terms)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.transport_leg import Moment, Name

DecimalText = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{0,17}[1-9])?$")]
"""A non-negative decimal in the one form of ``units.decimal_text``."""


class ProductFootprint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``pcf_kg_co2e`` per ``declared_unit``, within ``boundary``, for a validity period.

    ``verified_by`` names the verifier of the stated value; without one the footprint is recorded, not verified.
    """

    boundary: Literal["cradle_to_gate", "cradle_to_grave"]
    declared_unit: Literal["kilogram", "kilometre", "kilowatt_hour", "piece"]
    id: Name
    kind: Literal["product_footprint"]
    name: Name
    occurred_at: Moment
    pcf_kg_co2e: DecimalText
    primary_data_share_pct: DecimalText | None = None
    product: Name
    supplier: Name
    valid_from: date
    valid_to: date
    verified_by: Name | None = None
    version: Literal[1]
