"""deploy, anchor, worker, rebuild: what an operator runs by hand or as a service."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from signal import SIGTERM, signal
from threading import Event

from api.errands import Errands
from api.metrics import Metrics
from api.standing_figures import StandingFigures
from ledger.chain_wiring import unchecked_chain
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError, StoreError
from ledger.services.anchor import step_down
from ledger.services.project import rebuild
from ledger.services.worker import Round, Worker, run_once, settle
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger


def _deploy(settings: Settings, _: Namespace, terminal: Terminal) -> int:
    settings.home.mkdir(parents=True, exist_ok=True)
    chain = unchecked_chain(settings)
    try:
        address = chain.deploy()
        chain.check()
        identity = chain.identity()
    finally:
        chain.close()
    terminal.say(
        f"CheckpointRegistry is at {address} on chain {identity.chain_id}",
        f"CheckpointRegistry 合约位于链 {identity.chain_id} 的 {address}",
    )
    terminal.data({"contract": address, "chain_id": identity.chain_id, "sender": identity.sender})
    return 0


def _anchor(settings: Settings, _: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        newest = settle(ledger.worker())
    if newest is None:
        terminal.say("Nothing to anchor: the log is empty", "没有可锚定的内容：账本为空")
        terminal.data({"size": 0})
        return 0
    size, state = newest.checkpoint.size, newest.state
    states = {"checkpointed": "已入检查点", "anchored": "已上链", "confirmed": "已确认"}
    terminal.say(f"Checkpoint of size {size}: {state}", f"检查点（大小 {size}）：{states[state]}")
    terminal.data({"size": size, "root": newest.checkpoint.root.hex(), "state": state})
    return 0 if state == "confirmed" else 2


def _worker(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        worker, said = ledger.worker(), ""
        if options.once:
            return _once(ledger, worker, terminal)
        metrics = Metrics()
        errands = Errands.of(ledger, metrics)
        metrics.registry.register(StandingFigures(ledger))
        port = settings.metrics_port
        unheard = metrics.listen(settings.metrics_host, port) if port is not None else None
        stopping = Event()
        signal(SIGTERM, lambda *_: stopping.set())  # what ends a container: the round under way is finished
        errands.start()
        try:
            while not stopping.is_set():
                done = _round(worker)
                metrics.round(done.trouble.code if done.trouble else "")
                metrics.look_at(worker.chain)
                _moved(done, terminal)
                said = _trouble(done.trouble, said, terminal)
                stopping.wait(settings.round_seconds)
            return 0
        finally:
            if unheard:
                unheard()
            errands.stop()
            with suppress(StoreError):
                step_down(worker.anchorer)


def _once(ledger: Ledger, worker: Worker, terminal: Terminal) -> int:
    """One round, what subscribers are due, a segment if one is, witnesses and the time stamping authority asked."""
    try:
        done = _round(worker)
        _moved(done, terminal)
        _trouble(done.trouble, "", terminal)
        ledger.subscribing.deliver()
        for due in (ledger.sealing(), ledger.gathering(), ledger.stamping()):
            if due:
                due.work(lambda: False)
        return 2 if done.trouble else 0
    finally:
        with suppress(StoreError):
            step_down(worker.anchorer)


def _moved(done: Round, terminal: Terminal) -> None:
    if done.moved is not None:
        size = done.moved.checkpoint.size
        terminal.say(f"size {size}: {done.moved.state}", f"大小 {size}：{done.moved.state}")


def _round(worker: Worker) -> Round:
    """One round; a database that is away for a while is trouble like a chain that is."""
    try:
        return run_once(worker)
    except LedgerError as error:
        if not error.retryable:
            raise
        return Round(0, None, None, error)


def _trouble(trouble: LedgerError | None, said: str, terminal: Terminal) -> str:
    """Say a trouble once, not every round."""
    if trouble is not None and trouble.code != said:
        terminal.error(trouble)
    return trouble.code if trouble else ""


def _worker_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="one round, then stop / 只执行一轮")


def _rebuild(settings: Settings, _: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger, terminal.progress("Folding entries", "重建投影") as progress:
        count = max(rebuild(ledger.entries, folding, progress) for folding in (ledger.projections, *ledger.further))
    terminal.say(f"Projections rebuilt from {count} entries", f"已由 {count} 条条目重建投影")
    terminal.data({"entries": count})
    return 0


VERBS = {
    "deploy": Verb(_deploy),
    "anchor": Verb(_anchor),
    "worker": Verb(_worker, _worker_arguments),
    "rebuild": Verb(_rebuild),
}
