"""Find the headings of a table, and read what stands below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.adapters.files.errors import FileError, HeadingRepeated, HeadingsUnknown, UnitTwice
from ledger.adapters.files.forms import FORMS, Form, form_of
from ledger.adapters.files.forms.form import UNIT_WORDS, Layout, folded, layout

LEVELS = 3
"""Heading rows that may stand on top of each other: a hidden key row, titles, units."""
_SUBHEADINGS = frozenset({*UNIT_WORDS, "数值", "value"})


class Headed(NamedTuple):
    """Where the columns are and how many rows stand before the data."""

    layout: Layout
    rows_before: int


def find_headings(head: Sequence[Sequence[str]], kind: str | None = None) -> Headed:
    """
    The form whose headings stand in the first rows.

    The first row from which a form is complete wins; heading rows directly below (titles under a hidden key row, units
    under titles) belong to it. Raises ``HeadingsUnknown`` naming the nearest form and what it lacks, or what is wrong
    with the headings of the nearest, ``HeadingRepeated`` or ``UnitTwice``.
    """
    asked = form_of(kind) if kind else None
    forms = (asked,) if asked else FORMS
    nearest: tuple[float, Form, str] | None = None
    wrong: tuple[int, FileError] | None = None
    for start in range(len(head)):
        for form in forms:
            block = _block(head, start, form)
            if not block:
                continue
            try:
                found = layout(form, block)
            except (HeadingRepeated, UnitTwice) as error:  # a word may mean one column of this form and two of another
                if wrong is None or _known(block, form) > wrong[0]:
                    wrong = _known(block, form), error
                continue
            missing = form.missing({column.column.key for column in found.found})
            if not missing:
                return Headed(found, start + len(block))
            share = len(found.found) / (len(found.found) + len(missing))
            if len(found.found) > 1 and (nearest is None or share > nearest[0]):
                nearest = (share, form, ", ".join(column.both() for column in missing))
    if wrong is not None:
        raise wrong[1]
    if nearest is None:
        raise HeadingsUnknown(nearest="-", missing="-")
    raise HeadingsUnknown(nearest=f"{nearest[1].zh} ({nearest[1].en})", missing=nearest[2])


def _known(block: Sequence[Sequence[str]], form: Form) -> int:
    """How many columns of a form these heading rows name."""
    return len({hit[0].key for row in block for text in row if text.strip() and (hit := form.find(text))})


def _block(head: Sequence[Sequence[str]], start: int, form: Form) -> list[Sequence[str]]:
    """The heading rows from ``start``, empty when that row is none."""
    keys = {hit[0].key for text in head[start] if text.strip() and (hit := form.find(text))}
    if len(keys) < 2:
        return []
    block = [head[start]]
    for row in head[start + 1 : start + LEVELS]:
        said = [text for text in row if text.strip()]
        known = sum(1 for text in said if form.find(text) or folded(text)[0] in _SUBHEADINGS)
        if not said or 2 * known < len(said):
            break
        block.append(row)
    return block
