"""Other processes that take work off this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from ledger.ports.entries import EntryStore
from ledger.ports.projections import Projections
from ledger.ports.world import Clock, Random


class Workplace(Protocol):
    """What a task may use in the process that it runs in."""

    @property
    def entries(self) -> EntryStore:
        """The entries."""
        ...

    @property
    def projections(self) -> Projections:
        """The projections."""
        ...

    @property
    def clock(self) -> Clock:
        """Recorded times."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


Item = TypeVar("Item")
Half = TypeVar("Half")
Result = TypeVar("Result")
Task = Callable[[Workplace, Item], Result]
"""A function of a module, so that a process can be told its name; item and result are values that can be sent."""


class Workers(Protocol):
    """Processes beside this one, for work on many entries. One process, this one, is as good."""

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """One result per item, in their order, a few computed ahead. Raises what the task raises."""
        ...

    def run_in_turn(
        self, prepare: Task[Item, Half], finish: Task[Half, Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """
        As ``run``, in two steps: ``prepare`` at the same time as others, ``finish`` one at a time in the items' order.

        Both run in one process, so what is prepared need not be sent. After a step that raised nothing is finished.
        """
        ...
