"""
Places where a process can die, set from outside: decorators around the ports, and commit hooks under the stores.

``before`` and ``after`` are around a call of a port. ``commit`` is inside it: everything is written, nothing is
committed yet. ``opening`` is everything before the ports are there: schema, genesis, deployment.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any

from sqlalchemy import Engine, event

from ledger.adapters.chain.deployment import Deployment, DeploymentFile
from ledger.adapters.chain.embedded import node
from ledger.adapters.chain.embedded.store import SqliteKeyValue
from ledger.wiring import Ledger

PLACES = (
    "entries.append:before",
    "entries.append:commit",
    "entries.append:after",
    "projections.fold:commit",
    "projections.fold:after",
    "checkpoints.add:before",
    "checkpoints.add:commit",
    "checkpoints.add:after",
    "leases.acquire:commit",
    "leases.acquire:after",
    "chain.head:after",
    "chain.sign:after",
    "checkpoints.note_sent:commit",
    "checkpoints.note_sent:after",
    "chain.send:before",
    "chain.send:commit",
    "chain.send:after",
    "chain.find:after",
    "chain.final:after",
    "checkpoints.advance:before",
    "checkpoints.advance:commit",
    "checkpoints.advance:after",
    "entries.entry:before",
)
"""Where a process of a ledger that is set up already is killed."""
OPENING = ("opening:commit", "opening:deployment")
"""Where it is killed while it is being set up."""
PORTS = ("entries", "checkpoints", "leases", "projections", "chain")
Hook = Callable[[str], None]
"""Told the name of every place as it is passed."""


class Watched:
    """A port that tells a hook of each call, before and after."""

    def __init__(self, port: Any, name: str, hook: Hook) -> None:
        self._port, self._name, self._hook = port, name, hook

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if not callable(found):
            return found

        @wraps(found)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._hook(f"{self._name}.{method}:before")
            outcome = found(*args, **kwargs)
            self._hook(f"{self._name}.{method}:after")
            return outcome

        return watched


def watched(ledger: Ledger, hook: Hook) -> Ledger:
    """The ledger with every port watched."""
    return replace(ledger, **{name: Watched(getattr(ledger, name), name, hook) for name in PORTS})


class Trap:
    """Kills its own process, as ``kill -9`` does, the ``turn``-th time that ``place`` is passed."""

    def __init__(self, place: str, turn: int, last_words: Callable[[], None]) -> None:
        self.place, self.turn, self.last_words = place, turn, last_words
        self._inside = "opening"

    def __call__(self, place: str) -> None:
        call, _, moment = place.partition(":")
        if moment == "before":
            self._inside = call
        if place == self.place:
            self.turn -= 1
            if self.turn == 0:
                self.last_words()
                os.kill(os.getpid(), signal.SIGKILL)

    def committing(self, *_: object) -> None:
        """Told by a database that it is about to commit."""
        self(f"{self._inside}:commit")

    def opened(self) -> None:
        """The ports are there; what is committed from now on is committed by their calls."""
        self._inside = "between calls"

    def install(self) -> None:
        """Hook the commits of this process. For good: call it in a process that is there to die."""
        trap = self

        class HookedKeyValue(SqliteKeyValue):
            @contextmanager
            def transaction(self) -> Iterator[None]:
                with super().transaction():
                    yield
                    trap.committing()

        class HookedDeploymentFile(DeploymentFile):
            def write(self, deployment: Deployment) -> None:
                super().write(deployment)
                trap(OPENING[1])

        node.SqliteKeyValue = HookedKeyValue  # type: ignore[misc]
        from ledger.adapters.chain import opening

        opening.DeploymentFile = HookedDeploymentFile  # type: ignore[misc]
        event.listen(Engine, "commit", trap.committing)
