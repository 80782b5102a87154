"""
All totals again out of sealed segments, per route, product and supplier; another factor; new records folded in.

``python -m bench recompute [--full]``: 631,200 legs, in full 63,120,000 as well. The baseline is the obvious way, in
the same run: a loop over ORM objects with ``Decimal``. Sums are taken in a process of its own (``python -m
bench.recompute FOLDER LEGS``), whose peak memory is told; its clock starts with the packages loaded.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
from sqlalchemy import BigInteger, create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.databases import database
from bench.sealed_world import CELL_COUNT, SEGMENT, TENANT, VEHICLES, parts
from bench.table import Line, show
from bench.world import blocks
from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.recompute.duckdb_engine import DuckDbEngine
from ledger.adapters.recompute.expression import statements
from ledger.adapters.segments.folder import FolderSegments
from ledger.adapters.sqlite import sqlite_module
from ledger.footprint.activity import ActivityCube
from ledger.footprint.factor import FactorSet
from ledger.footprint.totals import Totals, product_of, route_of, totals
from ledger.records.record import Record, decode
from ledger.segments.rolled_up import DIMENSIONS, RolledUp
from ledger.services.capture import capture
from ledger.services.project import catch_up
from ledger.settings import Settings
from ledger.wiring import open_ledger

LEGS, LARGE = 631_200, 63_120_000
CHANGE_MS, FOLD_MS, FOLDED = 150, 30, 1_000
ROUNDS = 5
Cubes = dict[str, ActivityCube]
Kilograms = dict[str, dict[str, Any]]


class Base(DeclarativeBase):
    """Of the baseline's one table."""


class LegRow(Base):
    """One object a leg."""

    __tablename__ = "leg"
    id: Mapped[int] = mapped_column(primary_key=True)
    route: Mapped[str]
    product: Mapped[str]
    supplier: Mapped[str]
    vehicle: Mapped[str]
    mass_g: Mapped[int] = mapped_column(BigInteger)
    distance_m: Mapped[int] = mapped_column(BigInteger)


def cubes(rolled: RolledUp) -> Cubes:
    """The activity by route, by product and by supplier, rolled up by the engine as whole numbers."""
    return {name: ActivityCube(transport=rolled.of(name, TENANT)) for name in DIMENSIONS}


def figures(rolled: Cubes, factors: FactorSet) -> dict[str, Totals]:
    """Kilograms of CO2e by each; a supplier stands where the route does."""
    subjects = {"route": route_of, "product": product_of, "supplier": route_of}
    return {name: totals(cube, factors, subjects[name]) for name, cube in rolled.items()}


def obvious(folder: Path, legs: int, file: Path) -> tuple[float, Kilograms]:
    """Seconds of a loop over every ORM object, the rows being in a database already; kilograms by each."""
    engine = create_engine(f"sqlite:///{file}", module=sqlite_module())
    Base.metadata.create_all(engine)
    with duckdb.connect() as source, engine.begin() as target:
        rows = source.execute(
            f"SELECT seq AS id, route, product, supplier, vehicle, mass_g, distance_m FROM '{folder}/*/legs.parquet' "
            f"JOIN '{folder}/{next(parts(legs)).name}/cells.parquet' USING (cell)"
        )
        names = [column[0] for column in rows.description]
        while batch := rows.fetchmany(20_000):
            target.execute(insert(LegRow), [dict(zip(names, row, strict=True)) for row in batch])
    factors = FactorTables().current()
    rates = {name: factors.factor(found.factor).wtw for name, found in factors.classes.items()}
    found: dict[str, dict[str, Decimal]] = {name: defaultdict(Decimal) for name in ("route", "product", "supplier")}
    with Session(engine) as session:
        started = perf_counter()
        for leg in session.scalars(select(LegRow).execution_options(yield_per=1_000)):
            emitted = Decimal(leg.mass_g) / 1_000_000 * Decimal(leg.distance_m) / 1_000 * rates[leg.vehicle]
            found["route"][leg.route] += emitted
            found["product"][leg.product] += emitted
            found["supplier"][leg.supplier] += emitted
        took = perf_counter() - started
    engine.dispose()
    return took, dict(found)


def changed(factors: FactorSet) -> FactorSet:
    """Another set: a tenth more from the tank to the wheel for one class of vehicle."""
    old = factors.factor(factors.classes[VEHICLES[0]].factor)
    if old.ttw is None or old.wtt is None:
        raise ValueError(old.id)
    ttw = old.ttw * Decimal("1.1")
    new = replace(old, ttw=ttw, wtw=ttw + old.wtt)
    return replace(factors, id="changed", factors={**factors.factors, old.id: new}, hash="0" * 64)


