"""
The recompute over sealed segments, by engines that all give the same sums.

``expression`` says once what is summed; DuckDB and Spark run it, ``python`` goes row by row. A new engine is one file
and one line here.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from ledger.adapters.recompute.duckdb_engine import DuckDbEngine
from ledger.adapters.recompute.python_engine import PythonEngine
from ledger.adapters.recompute.spark_engine import SparkEngine
from ledger.ports.segments import Engine

ENGINES: Final[tuple[Engine, ...]] = (PythonEngine(), DuckDbEngine(), SparkEngine())


def engine(name: str) -> Engine:
    """The engine of a name. Raises ``KeyError``."""
    return {found.name: found for found in ENGINES}[name]


def usual() -> str:
    """The name of the engine that is used unless one is asked for: DuckDB where it is installed."""
    return "duckdb" if find_spec("duckdb") and find_spec("ibis") else "python"
