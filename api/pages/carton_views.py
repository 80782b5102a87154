"""What the pages of cartons show: a curve over the number kept, one choice in full, and a drum before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.charts.steps import Steps, steps
from api.pages.plan_draft_views import RefusedRow, refused_row
from api.pages.plan_views import Going, going
from ledger.adapters.files.carton_workbook import MixBook
from ledger.adapters.files.written_table import Cell, WrittenTable
from ledger.errors import Locale, Place
from ledger.planning.cartons.carton import void
from ledger.planning.cartons.choose import Choice
from ledger.planning.refusal import Refusal
from ledger.ports.plan_drafts import PlanDraft
from ledger.units import shown

_CM3: Final = 1000
MOST_ROWS: Final = 200


class KRow(NamedTuple):
    """A number of cartons: what they come to, and how much less that is than with one fewer."""

    most: int
    volume: str
    change: str
    board: str
    cartons: list[str]
    proven: bool
    possible: bool


class PackedRow(NamedTuple):
    """A kind of order in its carton; ``void`` is the share left empty [%]."""

    name: str
    orders: str
    carton: str
    void: str


class MixView(NamedTuple):
    """The page of a mix; ``going`` while it is worked on."""

    id: str
    day: str
    file: str
    going: Going | None
    fault: str
    fix: str
    rows: list[KRow]
    chart: Steps | None
    ticks: list[str]
    k: int
    packed: list[PackedRow]
    refused: list[RefusedRow]
    may_plan: bool


def mix_view(
    draft: PlanDraft,
    book: MixBook,
    curve: Sequence[tuple[int, Choice | None, bool]],
    asked: tuple[int, bool, int, Locale],
) -> MixView:
    """The page; ``asked`` is the number looked at, whether the reader may plan, the present time and the language."""
    wanted, may_plan, at, locale = asked
    possible = [number for number, choice, _ in curve if choice is not None]
    k = wanted if wanted in possible else (possible[-1] if possible else 0)
    choice = next((choice for number, choice, _ in curve if number == k), None)
    chart = steps([None if one is None else Fraction(one.volume, _CM3) for _, one, _ in curve]) if possible else None
    return MixView(
        id=draft.id,
        day=draft.day,
        file=draft.file,
        going=going(draft, at) if draft.open else None,
        fault=draft.fault.reason[locale] if draft.fault else "",
        fix=draft.fault.fix[locale] if draft.fault else "",
        rows=_rows(curve),
        chart=chart,
        ticks=[f"{int(value):,}" for _, value in chart.ticks] if chart else [],
        k=k,
        packed=_packed(choice) if choice else [],
        refused=[refused_row(one, locale) for one in left_out(draft, book, choice)[:MOST_ROWS]],
        may_plan=may_plan,
    )


def left_out(draft: PlanDraft, book: MixBook, choice: Choice | None) -> list[Refusal]:
    """Rows that cannot be read, then orders that no candidate takes, each with its place."""
    found = list(book.refused)
    for one in choice.refused if choice else ():
        one.error.at(Place(file=draft.file, sheet="订单 Orders"))
        found.append(one)
    return found


def _rows(curve: Sequence[tuple[int, Choice | None, bool]]) -> list[KRow]:
    rows = []
    before: int | None = None
    for number, choice, proven in curve:
        if choice is None:
            rows.append(KRow(number, "", "", "", [], proven, possible=False))
            continue
        less = before is not None and choice.volume < before
        change = f"−{shown(Fraction(100 * (before - choice.volume), before), 1)} %" if before and less else ""
        before = choice.volume
        rows.append(
            KRow(
                most=number,
                volume=f"{choice.volume // _CM3:,}",
                change=change,
                board=f"{int(choice.board_g) // 1000:,}",
                cartons=[one.name for one in choice.cartons],
                proven=proven,
                possible=True,
            )
        )
    return rows


def _packed(choice: Choice) -> list[PackedRow]:
    return [
        PackedRow(
            one.parcel.name, f"{one.parcel.count:,}", one.carton.name, shown(void(one.parcel, one.carton) * 100, 1)
        )
        for one in choice.packed[:MOST_ROWS]
    ]


def mix_tables(curve: Sequence[tuple[int, Choice | None, bool]]) -> list[WrittenTable]:
    """The curve and every assignment, as tables of a workbook."""
    summary: list[list[Cell]] = []
    into: list[list[Cell]] = []
    for number, choice, proven in curve:
        if choice is None:
            continue
        names = ", ".join(one.name for one in choice.cartons)
        proof = "是 yes" if proven else "否 no"
        summary.append([number, Fraction(choice.volume, _CM3), int(choice.board_g), names, proof])
        into += [[number, one.parcel.name, one.parcel.count, one.carton.name] for one in choice.packed]
    heads = ["纸箱种数 cartons kept", "总体积 volume cm3", "纸板 board g", "纸箱 cartons", "已证明最优 proven best"]
    orders = ["纸箱种数 cartons kept", "订单类型 kind of order", "订单数 orders", "纸箱 carton"]
    return [WrittenTable("曲线 Curve", heads, summary), WrittenTable("装箱 Packing", orders, into)]


class DrumSide(NamedTuple):
    """One winding of a drum: its figures, and its section as drawn, in units of the picture."""

    turns: int
    layers: int
    flange: str
    litres: str
    flange_y: int
    flange_height: int
    wound: int
    """Height of the wound cable."""
    pitch: int
    cable: int


class DrumView(NamedTuple):
    """The page of a drum; ``sides`` are before and after."""

    said: Mapping[str, str]
    fault: str
    fix: str
    sides: tuple[DrumSide, ...]
    change: str
    exact: str
    barrel: tuple[int, int]
    """Top and height of the barrel as drawn."""
    traverse: tuple[int, int]
    """Left end and length of the wound part."""
    wall: int
