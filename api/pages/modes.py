"""Goods by other modes: asked in the address, weighed beside each other, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.charts.stacked import stacked
from api.charts.waterfall import Segment
from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import Translate, translator
from api.pages.shell import page
from api.pages.words import Figure, figure
from ledger.errors import LedgerError, Locale
from ledger.footprint.alternatives import Compared, Weighed
from ledger.footprint.factor import FactorSet
from ledger.footprint.quality import FLAGS
from ledger.ports.distances import Mode
from ledger.services.compare_modes import STATED, Choice, Question, compare_modes
from ledger.units import Grams, parse_decimal, to_base

router = APIRouter(include_in_schema=False)
_LONGEST: Final = 200
_SHOWN: Final[tuple[Mode, ...]] = ("road", "rail", "inland_waterway", "sea", "air")
_FIRST: Final[tuple[Mode, ...]] = ("road", "rail")
"""Modes that need no port or airport, so the form begins with them."""
_USUAL: Final = {"road": "road.hgv.artic-over-33t.diesel.avg", "access": "road.hgv.rigid-17t.diesel.avg"}


class ClassRow(NamedTuple):
    """A class of transport to choose."""

    name: str
    said: str


class ModeForm(NamedTuple):
    """One mode of the form, as it was filled in."""

    mode: Mode
    classes: list[ClassRow]
    vehicle: str
    start: str
    end: str
    km: str
    hours: str
    cost: str


class SectionView(NamedTuple):
    """A section of an alternative; ``href`` shows its way on a map where it was measured."""

    mode: str
    said: str
    start: str
    end: str
    km: str
    basis: str
    stated: bool
    kg: Figure
    share: str
    href: str


class WayView(NamedTuple):
    """An alternative; ``change`` [%] is against road, empty for road itself or without it."""

    mode: str
    kg: Figure
    change: str
    tkm: str
    handling: Figure | None
    changes: int
    hours: str
    cost: str
    late: bool
    beaten: bool
    least: bool
    sections: list[SectionView]
    segments: list[Segment]


class RefusedView(NamedTuple):
    """A mode without a figure."""

    mode: str
    said: str
    fix: str


class ModesView(NamedTuple):
    """The form, and what came of it."""

    said: Mapping[str, str]
    access: str
    roads: list[ClassRow]
    forms: list[ModeForm]
    ways: list[WayView]
    refused: list[RefusedView]
    flags: list[str]
    factor_set: str
    asked: bool
    fault: str
    fix: str


@router.get("/modes")
def modes(request: Request, scope: ScopeDep) -> Response:
    """The form, and alternatives once both ends and the mass are named."""
    ledger, locale = scope.ledger, locale_for(request)
    t = translator(locale)
    said = {name: text.strip()[:_LONGEST] for name, text in request.query_params.items() if text.strip()}
    factors = ledger.factors.current()
    asked = "from" in said and "to" in said
    found, fault = None, None
    if asked:
        try:
            question = _question(said, t, ledger.clock.now().date())
            own = scope.tenant == ledger.settings.tenant
            found = compare_modes(question, ledger.distances, factors, unpublished=own)
        except LedgerError as error:
            fault = error
    view = ModesView(
        said=said,
        access=said.get("access", _USUAL["access"]),
        roads=_classes(factors, "road", locale),
        forms=[_form(mode, said, factors, locale, asked=asked) for mode in _SHOWN],
        ways=_ways(found, t, locale) if found else [],
        refused=[RefusedView(name, error.message(locale), error.fix(locale)) for name, error in found.refused]
        if found
        else [],
        flags=_flags(found, locale) if found else [],
        factor_set=factors.id,
        asked=asked and fault is None,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((t("nav.modes"), ""),)
    return page(request, "modes.html", view, crumbs=crumbs, status=422 if fault else 200)


def _form(mode: Mode, said: Mapping[str, str], factors: FactorSet, locale: Locale, *, asked: bool) -> ModeForm:
    classes = _classes(factors, mode, locale)
    usual = _USUAL.get(mode) or (classes[0].name if classes else "")
    vehicle = said.get(f"{mode}.class", "" if asked or mode not in _FIRST else usual)
    return ModeForm(
        mode, classes, vehicle, *(said.get(f"{mode}.{name}", "") for name in ("from", "to", "km", "hours", "cost"))
    )


def _classes(factors: FactorSet, mode: str, locale: Locale) -> list[ClassRow]:
    rows = [one for one in factors.classes.values() if one.mode == mode]
    return [ClassRow(one.name, one.zh if locale == "zh-CN" else one.en) for one in rows]


def _question(said: Mapping[str, str], t: Translate, today: date) -> Question:
    if "mass" not in said:
        raise ParameterRefused(name=t("modes.mass"), why=t("modes.mass.needed"))
    try:
        day = date.fromisoformat(said.get("day", today.isoformat()))
    except ValueError as error:
        raise ParameterRefused(name=t("modes.day"), why=str(error)) from None
    return Question(
        origin=said["from"],
        destination=said["to"],
        mass_g=Grams(to_base(said["mass"], "kg", "mass")),
        day=day,
        access=said.get("access", _USUAL["access"]),
        choices=tuple(_choice(mode, said) for mode in _SHOWN if f"{mode}.class" in said),
        allowed=_exact(said.get("hours")),
        handling=_exact(said.get("handling")),
    )


def _choice(mode: Mode, said: Mapping[str, str]) -> Choice:
    km = said.get(f"{mode}.km")
    return Choice(
        mode,
        said[f"{mode}.class"],
        said.get(f"{mode}.from", ""),
        said.get(f"{mode}.to", ""),
        None if km is None else to_base(km, "km", "distance"),
        _exact(said.get(f"{mode}.hours")),
        _exact(said.get(f"{mode}.cost")),
    )


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(parse_decimal(text))


def _ways(found: Compared, t: Translate, locale: Locale) -> list[WayView]:
    road = next((one.wtw for one in found.weighed if one.way.name == "road"), None)
    most = max((one.wtw for one in found.weighed), default=Fraction(0)) or Fraction(1)
    return [_way(one, found, road, most, t, locale) for one in found.weighed]


def _way(  # noqa: PLR0917 - an alternative among the others
    one: Weighed, found: Compared, road: Fraction | None, most: Fraction, t: Translate, locale: Locale
) -> WayView:
    change = ""
    if road and one.way.name != "road":
        part = (one.wtw - road) * 100 / road
        change = t("modes.change.more" if part > 0 else "modes.change.less", percent=figure(abs(part), 1).shown)
    parts = [row.wtw for row in one.rows]
    return WayView(
        mode=one.way.name,
        kg=figure(one.wtw),
        change=change,
        tkm=figure(one.tonne_km, 1).shown,
        handling=None if one.handling is None else figure(one.handling),
        changes=len(one.rows) - 1,
        hours="" if one.way.hours is None else figure(one.way.hours, 1).shown,
        cost="" if one.way.cost is None else figure(one.way.cost, 0).shown,
        late=bool(one.late),
        beaten=one.beaten,
        least=one is found.least,
        sections=_sections(one, found.factors, locale),
        segments=stacked([*parts, *([one.handling] if one.handling else [])], most),
    )


def _flags(found: Compared, locale: Locale) -> list[str]:
    """What is to be known of the factors used, each once."""
    said = {code: zh if locale == "zh-CN" else en for code, en, zh in FLAGS}
    flags = (flag for one in found.weighed for row in one.rows for flag in row.trail.flags)
    return [said.get(flag, flag) for flag in dict.fromkeys(flags)]


def _sections(one: Weighed, factors: FactorSet, locale: Locale) -> list[SectionView]:
    whole = one.wtw or Fraction(1)
    return [
        SectionView(
            mode=section.mode,
            said=next((c.said for c in _classes(factors, section.mode, locale) if c.name == section.vehicle), ""),
            start=section.start,
            end=section.end,
            km=figure(Fraction(section.metres, 1000), 1).shown,
            basis=section.basis,
            stated=section.method == STATED,
            kg=figure(row.wtw),
            share=figure(row.wtw * 100 / whole, 0).shown,
            href="" if section.method == STATED else _on_map(section.start, section.end, section.mode, section.basis),
        )
        for section, row in zip(one.way.sections, one.rows, strict=True)
    ]


def _on_map(start: str, end: str, mode: str, basis: str) -> str:
    return "/distances?" + urlencode({"from": _code(start), "to": _code(end), "mode": mode, "basis": basis})


def _code(told: str) -> str:
    """The code at the end of a place as it is told, which names it without doubt."""
    return told.rstrip(")").rpartition(", ")[2]