def ours(folder: Path, legs: int) -> dict[str, Any]:
    """The sums of every cell, the totals out of them, and the totals by other factors; seconds and peak memory."""
    factors = FactorTables().current()
    other = changed(factors)
    statements("duckdb", withdrawals=False)
    started = perf_counter()
    summed = DuckDbEngine().rolled_up(FolderSegments(folder), list(parts(legs)))
    ready = perf_counter()
    rolled = cubes(summed)
    first = figures(rolled, factors)
    done = perf_counter()
    again = []
    for _ in range(ROUNDS):
        began = perf_counter()
        second = figures(rolled, other)
        again.append(1000 * (perf_counter() - began))
    assert all(second[name].kg != first[name].kg and not second[name].gaps for name in first)
    return {
        "seconds": done - started,
        "summed": ready - started,
        "change_ms": median(again),
        "cells": CELL_COUNT,
        "legs": sum(cell.count for cell in rolled["route"].transport),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "kg": {name: {key: str(kg) for key, kg in found.kg.items()} for name, found in first.items()},
    }


def apart(module: str, *arguments: object) -> str:
    """What a process of its own says last."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return (done.stdout.splitlines() or [""])[-1]


def recomputed(legs: int, *, baseline: bool) -> dict[str, Any]:
    """One size: the obvious way first, then ours, over the same files."""
    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary:
        folder = Path(temporary) / "segments"
        apart("bench.sealed_world", folder, legs)
        took, expected = obvious(folder, legs, Path(temporary) / "orm.db") if baseline else (None, {})
        found: dict[str, Any] = json.loads(apart("bench.recompute", folder, legs))
    kg = found.pop("kg")
    assert found["legs"] == legs
    for name, by_name in expected.items():  # Decimal rounds at 28 digits
        assert by_name.keys() == kg[name].keys()
        assert all(abs(_float(kg[name][key]) / float(value) - 1) < 1e-12 for key, value in by_name.items())
    return found | ({"baseline_seconds": took} if took is not None else {})


def _float(fraction: str) -> float:
    above, _, below = fraction.partition("/")
    return int(above) / int(below or 1)


def folded(kind: str) -> float:
    """Milliseconds in which the projection takes in a thousand new legs; the median."""
    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary:
        home = Path(temporary)
        with database(kind, home) as url, open_ledger(Settings(home=home, database_url=url)) as ledger:
            listed = _legs(FOLDED * (ROUNDS + 5))
            names = {"tenant": TENANT, "submitter": "bench"}
            took = []
            for start in range(0, len(listed), FOLDED):
                capture(ledger.entries, ledger.clock, ledger.random, **names, records=listed[start : start + FOLDED])
                began = perf_counter()
                assert catch_up(ledger.entries, ledger.projections) == FOLDED
                took.append(1000 * (perf_counter() - began))
            return median(took[-ROUNDS:])


def _legs(count: int) -> list[Record]:
    lines = (line for block in blocks(count * 2) for line in block.splitlines() if '"transport_leg"' in line)
    return [decode(next(lines).encode()) for _ in range(count)]


def measure(kinds: list[str], *, full: bool) -> list[dict[str, Any]]:
    """Everything, shown and returned."""
    small = recomputed(LEGS, baseline=True)
    ratio = small["baseline_seconds"] / small["seconds"]
    lines = [
        Line("ORM objects and Decimal, a loop", small["baseline_seconds"], "s"),
        Line("summed and rolled up by DuckDB, multiplied", small["seconds"], "s", f"{ratio:.1f} times"),
        *_rest(small),
    ]
    show(f"recompute, {LEGS:,} legs by route, product and supplier", lines)
    found = [{"legs": LEGS, **small}]
    if full:
        large = recomputed(LARGE, baseline=False)
        lines = [Line("summed and rolled up by DuckDB, multiplied", large["seconds"], "s"), *_rest(large)]
        show(f"recompute, {LARGE:,} legs in {-(-LARGE // SEGMENT)} segments", lines)
        found.append(large)
    by_kind = {kind: folded(kind) for kind in kinds}
    lines = [Line(kind, took, "ms", f"< {FOLD_MS}", reached=took < FOLD_MS) for kind, took in by_kind.items()]
    show(f"{FOLDED:,} new legs folded into the sums", lines)
    return [*found, {"folded_ms": by_kind}]


def _rest(found: dict[str, Any]) -> list[Line]:
    change = found["change_ms"]
    return [
        Line("  of it by DuckDB", found["summed"], "s"),
        Line("peak memory", found["peak_mb"], "MB"),
        Line(f"another factor, {found['cells']:,} cells", change, "ms", f"< {CHANGE_MS}", reached=change < CHANGE_MS),
    ]


if __name__ == "__main__":
    print(json.dumps(ours(Path(sys.argv[1]), int(sys.argv[2]))))
