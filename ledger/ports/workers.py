"""Other processes that take work off this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from ledger.ports.entries import EntryStore
from ledger.ports.projections import Projections
from ledger.ports.world import Random


class Workplace(Protocol):
    """What a task may use in the process that it runs in."""

    @property
    def entries(self) -> EntryStore:
        """The entries, for reading."""
        ...

    @property
    def projections(self) -> Projections:
        """The projections, for summing."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


Item = TypeVar("Item")
Result = TypeVar("Result")
Task = Callable[[Workplace, Item], Result]
"""A function of a module, so that a process can be told its name; item and result are values that can be sent."""


class Workers(Protocol):
    """Processes beside this one, for work on many entries. One process, this one, is as good."""

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """One result per item, in their order, a few computed ahead. Raises what the task raises."""
        ...
