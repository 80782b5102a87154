"""What labels are to be printed: typed or pasted lines, rows of a table, a range of serials, things of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from ledger.errors import LedgerError, Place, RecordError
from ledger.identity import CompanyPrefixes, Identity, parse, read_tag
from ledger.ports.labels import MOST_LABELS, OrderedLabel
from ledger.records.errors import RecordUnreadable

MOST_FAULTS = 200
"""Faults kept; further ones are counted."""
COLUMNS = {
    "code": ("编码", "代码", "资产编码", "产品编码", "code", "identity", "epcuri", "digitallink"),
    "title": ("名称", "品名", "资产名称", "name", "title"),
    "epc": ("epc", "epchex", "电子标签", "rfid"),
}
"""Headings by what stands below them; every other column is a line of text."""
FILTER = 0
"""Filter value of a tag whose code says none: "all others" (TDS 2.3, section 10)."""
_TAIL = re.compile(r"(.*?)([0-9]{1,18})", re.ASCII | re.DOTALL)
_NUMBERS = re.compile(r"[0-9]{1,5}(-[0-9]{1,5})?", re.ASCII)
_FOLDED = re.compile(r"[\s_()\-（）]+")


class CodeTwice(RecordError):
    """The same thing twice in one list."""

    code = "record.label-twice"
    text: str
    first: int
    en = "{text!r} stands in row {first} already"
    zh = "{text!r} 在第 {first} 行已出现"
    fix_en = "Remove one of the two rows; a second label of a thing is a reprint"
    fix_zh = "请删除其中一行；同一对象的第二张标签请使用补打"


class RangeUnfit(RecordError):
    """A range of serials that cannot be counted up."""

    code = "record.serial-range"
    text: str
    count: int
    en = "{count} serials cannot be counted up from {text!r}"
    zh = "无法从 {text!r} 起连续编出 {count} 个序列号"
    fix_en = "The first code must end in digits, with room for the last number in as many digits"
    fix_zh = "首个编码须以数字结尾，且末号不能超出其位数"


class NumbersUnread(RecordError):
    """Label numbers that are not written as such."""

    code = "record.label-numbers"
    text: str
    en = "{text!r} is no label number or range of them"
    zh = "{text!r} 不是标签编号或编号范围"
    fix_en = "Write them like this: 1-3, 7"
    fix_zh = "请写成如下形式：1-3, 7"


class EpcOfAnother(RecordError):
    """An EPC in the list that is not the EPC of the code beside it."""

    code = "record.label-epc"
    epc: str
    text: str
    en = "EPC {epc!r} is not that of {text!r}"
    zh = "EPC {epc!r} 与编码 {text!r} 不符"
    fix_en = "Leave the column away: the EPC is computed from the code"
    fix_zh = "可不填该列：EPC 由编码计算得出"


class ListRow(NamedTuple):
    """A row of a list: where it stands, and its cells."""

    place: Place
    cells: Sequence[str]


class ListFault(NamedTuple):
    """A row that cannot become a label."""

    place: Place
    text: str
    error: LedgerError


class Listing(NamedTuple):
    """The labels of a list, what was wrong with other rows, and how many rows that was."""

    labels: tuple[OrderedLabel, ...]
    faults: tuple[ListFault, ...]
    refused: int


def typed(text: str) -> list[ListRow]:
    """Lines as people paste them: the code, and behind a tab each the name and further lines."""
    return [
        ListRow(Place(row=row), [cell.strip() for cell in line.split("\t")])
        for row, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]


def ranged(first: str, count: int) -> list[ListRow]:
    """
    ``count`` codes counted up from the digits that ``first`` ends in, leading zeros kept. Raises ``RangeUnfit``.

    The code may be in any form whose end is the serial: brackets, Digital Link, EPC URI.
    """
    match = _TAIL.fullmatch(first.strip())
    if match is None or not 0 < count <= MOST_LABELS:
        raise RangeUnfit(text=first[:80], count=count)
    head, digits = match.groups()
    last = int(digits) + count - 1
    if len(digits) > 1 and digits.startswith("0") and len(str(last)) > len(digits):
        raise RangeUnfit(text=first[:80], count=count)
    codes = (f"{head}{number:0{len(digits)}}" for number in range(int(digits), last + 1))
    return [ListRow(Place(row=row), [code]) for row, code in enumerate(codes, 1)]


def numbers_in(text: str) -> list[int]:
    """``1-3, 7``: label numbers; none for an empty text. Raises ``NumbersUnread``."""
    found: list[int] = []
    for part in filter(None, re.split(r"[,，、\s]+", text.strip())):
        if not _NUMBERS.fullmatch(part):
            raise NumbersUnread(text=part[:40])
        first, _, last = part.partition("-")
        found += range(int(first), min(int(last or first), MOST_LABELS) + 1)
    return found[:MOST_LABELS]


def listed(
    rows: Iterable[ListRow], title: str = "", lines: Sequence[str] = (), tags: CompanyPrefixes | None = None
) -> Listing:
    """
    The labels of rows, each code read, each bad row with its reason; ``title`` and ``lines`` where a row has none.

    With ``tags`` each label has an EPC: 96 bits where the table knows the company prefix, else '+' (TDS 2.3).

    When the first row is headings, they say what the columns are; else they are code, name, lines. Codes read to the
    same thing are one thing.
    """
    labels: list[OrderedLabel] = []
    faults: list[ListFault] = []
    seen: dict[str, int] = {}
    columns: tuple[str, ...] | None = None
    refused = 0
    for row in rows:
        if columns is None:
            columns = _headings(row.cells)
            if columns:
                continue
        try:
            label = _label(row.cells, columns, OrderedLabel("", title, tuple(lines)), tags)
            known = seen.setdefault(label.code, row.place.row or 0)
            if known != row.place.row:
                raise CodeTwice(text=row.cells[0][:80], first=known)
            labels.append(label)
        except LedgerError as error:
            refused += 1
            if len(faults) < MOST_FAULTS:
                faults.append(ListFault(row.place, row.cells[0][:200], error))
    return Listing(tuple(labels), tuple(faults), refused)


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column holds, when this row is headings; empty when it is a label already."""
    found = [next((name for name, words in COLUMNS.items() if _folded(cell) in words), "line") for cell in cells]
    return tuple(found) if "code" in found else ()


