"""Processes that do the ledger's background work on the network, until they are killed."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

import web3.middleware  # noqa: F401 - loaded once, in the process that all workers are forked from

import ledger.adapters.chain.agreement
import ledger.adapters.chain.client  # noqa: F401
from ledger.adapters.sql.checkpoints import SqlLeases
from ledger.errors import LedgerError
from ledger.records.record import microseconds
from ledger.services.worker import Worker
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger
from tests.crash.subjects import SUBJECTS, Real

PAUSE = 0.3
_CONTEXT: Any = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.network.labour"])


def hired(settings: Settings, haste: int, subject: str = "real") -> BaseProcess:
    """A worker that has begun; its leases run out ``haste`` times as fast."""
    process: BaseProcess = _CONTEXT.Process(target=labour, args=(settings, haste, subject), daemon=True)
    process.start()
    return process


def labour(settings: Settings, haste: int, subject: str) -> None:
    """Rounds for ever, or until the parent is gone; whatever may be tried again is."""
    parent, chosen = os.getppid(), SUBJECTS[subject]()
    while os.getppid() == parent:
        try:
            with open_ledger(settings) as ledger:
                worker = hasty(ledger, haste).worker()
                while os.getppid() == parent:
                    _round(chosen, worker)
                    time.sleep(PAUSE)
        except LedgerError as error:
            if not error.retryable:
                raise
            time.sleep(PAUSE)


def _round(subject: Real, worker: Worker) -> None:
    try:
        subject.round(worker)
    except LedgerError as error:
        if not error.retryable and not error.code.startswith("chain."):
            raise


def hasty(ledger: Ledger, haste: int) -> Ledger:
    """The ledger with leases that run out sooner."""
    clock = ledger.clock
    return replace(ledger, leases=SqlLeases(ledger.database, lambda: microseconds(clock.now()) * haste))
