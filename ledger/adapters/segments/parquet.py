"""The tables of a segment as Parquet files: streamed out, streamed in, columns exactly those of the format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.segments.errors import SegmentMalformed
from ledger.segments.tables import CELLS, ENTRIES, TABLES, Column

ROW_GROUP: Final = {ENTRIES: 16_384}
OTHERS: Final = 131_072
"""Rows of a row group: of entries some ten megabytes, of other tables what an engine reads in one piece."""
BATCH: Final = 16_384
_TYPES: Final = {
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "decimal": pa.decimal128(38, 0),
    "word": pa.string(),
    "text": pa.string(),
    "hash": pa.binary(32),
    "bytes": pa.binary(),
}
_CODED: Final = {"cell", "quantity", "mass_g", "distance_m", "driven_m"}
"""Numbers that come back often enough for a dictionary; Parquet falls back to plain values where they do not."""


def schema(table: str) -> pa.Schema:
    """The columns of a table as Arrow has them."""
    return pa.schema([pa.field(c.name, _TYPES[c.type], c.nullable) for c in TABLES[table]])


class Writer:
    """One Parquet file in the making."""

    def __init__(self, path: Path, table: str) -> None:
        self.path = path
        self.rows = 0
        self._schema, self._columns = schema(table), TABLES[table]
        self._size = ROW_GROUP.get(table, OTHERS)
        self._waiting: list[Sequence[Any]] = []
        coded = [c.name for c in self._columns if c.type == "word" or c.name in _CODED]
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=coded)

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """The next rows."""
        self._waiting.extend(rows)
        while len(self._waiting) >= self._size:
            self._write(self._waiting[: self._size])
            del self._waiting[: self._size]

    def close(self) -> None:
        """The rest, and the file's end."""
        if self._waiting:
            self._write(self._waiting)
            self._waiting = []
        self._file.close()

    def abandon(self) -> None:
        """Close whatever is open; the file is thrown away."""
        self._waiting = []
        self._file.close()

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        columns = [_array(c, values) for c, values in zip(self._columns, zip(*rows, strict=True), strict=True)]
        self._file.write_table(pa.Table.from_arrays(columns, schema=self._schema), row_group_size=self._size)
        self.rows += len(rows)


def _array(column: Column, values: Sequence[Any]) -> pa.Array:
    if column.type == "decimal":
        values = list(map(Decimal, values))
    return pa.array(values, type=_TYPES[column.type])


def read(path: Path, segment: str, table: str, start: int = 0) -> Iterator[list[Sequence[Any]]]:
    """Rows of a file in batches, of ``entries`` from entry ``start`` on. Raises ``SegmentMalformed``."""
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.equals(schema(table)):
                raise SegmentMalformed(segment=segment, why=f"{path.name} has other columns")
            groups = [number for number in range(file.num_row_groups) if _reaches(file, number, table, start)]
            for batch in file.iter_batches(batch_size=BATCH, row_groups=groups):
                columns = [batch.column(number).to_pylist() for number in range(batch.num_columns)]
                if table == CELLS:
                    columns = [[int(v) if isinstance(v, Decimal) else v for v in column] for column in columns]
                rows: list[Sequence[Any]] = list(zip(*columns, strict=True))
                yield [row for row in rows if row[0] >= start] if start else rows
    except (pa.ArrowException, OSError) as error:
        raise SegmentMalformed(segment=segment, why=f"{path.name}: {error}") from error


def _reaches(file: pq.ParquetFile, group: int, table: str, start: int) -> bool:
    if not start or table != ENTRIES:
        return True
    statistics = file.metadata.row_group(group).column(0).statistics
    return statistics is None or not statistics.has_min_max or statistics.max >= start
