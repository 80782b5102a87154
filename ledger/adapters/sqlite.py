"""
The one SQLite of a process: a build without the WAL-reset bug (fixed in 3.51.3), as a DB-API module.

The pysqlite3 package brings one for the common platforms; elsewhere Python's own is taken if it is new enough.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib.util import find_spec
from typing import Any

from ledger.ports import StoreUnavailable

MINIMUM = (3, 51, 3)


@cache
def sqlite_module() -> Any:
    """The DB-API module. Raises ``StoreUnavailable`` where there is none fit for use."""
    if find_spec("pysqlite3"):
        from pysqlite3 import dbapi2

        return dbapi2
    if sqlite3.sqlite_version_info < MINIMUM:
        raise StoreUnavailable(reason=f"SQLite {sqlite3.sqlite_version} is older than 3.51.3; install pysqlite3")
    return sqlite3
