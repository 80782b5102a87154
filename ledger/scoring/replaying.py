"""
A score sheet in the hands of a reader who has nothing but its file: read, computed again, and told in their language.

``ledger score --replay`` reads by it, and the page ``/replay`` runs it in the browser. Who signed the file is not asked
here: whoever calls checks that first, and hands over the bytes that were signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any, Final, Literal

import msgspec

from ledger.errors import LedgerError, Locale
from ledger.log.canonical import MAX_DEPTH
from ledger.scoring.award import FORMAT, ScoreSheet, differences, recomputed
from ledger.scoring.criterion import Criterion
from ledger.scoring.errors import FormUnreadable, SheetDiffers
from ledger.scoring.evaluation import Cell
from ledger.scoring.rational import readable
from ledger.scoring.tie_break import tie_break

MOST_DIFFERENCES: Final = 50
"""How many differing places are told of; a change to a bid moves nearly every figure."""
_LONGEST: Final = 400
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{}]")

FOLLOWS: Final = 0
DIFFERS: Final = 1
CANNOT_TELL: Final = 2


class Difference(msgspec.Struct, frozen=True):
    """One place where the sheet states another value: ``part`` is the sheet's own name for what it belongs to."""

    pointer: str
    part: str
    row: str
    stated: str
    recomputed: str


class ReplayedCell(msgspec.Struct, frozen=True):
    """One bid on one criterion: what went in, the arithmetic, points to two places, and exactly where they differ."""

    input: str
    working: str
    shown: str
    exact: str


class ReplayedCriterion(msgspec.Struct, frozen=True):
    """A criterion in the reader's language, with its formula."""

    title: str
    weight: str
    unit: str
    formula: str
    algebra: str
    source: str


class ReplayedBid(msgspec.Struct, frozen=True):
    """A bid with its place; without one where it was set aside, and why. ``sha256`` is that of its recorded form."""

    bidder: str
    sha256: str
    rank: int | None
    total: str
    decided_by: str
    aside: list[str]
    cells: list[ReplayedCell]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """
    What came of it. ``verdict``: 0 every value follows from scheme, bids and rulings, 1 some do not, 2 it is no sheet.

    ``values`` counts the values that were computed again and compared. Without inputs that can be scored, ``code``,
    ``said`` and ``fix`` say why, and there is nothing else.
    """

    verdict: Literal[0, 1, 2]
    code: str = ""
    said: str = ""
    fix: str = ""
    values: int = 0
    differences: list[Difference] = []
    more: bool = False
    tender: str = ""
    title: str = ""
    basis: str = ""
    winner: str = ""
    scheme_sha256: str = ""
    criteria: list[ReplayedCriterion] = []
    bids: list[ReplayedBid] = []


def read_sheet(data: bytes) -> dict[str, Any]:
    """
    The record of a score sheet from its own bytes or from the body of its entry. Raises ``FormUnreadable``.

    Nesting is bounded before anything is decoded: in a browser the stack is small, and its end is the interpreter's.
    """
    if _nesting(data) > MAX_DEPTH:
        raise _none(f"it is nested deeper than {MAX_DEPTH}")
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _none(str(error)) from error
    if isinstance(found, dict) and isinstance(found.get("record"), dict):
        record = found["record"]
        if record.get("kind") != "score_sheet":
            raise _none(f"the entry is a {record.get('kind')}")
        found = record.get("content")
    if not isinstance(found, dict):
        raise _none("it is not an object")
    if found.get("format") != FORMAT:
        raise _none(f"its format is not {FORMAT}")
    return found


def replayed(data: bytes, locale: Locale) -> Replayed:
    """What a reader is told of the sheet in these bytes, as of ``read_sheet``; raises nothing of the ledger's own."""
    try:
        record = read_sheet(data)
    except FormUnreadable as error:
        return _refused(CANNOT_TELL, error, locale)
    try:
        sheet = recomputed(record)
    except LedgerError as error:
        return _refused(DIFFERS, error, locale)
    right = sheet.to_record()
    found = list(islice(differences(record, right), MOST_DIFFERENCES + 1))
    return _told(sheet, right, found, locale)


