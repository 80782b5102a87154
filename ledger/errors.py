"""
The error tree. A leaf names a fact, keeps its values, says it in Chinese and English, and says what to do.

::

    LedgerError
    ├── IdentityError      a code that cannot be read or written          (leaves: ledger.identity.errors, .epc.errors)
    ├── RecordError        a record that says too little or contradicts   (ledger.records.errors, adapters.files)
    ├── LogError           the log refuses or is inconsistent             (leaves: ledger.log.errors)
    │   └── ProofError     a proof that does not hold
    ├── FootprintError     a footprint that cannot be computed            (leaves: ledger.footprint.errors)
    ├── ClaimError         a statement that cannot be checked             (leaves: ledger.claims.errors)
    ├── PlanningError      an order, vehicle or box that no plan can take (leaves: ledger.planning.errors)
    ├── ScoringError       a bid or scheme that cannot be scored          (leaves: ledger.scoring.errors)
    ├── DeskError          a request or review that cannot go on so       (leaves: ledger.desk.errors)
    ├── ProgrammeError     a step of the supplier programme refused       (leaves: ledger.programme.errors)
    ├── QueryError         a query that cannot be answered as it was asked (leaves: ledger.services.event_query)
    ├── StoreError         the database refuses                           (leaves: ledger.ports)
    ├── ChainError         the chain refuses or cannot be reached         (leaves: ledger.ports)
    ├── AccessError        no principal, or one without the permission    (leaves: ledger.services)
    ├── SettingsError      a setting that cannot be used                  (leaves: ledger.settings, adapters)
    └── LabelError         a label that cannot be drawn                   (leaves: labels.errors)

The tree knows nothing of HTTP or exit codes; the interfaces map it (``api.errors``, ``ledger.__main__``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from inspect import get_annotations
from typing import ClassVar, Literal, Self, dataclass_transform

Locale = Literal["en", "zh-CN"]


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where in the input a fault sits. Unknown parts stay ``None``.

    ``row`` and ``column`` are what a person sees: rows counted from 1, header included; a column by its heading.
    ``pointer`` is an RFC 6901 JSON pointer.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    pointer: str | None = None

    def text(self, locale: Locale = "en") -> str:
        """The place in words, empty when nothing is known."""
        names = {
            "en": ("file", "sheet", "row", "column", "at"),
            "zh-CN": ("文件", "工作表", "第", "列", "位置"),
        }[locale]
        parts = [self.file, self.sheet, self.row, self.column, self.pointer]
        said = [
            f"{name} {part} 行" if locale == "zh-CN" and name == "第" else f"{name} {part}"
            for name, part in zip(names, parts, strict=True)
            if part is not None
        ]
        return ("，" if locale == "zh-CN" else ", ").join(said)


@dataclass_transform(kw_only_default=True)
class LedgerError(Exception):
    """
    The root. A leaf declares its values as annotations and its sentences as class attributes::

        class CheckDigitMismatch(IdentityError):
            code = "identity.check-digit"
            key: str
            expected: str
            got: str
            en = "{key} ends in {got}, but its digits give the check digit {expected}"
            zh = "{key} 的校验位是 {got}，按规则应为 {expected}"
            fix_en = "Compare the code with the label and type it again"
            fix_zh = "请与标签核对后重新输入"
    """

    code: ClassVar[str] = "ledger"
    retryable: ClassVar[bool] = False
    en: ClassVar[str] = "the ledger refused"
    zh: ClassVar[str] = "账本拒绝了该操作"
    fix_en: ClassVar[str] = ""
    fix_zh: ClassVar[str] = ""

    place: Place | None = None

    def __init__(self, **values: object) -> None:
        wanted = self._names()
        unknown, missing = values.keys() - wanted, wanted - values.keys() - {"place"}
        if unknown or missing:
            raise TypeError(f"{type(self).__name__}: unknown {sorted(unknown)}, missing {sorted(missing)}")
        for name, value in values.items():
            setattr(self, name, value)
        super().__init__(self.message("en"))

    @classmethod
    @cache  # a file with a hundred thousand bad rows asks as often
    def _names(cls) -> set[str]:
        own = (get_annotations(base) for base in cls.__mro__)
        return {n for notes in own for n, kind in notes.items() if not str(kind).startswith("ClassVar")}

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between processes whole, their place with them."""
        return _again, (type(self), self.values(), self.place)

    def values(self) -> dict[str, object]:
        """The values of this fact, by name, without the place."""
        return {name: getattr(self, name) for name in sorted(self._names() - {"place"})}

    def sentence(self, locale: Locale = "en") -> str:
        """What was expected and what was found, without the place."""
        return (self.zh if locale == "zh-CN" else self.en).format(**self.values())

    def message(self, locale: Locale = "en") -> str:
        """One sentence: what was expected, what was found, where."""
        sentence = self.sentence(locale)
        where = self.place.text(locale) if self.place else ""
        return sentence + (f"（{where}）" if locale == "zh-CN" else f" ({where})") if where else sentence

    def fix(self, locale: Locale = "en") -> str:
        """What the reader can do about it; empty when nothing is known."""
        return (self.fix_zh if locale == "zh-CN" else self.fix_en).format(**self.values())

    def at(self, place: Place) -> Self:
        """The same error with the place it was found at; parts already known stay."""
        old = self.place or Place()
        self.place = Place(
            file=old.file or place.file,
            sheet=old.sheet or place.sheet,
            row=old.row or place.row,
            column=old.column or place.column,
            pointer=old.pointer or place.pointer,
        )
        self.args = (self.message("en"),)
        return self


def _again(kind: type[LedgerError], values: dict[str, object], place: Place | None) -> LedgerError:
    error = kind(**values)
    return error.at(place) if place else error


class IdentityError(LedgerError):
    """A code that cannot be read or written."""

    code = "identity"


class RecordError(LedgerError):
    """A record that says too little, or contradicts itself."""

    code = "record"


class LogError(LedgerError):
    """The log refuses, or is inconsistent."""

    code = "log"


class ProofError(LogError):
    """A proof that does not hold."""

    code = "proof"


class FootprintError(LedgerError):
    """A footprint that cannot be computed."""

    code = "footprint"


class ClaimError(LedgerError):
    """A statement that cannot be checked as it was made."""

    code = "claim"


class PlanningError(LedgerError):
    """An order, a vehicle or a box that no plan can take."""

    code = "planning"


class ScoringError(LedgerError):
    """A bid or a scheme that cannot be scored."""

    code = "scoring"


class DeskError(LedgerError):
    """A request for a footprint, or a review of one, that cannot go on as it was asked."""

    code = "desk"


class ProgrammeError(LedgerError):
    """A step of the supplier programme that cannot be taken as it was asked."""

    code = "programme"


class QueryError(LedgerError):
    """A query, named query or subscription that cannot be served as it was asked for."""

    code = "query"


class StoreError(LedgerError):
    """The database refuses."""

    code = "store"


class ChainError(LedgerError):
    """The chain refuses, or cannot be reached."""

    code = "chain"


class ExchangeError(LedgerError):
    """Exchange of footprints with a partner's system."""

    code = "exchange"


class AccessError(LedgerError):
    """No principal, or one without the permission."""

    code = "access"


class SettingsError(LedgerError):
    """A setting that cannot be used."""

    code = "settings"
