"""What the claim of a driven plan's saving rests on: entries, packaging, uncertainties; and its figures, exact."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Name

MOST_ORDERS: Final = 5_000
MOST_ENTRIES: Final = 20_000
ExactText = Annotated[str, Meta(max_length=2_000, pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9]|/[1-9][0-9]*)?$")]
"""A figure as ``footprint.amount.exact_text`` writes it."""
EntryIndex = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Whole = Annotated[int, Meta(ge=0, le=10**12)]
Positive = Annotated[int, Meta(ge=1, le=10**12)]


class PackedOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An ``order``'s packaging [g] and packed volume [cm3], in the baseline and as it was sent."""

    baseline_cm3: Whole
    baseline_packaging_g: Whole
    order: Name
    packaging_g: Whole
    volume_cm3: Whole


class PackagingChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    How all ``orders`` of a plan were packed, and what a vehicle takes: ``payload_g`` [g], ``hold_cm3`` [cm3].

    ``factor`` is of making the packaging [kg CO2e/kg]; without one it is outside the boundary. ``source`` says where
    the measures come from.
    """

    factor: Name | None = None
    hold_cm3: Positive
    orders: Annotated[tuple[PackedOrder, ...], Meta(min_length=1, max_length=MOST_ORDERS)]
    payload_g: Positive
    source: Name


class StatedDoubt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Relative standard uncertainties: of masses and distances, of making packaging, of the vehicles' rates."""

    activity: DecimalText
    making: DecimalText
    rates: DecimalText


class SavedByCause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Grams of CO2e by cause; they sum to the saving."""

    distance: ExactText
    load: ExactText
    mode: ExactText
    packaging_mass: ExactText
    packaging_volume: ExactText


class DrivenBasis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``entries``: the baseline's, the plan's, then those of legs and rounds. Figures in g CO2e, m, g m, cm3.

    ``standard_kg`` is the standard uncertainty of the saving [kg CO2e].
    """

    avoided_cm3: ExactText
    avoided_gram_metres: ExactText
    avoided_metres: ExactText
    baseline_g: ExactText
    doubt: StatedDoubt
    driven_g: ExactText
    entries: Annotated[tuple[EntryIndex, ...], Meta(min_length=2, max_length=MOST_ENTRIES)]
    method: Name
    packaging: PackagingChange | None = None
    parts: SavedByCause
    standard_kg: ExactText
