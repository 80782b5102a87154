"""A product carbon footprint as a supplier declares it (ISO 14067:2018; the PACT data model's terms)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.transport_leg import Moment, Name

DecimalText = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{0,17}[1-9])?$")]
"""A non-negative decimal in the one form of ``units.decimal_text``."""
DeclaredUnit = Literal["kilogram", "kilometre", "kilowatt_hour", "piece"]
Score = Annotated[int, Meta(ge=1, le=5)]


class QualityScores(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Data quality by five indicators, each from 1, best, to 5, worst."""

    completeness: Score
    geography: Score
    reliability: Score
    technology: Score
    time: Score


class ProductFootprint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``pcf_kg_co2e`` per ``declared_unit``, within ``boundary``, for a validity period.

    ``verified_by`` names the verifier of the stated value; without one the footprint is recorded, not verified.

    The parts [kg CO2e] are disjoint: ``fossil_kg_co2e`` is without aircraft, which stands in ``aviation_kg_co2e``.
    Where fossil is stated, fossil + biogenic emissions - biogenic removals + land-use change + aviation is the whole,
    and a part left out is none. ``packaging_kg_co2e`` is how much of the figure is packaging's.
    ``biogenic_carbon_content_kg`` [kg C] stays in the product and is in no sum. ``rule`` is the product category rule,
    ``standards`` the cross-sectoral ones.
    """

    aviation_kg_co2e: DecimalText | None = None
    biogenic_carbon_content_kg: DecimalText | None = None
    biogenic_emissions_kg_co2e: DecimalText | None = None
    biogenic_removals_kg_co2e: DecimalText | None = None
    boundary: Literal["cradle_to_gate", "cradle_to_grave"]
    declared_unit: DeclaredUnit
    fossil_kg_co2e: DecimalText | None = None
    geography: Name | None = None
    id: Name
    kind: Literal["product_footprint"]
    land_use_change_kg_co2e: DecimalText | None = None
    name: Name
    occurred_at: Moment
    packaging_kg_co2e: DecimalText | None = None
    pcf_kg_co2e: DecimalText
    primary_data_share_pct: DecimalText | None = None
    product: Name
    quality: QualityScores | None = None
    rule: Name | None = None
    standards: Annotated[list[Name], Meta(max_length=20)] = []
    supplier: Name
    technology: Name | None = None
    valid_from: date
    valid_to: date
    verified_by: Name | None = None
    version: Literal[1]
