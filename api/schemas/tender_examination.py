"""Wire shapes beside an award: the robustness card, how far it is, and the findings of the gaming desk."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

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
