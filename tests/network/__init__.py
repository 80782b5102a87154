"""The ledger on a real network of several validators."""
