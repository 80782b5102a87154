"""What the pages of warehouses show: a site's year as a tree of bars, months, certificates, and causes of a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.charts.stacked import stacked
from api.charts.waterfall import Segment
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure
from ledger.errors import Locale, ProgrammeError
from ledger.footprint.amount import exact_text
from ledger.programme.warehouse.avoided import Avoided
from ledger.programme.warehouse.certificates import Held
from ledger.programme.warehouse.compare import causes
from ledger.programme.warehouse.measures import IDLE_DAYS, Measured, measure
from ledger.programme.warehouse.score import FULL, Leaf, Scored
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import IndexNode, IndexScheme
from ledger.records.site_score import SiteScore
from ledger.services.warehouse_sites import Site

Others = Mapping[str, Measured | ProgrammeError]
SHOWN: Final = 12
"""Entries that a line links to; the others are counted."""


class Linked(NamedTuple):
    """Entries as links, the first ones, and how many more there are."""

    entries: tuple[int, ...]
    more: int


class WorkedLine(NamedTuple):
    """A line of a working."""

    what: str
    amount: Figure
    unit: str
    trail: Linked


class Beside(NamedTuple):
    """An indicator from the source its edition does not take: ``source`` is ``events`` or ``stated``."""

    source: str
    value: str
    part: str
    whole: str
    entries: int
    trail: Linked
    missing: str
    fix: str


class Bar(NamedTuple):
    """A node of the tree: ``depth`` from 0, ``points`` of 100 where it has any, and of a leaf its working."""

    depth: int
    name: str
    weight: str
    points: str
    width: int
    leaf: bool
    value: str
    quality: str
    missing: str
    fix: str
    lines: list[WorkedLine]
    left_out: tuple[str, ...]
    counted: int
    """Events that it is computed from; 0 where it is not taken from events."""
    days: int
    """Limit of idle stock, 0 of any other."""
    beside: Beside | None
    silent: bool
    """What the log cannot say, because no event has a volume."""


class Month(NamedTuple):
    """Electricity of a month as parts of a bar that all months have in common; ``missing`` says why there is none."""

    name: str
    used: str
    parts: list[tuple[Segment, str]]
    missing: str


class HeldRow(NamedTuple):
    """A certificate: of it, what is used here, in all, and left [MWh]."""

    id: str
    entry: int
    number: str
    technology: str
    mwh: str
    left: str
    state: str
    uses: list[tuple[int, str, str, str]]


class CauseRow(NamedTuple):
    """What an indicator did to the score."""

    name: str
    before: str
    after: str
    points: str
    by_part: str
    by_whole: str


class ScoreRow(NamedTuple):
    """A published score."""

    entry: int
    year: int
    points: str
    scheme: str


class SiteYearView(NamedTuple):
    """A site's year."""

    site: str
    facts: Site
    area: str
    year: int
    years: list[int]
    scheme: str
    schemes: list[tuple[str, str]]
    example: bool
    points: str
    bars: list[Bar]
    months: list[Month]
    used: str
    avoided: Avoided | None
    avoided_tonnes: str
    usable: list[HeldRow]
    held: list[HeldRow]
    causes: list[CauseRow]
    change: str
    scores: list[ScoreRow]
    events: bool
    """Whether indicators stand beside what events say."""
    may_write: bool
    may_score: bool
    over: bool
    stated: tuple[str, ...]
    first_day: str
    last_day: str


class CompareCell(NamedTuple):
    """A published score in the comparison; ``width`` of 100."""

    entry: int
    points: str
    width: int


class CompareRow(NamedTuple):
    """A site with a cell for each year, ``None`` where nothing was published."""

    site: str
    name: str
    kind: str
    area: str
    region: str
    entry: int
    cells: list[CompareCell | None]


class SitesView(NamedTuple):
    """The list of sites with their published scores by one edition; ``next`` begins the next page, -1 without one."""

    rows: list[CompareRow]
    years: list[int]
    scheme: str
    schemes: list[tuple[str, str]]
    next: int
    may_write: bool
    may_score: bool
    may_scheme: bool


def points_text(points: Fraction | None) -> str:
    """Points at one decimal, ``–`` without any."""
    return "–" if points is None else figure(points, 1).shown


def scheme_name(scheme: IndexScheme, locale: Locale) -> str:
    """An edition for people."""
    root = scheme.root
    return f"{root.zh if locale == 'zh-CN' else root.en} · {scheme.edition}"


def bars(found: Scored, others: Others, t: Translate, locale: Locale) -> list[Bar]:
    """The tree from the root down, groups before their children; ``others`` stand beside what is scored."""
    leaves = {leaf.node.key: leaf for leaf in found.leaves}
    return [
        bar._replace(beside=_beside(leaves[key], others[key], locale) if key in others else None)
        for key, bar in _bars(found, found.scheme.root, 0, leaves, (t, locale))
    ]


def _beside(leaf: Leaf, other: Measured | ProgrammeError, locale: Locale) -> Beside:
    source = "stated" if leaf.node.takes == "events" else "events"
    if isinstance(other, ProgrammeError):
        return Beside(source, "", "", "", 0, Linked((), 0), other.message(locale), other.fix(locale))
    part, whole = figure(other.part).shown, figure(other.whole).shown
    value = _in_unit(other.value, "%")
    return Beside(source, value, part, whole, len(other.entries), _linked(other.entries), "", "")


