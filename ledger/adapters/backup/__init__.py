"""Backups of a ledger: one folder each, whole or not there, that a restore can judge by itself."""

from __future__ import annotations

from ledger.adapters.backup.folder import Backup, prune, read, restore, write

__all__ = ["Backup", "prune", "read", "restore", "write"]
