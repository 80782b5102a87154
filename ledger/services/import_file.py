"""
Import a file: every good row becomes an entry, every bad one comes back with its place, its rule and what to do.

A row's record id comes from the row's own keys (waybill and line, meter and period ...), so that the same file handed
in twice adds nothing, and an import that was cut off is finished by handing the file in again. Rows go the way every
record goes, through ``capture``, in batches; what a file says is trusted no more than what a form says.

Reading formats is an adapter's work (``ledger.adapters.files.open_file``); this module sees rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import NamedTuple, Protocol

from ledger.errors import LedgerError, Locale, Place
from ledger.footprint.factor import FactorSource
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.ports.intake import FoldedCell
from ledger.records.record import Record
from ledger.services.capture import capture

BATCH = 2_000
"""Rows per transaction."""
_LOCALES: tuple[Locale, ...] = ("en", "zh-CN")
MOST_REFUSED = 10_000
"""Refused rows kept with their cells; further ones are counted."""
Progress = Callable[[int, int, float], None]
"""Called after every batch with rows done, rows in all as far as known, and rows per second so far."""
Keep = Callable[[Sequence[Record]], Sequence[Receipt | LedgerError]]
"""What is done with good rows: one outcome each, in order."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a row: the rule it breaks is ``error.code``."""

    column: str | None
    value: str
    error: LedgerError


class ReadRow(NamedTuple):
    """One row as read: its place, its cells as the file has them, and a record or everything wrong with it."""

    sheet: str | None
    row: int
    pointer: str | None
    cells: Sequence[str]
    outcome: Record | tuple[Fault, ...]
    folded: tuple[FoldedCell, ...] = ()
    """Of a row near the top, cells whose full-width forms were read as what they show."""


class Source(Protocol):
    """A file that was opened and recognised."""

    @property
    def name(self) -> str:
        """The name people know the file by."""
        ...

    @property
    def sha256(self) -> str:
        """Hash of its bytes, 64 hexadecimal digits."""
        ...

    @property
    def kinds(self) -> tuple[str, ...]:
        """What its rows are, as far as known before reading them."""
        ...

    @property
    def headings(self) -> tuple[str, ...]:
        """Its columns, as written; empty for documents."""
        ...

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that nothing is read from."""
        ...

    @property
    def total(self) -> int:
        """About how many rows it has."""
        ...

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:
        """Every row; ``vehicles`` maps each accepted way of naming a vehicle to its class."""
        ...


class Capturing(Protocol):
    """What importing needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Where entries go."""
        ...

    @property
    def clock(self) -> Clock:
        """Recorded times."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...

    @property
    def factors(self) -> FactorSource:
        """Which vehicles have a factor."""
        ...

    @property
    def projections(self) -> Projections:
        """Which vehicles an operator stated data of."""
        ...


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that did not become an entry, with all its faults."""

    place: Place
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]

    def to_record(self, *, placed: bool = True) -> dict[str, object]:
        """
        JSON-able: place, cells, and per fault the column, value, rule, reason and fix in both languages.

        The reason says where, when ``placed``; a table has columns for that.
        """
        return {
            "sheet": self.place.sheet,
            "row": self.place.row,
            "pointer": self.place.pointer,
            "cells": list(self.cells),
            "faults": [
                {
                    "column": fault.column,
                    "value": fault.value,
                    "rule": fault.error.code,
                    "reason": {name: _reason(fault.error, name, placed=placed) for name in _LOCALES},
                    "fix": {name: fault.error.fix(name) for name in _LOCALES},
                }
                for fault in self.faults
            ],
        }


def _reason(error: LedgerError, locale: Locale, *, placed: bool) -> str:
    return error.message(locale) if placed else error.sentence(locale)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """
    What became of a file: ``read`` = ``fresh`` + ``already`` + ``refused_count``.

    ``refused`` holds the first ``MOST_REFUSED`` refused rows in the file's order. ``seconds`` is wall time.
    """

    file: str
    sha256: str
    headings: tuple[str, ...]
    ignored: tuple[str, ...]
    kinds: Mapping[str, int]
    read: int
    fresh: int
    already: int
    refused_count: int
    refused: tuple[Refused, ...]
    entries: tuple[int, int] | None
    """Least and greatest index of the rows' entries, fresh or not; ``None`` without any."""
    seconds: float

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.read / self.seconds if self.seconds else 0.0

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "headings": list(self.headings),
            "ignored": list(self.ignored),
            "kinds": dict(self.kinds),
            "read": self.read,
            "fresh": self.fresh,
            "already": self.already,
            "refused": self.refused_count,
            "rows": [refused.to_record() for refused in self.refused],
            "entries": list(self.entries) if self.entries else None,
            "seconds": round(self.seconds, 3),
        }


