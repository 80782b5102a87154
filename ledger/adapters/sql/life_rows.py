"""An event as rows and back: the small view of ``lifecycle.event`` with numbers for codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct, json

from ledger.identity import CANONICAL_STEM
from ledger.lifecycle.event import NOTHING, Event, Stated

ROLES: Final = ("self", "parent", "child", "input", "output")
"""Stored by position: append, never reorder."""
SELF, PARENT, CHILD, INPUT, OUTPUT = range(5)
UNIT_STEM: Final = f"{CANONICAL_STEM}/00/"
"""Canonical texts of shipment units (SSCC) begin so."""


class _Said(Struct, omit_defaults=True, array_like=True):
    """What an event says besides its codes; compact, read back by position."""

    id: str
    type: str
    action: str
    step: str
    disposition: str
    place: str
    holder: str
    stated: Stated = NOTHING
    amounts: list[tuple[int, Stated]] = []
    taken: list[Stated] = []
    given: list[Stated] = []
    unread: list[str] = []
    empties: bool = False


_ENCODE: Final = json.Encoder().encode
_SAID: Final = json.Decoder(_Said).decode
Link = tuple[int, int, int, str]
"""Code, role, entry, chip."""


def numbered(event: Event[str], number: Callable[[str], int]) -> Event[int]:
    """The event with numbers for codes."""

    def many(codes: tuple[str, ...]) -> tuple[int, ...]:
        return (number(codes[0]),) if len(codes) == 1 else tuple(map(number, codes)) if codes else ()

    named = set(event.named()) if event.amounts or event.tids else ()
    return Event(
        event.seq,
        event.at,
        event.id,
        event.type,
        event.action,
        event.step,
        event.disposition,
        event.place,
        event.holder,
        many(event.selves),
        None if event.parent is None else number(event.parent),
        many(event.children),
        many(event.inputs),
        many(event.outputs),
        event.stated,
        {number(code): stated for code, stated in event.amounts.items() if code in named},
        event.taken,
        event.given,
        {number(code): tid for code, tid in event.tids.items() if code in named},
        None if event.alias_of is None else number(event.alias_of),
        event.unread,
        event.empties,
        event.voids,
    )


def said(event: Event[int]) -> str:
    """The text of an event's row."""
    form = _Said(
        event.id,
        event.type,
        event.action,
        event.step,
        event.disposition,
        event.place,
        event.holder,
        event.stated,
        list(event.amounts.items()),
        list(event.taken),
        list(event.given),
        list(event.unread),
        event.empties,
    )
    return _ENCODE(form).decode()


def links(event: Event[int]) -> Iterable[Link]:
    """The rows that tie an event to its codes."""
    seq, tids = event.seq, event.tids
    groups = (event.selves, () if event.parent is None else (event.parent,), event.children)
    for role, codes in enumerate((*groups, event.inputs, event.outputs)):
        for code in codes:
            yield code, role, seq, tids.get(code, "") if tids else ""


def restored(
    row: tuple[int, int, int | None, int | None, bool, str],
    named: Mapping[int, Iterable[tuple[int, str]]],
    assets: Mapping[int, int],
) -> Event[int]:
    """
    The event of a row (entry, time, parent, alias_of, voids, said), of the codes that ``named`` has for each role.

    ``named`` may leave codes out: then it is the event as the others feel it. ``assets`` has the asset of their codes.
    """
    seq, at, parent, alias_of, voids, text = row
    form = _SAID(text)
    codes = [tuple(dict.fromkeys(code for code, _ in named.get(role, ()))) for role in range(len(ROLES))]
    return Event(
        seq=seq,
        at=at,
        id=form.id,
        type=form.type,
        action=form.action,
        step=form.step,
        disposition=form.disposition,
        place=form.place,
        holder=form.holder,
        selves=codes[SELF],
        parent=parent,
        children=codes[CHILD],
        inputs=codes[INPUT],
        outputs=codes[OUTPUT],
        stated=form.stated,
        amounts={assets[code]: stated for code, stated in form.amounts if code in assets},
        taken=tuple(form.taken),
        given=tuple(form.given),
        tids={code: tid for found in named.values() for code, tid in found if tid},
        alias_of=alias_of,
        unread=tuple(form.unread),
        empties=form.empties,
        voids=bool(voids),
    )


def texts(event: Event[int], name: Callable[[int], str]) -> Event[str]:
    """The event with texts for codes."""
    flat: dict[str, Any] = event._asdict()
    for group in ("selves", "children", "inputs", "outputs"):
        flat[group] = tuple(map(name, flat[group]))
    for one in ("parent", "alias_of"):
        flat[one] = None if flat[one] is None else name(flat[one])
    for each in ("amounts", "tids"):
        flat[each] = {name(code): value for code, value in flat[each].items()}
    return Event(**flat)