def _linked(entries: tuple[int, ...]) -> Linked:
    return Linked(entries[:SHOWN], max(0, len(entries) - SHOWN))


def months(told: SiteYear, t: Translate, locale: Locale) -> list[Month]:
    """Bought, own and exported, month by month; nothing is shared out between months that were not read."""
    read: list[tuple[str, tuple[Fraction, ...] | ProgrammeError]] = []
    for start, end in told.months:
        try:
            power = told.electricity(start, end)
        except ProgrammeError as error:
            read.append((f"{start:%Y-%m}", error))
            continue
        own = power.generated.value - power.exported.value
        read.append((f"{start:%Y-%m}", (power.bought.value, own, power.exported.value)))
    longest = max((sum(parts) for _, parts in read if isinstance(parts, tuple)), default=Fraction(0)) or Fraction(1)
    found = []
    for name, parts in read:
        if isinstance(parts, ProgrammeError):
            found.append(Month(name, "", [], parts.message(locale)))
            continue
        said = [
            f"{t(f'warehouses.part.{word}')} {figure(part, 0).shown} kWh"
            for word, part in zip(("bought", "own", "exported"), parts, strict=True)
        ]
        segments = stacked(parts, longest)
        found.append(Month(name, figure(parts[0] + parts[1], 0).shown, list(zip(segments, said, strict=True)), ""))
    return found


def held_rows(found: Sequence[Held], site: str = "", year: int = 0) -> list[HeldRow]:
    """Certificates; with a site, what of each is used there in the year."""
    return [_held(one, site, year) for one in found]


def cause_rows(before: Scored, after: Scored, locale: Locale) -> tuple[list[CauseRow], str]:
    """Causes of the change from one year to the next, the largest first, and their sum."""
    rows, found = [], causes(before, after)
    for one in found:
        unit = measure(one.after.node.measure).unit if one.after.node.measure else ""
        rows.append(
            CauseRow(
                _name(one.after.node, locale),
                _value(one.before),
                _value(one.after),
                _signed(one.points),
                "" if one.by_part is None else _in_unit(one.by_part, unit, signed=True),
                "" if one.by_whole is None else _in_unit(one.by_whole, unit, signed=True),
            )
        )
    return rows, _signed(sum((one.points for one in found), Fraction(0)))


def score_rows(found: Sequence[tuple[int, SiteScore]]) -> list[ScoreRow]:
    """Published scores."""
    return [ScoreRow(at, one.year, points_text(Fraction(one.points)), one.scheme) for at, one in found]


def compare_cell(found: tuple[int, SiteScore] | None) -> CompareCell | None:
    """A published score in the comparison."""
    if found is None:
        return None
    points = Fraction(found[1].points)
    return CompareCell(found[0], points_text(points), round(points))


def _bars(
    found: Scored, node: IndexNode, depth: int, leaves: dict[str, Leaf], said: tuple[Translate, Locale]
) -> Iterator[tuple[str, Bar]]:
    t, locale = said
    points, leaf = found.nodes[node.key], leaves.get(node.key)
    measured, missing = (leaf.measured, leaf.missing) if leaf else (None, None)
    yield (
        node.key,
        Bar(
            depth=depth,
            name=_name(node, locale),
            weight=exact_text(Fraction(node.weight) * 100),
            points=points_text(points),
            width=round((points or Fraction(0)) / FULL * 1000),
            leaf=leaf is not None,
            value=_value(leaf) if leaf else "",
            quality=measured.quality if measured else "",
            missing=missing.message(locale) if missing else "",
            fix=missing.fix(locale) if missing else "",
            lines=[
                WorkedLine(
                    t(f"warehouses.line.{line.what}"),
                    figure(line.amount.value),
                    t("warehouses.unit.pieces") if line.unit == "pieces" else line.unit,
                    _linked(line.amount.entries),
                )
                for line in (measured.lines if measured else ())
            ],
            left_out=measured.left_out if measured else (),
            counted=len(measured.entries) if measured and node.takes == "events" else 0,
            days=(node.idle_days or IDLE_DAYS) if node.measure == "idle_stock" else 0,
            beside=None,
            silent=node.measure == "fill",
        ),
    )
    for child in node.children:
        yield from _bars(found, child, depth + 1, leaves, said)


def _held(one: Held, site: str, year: int) -> HeldRow:
    record = one.record
    state = "taken" if one.taken else "sold" if record.transferred_to else "cancelled" if record.retired_for else "held"
    uses = [use for use in one.uses if not site or (use.site == site and use.start.year <= year <= use.end.year)]
    number = record.certificate + (f" – {record.serial_last}" if record.serial_last else "")
    return HeldRow(
        record.id,
        one.entry,
        number,
        record.technology,
        record.mwh,
        exact_text(one.left),
        state,
        [(use.entry, use.site, f"{use.start} – {use.end}", exact_text(use.mwh)) for use in uses],
    )


def _name(node: IndexNode, locale: Locale) -> str:
    return node.zh if locale == "zh-CN" else node.en


def _value(leaf: Leaf) -> str:
    if leaf.measured is None or leaf.node.measure is None:
        return "–"
    return _in_unit(leaf.measured.value, measure(leaf.node.measure).unit)


def _in_unit(value: Fraction, unit: str, *, signed: bool = False) -> str:
    amount = value * 100 if unit == "%" else value
    return f"{_signed(amount) if signed else figure(amount, 1).shown} {unit}"


def _signed(value: Fraction) -> str:
    text = figure(abs(value), 1).shown
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text