def replayed_json(data: bytes, locale: Locale) -> str:
    """The same as JSON text, for a script."""
    return msgspec.json.encode(replayed(data, locale)).decode()


def _nesting(data: bytes) -> int:
    """How deep lists and objects are in each other, whatever else the bytes are."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _none(reason: str) -> FormUnreadable:
    return FormUnreadable(kind="ScoreSheet", reason=reason)


def _refused(verdict: Literal[1, 2], error: LedgerError, locale: Locale) -> Replayed:
    return Replayed(verdict=verdict, code=error.code, said=_cut(error.message(locale)), fix=error.fix(locale))


def _told(sheet: ScoreSheet, right: Mapping[str, Any], found: list[SheetDiffers], locale: Locale) -> Replayed:
    zh, scheme, first = locale == "zh-CN", sheet.scheme, found[0] if found else None
    return Replayed(
        verdict=DIFFERS if found else FOLLOWS,
        code=first.code if first else "",
        said=_cut(first.message(locale)) if first else "",
        fix=first.fix(locale) if first else "",
        values=sum(1 for _ in _leaves(right)),
        differences=[_difference(one) for one in found[:MOST_DIFFERENCES]],
        more=len(found) > MOST_DIFFERENCES,
        tender=scheme.id,
        title=scheme.title_zh if zh else scheme.title_en,
        basis=scheme.basis,
        winner=sheet.winner or "",
        scheme_sha256=right["scheme_digest"],
        criteria=[_criterion(one, zh=zh) for one in scheme.criteria],
        bids=list(_bids(sheet, right, zh=zh)),
    )


def _leaves(form: Any) -> Iterator[Any]:
    if isinstance(form, dict):
        form = list(form.values())
    if not isinstance(form, list):
        yield form
        return
    for item in form:
        yield from _leaves(item)


def _difference(one: SheetDiffers) -> Difference:
    part = one.pointer.split("/")[1]
    return Difference(one.pointer, part, one.row, _cut(one.stated), _cut(one.recomputed))


def _cut(text: str) -> str:
    """The text, or the beginning of one that no reader reads."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _criterion(criterion: Criterion, *, zh: bool) -> ReplayedCriterion:
    rule = criterion.rule
    return ReplayedCriterion(
        title=criterion.title_zh if zh else criterion.title_en,
        weight=readable(criterion.weight),
        unit=criterion.unit,
        formula=rule.title_zh if zh else rule.title_en,
        algebra=rule.algebra,
        source=rule.source,
    )


def _bids(sheet: ScoreSheet, right: Mapping[str, Any], *, zh: bool) -> Iterator[ReplayedBid]:
    """Best first, then those set aside."""
    ranks, totals, aside = {r.bidder: r for r in sheet.ranks}, {t.bidder: t for t in sheet.totals}, sheet.excluded
    cells: dict[str, list[Cell]] = {bidder: [] for bidder in ranks}
    for cell in sheet.cells:
        cells[cell.bidder].append(cell)
    digests = {row["bidder"]: row["sha256"] for row in right["bid_digests"]}
    for bidder in [*ranks, *aside]:
        rank = ranks.get(bidder)
        yield ReplayedBid(
            bidder=bidder,
            sha256=digests[bidder],
            rank=rank.rank if rank else None,
            total=totals[bidder].shown if rank else "",
            decided_by=_decided(rank.decided_by, zh=zh) if rank else "",
            aside=[reason.zh if zh else reason.en for reason in aside.get(bidder, ())],
            cells=[_cell(cell) for cell in cells.get(bidder, [])],
        )


def _decided(key: str, *, zh: bool) -> str:
    rule = tie_break(key)
    return "" if rule is None else rule.title_zh if zh else rule.title_en


def _cell(cell: Cell) -> ReplayedCell:
    exact = "" if Fraction(cell.shown) == cell.points else readable(cell.points)
    return ReplayedCell(readable(cell.input), cell.working, cell.shown, exact)
