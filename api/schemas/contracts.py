"""Wire shapes of contracts and of how they were kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.records.product_footprint import DecimalText
from ledger.records.target import Month
from ledger.records.transport_leg import Name
from ledger.scoring.bid import FootprintStatus


class NewContract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of a contract; the winner and the promised footprint are taken from the tender's score sheet."""

    tender: Name
    product: Name
    first_month: Month
    last_month: Month
    carbon_value: DecimalText
    counts_delivery: bool = False
    sanction_factor: DecimalText = "1.5"
    units_per_piece: DecimalText = "1"


class ArrivedView(msgspec.Struct, frozen=True, kw_only=True):
    """Declared units of a month, and the footprint of them [kg CO2e each] by the scheme's data-quality rule."""

    month: Month
    units: str
    status: FootprintStatus
    footprint: str | None
    entry: int | None
    scored_kg: str
    working: str


class ContractView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A contract as it was kept so far: exact text, kg CO2e per declared unit, values in the scheme's currency.

    ``ranked_again`` is for the house alone: a supplier does not learn who else bid.
    """

    contract: str
    entry: int
    recorded_at: datetime
    tender: str
    sheet: str
    supplier: str
    product: str
    first_month: Month
    last_month: Month
    currency: str
    declared_unit: str
    promised_kg: str
    arrived: str
    units: str
    delivery_kg: str | None
    counts_delivery: bool
    measured_kg: str | None
    shortfall_kg: str | None
    value_promised: str | None
    value_achieved: str | None
    sanction_factor: str
    owed: str | None
    ranked_again: list[str] | None
    months: list[ArrivedView]


class ContractRow(msgspec.Struct, frozen=True, kw_only=True):
    """A contract in the list."""

    contract: str
    entry: int
    tender: str
    supplier: str
    product: str
    first_month: Month
    last_month: Month


class ContractList(msgspec.Struct, frozen=True, kw_only=True):
    """Contracts, the newest first; ``next_before`` asks for the next page, and is null on the last."""

    contracts: list[ContractRow]
    next_before: int | None
