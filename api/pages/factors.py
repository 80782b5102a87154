"""The factor browser: sets, a set's factors by search, one factor, two sets compared."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import LedgerDep, locale_for
from api.factor_search import SoughtDep
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import segment
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import Factor
from ledger.footprint.registry.compare import Change
from ledger.footprint.registry.search import Query as Sought
from ledger.services.factors import (
    LONGEST_PAGE,
    SetView,
    all_sets,
    compare_sets,
    find_factors,
    one_factor,
    one_set,
)
from ledger.units import decimal_text, shown

router = APIRouter(include_in_schema=False)
NO_BREAK: Final = "\u00a0"
FIRST: Final = (
    *("subject", "mode", "vehicle", "fuel", "temperature", "component", "series", "region", "year"),
    *("valid_from", "valid_to", "gas_scope", "gwp_set", "category", "distance_basis", "daf_included"),
    *("source", "page", "url", "read_from", "licence", "confidence", "notes"),
)
"""Fields in the order a reader asks for them; values stand above."""
SetName = Annotated[str, Query(max_length=100)]


class SetRow(NamedTuple):
    """A set in the list or at the head of its page."""

    id: str
    title: str
    hash: str
    published: str
    size: int
    current: bool
    bundled: bool
    licences: list[str]
    attribution: tuple[str, ...]
    file: str
    base: str


class FactorRow(NamedTuple):
    """A factor in a list: what it is for, its three values, and where it comes from."""

    id: str
    what: str
    ttw: str
    wtt: str
    wtw: str
    unit: str
    source: str
    licence: str


class SetPage(NamedTuple):
    """A set with the rows that fit what was asked."""

    set: SetRow
    rows: list[FactorRow]
    total: int
    query: Sought
    modes: list[str]
    series: list[str]
    next: str


class FactorPage(NamedTuple):
    """One factor with every field it states."""

    set: SetRow
    factor: FactorRow
    fields: list[tuple[str, str]]
    hash: str
    named: list[str]


class ChangeRow(NamedTuple):
    """A factor that differs between two sets."""

    old: FactorRow
    new: FactorRow
    ratio: str
    exact: str
    fields: str


class ComparePage(NamedTuple):
    """Two sets side by side."""

    ids: tuple[str, ...]
    old: str
    new: str
    added: list[FactorRow]
    removed: list[FactorRow]
    changed: list[ChangeRow]
    same: int


class ListPage(NamedTuple):
    """Every set, and what is damaged."""

    sets: list[SetRow]
    damaged: list[str]


@router.get("/factors")
def factor_sets(request: Request, ledger: LedgerDep) -> Response:
    """Every factor set."""
    locale = locale_for(request)
    rows = [_set_row(view, request) for view in all_sets(ledger.factors)]
    damaged = [f"{error.message(locale)}. {error.fix(locale)}" for error in ledger.factors.damaged()]
    return page(request, "factor-sets.html", ListPage(rows, damaged), crumbs=_crumbs(request))


@router.get("/factors/compare")
def factor_comparison(request: Request, ledger: LedgerDep, old: SetName = "", new: SetName = "") -> Response:
    """Two sets compared; the form alone until both are named."""
    ids = ledger.factors.ids()
    view = ComparePage(ids, old or ids[0], new or ids[-1], [], [], [], 0)
    if old and new:
        found = compare_sets(ledger.factors, old, new)
        view = view._replace(
            old=found.old.id,
            new=found.new.id,
            added=[_row(factor) for factor in found.added],
            removed=[_row(factor) for factor in found.removed],
            changed=[_change(change) for change in found.changed],
            same=found.same,
        )
    label = translator(locale_for(request))("factors.compare")
    return page(request, "factor-compare.html", view, crumbs=_crumbs(request, (label, "")))


@router.get("/factors/{set_id}")
def factor_set(
    request: Request,
    set_id: str,
    ledger: LedgerDep,
    query: SoughtDep,
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """A set and its factors that fit the search."""
    found = one_set(ledger.factors, set_id)
    rows = find_factors(ledger.factors, set_id, query, offset)
    factors = found.content.factors.values()
    asked = {"q": query.text, "mode": query.mode, "series": query.series, "region": query.region}
    asked |= {"vehicle": query.vehicle, "fuel": query.fuel, "year": str(query.year or "")}
    more = urlencode({**{k: v for k, v in asked.items() if v}, "offset": offset + LONGEST_PAGE})
    view = SetPage(
        set=_set_row(found, request),
        rows=[_row(factor) for factor in rows.rows],
        total=rows.total,
        query=query,
        modes=sorted({factor.mode for factor in factors if factor.mode}),
        series=sorted({factor.series for factor in factors if factor.series}),
        next=f"/factors/{segment(found.content.id)}?{more}" if offset + LONGEST_PAGE < rows.total else "",
    )
    return page(request, "factor-set.html", view, crumbs=_crumbs(request, (found.content.id, "")))


@router.get("/factors/{set_id}/{factor_id:path}")
def factor(request: Request, set_id: str, factor_id: str, ledger: LedgerDep) -> Response:
    """One factor."""
    found, known = one_factor(ledger.factors, set_id, factor_id)
    locale, record = locale_for(request), known.to_record()
    named = [c for c in found.content.classes.values() if c.factor == known.id]
    view = FactorPage(
        set=_set_row(found, request),
        factor=_row(known),
        fields=[(name, record[name]) for name in FIRST if name in record],
        hash=known.hash,
        named=[f"{c.zh if locale == 'zh-CN' else c.en} ({c.name})" for c in named],
    )
    crumbs = _crumbs(request, (found.content.id, f"/factors/{segment(found.content.id)}"), (known.id, ""))
    return page(request, "factor.html", view, crumbs=crumbs)


def _crumbs(request: Request, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ((translator(locale_for(request))("nav.factors"), "/factors" if more else ""), *more)


def _set_row(view: SetView, request: Request) -> SetRow:
    return SetRow(
        id=view.content.id,
        title=view.origin.title(locale_for(request)),
        hash=view.content.hash,
        published=view.content.published.isoformat(),
        size=len(view.content.factors),
        current=view.current,
        bundled=view.origin.bundled,
        licences=sorted({factor.licence for factor in view.content.factors.values()}),
        attribution=view.origin.attribution,
        file=view.origin.file,
        base=view.origin.base,
    )


def _row(factor: Factor) -> FactorRow:
    parts = (factor.subject, factor.fuel, factor.component, factor.region, str(factor.year))
    return FactorRow(
        id=factor.id,
        what=" · ".join(part for part in parts if part),
        ttw="–" if factor.ttw is None else decimal_text(factor.ttw),
        wtt="–" if factor.wtt is None else decimal_text(factor.wtt),
        wtw=decimal_text(factor.wtw),
        unit=factor.unit.replace(" ", NO_BREAK),
        source=factor.source,
        licence=factor.licence,
    )


def _change(change: Change) -> ChangeRow:
    ratio = change.ratio
    return ChangeRow(
        old=_row(change.old),
        new=_row(change.new),
        ratio="–" if ratio is None else _percent(ratio - 1),
        exact="" if ratio is None else exact_text(ratio),
        fields=", ".join(change.fields),
    )


def _percent(part: Fraction) -> str:
    return ("+" if part > 0 else "") + shown(part * 100, 2) + " %"
