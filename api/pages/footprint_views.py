"""What pages show of a footprint: totals, stages, and every figure's trail."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.names import readable
from api.pages.catalogue import Translate
from api.pages.footprint_pictures import Column, FallView, FlowPicture, falls_of, picture, split
from api.pages.footprint_tables import Content, Sum
from api.pages.route_map import RouteMap
from api.pages.words import Figure, figure, number
from ledger.errors import Locale
from ledger.footprint.emission import Emission
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.working import Step
from ledger.footprint.product import ProductTotal
from ledger.footprint.quality import FLAGS, NOT_STATED, DataQuality
from ledger.footprint.route import RouteFootprint
from ledger.footprint.split import KINDS
from ledger.units import decimal_text, shown

_UNIT: Final = "kg CO₂e"


class Tile(NamedTuple):
    """One figure at the top."""

    name: str
    value: Figure
    unit: str


class FactorView(NamedTuple):
    """A factor as its source gives it."""

    id: str
    value: str
    source: str
    year: int
    licence: str


class Span(NamedTuple):
    """How many entries, between which places in the log."""

    total: int
    first: int
    last: int


class StepView(NamedTuple):
    """One figure on the way to another, with the rule it follows."""

    name: str
    value: Figure
    unit: str
    rule: str


class Row(NamedTuple):
    """One emission figure and what it was computed from."""

    stage: str
    subject: str
    ttw: Figure | None
    wtt: Figure | None
    wtw: Figure
    category: str
    verification: str
    entries: list[Span]
    method: str
    version: int
    primary: str
    factors: list[FactorView]
    flags: list[str]
    level: str
    """The level of data taken for transport, empty elsewhere."""
    passed: list[tuple[str, str]]
    """Better levels, each with the code of the reason against it."""
    working: list[StepView]


class FootprintView(NamedTuple):
    """A route's or a product's footprint."""

    kind: str
    id: str
    exact: bool
    toggle: str
    tiles: list[Tile]
    falls: list[FallView]
    flow: FlowPicture | None
    rows: list[Row]
    gaps: list[str]
    notes: list[str]
    factor_set: str
    factor_hash: str
    gwp_set: str
    gases: Sequence[tuple[str, Figure]] = ()
    """Kinds of greenhouse gas, each with its amount."""
    places: RouteMap | None = None
    said: str = ""
    """What a declared footprint calls the product."""


class Reading(NamedTuple):
    """How the page is read: words, language, and whether all digits are asked for."""

    t: Translate
    locale: Locale
    exact: bool


def product_view(found: ProductTotal, reading: Reading) -> FootprintView:
    """A product's footprint; a stage that the declared figure holds already is named and not added."""
    t = reading.t
    counted = [row for stage in found.stages if stage.counted for row in stage.rows]
    tiles = [
        Tile("total", figure(found.wtw), _UNIT),
        Tile("per-unit", figure(found.per_unit), _UNIT),
        Tile("units", Figure(number(found.units), str(found.units)), ""),
        *_market(found.market),
        *_quality_tiles(found.quality),
    ]
    notes = [] if found.covers_production else [t("footprint.no-production")]
    notes += [t("footprint.not-counted", stage=t(f"stage.{s.stage}")) for s in found.stages if not s.counted]
    said = _subjects(counted, found.factors, reading.locale)
    columns = (
        Column(t("footprint.subject"), said),
        Column(t("footprint.stage"), {stage.stage: t(f"stage.{stage.stage}") for stage in found.stages}, "#stage-{}"),
        Column(t("flow.part"), {part: t(f"footprint.{part}") for part in ("ttw", "wtt", "unsplit")}),
    )
    paths = [((row.subject, row.stage, part), amount) for row in counted for part, amount in split(row)]
    flow = picture(paths, columns, t)
    view = _view("product", readable(found.product), found, tiles, counted, flow, reading)
    return view._replace(notes=notes, gases=_gases(found))


def route_view(found: RouteFootprint, by_product: Sequence[Emission], reading: Reading) -> FootprintView:
    """A route's footprint; ``by_product`` are its rows with their products, for the picture."""
    tiles = [
        Tile("total", figure(found.wtw), _UNIT),
        Tile("ttw", figure(found.ttw), _UNIT),
        Tile("wtt", figure(found.wtt), _UNIT),
        Tile("activity", figure(found.tonne_km), "t km"),
    ]
    if found.intensity is not None:
        tiles.append(Tile("intensity", figure(found.intensity, 4), f"{_UNIT}/(t km)"))
    tiles += _market(found.market)
    tiles += _quality_tiles(found.quality)
    rows, t = [row for part in found.parts for row in part.rows], reading.t
    columns = (
        Column(t("product.one"), {row.product: readable(row.product) for row in by_product}, "/products/{}"),
        Column(t("footprint.subject"), _subjects(rows, found.factors, reading.locale)),
        Column(t("flow.part"), {part: t(f"footprint.{part}") for part in ("ttw", "wtt")}),
    )
    paths = [((row.product, row.subject, part), amount) for row in by_product for part, amount in split(row)]
    return _view("route", found.route, found, tiles, rows, picture(paths, columns, t), reading)


