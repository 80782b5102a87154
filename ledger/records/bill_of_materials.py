"""
What one declared unit of a product is made of, packed in, used for and ends as (ISO 14067:2018, 6.4; GB/T 24067-2024).

Amounts are what the maker states per declared unit; emissions are never in it, but for what leaves the process itself.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.product_footprint import DecimalText, DeclaredUnit, QualityScores
from ledger.records.transport_leg import Moment, Name
from ledger.records.transport_operation import EnergyAmount, Mode

Text = Annotated[str, Meta(min_length=1, max_length=2000)]
BillUnit = Literal["MJ", "kWh", "kg", "km", "l", "m3", "piece"]
GhgPart = Literal["aviation", "biogenic", "fossil", "land_use_change", "removal"]


class BillInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``amount`` of a material or part in one declared unit, ``loss_pct`` [%] of it lost on top.

    A ``product`` of a named ``supplier``, counted in its own declared unit; or a material by the id of its ``factor``.
    Beside a product, ``factor`` is the default to take when nothing is declared, for ``default_amount`` in the
    factor's unit. ``recycled_pct`` [%] of a material is recycled and takes ``recycled_factor``, by the cut-off rule
    (100:0): recycled matter carries its recycling and nothing of its first life, and nobody gets a credit at the end.
    """

    amount: DecimalText
    default_amount: DecimalText | None = None
    factor: Name | None = None
    loss_pct: DecimalText = "0"
    name: Name
    product: Name | None = None
    recycled_factor: Name | None = None
    recycled_pct: DecimalText | None = None
    supplier: Name | None = None
    unit: BillUnit


class DirectEmission(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the process itself emits, or takes up (``removal``), for one declared unit [kg CO2e]."""

    kg_co2e: DecimalText
    part: GhgPart
    source: Name


class InboundMove(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Inputs of one declared unit on their way to the maker: mass [kg] over a distance [km] by a class of transport."""

    distance_km: DecimalText
    mass_kg: DecimalText
    mode: Mode
    name: Name
    vehicle: Name


class Treatment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``share`` of a mass that goes into one treatment, by the id of its factor."""

    factor: Name
    share: DecimalText


class PackagingItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Packaging of one declared unit: ``mass_kg`` [kg] of a material that serves ``uses`` times.

    Making and treatment are divided by ``uses``. Recycled content as of ``BillInput``.
    """

    end_of_life: Annotated[list[Treatment], Meta(max_length=20)] = []
    factor: Name
    mass_kg: DecimalText
    name: Name
    recycled_factor: Name | None = None
    recycled_pct: DecimalText | None = None
    uses: Annotated[int, Meta(ge=1, le=10**6)] = 1


class EndOfLifeItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``mass_kg`` [kg] of a material of one declared unit and what becomes of it."""

    mass_kg: DecimalText
    name: Name
    treatments: Annotated[list[Treatment], Meta(min_length=1, max_length=20)]


class UsePhase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stated scenario of use: energy and materials over the whole service life of one declared unit."""

    energy: Annotated[list[EnergyAmount], Meta(max_length=50)] = []
    inputs: Annotated[list[BillInput], Meta(max_length=200)] = []
    scenario: Text


class CoProduct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What else the process makes, and the share of the process's emissions that it carries, 0 to 1."""

    name: Name
    share: DecimalText


class Allocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a process with several products is shared: ``share`` is the product's own; all shares sum to 1."""

    co_products: Annotated[list[CoProduct], Meta(max_length=50)] = []
    rule: Literal["economic", "mass", "none"]
    share: DecimalText


class CutOff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A flow left out, with its share [%] of the whole by mass, energy or impact as estimated."""

    basis: Literal["energy", "impact", "mass"]
    flow: Name
    reason: Text | None = None
    share_pct: DecimalText


class Study(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a report must say and no figure does. What nobody states, a report calls not stated."""

    electricity: Text | None = None
    """Which electricity is meant and how it is treated: grid mix, contract, own generation."""
    functional_unit: Text | None = None
    limitations: Text | None = None
    period_end: date | None = None
    period_start: date | None = None
    rule: Name | None = None
    """Product category rule or other rule followed."""
    sensitivity: Text | None = None
    standards: Annotated[list[Name], Meta(max_length=20)] = []
    technology: Text | None = None
    uncertainty_pct: DecimalText | None = None
    """Half-width of the 95 % interval of the result [%], as stated."""
    unit_processes: Annotated[list[Name], Meta(max_length=100)] = []


class BillOfMaterials(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    One declared unit of ``product`` as ``manufacturer`` makes it at ``site``, valid from one day to another.

    ``mass_kg`` [kg] is without packaging. ``amounts`` says whether they were measured or come from the design. Of goods
    counted in pieces, ``declared_units_per_piece`` are in one. ``energy`` is electricity of a grid ``region`` or a
    factor's id. ``biogenic_carbon_content_kg`` [kg C] stays in the product and is reported apart. ``verified_by`` names
    who verified the bill; without one it is recorded, not verified.
    """

    allocation: Allocation | None = None
    amounts: Literal["design", "measured"]
    biogenic_carbon_content_kg: DecimalText | None = None
    cut_offs: Annotated[list[CutOff], Meta(max_length=100)] = []
    declared_unit: DeclaredUnit
    declared_units_per_piece: DecimalText | None = None
    direct: Annotated[list[DirectEmission], Meta(max_length=100)] = []
    end_of_life: Annotated[list[EndOfLifeItem], Meta(max_length=200)] = []
    energy: Annotated[list[EnergyAmount], Meta(max_length=50)] = []
    id: Name
    inbound: Annotated[list[InboundMove], Meta(max_length=200)] = []
    inputs: Annotated[list[BillInput], Meta(max_length=2000)]
    kind: Literal["bill_of_materials"]
    manufacturer: Name
    mass_kg: DecimalText
    name: Name
    occurred_at: Moment
    packaging: Annotated[list[PackagingItem], Meta(max_length=100)] = []
    product: Name
    quality: QualityScores | None = None
    region: Name
    site: Name
    study: Study | None = None
    use: UsePhase | None = None
    valid_from: date
    valid_to: date
    verified_by: Name | None = None
    version: Literal[1]
