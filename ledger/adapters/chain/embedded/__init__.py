"""
A real EVM inside the process: py-evm over one SQLite file.

A single local node. It makes the log tamper-evident to outsiders who hold its proofs, not against the one who runs it.
"""
