"""
A form: the columns of one kind of table, and how a row of them becomes a record.

Headings are compared without case, blanks, ``_``, ``-`` and ``*``, in either language or as the key of the hidden row;
what stands in brackets at their end is the unit, or the offset from UTC of a time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Literal

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.errors import HeadingRepeated, NumberLostDigits, UnitTwice, VehicleUnknown
from ledger.errors import LedgerError, Locale
from ledger.records.errors import FieldMissing, RecordUnreadable
from ledger.records.record import Record, check
from ledger.services.import_file import Fault

Unit = Literal["", "mass", "distance", "energy", "kg CO2e", "t km", "%", "time"]
"""What stands in brackets behind a heading: nothing, a unit of this dimension, a percent sign, or a time's offset."""
Values = dict[str, Any]
_BRACKETS = re.compile(r"(.*?)[(\[]([^()\[\]]*)[)\]]\s*")
_DROPPED = re.compile(r"[\s_\-*:：.]+")
UNIT_WORDS = ("单位", "unit")
VALUE_WORDS = ("数值", "value", "")
_REMEMBERED = 4_096
_UNCHANGING = frozenset({str, int, date, datetime})


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column. ``key`` is what the hidden key row says; ``also`` are further headings people use.

    ``read`` takes the stripped text; for a column with a ``unit`` it takes the unit as well.
    """

    key: str
    zh: str
    en: str
    read: Callable[..., Any]
    also: tuple[str, ...] = ()
    needed: bool = True
    unit: Unit = ""
    example: str = ""
    bracket_zh: str = ""
    """What the template writes in brackets behind the Chinese heading."""
    bracket_en: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading that means this column."""
        return (self.key, self.zh, self.en, *self.also)

    @property
    def has_unit_column(self) -> bool:
        """Whether the unit may stand in a column of its own."""
        return self.unit not in {"", "%", "time"}

    def both(self) -> str:
        """Both names, as an error says them."""
        return f"{self.zh} ({self.en})"


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of one kind of table and the record a row of them makes."""

    kind: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    build: Callable[[Values], Record]
    fields: Mapping[str, str] = field(default_factory=dict)
    """Record field -> column key, where they differ."""
    named: str = ""
    """Prefix of free columns (test results of a bid): heading ``评测:能效`` is ``quality:能效``."""
    head: tuple[str, ...] = ()
    """Keys of the columns that are the record's own where several rows make one, the first of them its number."""
    join: Callable[[Sequence[Any]], Record] | None = None
    """Several rows to their one record, where rows of a table belong together."""
    check_row: Callable[[Any], None] = check
    """What one row has to keep by itself, where the whole record's rules are of all its rows."""
    _lookup: dict[str, tuple[Column, bool]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for column in self.columns:
            for said in column.names:
                for word in VALUE_WORDS:
                    self._lookup.setdefault(folded(said + word)[0], (column, False))
                if column.has_unit_column:
                    for word in UNIT_WORDS:
                        self._lookup.setdefault(folded(said + word)[0], (column, True))

    def title(self, locale: Locale) -> str:
        """Its name where it stands alone: as a heading, a sheet or a file."""
        return self.zh if locale == "zh-CN" else self.en[:1].upper() + self.en[1:]

    @property
    def files_only(self) -> bool:
        """Whether it needs a table: it has free columns, or several rows make a record."""
        return bool(self.named) or self.join is not None

    def find(self, heading: str) -> tuple[Column, bool, str] | None:
        """The column a heading means, whether it is that column's unit, and what stands in its brackets."""
        said, bracket = folded(heading)
        found = self._lookup.get(said) or self._lookup.get(folded(heading, brackets=False)[0])
        return (*found, bracket) if found else None

    def missing(self, keys: set[str]) -> list[Column]:
        """Needed columns that are not there."""
        return [column for column in self.columns if column.needed and column.key not in keys]


def folded(heading: str, brackets: bool = True) -> tuple[str, str]:
    """A heading as it is compared, and what stands in brackets at its end."""
    text = unicodedata.normalize("NFKC", heading).strip()
    match = _BRACKETS.fullmatch(text) if brackets else None
    said, bracket = (match[1], match[2].strip()) if match and match[1].strip() else (text, "")
    return _DROPPED.sub("", said).casefold(), bracket


@dataclass(frozen=True, slots=True)
class Found:
    """One column as it stands in a file."""

    column: Column
    at: int
    heading: str
    unit: str
    unit_at: int | None
    known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What its first different cells were read as: most columns of long tables say few things."""

    def value(self, text: str, cells: Sequence[str]) -> Any:
        """What the stripped text of its cell says, with the unit it stands in. Raises what the column's reader does."""
        column = self.column
        if not column.unit:
            return column.read(text)
        unit = self.unit
        if self.unit_at is not None:
            unit = cells[self.unit_at].strip() if self.unit_at < len(cells) else ""
        return column.read(text, unit)

    def remember(self, raw: str, value: Any) -> None:
        """Keep what a cell says, where nothing but the cell says it and nobody can change it."""
        if self.unit_at is None and len(self.known) < _REMEMBERED and value.__class__ in _UNCHANGING:
            self.known[raw] = value


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file has the columns of a form."""

    form: Form
    found: tuple[Found, ...]
    free: tuple[tuple[str, int, str], ...]
    """(name, position, heading) of free columns."""
    ignored: tuple[str, ...]
    headings: tuple[str, ...]
    """What each column of the file is called, left to right."""

    def read(self, cells: Sequence[str], vehicles: Mapping[str, str]) -> Record | tuple[Fault, ...]:
        """The record in a row, or everything that is wrong with it."""
        values: Values = {}
        faults: list[Fault] = []
        width = len(cells)
        for found in self.found:
            raw = cells[found.at] if found.at < width else ""
            column = found.column
            if raw in found.known and raw.__class__ is str:
                values[column.key] = found.known[raw]
                continue
            text = raw.strip()
            if not text:
                if column.needed:
                    faults.append(Fault(found.heading, "", FieldMissing(field=column.both())))
                continue
            try:
                if raw.__class__ is cell.LostDigits:
                    raise NumberLostDigits(text=text)
                values[column.key] = value = found.value(text, cells)
                found.remember(raw, value)
            except LedgerError as error:
                faults.append(Fault(found.heading, text, error))
        self._free(cells, values, faults)
        if "vehicle" in values:
            self._vehicle(values, vehicles, faults)
        return tuple(faults) if faults else self._record(values)

    def _free(self, cells: Sequence[str], values: Values, faults: list[Fault]) -> None:
        for said, at, heading in self.free:
            text = cells[at].strip() if at < len(cells) else ""
            if not text:
                continue
            try:
                values.setdefault("free", {})[said] = cell.decimal(text)
            except LedgerError as error:
                faults.append(Fault(heading, text, error))

    def _vehicle(self, values: Values, vehicles: Mapping[str, str], faults: list[Fault]) -> None:
        asked = values["vehicle"]
        named = vehicles.get(asked)
        if named is None:
            faults.append(Fault(self._heading("vehicle"), asked, vehicle_unknown(asked, vehicles)))
        else:
            values["vehicle"] = named

    def _heading(self, key: str) -> str | None:
        return next((found.heading for found in self.found if found.column.key == key), None)

    def _record(self, values: Values) -> Record | tuple[Fault, ...]:
        try:
            record = self.form.build(values)
            self.form.check_row(record)
        except msgspec.ValidationError as error:
            why, _, path = str(error).partition(" - at ")
            return self.blamed(RecordUnreadable(why=why), re.split(r"[.\[]", path.strip("`$."))[0])
        except LedgerError as error:
            pointer = error.place.pointer if error.place and error.place.pointer else ""
            return self.blamed(error, *pointer.strip("/").split("/"))
        return record

    def blamed(self, error: LedgerError, name: str, *path: str) -> tuple[Fault, ...]:
        """The error at the column of a field, or of a field of its parts where the form names one as ``field/part``."""
        known = self.form.fields
        heading = self._heading(known.get("/".join((name, *path[-1:])), known.get(name, name)))
        return (Fault(heading, "", error),)


def vehicle_unknown(asked: str, vehicles: Mapping[str, str]) -> VehicleUnknown:
    """The refusal of a vehicle, with the nearest ones that have a factor."""
    near = get_close_matches(asked, vehicles, n=3, cutoff=0.3)
    return VehicleUnknown(text=asked, nearest=", ".join(near) or "-")


def layout(form: Form, headings: Sequence[Sequence[str]]) -> Layout:
    """
    Where the columns of a form stand under these heading rows (one; or a key row above titles; or two levels).

    Raises ``HeadingRepeated``, ``UnitTwice``.
    """
    width = max(map(len, headings))
    at: dict[str, tuple[int, str]] = {}
    units: dict[str, int] = {}
    brackets: dict[str, str] = {}
    free: list[tuple[str, int, str]] = []
    ignored: list[str] = []
    shown: list[str] = []
    for position in range(width):
        parts = [row[position].strip() if position < len(row) else "" for row in headings]
        said = "".join(dict.fromkeys(parts))
        hits = [hit for text in (said, *reversed(parts)) if text and (hit := form.find(text))]
        shown.append(said if form.find(said) else next((text for text in reversed(parts) if text), ""))
        if not hits:
            own = _free_name(form, parts)
            if own:
                free.append((own, position, shown[-1]))
            elif said:
                ignored.append(shown[-1])
            continue
        column, is_unit, _ = hits[0]
        if is_unit:
            units[column.key] = position
            continue
        if column.key in at:
            raise HeadingRepeated(heading=shown[-1])
        at[column.key] = (position, shown[-1])
        brackets[column.key] = next((b for _, _, b in hits if b), "")
    for key in units.keys() & {key for key, bracket in brackets.items() if bracket}:
        raise UnitTwice(heading=at[key][1])
    found = tuple(
        Found(column, at[column.key][0], at[column.key][1], brackets[column.key], units.get(column.key))
        for column in form.columns
        if column.key in at
    )
    return Layout(form, found, tuple(free), tuple(ignored), tuple(shown))


def _free_name(form: Form, parts: Sequence[str]) -> str:
    if not form.named:
        return ""
    for part in parts:
        before, colon, after = unicodedata.normalize("NFKC", part).partition(":")
        if colon and before.strip().casefold() in form.named.split("|"):
            return after.strip()
    return ""
