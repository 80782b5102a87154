"""
A real EVM inside the process: py-evm over one SQLite file.

A single local node. It makes the log tamper-evident to outsiders who hold its proofs, not against the one who runs it.
"""

from __future__ import annotations

from ledger.adapters.chain.recursion import import_keeping_recursion_limit

import_keeping_recursion_limit("eth")
