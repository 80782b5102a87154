"""
Imports the chain libraries without what they do to Python's recursion limit.

py_ecc (under eth_account and web3) raises it to 100,000, py-evm to 12,288, for contracts that call 1,024 deep. In a
server that parses JSON from strangers this turns a deeply nested body from an error into a crash of the process,
because the C stack ends first. A transaction that nests deeper than the limit is refused instead.
"""

from __future__ import annotations

import importlib
import sys


def import_keeping_recursion_limit(name: str) -> None:
    """Import ``name`` and put the limit back to what it was."""
    limit = sys.getrecursionlimit()
    importlib.import_module(name)
    sys.setrecursionlimit(limit)
