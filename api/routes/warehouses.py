"""Warehouses: sites, a site's year by an edition of the index, published scores, certificates and their uses."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, LocaleDep, PrincipalDep
from api.describe import gives
from api.schemas.warehouses import (
    BesideView,
    HeldList,
    HeldView,
    LeafView,
    LineView,
    MissingView,
    MonthView,
    NewScore,
    NewUse,
    SchemeList,
    SchemeView,
    ScoreList,
    ScoreView,
    SiteList,
    SiteView,
    SiteYearView,
    UseReceipt,
    UseView,
)
from api.wire import read, reply
from ledger.errors import Locale, ProgrammeError
from ledger.footprint.amount import exact_text
from ledger.programme.warehouse.certificates import Held
from ledger.programme.warehouse.measures import Measured, measure
from ledger.programme.warehouse.score import Leaf, beside
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import OBSERVED
from ledger.services.capture import Submission
from ledger.services.certificate_uses import Asked, certificates_page, held_certificate, use_certificate
from ledger.services.warehouse_index import publish_score, published, schemes, score_of
from ledger.services.warehouse_sites import sites

router = APIRouter(tags=["warehouses"])
After = Annotated[int, Query(ge=-1)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/api/v1/warehouses", **gives(SiteList))
def list_sites(ledger: LedgerDep, principal: PrincipalDep, after: After = -1, limit: Limit = 50) -> Response:
    """Sites first stated behind an entry."""
    found, more = sites(ledger, principal.tenant, after, limit)
    return reply(SiteList(sites=[SiteView(entry=one.entry, record=one.facts) for one in found], next_after=more))


@router.get("/api/v1/warehouses/{site_name:path}/years/{year}", **gives(SiteYearView))
def get_site_year(  # noqa: PLR0917 - what the address says
    site_name: str,
    year: Annotated[int, Path(ge=2000, le=2200)],
    ledger: LedgerDep,
    principal: PrincipalDep,
    locale: LocaleDep,
    scheme: Annotated[str, Query(max_length=200)],
    events: bool = False,
) -> Response:
    """
    How a site's year stands by an edition: every indicator with its working, every month.

    With ``events``, what can be counted from events stands beside what is stated.
    """
    told, found = score_of(ledger, principal.tenant, site_name, year, scheme)
    others = beside(found.scheme, told) if events else {}
    return reply(
        SiteYearView(
            site=site_name,
            year=year,
            scheme=scheme,
            points=None if found.points is None else exact_text(found.points),
            leaves=[_leaf(one, others.get(one.node.key), locale) for one in found.leaves],
            months=_months(told, locale),
        )
    )


@router.get("/api/v1/index-schemes", **gives(SchemeList))
def list_schemes(ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Editions of the index. A new one is handed in as a record of kind ``index_scheme``."""
    found = schemes(ledger, principal.tenant)
    return reply(SchemeList(schemes=[SchemeView(entry=at, record=one) for at, one in found]))


@router.get("/api/v1/warehouses/{site_name:path}/scores", **gives(ScoreList))
def list_scores(site_name: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Published scores of a site."""
    found = published(ledger, principal.tenant, site_name)
    return reply(ScoreList(scores=[ScoreView(entry=at, record=one) for at, one in found]))


@router.post("/api/v1/warehouses/{site_name:path}/scores", **gives(ScoreView, status=201, takes=NewScore))
async def post_score(request: Request, site_name: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Publish the score of a year that is over."""
    said = await read(request, NewScore)
    submission = Submission.of(principal)
    made, receipt = await run_in_threadpool(publish_score, ledger, submission, site_name, said.year, said.scheme)
    return reply(ScoreView(entry=receipt.seq, record=made), 201)


@router.get("/api/v1/energy-certificates", **gives(HeldList))
def list_certificates(ledger: LedgerDep, principal: PrincipalDep, after: After = -1, limit: Limit = 50) -> Response:
    """Energy certificates behind an entry, with what used them and what is left."""
    found, more = certificates_page(ledger, principal.tenant, after, limit)
    return reply(HeldList(certificates=[_held(one) for one in found], next_after=more))


@router.post("/api/v1/certificate-uses", **gives(UseReceipt, status=201, takes=NewUse))
async def post_use(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Use a part of a certificate for a site; what is used already, or is not left, is refused."""
    said = await read(request, NewUse)
    asked = Asked(said.certificate, said.site, said.period_start, said.period_end, said.mwh)

    def take() -> UseReceipt:
        made, receipt = use_certificate(ledger, Submission.of(principal), asked)
        now = held_certificate(ledger, principal.tenant, said.certificate)
        return UseReceipt(entry=receipt.seq, id=made.id, certificate=_held(now))

    return reply(await run_in_threadpool(take), 201)


def _leaf(leaf: Leaf, other: Measured | ProgrammeError | None, locale: Locale) -> LeafView:
    name = leaf.node.measure
    assert name is not None
    found = leaf.measured
    return LeafView(
        key=leaf.node.key,
        measure=name,
        weight=exact_text(leaf.weight),
        unit=measure(name).unit,
        part=exact_text(found.part) if found else None,
        whole=exact_text(found.whole) if found else None,
        quality=found.quality if found else None,
        points=None if leaf.points is None else exact_text(leaf.points),
        lines=[
            LineView(
                what=one.what,
                amount=exact_text(one.amount.value),
                unit=one.unit,
                entries=list(one.amount.entries),
            )
            for one in (found.lines if found else ())
        ],
        left_out=list(found.left_out) if found else [],
        missing=_missing(leaf.missing, locale) if leaf.missing else None,
        takes=(leaf.node.takes or "stated") if name in OBSERVED else None,
        beside=None if other is None else _beside(leaf, other, locale),
    )


def _beside(leaf: Leaf, other: Measured | ProgrammeError, locale: Locale) -> BesideView:
    found = None if isinstance(other, ProgrammeError) else other
    return BesideView(
        source="stated" if leaf.node.takes == "events" else "events",
        part=exact_text(found.part) if found else None,
        whole=exact_text(found.whole) if found else None,
        entries=len(found.entries) if found else 0,
        missing=_missing(other, locale) if isinstance(other, ProgrammeError) else None,
    )


def _months(told: SiteYear, locale: Locale) -> list[MonthView]:
    found = []
    for start, end in told.months:
        month = f"{start:%Y-%m}"
        try:
            power = told.electricity(start, end)
        except ProgrammeError as error:
            missing = _missing(error, locale)
            found.append(MonthView(month=month, bought=None, generated=None, exported=None, missing=missing))
            continue
        flows = {name: exact_text(getattr(power, name).value) for name in ("bought", "generated", "exported")}
        found.append(MonthView(month=month, missing=None, **flows))
    return found


def _missing(error: ProgrammeError, locale: Locale) -> MissingView:
    return MissingView(code=error.code, message=error.message(locale), fix=error.fix(locale))


def _held(one: Held) -> HeldView:
    return HeldView(
        certificate=one.record.id,
        entry=one.entry,
        mwh=one.record.mwh,
        left=exact_text(one.left),
        taken=one.taken,
        uses=[
            UseView(entry=use.entry, site=use.site, period_start=use.start, period_end=use.end, mwh=exact_text(use.mwh))
            for use in one.uses
        ],
    )
