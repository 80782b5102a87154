"""What the pages of assets show: rows, lines of a life, and the lengths of bars."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from fractions import Fraction
from typing import Final, NamedTuple

from api.asset_views import percent
from api.names import declared_name
from api.pages.catalogue import Translate, messages, translator
from api.pages.words import at, number
from ledger.errors import IdentityError, Locale
from ledger.identity import parse
from ledger.lifecycle.anomaly import Anomaly, site
from ledger.lifecycle.category import NO_PRODUCT, MasterData, category_of
from ledger.lifecycle.kpi import AGE_LIMITS, Figures
from ledger.lifecycle.lives import NEVER
from ledger.lifecycle.stage import NEXT
from ledger.ports import AssetLife, HistoryRow, Places
from ledger.units import shown
from ledger.wiring import Ledger

WIDTH: Final = 1000


class AssetRow(NamedTuple):
    """An asset in a list."""

    id: str
    name: str
    said: str
    category: str
    stage: str
    since: datetime | None
    place: str
    place_since: datetime | None
    last_at: datetime | None
    last_entry: int


class EventRow(NamedTuple):
    """A line of a life. ``kind`` is empty, ``voided`` or ``voids``."""

    entry: int
    at: datetime
    step: str
    place: str
    role: str
    unit: str
    kind: str


class AnomalyRow(NamedTuple):
    """What was flagged, with its evidence."""

    asset: str
    name: str
    code: str
    text: str
    entry: int
    other: int | None
    at: datetime


class Tile(NamedTuple):
    """One figure at the top; an exact fraction stands beside a percentage."""

    name: str
    value: str
    unit: str
    exact: str


class FigureBar(NamedTuple):
    """A bar of ``WIDTH``: a part of a whole, or one length."""

    label: str
    value: str
    part: int
    rest: int


class FigureRow(NamedTuple):
    """Figures of a category as text; empty where there is nothing to divide by."""

    category: str
    hazardous: bool
    disposal: str
    assets: str
    tagged: str
    in_use: str
    in_stock: str
    dismantled: str
    reused: str
    by_count: str
    by_mass: str
    stock_value: str
    idle_value: str
    idle_ratio: str


def readable_code(text: str) -> str:
    """A code or place by its GS1 element string where it has one, else as it is."""
    with suppress(IdentityError):
        return parse(text).element_string()
    return text


def place_name(places: Places, place: str, locale: Locale) -> str:
    """A place by the name that the operator keeps, with its shelf or bin, else by its code."""
    known = places.place(place) or places.place(site(place))
    if known is None:
        return readable_code(place)
    name = known.zh if locale == "zh-CN" else known.en
    return name if known.id == place else f"{name} · {place.rpartition('/')[2]}"


def category_name(master: MasterData, code: str, locale: Locale) -> str:
    """A category in the reader's language; its code where the table does not know it."""
    found = master.categories().get(code)
    return code if found is None else found.zh if locale == "zh-CN" else found.en


def asset_row(ledger: Ledger, found: AssetLife, locale: Locale) -> AssetRow:
    """An asset in a list."""
    life = found.life
    category = category_of(life, ledger.assets.products().get(found.product, NO_PRODUCT))
    return AssetRow(
        id=found.id,
        name=readable_code(found.id),
        said=declared_name(ledger, found.tenant, found.product) if found.product else "",
        category=category_name(ledger.assets, category, locale) if category else "",
        stage=life.stage,
        since=_moment(life.stage_at),
        place=place_name(ledger.places, life.place, locale) if life.place else "",
        place_since=_moment(life.place_at),
        last_at=_moment(life.last_at),
        last_entry=life.last_seq,
    )


def _moment(microseconds: int) -> datetime | None:
    return None if microseconds == NEVER else at(microseconds)


def event_row(places: Places, row: HistoryRow, locale: Locale) -> EventRow:
    """A line of a life."""
    event = row.event
    word = event.step or event.disposition
    key = f"step.{word}" if event.step else f"disposition.{word}"
    return EventRow(
        entry=event.seq,
        at=at(event.at),
        step=messages(locale).get(key, word) or messages(locale)[f"life.type.{event.type}"],
        place=place_name(places, event.place, locale) if event.place else "",
        role=row.role,
        unit=readable_code(row.unit) if row.unit else "",
        kind="voids" if event.voids else "voided" if row.voided else "",
    )


