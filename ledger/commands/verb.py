"""What a verb is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from ledger.commands.terminal import Terminal
from ledger.settings import Settings


def no_arguments(_: ArgumentParser) -> None:
    """For verbs that take none."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, what it does in both languages, its arguments, and the function that does it."""

    name: str
    en: str
    zh: str
    run: Callable[[Settings, Namespace, Terminal], int]
    arguments: Callable[[ArgumentParser], None] = no_arguments
