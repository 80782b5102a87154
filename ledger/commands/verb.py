"""What a verb is: a line of the list of verbs, and what a module does under that name."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple

from ledger.commands.terminal import Terminal
from ledger.settings import Settings


def no_arguments(_: ArgumentParser) -> None:
    """For verbs that take none."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb does, and its arguments."""

    run: Callable[[Settings, Namespace, Terminal], int]
    arguments: Callable[[ArgumentParser], None] = no_arguments


class Line(NamedTuple):
    """A verb in the list: its name, what it does in both languages, and the module of ``ledger.commands`` it is in."""

    name: str
    en: str
    zh: str
    module: str

    def load(self) -> Verb:
        """The verb. Its module brings databases and chains along, which most verbs do without."""
        verb: Verb = import_module(f"ledger.commands.{self.module}").VERBS[self.name]
        return verb
