"""
Sealed legs of any number, written by DuckDB straight into the files of segments: what a year of transport leaves.

Only what an engine reads is there: ``legs``, ``cells``, and empty ``hubs`` and ``withdrawals``; no entries, no proof. A
leg's figures follow from its number. ``python -m bench.sealed_world FOLDER LEGS`` in a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ledger.segments.manifest import Manifest, Sealed
from ledger.segments.tables import CELLS, HUBS, LEGS, TABLES, WITHDRAWALS

if TYPE_CHECKING:
    from collections.abc import Iterator

TENANT = "demo"
CELL_COUNT, PRODUCTS, ROUTES, SUPPLIERS = 110_000, 2_000, 1_500, 37
SEGMENT = 1_048_576
START = 1_735_689_600_000_000
"""2025-01-01 in microseconds."""
VEHICLES = ("road.hgv.rigid-17t.diesel.avg", "road.hgv.artic-over-33t.diesel.avg", "road.van.diesel.avg")

_CELLS = f"""
SELECT c::INTEGER AS cell, '{TENANT}' AS tenant, format('R{{:04d}}', (p * 7 + n * 27) % {ROUTES}) AS route,
  format('https://id.gs1.org/01/0950600{{:07d}}', p) AS product, format('C{{:03d}}', c % {SUPPLIERS}) AS supplier,
  ['{"', '".join(VEHICLES)}'][1 + c % {len(VEHICLES)}] AS vehicle, 'road' AS mode, 'sfd' AS basis,
  0::DECIMAL(38, 0) AS units, 0::DECIMAL(38, 0) AS grams, 0::DECIMAL(38, 0) AS gram_metres,
  0::DECIMAL(38, 0) AS driven_legs, 0::DECIMAL(38, 0) AS driven_gram_metres, 0::DECIMAL(38, 0) AS legs
FROM (SELECT c, c // {CELL_COUNT // PRODUCTS} AS p, c % {CELL_COUNT // PRODUCTS} AS n
      FROM range({CELL_COUNT}) AS r(c)) ORDER BY c
"""
_LEGS = f"""
SELECT i AS seq, (i * 7919 % {CELL_COUNT})::INTEGER AS cell, 1 + i * 31 % 48 AS quantity,
  (1 + i * 31 % 48) * (200 + hash(i) % 20000)::BIGINT AS mass_g, 6000 + (hash(i + 1) % 1600000)::BIGINT AS distance_m,
  CASE WHEN i % 5 = 0 THEN NULL ELSE 6000 + (hash(i + 2) % 1700000)::BIGINT END AS driven_m,
  {START} + i % 31000000 * 1000000 AS occurred_at
FROM range($1, $2) AS r(i)
"""
_SQL_TYPES = {"int32": "INTEGER", "int64": "BIGINT", "word": "VARCHAR"}


def parts(legs: int) -> Iterator[Manifest]:
    """The segments of so many legs, as far as an engine looks at them."""
    for start in range(0, legs, SEGMENT):
        stop = min(start + SEGMENT, legs)
        rows = {LEGS: stop - start, CELLS: CELL_COUNT}
        files = {table: Sealed(0, rows.get(table, 0), "") for table in TABLES}
        yield Manifest(start, stop, (), "", "", "", files)


def write(folder: Path, legs: int) -> None:
    """The files below ``folder``."""
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        for part in parts(legs):
            place = folder / part.name
            place.mkdir(parents=True)
            made = {LEGS: _LEGS.replace("$1", str(part.start)).replace("$2", str(part.stop)), CELLS: _CELLS}
            for table in (HUBS, WITHDRAWALS):
                columns = ", ".join(f'NULL::{_SQL_TYPES[c.type]} AS "{c.name}"' for c in TABLES[table])
                made[table] = f"SELECT {columns} WHERE false"
            for table, query in made.items():
                target = place / f"{table}.parquet"
                connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
