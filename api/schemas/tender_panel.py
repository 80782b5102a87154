"""Wire shapes of a panel's marks and of scoring a tender."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Words = Annotated[str, msgspec.Meta(max_length=2000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Mark = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,6})?$")]


class PanelMarkView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mark of the panel, from 0 to 1000, and why."""

    bidder: Name
    name: Name
    mark: Mark
    reason: Words = ""


class NewPanelMarks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mark for each opened bid and each name that the scheme leaves to the panel."""

    marks: Annotated[list[PanelMarkView], msgspec.Meta(max_length=10_000)]


class PanelView(msgspec.Struct, frozen=True, kw_only=True):
    """What the panel marks, of whom, and its marks once they are recorded; prices are displayed from then on."""

    tender: str
    names: list[str]
    bidders: list[str]
    prices_shown: bool
    entry: int | None
    recorded_at: datetime | None
    marks: list[PanelMarkView]


class NewRuling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The panel's decision on a bidder's written explanation of an abnormally low price or footprint."""

    bidder: Name
    subject: Literal["price", "footprint"]
    accepted: bool
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class NewScoring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rulings to score with; who asks is stated as who decided them."""

    rulings: Annotated[list[NewRuling], msgspec.Meta(max_length=2000)] = msgspec.field(default_factory=list)


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded score sheet."""

    tender: str
    entry: int
    fresh: bool
    winner: str | None
