"""Take a file of published factors into a new set: preview first, then keep; bad rows come back, good ones stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from ledger.errors import LedgerError, Place
from ledger.footprint.errors import NoEmissionFactor
from ledger.footprint.factor import Factor, FactorSet, Series
from ledger.footprint.registry.errors import FactorFieldMissing, FactorRowRepeated, NoFactorTaken
from ledger.footprint.registry.shelf import FactorShelf, Origin, set_id
from ledger.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the person importing says of every row that does not say it itself. Nothing is guessed."""

    source: str = ""
    licence: str = ""
    url: str = ""
    page: str = ""
    region: str = ""
    year: int | None = None
    gwp_set: str = ""
    series: Series = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """A row that becomes a factor. ``names`` is the transport class whose factor it is to be, empty for none."""

    place: Place
    factor: Factor
    names: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRow:
    """A row that comes back: ``value`` is what stands in the faulty cell; the error's place says where."""

    place: Place
    value: str
    error: LedgerError

    def to_record(self) -> dict[str, object]:
        """JSON-able: row, column, value, rule, and why and what to do in both languages."""
        place, error = self.error.place or self.place, self.error
        return {
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "value": self.value,
            "rule": error.code,
            "why": {"en": error.message("en"), "zh": error.message("zh-CN")},
            "fix": {"en": error.fix("en"), "zh": error.fix("zh-CN")},
        }


class FactorFile(Protocol):
    """A file of factors, opened and recognised."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def sha256(self) -> str:
        """Hash of its bytes, 64 hexadecimal digits."""
        ...

    @property
    def importer(self) -> str:
        """The importer that reads it."""
        ...

    def rows(self, stated: Stated) -> Iterator[TakenRow | ReturnedRow]:
        """Every row of it, taken or returned, in the order of the file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import would do."""

    file: str
    file_sha256: str
    importer: str
    taken: tuple[TakenRow, ...]
    returned: tuple[ReturnedRow, ...]
    base: FactorSet | None = None
    """The set that the new one is laid over."""

    def to_record(self) -> dict[str, object]:
        """JSON-able, every row of it."""
        return {
            "file": self.file,
            "file_sha256": self.file_sha256,
            "importer": self.importer,
            "taken": [
                {"sheet": row.place.sheet, "row": row.place.row, "names": row.names, "factor": row.factor.to_record()}
                for row in self.taken
            ],
            "returned": [row.to_record() for row in self.returned],
        }


def preview(file: FactorFile, stated: Stated, base: FactorSet | None = None) -> Preview:
    """Every row of a file, taken or returned. A second row of one factor comes back, and one for an unknown class."""
    taken, returned, seen = list[TakenRow](), list[ReturnedRow](), set[str]()
    for row in file.rows(stated):
        if isinstance(row, ReturnedRow):
            returned.append(row)
            continue
        fault = _fault(row, base, seen)
        if fault:
            returned.append(ReturnedRow(place=row.place, value=row.names or row.factor.id, error=fault.at(row.place)))
        else:
            seen.add(row.factor.id)
            taken.append(row)
    return Preview(
        file=file.name,
        file_sha256=file.sha256,
        importer=file.importer,
        taken=tuple(taken),
        returned=tuple(returned),
        base=base,
    )


def _fault(row: TakenRow, base: FactorSet | None, seen: set[str]) -> LedgerError | None:
    if row.factor.id in seen:
        return FactorRowRepeated(factor=row.factor.id)
    if row.names and base is None:
        return FactorFieldMissing(field="base")
    try:
        if row.names and base is not None:
            base.transport_class(row.names, row.factor.mode)
    except NoEmissionFactor as error:
        return error
    return None


def keep(shelf: FactorShelf, seen: Preview, name: str, clock: Clock, *, region: str = "", title: str = "") -> FactorSet:
    """
    Put the taken rows on the shelf as the new set ``name``, over the factors and classes of the preview's base.

    A row that names a transport class becomes that class's factor; the class keeps its distance adjustment, and a
    calculation refuses one that the factor holds already. ``region`` is where the set is meant to be used, the base's
    unless given. Raises ``NoFactorTaken``, ``FactorSetTaken``, ``FactorSetIdUnfit``, ``FactorFieldMissing``.
    """
    set_id(name)
    if not seen.taken:
        raise NoFactorTaken(file=seen.file)
    under = seen.base
    region = region or (under.region if under else "")
    if not region:
        raise FactorFieldMissing(field="region")
    factors = dict(under.factors) if under else {}
    factors.update((row.factor.id, row.factor) for row in seen.taken)
    classes = dict(under.classes) if under else {}
    classes.update((row.names, replace(classes[row.names], factor=row.factor.id)) for row in seen.taken if row.names)
    now = clock.now()
    made = FactorSet.of(name, now.date(), region, factors.values(), classes.values())
    origin = Origin(
        title_en=title or seen.file,
        title_zh=title or seen.file,
        attribution=tuple(dict.fromkeys(row.factor.source for row in seen.taken))[:20],
        importer=seen.importer,
        file=seen.file,
        file_sha256=seen.file_sha256,
        kept_at=now.isoformat(timespec="seconds"),
        base=under.id if under else "",
    )
    shelf.keep(made, origin)
    return made
