"""Pages of lists: where the next one begins, as an address carries it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ledger.ports.listing import Place

After = Annotated[str | None, Query(pattern="^[0-9]{1,17}-[0-9]{1,17}$")]
"""``next_after`` of the page before."""
AfterName = Annotated[str, Query(pattern=r"^[^\x00]{0,200}$")]
"""``next_after`` of the page before, in lists by name."""
Before = Annotated[int | None, Query(ge=0, le=2**53)]
"""``next_before`` of the page before, in lists from the newest entry back."""
Limit = Annotated[int, Query(ge=1, le=200)]


def place_of(after: str | None) -> Place | None:
    """The place that was asked for."""
    return None if after is None else Place.parse(after)


def text_of(place: Place | None) -> str | None:
    """A place as the next address carries it."""
    return None if place is None else place.text