def _folded(cell: str) -> str:
    return _FOLDED.sub("", cell).casefold()


def _label(
    cells: Sequence[str], columns: tuple[str, ...], usual: OrderedLabel, tags: CompanyPrefixes | None
) -> OrderedLabel:
    names = columns or ("code", "title", *("line" for _ in cells[2:]))
    said = [(name, cell.strip()) for name, cell in zip(names, cells, strict=False) if cell.strip()]
    values = dict(said)
    identity = parse(values.get("code", ""))
    epc = _epc(identity, values.get("epc", ""), tags)
    own = tuple(cell for name, cell in said if name == "line")
    label = OrderedLabel(identity.text, values.get("title") or usual.title, own or usual.lines, epc)
    try:
        return msgspec.convert(msgspec.to_builtins(label), OrderedLabel)
    except msgspec.ValidationError as error:
        raise RecordUnreadable(why=str(error)) from None


def _epc(identity: Identity, given: str, tags: CompanyPrefixes | None) -> str:
    """What the tag is to hold: as the list says, when it is this thing's, or computed; empty when none was asked."""
    if given:
        tag = read_tag(given)
        if tag.identity != identity:
            raise EpcOfAnother(epc=given[:130], text=identity.text)
        return tag.hex
    if tags is None:
        return ""
    return identity.with_prefixes(tags).epc_hex(filter=FILTER if identity.filter is None else identity.filter)
