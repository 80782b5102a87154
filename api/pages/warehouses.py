"""Warehouses: the list with published scores, and a site's year by an edition of the index."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Final, get_args

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.intake_views import attached
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.warehouse_views import (
    CompareRow,
    SitesView,
    SiteYearView,
    bars,
    cause_rows,
    compare_cell,
    held_rows,
    months,
    points_text,
    scheme_name,
    score_rows,
)
from api.pages.words import figure, segment
from api.permissions import may
from api.scope import Scope
from ledger.errors import FootprintError, ProgrammeError
from ledger.footprint.activity import CHINA
from ledger.programme.warehouse.avoided import Avoided, avoided
from ledger.programme.warehouse.certificates import Held
from ledger.programme.warehouse.errors import SiteUnknown
from ledger.programme.warehouse.example import example_index
from ledger.programme.warehouse.score import beside, scored, takes_events
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.warehouse_site import StatedMeasure
from ledger.services.capture import Submission
from ledger.services.certificate_uses import Asked, use_certificate
from ledger.services.evidence_files import Upload
from ledger.services.inventory import BoundaryAbsent, boundary_at
from ledger.services.warehouse_events import with_events
from ledger.services.warehouse_index import Said, publish_score, published, schemes, scores_by, state
from ledger.services.warehouse_sites import PAGE, Site, certificates, ensure_site, site_year, sites, standing
from ledger.units import decimal_text, parse_decimal

router = APIRouter(include_in_schema=False)
USABLE: Final = 50
"""Certificates that the form offers."""
STATED: Final[tuple[StatedMeasure, ...]] = get_args(StatedMeasure)
LONGEST: Final = 200
BACK: Final = 6
"""Years that can be chosen, the running one among them."""


@router.get("/warehouses")
def list_warehouses(
    request: Request,
    scope: ScopeDep,
    after: Annotated[int, Query(ge=-1)] = -1,
    scheme: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Sites with their published scores, year by year, by one edition."""
    locale = locale_for(request)
    found, more = sites(scope.ledger, scope.tenant, after, PAGE)
    editions = [one for _, one in schemes(scope.ledger, scope.tenant)]
    chosen = scheme or (editions[0].id if editions else "")
    scores = scores_by(scope.ledger, scope.tenant, [one.facts.site for one in found], chosen)
    years = sorted({year for each in scores.values() for year in each})[-BACK:]
    rows = [
        CompareRow(
            one.facts.site,
            one.facts.name,
            one.facts.site_kind,
            figure(Fraction(one.facts.floor_area_m2), 0).shown,
            one.facts.region,
            one.entry,
            [compare_cell(scores.get(one.facts.site, {}).get(year)) for year in years],
        )
        for one in found
    ]
    view = SitesView(
        rows=rows,
        years=years,
        scheme=chosen,
        schemes=[(one.id, scheme_name(one, locale)) for one in editions],
        next=-1 if more is None else more,
        may_write=may(scope.principal, "warehouses.write"),
        may_score=may(scope.principal, "warehouses.score"),
        may_scheme=may(scope.principal, "warehouses.score"),
    )
    return page(request, "warehouses.html", view, crumbs=((translator(locale)("nav.warehouses"), ""),))


@router.get("/warehouses/{site_name:path}")
def one_warehouse(  # noqa: PLR0917 - what the address says
    request: Request,
    site_name: str,
    scope: ScopeDep,
    year: Annotated[int, Query(ge=0, le=2200)] = 0,
    scheme: Annotated[str, Query(max_length=200)] = "",
    events: bool = False,
) -> Response:
    """A site's year: the tree, with ``events`` what they say as well, months, certificates, what changed, scores."""
    locale = locale_for(request)
    t = translator(locale)
    now = scope.ledger.clock.now().astimezone(CHINA)
    year = year if year >= 2000 else now.year - 1
    told = standing(scope.ledger, scope.tenant)
    held = certificates(scope.ledger, told)
    size = scope.ledger.entries.size()
    this, before = (
        with_events(scope.ledger.entries, scope.tenant, site_year(told, held, site_name, one), size, now)
        for one in (year, year - 1)
    )
    used_here = {use.certificate for use in this.uses}
    editions = [one for _, one in schemes(scope.ledger, scope.tenant)]
    edition = next((one for one in editions if one.id == scheme), editions[0] if editions else example_index(now))
    events = events or takes_events(edition)
    found, earlier = scored(edition, this), scored(edition, before)
    others = beside(edition, this) if events else {}
    rows, change = cause_rows(earlier, found, locale) if None not in {found.points, earlier.points} else ([], "")
    kept, used = _avoided(scope, this)
    view = SiteYearView(
        site=site_name,
        facts=(facts := _facts(this)),
        area=figure(Fraction(facts.facts.floor_area_m2), 0).shown,
        year=year,
        years=list(range(now.year, now.year - BACK, -1)),
        scheme=edition.id,
        schemes=[(one.id, scheme_name(one, locale)) for one in editions],
        example=not editions,
        points=points_text(found.points),
        bars=bars(found, others, t, locale),
        months=months(this, t, locale),
        used=used,
        avoided=kept,
        avoided_tonnes=figure(kept.kg / 1000, 0).shown if kept else "",
        usable=held_rows([one for one in held if _usable(one, site_name, year)][:USABLE]),
        held=held_rows([one for one in held if one.record.id in used_here], site_name, year),
        causes=rows,
        change=change,
        scores=score_rows(published(scope.ledger, scope.tenant, site_name)),
        events=events,
        may_write=may(scope.principal, "warehouses.write"),
        may_score=bool(editions) and found.points is not None and may(scope.principal, "warehouses.score"),
        over=now >= datetime(year + 1, 1, 1, tzinfo=CHINA),
        stated=STATED,
        first_day=f"{year}-01-01",
        last_day=f"{year}-12-31",
    )
    crumbs = ((t("nav.warehouses"), "/warehouses"), (view.facts.facts.name, ""))
    return page(request, "warehouse.html", view, crumbs=crumbs)


