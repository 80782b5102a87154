"""What a request looks for among the factors of a set; the interface and the pages read it alike."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from ledger.footprint.registry.search import Query as Sought

Word = Annotated[str, Query(max_length=100)]


def sought(  # noqa: PLR0917 - one parameter for each field that can be asked for
    q: Annotated[str, Query(max_length=200, description="Words, Chinese or English; all must fit")] = "",
    mode: Word = "",
    vehicle: Word = "",
    fuel: Word = "",
    region: Word = "",
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    series: Word = "",
) -> Sought:
    """What a request looks for."""
    return Sought(text=q, mode=mode, vehicle=vehicle, fuel=fuel, region=region, year=year, series=series)


SoughtDep = Annotated[Sought, Depends(sought)]
