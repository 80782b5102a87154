"""A quarter of an installation under an emissions trading scheme: allocated, emitted, and what a ton cost."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Quarter = Annotated[str, Meta(pattern=r"^20\d\d-Q[1-4]$")]


class EtsQuarter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``allocation_t`` and ``emissions_t`` [t CO2] of a quarter, at ``price_cny`` per ton.

    Emissions are verified when ``verified_by`` names who did it; else they are reported and cost nothing yet. Of
    several statements on one installation and quarter the one entered last counts.
    """

    allocation_t: DecimalText
    emissions_t: DecimalText | None = None
    id: Name
    installation: Name
    kind: Literal["ets_quarter"]
    occurred_at: Moment
    price_cny: DecimalText | None = None
    quarter: Quarter
    scheme: Name
    verified_by: Name | None = None
    version: Literal[1]


def check_quarter(record: EtsQuarter) -> None:
    """Who verified, verified some figure."""
    if record.verified_by is not None and record.emissions_t is None:
        raise FieldMissing(field="emissions_t").at(Place(pointer="/emissions_t"))
