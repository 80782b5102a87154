"""Position and cost under an emissions trading scheme, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.footprint.amount import exact_text
from ledger.records.emission_trading import EtsQuarter

Notice = Literal["long", "not_reported", "not_verified", "short", "short_unpriced"]


class Position(NamedTuple):
    """
    A quarter [t CO2, CNY]. ``position`` = allocation - emissions: what is left, or lacking when below zero.

    ``cost`` = max(0, verified - allocation) x price; ``None`` until emissions are verified and, when allowances lack, a
    price is stated. ``notice`` says which.
    """

    entry: int
    installation: str
    scheme: str
    quarter: str
    allocation: Fraction
    emissions: Fraction | None
    verified: bool
    price: Fraction | None
    position: Fraction | None
    cost: Fraction | None
    notice: Notice

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as exact text."""
        return {k: exact_text(v) if isinstance(v, Fraction) else v for k, v in self._asdict().items()}


def positions(records: Iterable[tuple[int, EtsQuarter]]) -> tuple[Position, ...]:
    """A position per installation and quarter, in that order; of several statements the one entered last."""
    last = {
        (one.installation, one.scheme, one.quarter): (entry, one) for entry, one in sorted(records, key=lambda p: p[0])
    }
    return tuple(_position(*last[key]) for key in sorted(last))


def cost_of(found: Iterable[Position]) -> Fraction:
    """What the quarters with a cost add up to [CNY]; a surplus of one quarter pays for no other."""
    return sum((one.cost for one in found if one.cost is not None), Fraction(0))


def _position(entry: int, one: EtsQuarter) -> Position:
    allocation, price = Fraction(one.allocation_t), None if one.price_cny is None else Fraction(one.price_cny)
    emitted = None if one.emissions_t is None else Fraction(one.emissions_t)
    lacking = None if emitted is None else max(Fraction(0), emitted - allocation)
    cost, notice = _said(lacking, price, verified=one.verified_by is not None)
    return Position(
        entry,
        one.installation,
        one.scheme,
        one.quarter,
        allocation,
        emitted,
        one.verified_by is not None,
        price,
        None if emitted is None else allocation - emitted,
        cost,
        notice,
    )


def _said(lacking: Fraction | None, price: Fraction | None, *, verified: bool) -> tuple[Fraction | None, Notice]:
    if lacking is None:
        return None, "not_reported"
    if not verified:
        return None, "not_verified"
    if not lacking:
        return Fraction(0), "long"
    return (None, "short_unpriced") if price is None else (lacking * price, "short")
