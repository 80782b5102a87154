"""What any report says of the figures behind it: methods, factors, GWP sets, data quality, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ledger.footprint.activity import HubCell, TransportCell, day_of
from ledger.footprint.emission import Cell, Emission, Gap
from ledger.footprint.factor import FactorSet
from ledger.footprint.quality import NOT_STATED, DataQuality
from ledger.footprint.report import Item, Said, Section


def calculation(rows: Sequence[Emission], factors: FactorSet, quality: DataQuality) -> tuple[Item, ...]:
    """GWP sets, methods with their versions, and the factor set with its hash."""
    methods = sorted({(row.trail.method, row.trail.version) for row in rows})
    return (
        Item(
            "gwp",
            tuple(Said(code="gwp-unknown") if name == NOT_STATED else Said(text=name) for name in quality.gwp_sets),
        ),
        Item("methods", tuple(Said(text=f"{name} {version}") for name, version in methods)),
        Item("factor-set", (Said(text=factors.id), Said(text=f"SHA-256 {factors.hash}"))),
    )


def data(rows: Sequence[Emission], factors: FactorSet, quality: DataQuality) -> Section:
    """Shares of primary and verified data, categories, flags, and the source of every factor in use."""
    shares = (
        ("by-emissions", quality.primary_by_emissions),
        ("by-activity", quality.primary_by_activity),
    )
    used = dict.fromkeys(name for row in rows for name in row.trail.factors)
    return Section(
        "data",
        (
            Item("primary", tuple(_percent(code, share) for code, share in shares if share is not None)),
            Item("categories", tuple(_percent(name, share) for name, share in quality.categories if share)),
            Item(
                "verified-share",
                ()
                if quality.verified_by_emissions is None
                else (_percent("by-emissions", quality.verified_by_emissions),),
            ),
            Item("sources", tuple(_source(factors, name) for name in used)),
            Item("flags", tuple(Said(code=code) for code in quality.flags) or (Said(code="none"),)),
        ),
    )


def missing(gaps: Iterable[Gap]) -> Item:
    """What the sums lack, each with its reason."""
    return Item("missing", tuple(Said(error=gap.error) for gap in gaps) or (Said(code="none"),))


def activity_days(cells: Iterable[Cell]) -> tuple[Said, ...]:
    """First and last day of what was moved and handled."""
    timed = [cell for cell in cells if isinstance(cell, TransportCell | HubCell)]
    if not timed:
        return ()
    first, last = min(cell.first_at for cell in timed), max(cell.last_at for cell in timed)
    return (Said("activity", f"{day_of(first)} – {day_of(last)}"),)


def _source(factors: FactorSet, name: str) -> Said:
    factor = factors.factor(name)
    return Said(text=f"{factor.id}: {factor.source}, {factor.year}, {factor.licence}")


def _percent(code: str, share: Fraction) -> Said:
    return Said(code, value=share * 100, unit="%")
