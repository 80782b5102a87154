"""
Where the rates of vehicles in a plan come from: factors as they were taken, and what was stated beside them.

With these a plan's rates are worked out again to the last digit from its own entry (``planning.routes.rated``); the set
is needed to see that its factors say so.
"""

from __future__ import annotations

from datetime import date
from math import gcd
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Name

MOST_VEHICLES: Final = 500
ExactText = Annotated[
    str,
    Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{0,17}[1-9])?$|^[1-9][0-9]{0,29}/[1-9][0-9]{0,29}$"),
]
"""A non-negative decimal as ``DecimalText``, or a fraction in lowest terms where no decimal is exact."""


class TakenFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A factor of a set: ``kg_co2e`` (WTW) ``per`` unit, at ``load_percent`` of the payload where it states one."""

    factor: Name
    hash: Digest
    kg_co2e: DecimalText
    load_percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    per: Name
    source: Words
    year: Annotated[int, Meta(ge=1900, le=2200)]


class VehicleRates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The origin of the rates of ``vehicles``: what was ``named`` of an ``edition`` of a ``factor_set``, by which rule.

    ``payload_g`` [g] is what full means; ``empty_use`` and ``full_use`` consumption per km in the unit of the factors.
    """

    edition: date
    empty_use: DecimalText | None = None
    factor_set: Name
    factors: Annotated[tuple[TakenFactor, ...], Meta(min_length=1, max_length=4)]
    full_use: DecimalText | None = None
    method: Literal["two_loads", "consumption"]
    named: Name
    payload_g: Annotated[int, Meta(ge=1, le=10**12)]
    rule: Words
    vehicles: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_VEHICLES)]


def in_lowest_terms(text: str) -> bool:
    """Whether an exact text is in its one form: a fraction only where no decimal is exact, and reduced."""
    if "/" not in text:
        return True
    above, _, below = text.partition("/")
    rest = int(below)
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest > 1 and gcd(int(above), int(below)) == 1