def import_file(
    ledger: Capturing,
    source: Source,
    *,
    tenant: str,
    submitter: str,
    progress: Progress | None = None,
    manages: bool = False,
) -> ImportReport:
    """
    Capture every good row of a file. Faults of rows are in the report; ``StoreError`` is raised.

    After an interruption the same call finishes the work: rows that are entries already are counted, not added.
    """

    def keep(records: Sequence[Record]) -> Sequence[Receipt | LedgerError]:
        names = {"tenant": tenant, "submitter": submitter}
        return capture(ledger.entries, ledger.clock, ledger.random, **names, records=records, manages=manages)

    own = own_vehicles(ledger.projections, tenant)
    return read_file(ledger.factors, source, keep, progress, own=own)


def read_file(
    factors: FactorSource, source: Source, keep: Keep, progress: Progress | None = None, *, own: Iterable[str] = ()
) -> ImportReport:
    """
    Hand every good row to ``keep``, batch by batch; what is wrong with the others is in the report.

    ``own`` are the names of operators' own vehicles.
    """
    tally = Tally(source)
    rows = source.rows(vehicle_names(factors, own))
    while batch := list(islice(rows, BATCH)):
        tally.add(batch, keep)
        if progress:
            progress(tally.read, max(source.total, tally.read), tally.rate)
    return tally.report()


def vehicle_names(factors: FactorSource, own: Iterable[str] = ()) -> Mapping[str, str]:
    """
    Every accepted way of naming a class of transport operations, to its name: the name itself, English, Chinese.

    ``own`` are the names of operators' own vehicles; a class's words go before them.
    """
    classes = factors.current().classes.values()
    return {name: name for name in own} | {text: row.name for row in classes for text in (row.name, row.en, row.zh)}


def own_vehicles(projections: Projections, tenant: str) -> set[str]:
    """Vehicles that the tenant's recorded operations and models name, as far as they are folded."""
    kinds = ("transport_operation", "vehicle_model")
    return {name for kind in kinds for fact in projections.facts(tenant, kind) for name in fact.subject.split("\n")}


@dataclass(slots=True)
class Tally:
    """Counts what becomes of the rows of a file, for its report."""

    source: Source
    started: float = field(default_factory=monotonic)
    kinds: Counter[str] = field(default_factory=Counter)
    read: int = 0
    fresh: int = 0
    already: int = 0
    refused_count: int = 0
    refused: list[Refused] = field(default_factory=list)
    least: int = -1
    greatest: int = -1

    @property
    def rate(self) -> float:
        """Rows per second so far."""
        return self.read / max(monotonic() - self.started, 1e-9)

    def add(self, batch: Sequence[ReadRow], keep: Keep) -> None:
        """Keep the good rows of a batch and count what became of all."""
        good = [row.outcome for row in batch if not isinstance(row.outcome, tuple)]
        outcomes = iter(keep(good) if good else ())
        for row in batch:
            self.read += 1
            if isinstance(row.outcome, tuple):
                self._refuse(row, row.outcome)
                continue
            outcome = next(outcomes)
            if isinstance(outcome, LedgerError):
                outcome.place = None  # a place in the batch says nothing about the file
                self._refuse(row, (Fault(None, row.outcome.id, outcome),))
            else:
                self._count(row.outcome, outcome)

    def _count(self, record: Record, receipt: Receipt) -> None:
        self.kinds[record.kind] += 1
        self.fresh += receipt.fresh
        self.already += not receipt.fresh
        if receipt.seq >= 0:
            self.least = receipt.seq if self.least < 0 else min(self.least, receipt.seq)
            self.greatest = max(self.greatest, receipt.seq)

    def _refuse(self, row: ReadRow, faults: Sequence[Fault]) -> None:
        self.refused_count += 1
        if len(self.refused) >= MOST_REFUSED:
            return
        place = Place(file=self.source.name, sheet=row.sheet, row=row.row or None, pointer=row.pointer)
        for fault in faults:
            fault.error.at(Place(column=fault.column)).at(place)
        self.refused.append(Refused(place, tuple(row.cells), tuple(faults)))

    def checked(self, read: int, kinds: Sequence[str], known: int, refused: Sequence[Refused]) -> None:
        """Count rows that were told apart and not kept: those ``known`` are entries already."""
        self.read += read
        self.kinds.update(kinds)
        self.fresh += len(kinds) - known
        self.already += known
        self.refused_count += len(refused)
        self.refused += refused[: MOST_REFUSED - len(self.refused)]

    def report(self) -> ImportReport:
        """What was counted."""
        return ImportReport(
            file=self.source.name,
            sha256=self.source.sha256,
            headings=self.source.headings,
            ignored=self.source.ignored,
            kinds=dict(self.kinds),
            read=self.read,
            fresh=self.fresh,
            already=self.already,
            refused_count=self.refused_count,
            refused=tuple(self.refused),
            entries=(self.least, self.greatest) if self.greatest >= 0 else None,
            seconds=monotonic() - self.started,
        )
