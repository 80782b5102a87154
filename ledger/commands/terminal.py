"""What commands say, in the reader's language: lines, progress, errors, or one JSON object."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from ledger.errors import LedgerError, Locale


class Terminal:
    """Standard output for results, standard error for progress and errors."""

    def __init__(self, locale: Locale, *, as_json: bool = False) -> None:
        self.locale: Locale = locale
        self.as_json = as_json
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    def words(self, en: str, zh: str) -> str:
        """The words for this reader."""
        return zh if self.locale == "zh-CN" else en

    def say(self, en: str, zh: str) -> None:
        """A line for a person; silent when JSON was asked for."""
        if not self.as_json:
            self._out.print(self.words(en, zh), markup=False)

    def data(self, value: Any) -> None:
        """The JSON result, one line, when it was asked for."""
        if self.as_json:
            sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
            sys.stdout.flush()

    def error(self, error: LedgerError) -> None:
        """An error with what to do about it."""
        if self.as_json:
            fields = {"code": error.code, "message": error.message(self.locale), "fix": error.fix(self.locale)}
            self.data({"error": fields})
        self._err.print(error.message(self.locale), markup=False, style="red")
        if fix := error.fix(self.locale):
            self._err.print(fix, markup=False)

    @contextmanager
    def progress(self, en: str, zh: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on standard error; the function it yields takes (done, in all)."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=self._err, transient=True) as bar:
            task = bar.add_task(self.words(en, zh), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
