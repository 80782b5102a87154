"""
What belongs to whom in a corporate inventory (GHG Protocol Corporate Standard, chapter 3; ISO 14064-1:2018, clause 5).

The ledger knows who carried and where; who paid, and which sites and fleets are one's own, somebody states here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Answer = Literal["downstream", "own", "upstream"]
Scope = Literal["1", "2", "3.1", "3.12", "3.4", "3.5", "3.9"]
SCOPES: Final[tuple[Scope, ...]] = ("1", "2", "3.1", "3.4", "3.5", "3.9", "3.12")
"""Scopes, and of scope 3 the categories, that are computed; in the order of the standard."""
Score = Annotated[int, Meta(ge=1, le=5)]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Transport or storage by a name, and whose it ``counts`` as.

    ``own``: scopes 1 and 2. ``upstream``: category 4, transport of purchased goods or any that the company pays for.
    ``downstream``: category 9, transport of sold goods that the company does not pay for.
    """

    by: Literal["carrier", "hub", "route"]
    counts: Answer
    name: Name


class Exclusion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out on purpose, and why."""

    reason: Reason
    what: Name


class Judgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Somebody's judgement of a scope's data: DQR scores from 1, best, to 5, worst, and relative standard uncertainties.

    ``activity_pct`` and ``factor_pct`` are in % of the amounts and of the factors.
    """

    activity_pct: DecimalText
    completeness: Score
    factor_pct: DecimalText
    geography: Score
    reliability: Score
    scope: Scope
    technology: Score
    time: Score


class InventoryBoundary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The boundary of a ``company``'s inventories from ``valid_from`` on, until a later one.

    ``sites`` and ``fleets`` (operators of transport operations) are its own. ``purchased`` says which goods were
    bought: ``moved`` is every product that passed its sites or routes, each piece counted once; without an answer
    category 1 is a gap. ``series`` is the one electricity series of its scope 2.
    """

    approach: Literal["equity_share", "financial_control", "operational_control"]
    company: Name
    exclusions: Annotated[tuple[Exclusion, ...], Meta(max_length=100)] = ()
    fleets: Annotated[tuple[Name, ...], Meta(max_length=500)] = ()
    id: Name
    judgements: Annotated[tuple[Judgement, ...], Meta(max_length=7)] = ()
    kind: Literal["inventory_boundary"]
    occurred_at: Moment
    purchased: Literal["moved", "nothing"] | None = None
    rules: Annotated[tuple[Rule, ...], Meta(max_length=1000)] = ()
    series: Literal["corporate_ets", "corporate_statistical"] = "corporate_statistical"
    sites: Annotated[tuple[Name, ...], Meta(max_length=1000)] = ()
    valid_from: date
    version: Literal[1]


def check_boundary(record: InventoryBoundary) -> None:
    """No name is answered twice, and no scope judged twice."""
    seen = [(rule.by, rule.name) for rule in record.rules]
    if len(set(seen)) < len(seen):
        raise contradiction("two rules answer for one name", "同一名称有两条规则", "/rules")
    judged = [one.scope for one in record.judgements]
    if len(set(judged)) < len(judged):
        raise contradiction("two judgements are of one scope", "同一范围有两条判断", "/judgements")


class WasteTransfer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Waste that left a site for treatment: ``mass_kg`` [kg] of a ``material``.

    ``factor`` is the id of its treatment's factor [kg CO2e/kg]; without one the waste is a gap of category 5.
    """

    factor: Name | None = None
    id: Name
    kind: Literal["waste_transfer"]
    mass_kg: DecimalText
    material: Name
    occurred_at: Moment
    site: Name
    treatment: Literal["anaerobic", "composting", "incineration", "landfill", "recycling", "reuse"]
    version: Literal[1]


def check_waste(record: WasteTransfer) -> None:
    """It weighs something."""
    if Decimal(record.mass_kg) == 0:
        raise contradiction("waste weighs something", "废弃物质量须大于零", "/mass_kg")
