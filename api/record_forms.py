"""One record by a form: the columns its files have, as fields; the same reading, the same refusals, at the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from api.hand_in import may_hand_in
from ledger.adapters.files import cell
from ledger.adapters.files.forms import FORMS, Form, form_of
from ledger.adapters.files.forms.form import Column, layout
from ledger.errors import Locale
from ledger.records.errors import KindUnknown
from ledger.records.record import Record
from ledger.services.access import Principal
from ledger.services.import_file import Fault

LONGEST_VALUE: Final = 2_000
_LONG: Final = 40
"""An example longer than this wants a field of several lines."""
Shape = Literal["text", "long", "choice", "date", "datetime-local", "vehicle"]


class Field(NamedTuple):
    """A field of the form: what it is called, how it is filled in, what was said, and what is wrong with that."""

    key: str
    label: str
    unit: str
    needed: bool
    shape: Shape
    options: tuple[tuple[str, str], ...]
    example: str
    value: str
    faults: tuple[tuple[str, str], ...]
    """(reason, what to do)"""


def forms_for(principal: Principal) -> list[Form]:
    """The forms of records that a principal may hand in. Those that need a table are files alone."""
    return [form for form in FORMS if not form.files_only and may_hand_in(form.kind, principal)]


def form_for(kind: str) -> Form:
    """The form of a kind. Raises ``KindUnknown``."""
    form = form_of(kind)
    if form is None or form.files_only:
        raise KindUnknown(kind=kind)
    return form


def read_form(form: Form, said: Mapping[str, str], vehicles: Mapping[str, str]) -> Record | tuple[Fault, ...]:
    """The record that was filled in, or everything that is wrong with it, by the key of the column."""
    found = layout(form, [[_heading(column) for column in form.columns]])
    return found.read([said.get(column.key, "")[:LONGEST_VALUE] for column in form.columns], vehicles)


def fields_of(form: Form, said: Mapping[str, str], faults: Sequence[Fault], locale: Locale) -> list[Field]:
    """The form's fields as they stand."""
    return [_field(column, said.get(column.key, ""), faults, locale) for column in form.columns]


def unplaced(form: Form, faults: Sequence[Fault], locale: Locale) -> list[tuple[str, str]]:
    """What is wrong with the whole record and no field of it."""
    headings = {_heading(column) for column in form.columns}
    return [(f.error.message(locale), f.error.fix(locale)) for f in faults if f.column not in headings]


def _heading(column: Column) -> str:
    return f"{column.key} ({column.bracket_en})" if column.bracket_en else column.key


def _field(column: Column, value: str, faults: Sequence[Fault], locale: Locale) -> Field:
    zh = locale == "zh-CN"
    wrong = [fault.error for fault in faults if fault.column == _heading(column)]
    return Field(
        key=column.key,
        label=column.zh if zh else column.en,
        unit=column.bracket_zh if zh else column.bracket_en,
        needed=column.needed,
        shape=_shape(column),
        options=_options(column, zh=zh),
        example=column.example,
        value=value,
        faults=tuple((error.message(locale), error.fix(locale)) for error in wrong),
    )


def _shape(column: Column) -> Shape:
    if isinstance(column.read, cell.Choice):
        return "choice"
    if column.key == "vehicle":
        return "vehicle"
    if column.read is cell.day:
        return "date"
    if column.read is cell.moment:
        return "datetime-local"
    return "long" if len(column.example) > _LONG else "text"


def _options(column: Column, *, zh: bool) -> tuple[tuple[str, str], ...]:
    """(what is recorded, what is read): the first spelling beside the recorded word is the Chinese one."""
    if not isinstance(column.read, cell.Choice):
        return ()
    said: dict[str, str] = {}
    for word, recorded in column.read.words.items():
        if recorded not in said or (zh and said[recorded] == recorded and word != recorded.casefold()):
            said[recorded] = word if zh and word != recorded.casefold() else recorded
    return tuple((recorded, word.replace("_", " ")) for recorded, word in said.items())
