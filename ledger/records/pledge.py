"""
What a supplier commits itself to, by one indicator with a target, and what it reached in a year.

The six commitments are those of China Mobile's initiative for a green supply chain (绿色供应链行动倡议书, in its
sustainability report 2023); it names no indicators: those are the supplier's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.product_footprint import DecimalText
from ledger.records.target import MOST_YEARS, Year
from ledger.records.transport_leg import Moment, Name

CommitmentName = Literal["carbon", "energy", "logistics", "manufacturing", "packaging", "recycling"]
Unit = Annotated[str, Meta(min_length=1, max_length=60)]
LONGEST_ID = 150
"""Names of its values are made of it."""


class Pledge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    ``supplier`` (an organisation's id) signs a ``commitment``: ``indicator`` [unit] goes from its value of the base
    year to that of the target year, up or down, on a straight line.
    """

    base_value: DecimalText
    base_year: Year
    commitment: CommitmentName
    id: Name
    indicator: Words
    kind: Literal["pledge"]
    occurred_at: Moment
    supplier: Name
    target_value: DecimalText
    target_year: Year
    unit: Unit
    version: Literal[1]


class PledgeValue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The ``value`` of a ``pledge``'s indicator in a ``year``, in its unit, which it repeats, as ``supplier`` states it.

    ``evidence`` are SHA-256 of files that show it. Of several of one year the one entered last counts.
    """

    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    id: Name
    kind: Literal["pledge_value"]
    occurred_at: Moment
    pledge: Name
    source: Name
    supplier: Name
    unit: Unit
    value: DecimalText
    version: Literal[1]
    year: Year


def check_pledge(record: Pledge) -> None:
    """It lasts, and leads somewhere; values can be named after it."""
    if len(record.id) > LONGEST_ID:
        raise contradiction(
            f"the id of a pledge has {LONGEST_ID} characters at most", f"承诺编号最多 {LONGEST_ID} 个字符", "/id"
        )
    if not 0 < record.target_year - record.base_year <= MOST_YEARS:
        raise contradiction(
            f"a pledge's target lies 1 to {MOST_YEARS} years after its base year",
            f"承诺目标年须在基准年之后 1 至 {MOST_YEARS} 年",
            "/target_year",
        )
    if Decimal(record.base_value) == Decimal(record.target_value):
        raise contradiction("the target is where it began", "目标值与基准值相同", "/target_value")


def check_pledge_value(record: PledgeValue) -> None:
    """Every file is named once."""
    if len(set(record.evidence)) < len(record.evidence):
        raise contradiction("one is named twice", "有一项重复", "/evidence")
