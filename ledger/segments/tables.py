"""The tables of a segment, column by column; an adapter writes them as files of that name."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Type = Literal["int16", "int32", "int64", "decimal", "word", "text", "hash", "bytes"]
"""``word`` repeats and is dictionary-coded, ``hash`` has 32 bytes, ``decimal`` is a whole number of up to 38 digits."""


class Column(NamedTuple):
    """A column: its name, what is in it, and whether it may be empty."""

    name: str
    type: Type
    nullable: bool = False


ENTRIES, LEGS, HUBS, WITHDRAWALS, CELLS = "entries", "legs", "hubs", "withdrawals", "cells"

KEY: Final = ("tenant", "route", "product", "supplier", "vehicle", "mode", "basis")
"""What tells cells apart. The supplier is the carrier that a leg names, whoever handed its record in."""
SUMS: Final = ("units", "grams", "gram_metres", "driven_legs", "driven_gram_metres", "legs")

HUB_KEY: Final = ("tenant", "hub", "route", "product", "operation", "temperature")

TABLES: Final[dict[str, tuple[Column, ...]]] = {
    ENTRIES: (
        Column("seq", "int64"),
        Column("tenant", "word"),
        Column("kind", "word"),
        Column("occurred_at", "int64"),
        Column("recorded_at", "int64"),
        Column("salt", "hash"),
        Column("leaf", "hash"),
        Column("body", "bytes"),
    ),
    LEGS: (
        Column("seq", "int64"),
        Column("cell", "int32"),
        Column("quantity", "int64"),
        Column("mass_g", "int64"),
        Column("distance_m", "int64"),
        Column("driven_m", "int64", nullable=True),
        Column("occurred_at", "int64"),
    ),
    HUBS: (
        Column("seq", "int64"),
        *(Column(name, "word") for name in HUB_KEY),
        Column("quantity", "int64"),
        Column("mass_g", "int64"),
        Column("occurred_at", "int64"),
    ),
    WITHDRAWALS: (Column("seq", "int64"), Column("by", "int64")),
    CELLS: (
        Column("cell", "int32"),
        *(Column(name, "word") for name in KEY),
        *(Column(name, "decimal") for name in SUMS),
    ),
}
"""
``entries``: all that a leaf is made of. ``legs``: one row a transport leg, its key in ``cells``. ``hubs``: one row a
hub operation. ``withdrawals``: entry ``seq``, of this segment or an earlier one, counts no more since entry ``by`` of
this one. ``cells``: every cell since the log began, numbered as it first came, and its sums up to the segment's end.
Times are microseconds from the Unix epoch, masses grams, distances metres.
"""
