"""An emission row: what was emitted by one cell of activity, and the trail that lets anyone compute it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from msgspec import Struct

from ledger.errors import FootprintError
from ledger.footprint.activity import Declared, HubCell, TransportCell
from ledger.footprint.amount import exact_text, total
from ledger.footprint.bill.supply import BillLine
from ledger.footprint.factor import Category
from ledger.footprint.iso14083.hierarchy import Choice
from ledger.footprint.iso14083.working import Steps
from ledger.footprint.split import Split

Stage = Literal["declared", "end_of_life", "hub", "inbound", "manufacture", "packaging", "raw", "transport", "use"]
Cell = TransportCell | HubCell | Declared | BillLine
"""What an emission is of."""
Verification = Literal["recorded", "verified"]


class Trail(Struct, frozen=True, kw_only=True):
    """
    How a figure was computed; shared by all rows that were computed alike.

    ``factors`` are ids in the set whose hash is ``factor_set``. ``category`` is the data category (GLEC v3.0, data
    hierarchy; ISO 14083:2023, clause 6), ``primary`` the primary share of the figure, 0 to 1. ``verification`` says
    what a named verifier checked, not what is true. ``flags`` are codes of ``quality.FLAGS``. ``evidence`` are (count,
    first index, last index) of further entries read, such as the meter readings of a hub. ``choice`` says which level
    of data was taken for transport, and why no better one; ``working`` are the figures on the way to the intensity.
    ``certificates`` are ids of the certificates behind a market-based figure, ``market_factors`` the factors it adds.
    """

    factors: tuple[str, ...]
    factor_set: str
    method: str
    version: int
    category: Category
    primary: Fraction
    verification: Verification
    gwp_set: str
    flags: tuple[str, ...] = ()
    evidence: tuple[int, int, int] | None = None
    choice: Choice[Any] | None = None
    working: Steps = ()
    certificates: tuple[str, ...] = ()
    market_factors: tuple[str, ...] = ()

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as text; choice and working where the method has them."""
        chosen = {"choice": self.choice.to_record()} if self.choice else {}
        working = {"working": [step.to_record() for step in self.working]} if self.working else {}
        covered = {"certificates": list(self.certificates), "market_factors": list(self.market_factors)}
        return {
            **chosen,
            **working,
            **(covered if self.certificates else {}),
            "data_category": self.category,
            "evidence": _span(self.evidence) if self.evidence else None,
            "factor_set": self.factor_set,
            "factors": list(self.factors),
            "flags": list(self.flags),
            "gwp_set": self.gwp_set,
            "method": {"name": self.method, "version": self.version},
            "primary_share": exact_text(self.primary),
            "verification": self.verification,
        }


class Emission(Struct, frozen=True):
    """
    Emissions of one cell [kg CO2e], exact.

    ``ttw`` and ``wtt`` are ``None`` for a product's making, where nobody splits them. ``market`` is the WTW figure with
    market-based electricity, where certificates give one; it stands beside ``wtw``, never added to it. ``split`` tells
    the kinds of gas apart where the method knows them (``product.split_of`` for every row).
    """

    stage: Stage
    cell: Cell
    ttw: Fraction | None
    wtt: Fraction | None
    wtw: Fraction
    trail: Trail
    market: Fraction | None = None
    split: Split | None = None

    @property
    def route(self) -> str:
        """The route, empty for a product's making or a cube rolled up by product."""
        return "" if isinstance(self.cell, Declared | BillLine) else self.cell.route

    @property
    def product(self) -> str:
        """The product, empty in a cube rolled up by route."""
        return self.cell.product

    @property
    def entries(self) -> tuple[int, int, int]:
        """Entries of the log that the activity was summed from: (count, first index, last index)."""
        cell = self.cell
        return (
            (1, cell.entry, cell.entry)
            if isinstance(cell, Declared | BillLine)
            else (cell.count, cell.first_entry, cell.last_entry)
        )

    @property
    def subject(self) -> str:
        """The vehicle, the hub, the line of a bill, or the id of the supplier's declaration."""
        return subject_of(self.cell)

    def to_record(self) -> dict[str, object]:
        """JSON-able: emissions in kg CO2e as exact text."""
        parts = {"ttw_kg": self.ttw, "wtt_kg": self.wtt, "wtw_kg": self.wtw, "market_based_wtw_kg": self.market}
        figures = {name: exact_text(value) for name, value in parts.items() if value is not None}
        return {
            "stage": self.stage,
            "subject": self.subject,
            **figures,
            **({"split": self.split.to_record()} if self.split else {}),
            **({"component": self.cell.component} if isinstance(self.cell, BillLine) and self.cell.component else {}),
            "entries": _span(self.entries),
            "trail": self.trail.to_record(),
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """Activity whose emissions cannot be computed, and why. A total with a gap is incomplete and says so."""

    stage: Stage
    cell: Cell
    error: FootprintError

    @property
    def route(self) -> str:
        """As of ``Emission``."""
        return "" if isinstance(self.cell, Declared | BillLine) else self.cell.route

    @property
    def product(self) -> str:
        """As of ``Emission``."""
        return self.cell.product

    def to_record(self) -> dict[str, str]:
        """JSON-able, with the reason in both languages."""
        return {
            "stage": self.stage,
            "subject": subject_of(self.cell),
            "code": self.error.code,
            "en": self.error.message("en"),
            "zh": self.error.message("zh-CN"),
        }


def _span(entries: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("count", "first", "last"), entries, strict=True))


def subject_of(cell: Cell) -> str:
    """What a cell is about, for people: vehicle, hub, line of a bill, or declaration id."""
    match cell:
        case TransportCell():
            return cell.vehicle
        case HubCell():
            return cell.hub
        case Declared():
            return cell.record.id
        case BillLine():
            return cell.name


def market_total(rows: Iterable[Emission]) -> Fraction | None:
    """
    The sum with market-based electricity wherever there is such a figure, ``None`` where there is none [kg CO2e].

    Rows without one count with their location-based figure, so that both sums cover the same.
    """
    held = list(rows)
    if all(row.market is None for row in held):
        return None
    return total(row.wtw if row.market is None else row.market for row in held)
