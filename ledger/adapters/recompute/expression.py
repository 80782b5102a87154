"""
What is summed, said once in Ibis, in the SQL of whichever engine runs it.

Grams times metres are multiplied and summed as whole decimals of 38 digits: a cell of a hundred million of the
heaviest and longest legs that can be recorded has 29. An engine that would pass its digits raises; none rounds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ledger.segments.rolled_up import DIMENSIONS
from ledger.segments.rolled_up import SUMS as ROLLED_SUMS
from ledger.segments.tables import CELLS, HUB_KEY, HUBS, KEY, LEGS, SUMS, TABLES, WITHDRAWALS

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Final = {
    "int16": "int16",
    "int32": "int32",
    "int64": "int64",
    "decimal": "decimal(38, 0)",
    "word": "string",
    "text": "string",
}
BOUNDS: Final = ("first_entry", "last_entry", "first_at", "last_at")
ROLLED_UP: Final = "rolled_up"
"""The statement of legs by each dimension."""
HUB_SUMS: Final = ("units", "grams", "operations")
LEG_COLUMNS: Final = (*KEY, *SUMS, *BOUNDS)
HUB_COLUMNS: Final = (*HUB_KEY, *HUB_SUMS, *BOUNDS)
"""Columns of the results, in their order."""


@lru_cache
def statements(dialect: str, *, withdrawals: bool) -> Mapping[str, str]:
    """SQL of ``legs``, ``hubs`` and ``rolled_up``; without withdrawals there is no join that looks for them."""
    import ibis

    return {
        ROLLED_UP: str(ibis.to_sql(_rolled_up(withdrawals), dialect=dialect)),
        LEGS: str(ibis.to_sql(_transport(withdrawals), dialect=dialect)),
        HUBS: str(ibis.to_sql(_hubs(withdrawals), dialect=dialect)),
    }


def _table(name: str) -> Any:
    import ibis

    columns = {c.name: _TYPES[c.type] for c in TABLES[name]}
    return ibis.table(columns, name=name)


def _standing(name: str, withdrawals: bool) -> Any:
    """The rows that no correction withdrew."""
    table = _table(name)
    if not withdrawals:
        return table
    gone = _table(WITHDRAWALS)
    return table.anti_join(gone, table.seq == gone.seq)


def _transport(withdrawals: bool) -> Any:
    legs, cells = _standing(LEGS, withdrawals), _table(CELLS)
    grams = legs.mass_g.cast("decimal(38, 0)")
    sums = legs.group_by("cell").agg(
        units=_whole(legs.quantity).sum(),
        grams=_whole(legs.mass_g).sum(),
        gram_metres=(grams * _whole(legs.distance_m)).sum(),
        driven_legs=legs.driven_m.count(),
        driven_gram_metres=(grams * _whole(legs.driven_m)).sum().coalesce(0),
        legs=legs.count(),
        **_bounds(legs),
    )
    keys = cells.select("cell", *KEY)
    return sums.join(keys, "cell").select(*LEG_COLUMNS)


def _rolled_up(withdrawals: bool) -> Any:
    """Legs by each dimension: summed by cell once, then by the words of the cells."""
    import ibis

    legs, cells = _standing(LEGS, withdrawals), _table(CELLS)
    grams = legs.mass_g.cast("decimal(38, 0)")
    by_cell = legs.group_by("cell").agg(
        grams=_whole(legs.mass_g).sum(),
        gram_metres=(grams * _whole(legs.distance_m)).sum(),
        legs=legs.count(),
        **_bounds(legs),
    )
    held = by_cell.join(cells.select("cell", *KEY), "cell")
    sums = {name: held[name].sum() for name in ("grams", "gram_metres", "legs")}
    ends = {name: held[name].min() if name.startswith("first") else held[name].max() for name in BOUNDS}
    parts = []
    for dimension in DIMENSIONS:
        keys = {"tenant": held.tenant, "subject": held[dimension]} | {name: held[name] for name in KEY[4:]}
        part = held.group_by(**keys).agg(**sums, **ends).mutate(dimension=ibis.literal(dimension))
        parts.append(part.select("dimension", "tenant", "subject", *KEY[4:], *ROLLED_SUMS))
    return ibis.union(*parts)


def _hubs(withdrawals: bool) -> Any:
    hubs = _standing(HUBS, withdrawals)
    return (
        hubs.group_by(list(HUB_KEY))
        .agg(
            units=_whole(hubs.quantity).sum(),
            grams=_whole(hubs.mass_g).sum(),
            operations=hubs.count(),
            **_bounds(hubs),
        )
        .select(*HUB_COLUMNS)
    )


def _whole(column: Any) -> Any:
    return column.cast("decimal(38, 0)")


def _bounds(table: Any) -> dict[str, Any]:
    seq, at = table.seq, table.occurred_at
    return dict(zip(BOUNDS, (seq.min(), seq.max(), at.min(), at.max()), strict=True))
