"""
A calculation run: figures computed at a checkpoint, with everything pinned that they follow from.

The whole result is canonical JSON kept beside the ledger under its SHA-256, which the record holds; whoever has the
entries and the factor set computes it again to the last digit.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.label_print import Sha256
from ledger.records.transport_leg import Moment, Name

MOST_INLINE = 500
"""Totals of routes, and of products, written into the record itself; more stand in the result alone."""
ExactText = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$", max_length=4_000)]
"""A plain decimal where one is exact, else a fraction in lowest terms."""
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class PinnedCheckpoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log that was read: its first ``size`` entries, whose tree has this ``root``."""

    origin: Name
    root: Sha256
    size: Annotated[int, Meta(ge=1, le=2**53 - 1)]


class PinnedFactors(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The factor set by name and hash."""

    hash: Sha256
    id: Name


class PinnedMethod(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A method and the version of it."""

    name: Name
    version: Annotated[int, Meta(ge=1)]


class SubjectTotal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A route's or a product's total [kg CO2e]; ``complete`` when nothing is missing from it."""

    complete: bool
    name: Annotated[str, Meta(max_length=2048)]
    wtw_kg: ExactText


class CategoryShares(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shares of transport and hub emissions by data category; ``None`` without emissions."""

    default: ExactText | None
    modelled: ExactText | None
    primary: ExactText | None


class CalculationRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Totals of all routes and products at a checkpoint [kg CO2e], and the hash of the whole result.

    ``gaps`` is how much could not be computed; each with its reason is in the result. ``first_day`` and ``last_day``
    are those of the activity. ``result_bytes`` is the result's length.
    """

    boundary: Name
    checkpoint: PinnedCheckpoint
    factor_set: PinnedFactors
    first_day: Name | None = None
    gaps: Count
    id: Name
    kind: Literal["calculation_run"]
    last_day: Name | None = None
    methods: Annotated[tuple[PinnedMethod, ...], Meta(max_length=100)]
    occurred_at: Moment
    products: Annotated[tuple[SubjectTotal, ...], Meta(max_length=MOST_INLINE)] = ()
    products_count: Count
    products_wtw_kg: ExactText
    result_bytes: Count
    result_sha256: Sha256
    routes: Annotated[tuple[SubjectTotal, ...], Meta(max_length=MOST_INLINE)] = ()
    routes_count: Count
    routes_wtw_kg: ExactText
    shares: CategoryShares
    software: Name
    tenant: Name
    version: Literal[1]
