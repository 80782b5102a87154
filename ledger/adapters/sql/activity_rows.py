"""Cells of the activity cube as rows of their tables, both ways. A cell is its sums, then its four bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.folding import LIMB
from ledger.adapters.sql.tables import ACTIVITY, HUB_ACTIVITY
from ledger.adapters.sql.upsert import Upsert

BOUNDS: Final = ("first_seq", "last_seq", "first_at", "last_at")
LEG_KEY: Final = ("tenant_id", "route", "product", "vehicle", "mode", "basis")
LEG_SUMS: Final = (
    "units", "grams", "activity_high", "activity_low", "driven_high", "driven_low", "driven_legs", "legs",
)  # fmt: skip
HUB_KEY: Final = ("tenant_id", "hub", "route", "product", "operation", "temperature")
HUB_SUMS: Final = ("units", "grams", "operations")
_LEAST, _MOST = ("first_seq", "first_at"), ("last_seq", "last_at")

LEGS: Final = Upsert(ACTIVITY, (*LEG_KEY, *LEG_SUMS, *BOUNDS), LEG_KEY, added=LEG_SUMS, least=_LEAST, most=_MOST)
HUBS: Final = Upsert(HUB_ACTIVITY, (*HUB_KEY, *HUB_SUMS, *BOUNDS), HUB_KEY, added=HUB_SUMS, least=_LEAST, most=_MOST)


def leg_row(cell: Sequence[int]) -> tuple[int, ...]:
    """Gram-metres pass 64 bits: they go in as two limbs each."""
    units, grams, activity, driven, driven_legs, legs, *bounds = cell
    return units, grams, *divmod(activity, LIMB), *divmod(driven, LIMB), driven_legs, legs, *bounds


def leg_cell(row: Sequence[int]) -> list[int]:
    """The sums as whole numbers again; limbs that grew by addition are carried."""
    units, grams, high, low, driven_high, driven_low, driven_legs, legs, *bounds = row
    return [units, grams, high * LIMB + low, driven_high * LIMB + driven_low, driven_legs, legs, *bounds]


@dataclass(frozen=True, slots=True)
class Cells:
    """One of the two tables of cells. Keys begin with the tenant's number."""

    table: Table
    key: tuple[str, ...]
    upsert: Upsert
    sums: tuple[str, ...]
    limbs: bool

    def cell(self, connection: Connection, key: Sequence[Any]) -> list[int] | None:
        """The cell of a key as it is stored."""
        columns = [self.table.c[name] for name in (*self.sums, *BOUNDS)]
        row = connection.execute(select(*columns).where(*self._at(key))).first()
        if row is None:
            return None
        return leg_cell(row) if self.limbs else list(row)

    def put(self, database: Database, connection: Connection, key: Sequence[Any], cell: Sequence[int] | None) -> None:
        """Let the cell of a key be this, or be gone."""
        connection.execute(delete(self.table).where(*self._at(key)))
        if cell is not None:
            row = leg_row(cell) if self.limbs else tuple(cell)
            self.upsert.run(database, connection, [(*key, *row)])

    def _at(self, key: Sequence[Any]) -> list[Any]:
        return [self.table.c[name] == value for name, value in zip(self.key, key, strict=True)]


LEG_CELLS: Final = Cells(ACTIVITY, LEG_KEY, LEGS, LEG_SUMS, limbs=True)
HUB_CELLS: Final = Cells(HUB_ACTIVITY, HUB_KEY, HUBS, HUB_SUMS, limbs=False)
