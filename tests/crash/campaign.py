"""
Seeds, run from a parent that has imported everything and opened nothing, so that a life starts in milliseconds.

Each seed has a directory of its own. Its lives are forked one after another; each dies where the plan says, or
finishes. What they said over their pipe is all that the outside world knows of them.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from ledger.services.worker import settle
from ledger.settings import Settings
from tests.builders import captured, legs, opened, settings
from tests.crash.life import Fate, Mouth, Told, live
from tests.crash.plan import Plan, plan
from tests.crash.subjects import SUBJECTS, Real
from tests.postgres import memory

LONGEST_LIFE = 60
"""Seconds after which a life counts as hung and is killed by SIGALRM."""
NewDatabase = Callable[[], str]


@dataclass
class Outcome:
    """What one seed led to."""

    seed: int
    findings: list[str] = field(default_factory=list)
    planned: Counter[str] = field(default_factory=Counter)
    died_at: Counter[str] = field(default_factory=Counter)


class Campaign:
    """Runs seeds against one subject. ``database`` gives the URL of a fresh database; none: SQLite."""

    def __init__(self, directory: Path, subject: Real, database: NewDatabase | None = None) -> None:
        self._directory, self._subject, self._database = directory, subject, database
        self._template = directory / "template"
        self._keys = directory / "keys"
        settings(self._keys)
        _in_child(lambda _: self._make_template(), print)

    def _make_template(self) -> None:
        """A ledger that is set up, with nothing in it."""
        shutil.copytree(self._keys, self._template)
        with opened(self._template) as ledger:
            ledger.chain.check()

    def warm(self) -> None:
        """Take a ledger through everything once, so that whatever is loaded or computed late is there for all."""
        home = self._directory / "warm"
        shutil.copytree(self._keys, home)
        with opened(home) as ledger:
            captured(ledger, legs(3))
            settle(ledger.worker())
        shutil.rmtree(home)
        gc.collect()
        gc.freeze()  # a collection in a child would touch, and so copy, every page it shares with its parent

    def run(self, seed: int) -> Outcome:
        """One seed from its first life to its last."""
        planned = plan(seed)
        outcome, told = Outcome(seed), Told()
        home = self._directory / f"seed-{seed}"
        url = self._database() if self._database else ""
        fresh = planned.founding or bool(url)
        shutil.copytree(self._keys if fresh else self._template, home)
        now = 0.0
        for death, pause in zip((*planned.deaths, None), (*planned.pauses, 0), strict=True):
            before = len(told.died_at)
            trouble = self._live(settings(home, database_url=url), planned, told, Fate(now, death))
            if death:
                outcome.planned[death.place] += 1
            if trouble:
                outcome.findings.append(trouble)
            if trouble or told.finished or told.findings:
                break
            if len(told.died_at) == before:
                outcome.findings.append("a life ended without a word")
                break
            now += 300 + pause
        outcome.findings += told.findings
        outcome.died_at.update(told.died_at)
        shutil.rmtree(home, ignore_errors=True)
        return outcome

    def _live(self, chosen: Settings, planned: Plan, told: Told, fate: Fate) -> str | None:
        """One life; what went wrong with it, if anything did."""

        def life(pipe: int) -> None:
            live(self._subject, chosen, planned, told, fate, Mouth(pipe))

        status, said = _in_child(life, told.hear)
        if os.WIFSIGNALED(status):
            deadly = os.WTERMSIG(status)
            return None if deadly == signal.SIGKILL and said else f"a life was ended by signal {deadly}"
        return None if os.WEXITSTATUS(status) == 0 else f"a life failed: {said}"


def _in_child(work: Callable[[int], None], hear: Callable[[str], object]) -> tuple[int, str]:
    """Fork, work in the child, hear its lines; its wait status and the last line."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.alarm(LONGEST_LIFE)
        gc.disable()
        code = 1
        try:
            work(mouth)
            code = 0
        except BaseException as error:  # noqa: BLE001 - the parent hears of everything
            detail = "".join(traceback.format_exception(error)[-4:]).replace("\n", " | ")
            with suppress(OSError):
                os.write(mouth, f"failed {type(error).__name__}: {error} {detail}\n".encode()[:60_000])
        finally:
            os._exit(code)
    os.close(mouth)
    last = ""
    with os.fdopen(ear, encoding="utf-8") as lines:
        for line in lines:
            last = line.rstrip("\n")
            hear(last)
    _, status = os.waitpid(child, 0)
    return status, last


@contextmanager
def working_directory() -> Iterator[Path]:
    """Where the seeds' ledgers are, gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="onecode-crash-", dir=memory()))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def run_seeds(
    seeds: range, subject: str = "real", database: NewDatabase | None = None, workers: int = 1
) -> Iterator[Outcome]:
    """The outcomes of some seeds as they come, on so many processes and their children."""
    with working_directory() as directory:
        campaign = Campaign(directory, SUBJECTS[subject](), database)
        campaign.warm()
        if workers == 1:
            yield from map(campaign.run, seeds)
            return
        with get_context("fork").Pool(workers) as pool:
            yield from pool.imap_unordered(campaign.run, seeds)
