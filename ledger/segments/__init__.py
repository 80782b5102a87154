"""Sealed segments: a closed range of the log in files that anyone checks and sums without the ledger."""