def _market(value: Fraction | None) -> list[Tile]:
    """The figure with market-based electricity, where certificates give one: beside the total, never added."""
    return [] if value is None else [Tile("market", figure(value), _UNIT)]


def _gases(found: ProductTotal) -> list[tuple[str, Figure]]:
    """Kinds of gas that are not zero, by name with their amounts; none when the sources give one sum alone."""
    amounts = {name: getattr(found.split, name) for name in KINDS}
    told = [(name, figure(value)) for name, value in amounts.items() if value]
    return [] if [name for name, _ in told] in ([], ["unsplit"]) else told


def _quality_tiles(quality: DataQuality) -> list[Tile]:
    share = quality.primary_by_emissions
    return [] if share is None else [Tile("primary", figure(share * 100, 1), "%")]


def _view(  # noqa: PLR0917 - a kind, its name, and the four parts of the page
    kind: str,
    name: str,
    found: ProductTotal | RouteFootprint,
    tiles: list[Tile],
    rows: Sequence[Emission],
    flow: FlowPicture | None,
    reading: Reading,
) -> FootprintView:
    locale = reading.locale
    return FootprintView(
        kind=kind,
        id=name,
        exact=reading.exact,
        toggle="?" if reading.exact else "?digits=exact",
        tiles=tiles,
        falls=falls_of(rows, reading.t),
        flow=flow,
        rows=[_row(row, found.factors, locale) for row in rows],
        gaps=[f"{gap.error.message(locale)} {gap.error.fix(locale)}" for gap in found.gaps],
        notes=[],
        factor_set=found.factors.id,
        factor_hash=found.factors.hash,
        gwp_set=" · ".join(reading.t("trail.gwp.none") if one == NOT_STATED else one for one in found.quality.gwp_sets),
    )


def _row(row: Emission, factors: FactorSet, locale: Locale) -> Row:
    trail = row.trail
    said = {code: zh if locale == "zh-CN" else en for code, en, zh in FLAGS}
    return Row(
        stage=row.stage,
        subject=_subject(row, factors, locale),
        ttw=None if row.ttw is None else figure(row.ttw),
        wtt=None if row.wtt is None else figure(row.wtt),
        wtw=figure(row.wtw),
        category=trail.category,
        verification=trail.verification,
        entries=[Span(*span) for span in (row.entries, trail.evidence) if span],
        method=trail.method,
        version=trail.version,
        primary=shown(trail.primary * 100, 1),
        factors=[_factor(factors, name) for name in trail.factors],
        flags=[said.get(flag, flag) for flag in trail.flags],
        level=trail.choice.level if trail.choice else "",
        passed=list(trail.choice.passed) if trail.choice else [],
        working=[_step(step) for step in trail.working],
    )


def _step(step: Step) -> StepView:
    """A figure as short as it can be said within six places; a plain number names no unit."""
    value = figure(step.value, 6)
    said = value.shown.rstrip("0").rstrip(".") or "0"
    return StepView(step.name, value._replace(shown=said), "" if step.unit == "1" else step.unit, step.rule)


def _subjects(rows: Sequence[Emission], factors: FactorSet, locale: Locale) -> dict[str, str]:
    """How the picture names classes of transport: short, without their code."""
    known = {row.subject: factors.classes.get(row.subject) for row in rows}
    return {name: one.zh if locale == "zh-CN" else one.en for name, one in known.items() if one is not None}


def _subject(row: Emission, factors: FactorSet, locale: Locale) -> str:
    known = factors.classes.get(row.subject)
    if known is None:
        return row.subject
    return f"{known.zh if locale == 'zh-CN' else known.en} ({known.name})"


def _factor(factors: FactorSet, name: str) -> FactorView:
    factor = factors.factor(name)
    value = f"WTW {decimal_text(factor.wtw)} {factor.unit}"
    if factor.ttw is not None and factor.wtt is not None:
        value += f" (TTW {decimal_text(factor.ttw)}, WTT {decimal_text(factor.wtt)})"
    return FactorView(factor.id, value, factor.source, factor.year, factor.licence)


def route_content(found: RouteFootprint) -> Content:
    """A route for a spreadsheet."""
    sums = [
        Sum("footprint.total", found.wtw, _UNIT),
        Sum("footprint.ttw", found.ttw, _UNIT),
        Sum("footprint.wtt", found.wtt, _UNIT),
        Sum("footprint.activity", found.tonne_km, "t km"),
        Sum("footprint.legs", found.legs, ""),
    ]
    if found.intensity is not None:
        sums.append(Sum("footprint.intensity", found.intensity, f"{_UNIT}/(t km)"))
    return Content(found.route, sums, [row for part in found.parts for row in part.rows], found.gaps, found.factors)


def product_content(found: ProductTotal) -> Content:
    """A product for a spreadsheet; stages that the declared figure holds already are left out, as on its page."""
    sums = [
        Sum("footprint.total", found.wtw, _UNIT),
        Sum("footprint.per-unit", found.per_unit, _UNIT),
        Sum("footprint.units", found.units, ""),
    ]
    rows = [row for stage in found.stages if stage.counted for row in stage.rows]
    return Content(readable(found.product), sums, rows, found.gaps, found.factors)
