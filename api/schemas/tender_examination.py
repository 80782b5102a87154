"""Wire shapes beside an award: the robustness card, how far it is, and the findings of the gaming desk."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6})?$")]
Percent = Annotated[int, msgspec.Meta(ge=0, le=99)]


class NewCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a footprint may be off, plus or minus in percent, by how it stood at closing."""

    verified: Percent = 10
    unverified: Percent = 30
    expired: Percent = 30
    missing: Percent = 30


class CardRunView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A card on its way: ``stage`` is ``waiting``, ``left_out``, ``acceptability``, ``wins``, ``cancelled`` or ``failed``.

    Known to the server process that computes it alone; what came out is asked for at ``/card``.
    """

    tender: str
    stage: str
    done: int
    of: int
    finished: bool
    problem: str | None


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest card of the newest score sheet as it is recorded; fractions as ``numerator/denominator``."""

    tender: str
    entry: int
    sheet_entry: int
    card: dict[str, Any]


class NewWhatIf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights by criterion, zero or more, rescaled to the scheme's points, and a carbon price [currency / t CO2e]."""

    weights: dict[str, Number] = msgspec.field(default_factory=dict)
    carbon_price: Number | None = None


class WhatIfRow(msgspec.Struct, frozen=True, kw_only=True):
    """A bid's place by the published scheme and by what was tried, and its points then."""

    bidder: str
    rank_before: int | None
    rank: int
    points: str


class WhatIfOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What would be. Never an award: the published scheme decides, and nothing of this is recorded."""

    tender: str
    award: bool
    weights: dict[str, str]
    winner: str | None
    ranks: list[WhatIfRow]


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """Something to ask a bidder about; no proof of anything."""

    kind: str
    bidders: list[str]
    en: str
    zh: str
    figures: dict[str, str]


class FindingList(msgspec.Struct, frozen=True, kw_only=True):
    """Findings in the order of the desk's checks."""

    tender: str
    bids: int
    findings: list[FindingView]