def anomaly_row(places: Places, one: Anomaly[str], locale: Locale) -> AnomalyRow:
    """What was flagged, in the reader's words."""
    t = translator(locale)
    detail: dict[str, str] = dict(one.detail)
    for name in ("before", "after", "stage"):
        if detail.get(name) in NEXT:
            detail[name] = messages(locale)[f"life.stage.{detail[name]}"]
    for name in ("here", "there"):
        if name in detail:
            detail[name] = place_name(places, detail[name], locale)
    text = t(f"life.anomaly.{one.code}.why", **detail)
    other = None if one.other < 0 else one.other
    return AnomalyRow(one.key, readable_code(one.key), one.code, text, one.seq, other, at(one.at))


def next_stages(stage: str) -> list[str]:
    """What may follow, in the order of the table."""
    return [name for name in NEXT if not stage or name in NEXT[stage]]


def mass_text(grams: int) -> str:
    """Kilograms; empty when not known."""
    return f"{shown(Fraction(grams, 1000), 3).rstrip('0').rstrip('.')} kg" if grams else ""


def value_text(fen: int) -> str:
    """CNY; empty when not known."""
    return f"{number(fen // 100)}.{fen % 100:02d}" if fen else ""


def _share(value: Fraction | None) -> str:
    return "" if value is None else f"{percent(value)} %"


def _exact(value: Fraction | None) -> str:
    return "" if value is None else f"{value.numerator}/{value.denominator}"


def tiles(whole: Figures, days: int) -> list[Tile]:
    """The figures at the top."""
    found = [Tile("assets", number(whole.assets), "", "")]
    shares = (
        ("tagged", whole.tagged_share),
        ("reuse-count", whole.reuse_by_count),
        ("reuse-mass", whole.reuse_by_mass),
        ("idle", whole.idle_ratio(days)),
    )
    return found + [
        Tile(name, "–" if value is None else percent(value), "" if value is None else "%", _exact(value))
        for name, value in shares
    ]


def bars(master: MasterData, found: Mapping[str, Figures], locale: Locale) -> list[FigureBar]:
    """Reused of dismantled, by category, most dismantled first."""
    t = translator(locale)
    some = sorted(((c, f) for c, f in found.items() if f.dismantled), key=lambda pair: (-pair[1].dismantled, pair[0]))
    return [
        FigureBar(
            category_name(master, code, locale) if code else t("life.no-category"),
            f"{number(row.reused)} / {number(row.dismantled)} · {_share(row.reuse_by_count)}",
            row.reused * WIDTH // row.dismantled,
            WIDTH - row.reused * WIDTH // row.dismantled,
        )
        for code, row in some
    ]


def age_bars(ages: list[tuple[int, int, int]], t: Translate) -> list[FigureBar]:
    """Value of stock by its age; the longest is the whole width."""
    most = max((value for _, _, value in ages), default=0)
    froms = (0, *AGE_LIMITS)
    labels = [t("life.age", first=first, last=last) for first, last in zip(froms, AGE_LIMITS, strict=False)]
    labels.append(t("life.age.over", first=AGE_LIMITS[-1]))
    return [
        FigureBar(
            label,
            t("life.age.value", value=value_text(value) or "0.00", things=number(things)),
            value * WIDTH // most if most else 0,
            0,
        )
        for label, (things, _, value) in zip(labels, ages, strict=True)
    ]


def figure_row(master: MasterData, code: str, row: Figures, days: int, locale: Locale) -> FigureRow:
    """Figures of a category."""
    known = master.categories().get(code)
    return FigureRow(
        category=category_name(master, code, locale) if code else translator(locale)("life.no-category"),
        hazardous=known is not None and known.hazardous,
        disposal=known.disposal if known else "",
        assets=number(row.assets),
        tagged=_share(row.tagged_share),
        in_use=number(row.in_use),
        in_stock=number(row.in_stock),
        dismantled=number(row.dismantled),
        reused=number(row.reused),
        by_count=_share(row.reuse_by_count),
        by_mass=_share(row.reuse_by_mass),
        stock_value=value_text(row.stock_value),
        idle_value=value_text(row.idle_value(days)),
        idle_ratio=_share(row.idle_ratio(days)),
    )