@router.post("/warehouses/{site_name:path}/score")
async def publish(request: Request, site_name: str, scope: ScopeDep) -> Response:
    """Publish the score of a year that is over."""
    form = await request.form()
    year, scheme = _whole(form, "year"), str(form.get("scheme") or "")[:200]
    submission = Submission.of(scope.principal)
    await run_in_threadpool(publish_score, scope.ledger, submission, site_name, year, scheme)
    return RedirectResponse(f"/warehouses/{segment(site_name)}?year={year}&scheme={segment(scheme)}#scores", 303)


@router.post("/warehouses/{site_name:path}/statement")
async def state_figure(request: Request, site_name: str, scope: ScopeDep) -> Response:
    """Keep the file that shows a figure of the year, and record the figure with it."""
    form = await request.form()
    sent, words = form.get("file"), str(form.get("words") or "").strip()
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise ParameterRefused(name="file", why=".pdf .jpg .png .xlsx")
    if not 0 < len(words) <= LONGEST:
        raise ParameterRefused(name="words", why=f"1 - {LONGEST}")
    try:
        name: StatedMeasure = msgspec.convert(form.get("measure"), StatedMeasure)
    except msgspec.ValidationError:
        raise ParameterRefused(name="measure", why=", ".join(STATED)) from None
    year = _whole(form, "year")
    part, whole = _decimal(form, "part"), _decimal(form, "whole")
    upload = Upload(sent.filename, await sent.read(), site_name[:200])

    def take() -> None:
        ensure_site(scope.ledger, scope.tenant, site_name)
        kept, _ = attached(scope.ledger, scope.principal, upload)
        said = Said(site_name, year, name, part, whole, words, (kept.sha256,))
        state(scope.ledger, Submission.of(scope.principal), said)

    await run_in_threadpool(take)
    return RedirectResponse(f"/warehouses/{segment(site_name)}?year={year}#tree", 303)


@router.post("/warehouses/{site_name:path}")
async def use(request: Request, site_name: str, scope: ScopeDep) -> Response:
    """Use a part of a certificate for this site."""
    form = await request.form()
    mwh = _decimal(form, "mwh")
    certificate = str(form.get("certificate") or "")[:200]
    asked = Asked(certificate, site_name, _day(form, "period_start"), _day(form, "period_end"), mwh)
    await run_in_threadpool(use_certificate, scope.ledger, Submission.of(scope.principal), asked)
    return RedirectResponse(f"/warehouses/{segment(site_name)}?year={asked.period_start.year}#certificates", 303)


def _facts(told: SiteYear) -> Site:
    """What is stated at the end of the year, or else first."""
    found = told.facts_on(date(told.year, 12, 31)) or (told.facts[0] if told.facts else None)
    if found is None:
        raise SiteUnknown(site=told.site)
    return Site(*found)


def _avoided(scope: Scope, told: SiteYear) -> tuple[Avoided | None, str]:
    """What own generation avoided, by the series of the company's boundary, and the electricity used."""
    try:
        power = told.electricity()
    except ProgrammeError:
        return None, "–"
    used = figure(power.used, 0).shown
    if not power.generated.value:
        return None, used
    try:
        series = boundary_at(scope.ledger, scope.tenant, told.year * 12)[1].series
    except BoundaryAbsent:
        series = "corporate_ets"
    region = _facts(told).facts.region
    try:
        return avoided(power.generated.value, scope.ledger.factors.current(), series, region, told.year), used
    except FootprintError:
        return None, used


def _usable(one: Held, site: str, year: int) -> bool:
    record = one.record
    return (
        one.left > 0
        and record.retired_for is None
        and record.generated_at != site
        and record.generated_from.year <= year <= record.generated_to.year
    )


def _whole(form: FormData, name: str) -> int:
    text = str(form.get(name) or "")
    if not (len(text) == 4 and text.isascii() and text.isdigit() and 2000 <= int(text) <= 2200):
        raise ParameterRefused(name=name, why="2000 - 2200")
    return int(text)


def _decimal(form: FormData, name: str) -> str:
    return decimal_text(parse_decimal(str(form.get(name) or "").strip()[:40]))


def _day(form: FormData, name: str) -> date:
    try:
        return date.fromisoformat(str(form.get(name) or ""))
    except ValueError:
        raise ParameterRefused(name=name, why="2025-12-31") from None
