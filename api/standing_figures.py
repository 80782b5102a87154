"""Figures of how the ledger stands, looked up when they are asked for: the same from every process beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ledger.errors import LedgerError
from ledger.services.standing import Stand, stand
from ledger.services.witness_standing import cosigned_at, troubled
from ledger.wiring import Ledger

BACKUP_STAMP: Final = "backup.json"
"""Beside the keys: what the last backup was, written when it was whole."""
STEPS: Final = ("checkpointed", "sent", "anchored")


class StandingFigures(Collector):
    """Registered once per registry. A database that does not answer is a figure too: ``onecode_database_up`` 0."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """One look."""
        try:
            known = list(self._of_database())
        except LedgerError:
            known = []
        yield _gauge("onecode_database_up", "1 when the database answered", int(bool(known)))
        yield from known
        yield from _of_home(self._ledger.settings.home)

    def _of_database(self) -> Iterator[Metric]:
        ledger = self._ledger
        found = stand(ledger)
        yield from _of_log(found)
        yield from _of_lease(found)
        yield _of_witnesses(cosigned_at(ledger.policy, ledger.cosignatures))
        _, refusing = troubled(ledger.policy, ledger.cosignatures)
        yield _gauge("onecode_witnesses_refusing", "Witnesses that refuse to cosign this log", refusing)


def _of_log(found: Stand) -> Iterator[Metric]:
    yield _gauge("onecode_entries", "Entries in the log", found.entries)
    yield _gauge("onecode_checkpointed_entries", "Entries under the newest checkpoint", found.checkpointed)
    yield _gauge("onecode_anchored_entries", "Entries under the newest checkpoint on chain", found.anchored)
    yield _gauge("onecode_confirmed_entries", "Entries under the newest checkpoint that is final", found.confirmed)
    yield _gauge("onecode_unanchored_entries", "Entries beyond the last anchored", found.entries - found.anchored)
    yield _gauge("onecode_unanchored_age_seconds", "Age of the oldest entry that is not anchored", found.unanchored_age)
    yield _gauge("onecode_unfolded_entries", "Entries that a projection has not seen", found.entries - found.folded)
    waiting = GaugeMetricFamily(
        "onecode_unsettled_checkpoints", "Checkpoints above the last confirmed, by step", labels=("step",)
    )
    for step in STEPS:
        waiting.add_metric((step,), found.unsettled.get(step, 0))
    yield waiting


def _of_lease(found: Stand) -> Iterator[Metric]:
    yield _gauge("onecode_lease_left_seconds", "How long a worker still holds the lease to anchor", found.lease_left)
    yield _gauge("onecode_lease_fence", "How often the lease to anchor went to another holder", found.lease_fence)


def _of_witnesses(cosigned: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(
        "onecode_witness_cosigned_timestamp_seconds", "When a witness cosigned a checkpoint last", labels=("witness",)
    )
    for witness, at in sorted(cosigned.items()):
        family.add_metric((witness,), at)
    return family


def _of_home(home: Path) -> Iterator[Metric]:
    try:
        disk = shutil.disk_usage(home)
    except OSError:
        return
    yield _gauge("onecode_disk_bytes", "Size of the disk that holds keys and files", disk.total)
    yield _gauge("onecode_disk_free_bytes", "What is free on it", disk.free)
    try:
        kept = json.loads((home / BACKUP_STAMP).read_bytes())
        at, entries = int(kept["at"]), int(kept["entries"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    yield _gauge("onecode_backup_timestamp_seconds", "When the last whole backup began", at)
    yield _gauge("onecode_backup_entries", "Entries in it", entries)


def _gauge(name: str, about: str, value: int) -> Metric:
    return GaugeMetricFamily(name, about, value=value)
