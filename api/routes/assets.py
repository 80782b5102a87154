"""Assets of the tenant: lists, lives, what was flagged, categories, and figures by category."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.asset_views import (
    anomaly_view,
    asset_view,
    category_view,
    kpi_lines,
    kpi_row,
    life_view,
    lifecycle,
)
from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.faults import NoSuchAddress, ParameterRefused
from api.schemas.assets import AnomalyPage, AssetPage, CategoryList, KpiTable, Lifecycle, LifeView
from api.wire import instant, reply
from ledger.identity import canonical
from ledger.lifecycle.kpi import IDLE_AFTER, total
from ledger.records.record import microseconds
from ledger.services.assets import figures, wanted

router = APIRouter(tags=["assets"])
MOST: Final = 1000
Text = Annotated[str, Query(max_length=2048)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
IdleAfter = Annotated[Literal["30", "90", "180", "365"], Query(description="Days after which stock counts as idle")]
Moment = Annotated[datetime | None, Query(description="RFC 3339, with its offset; now unless given")]


@router.get("/api/v1/assets", **gives(AssetPage))
def list_assets(
    *,
    ledger: LedgerDep,
    principal: PrincipalDep,
    category: Text = "",
    stage: Text = "",
    place: Text = "",
    after: Text = "",
    limit: Limit = 100,
) -> Response:
    """Assets of a category, in a stage, at a place (a location number takes in its extensions)."""
    where = canonical(place) if place else ""
    found = ledger.lifecycles.assets(principal.tenant, wanted(ledger.assets, category, stage, where), after, limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return reply(AssetPage(assets=[asset_view(one, ledger.assets) for one in found[:limit]], next_after=more))


@router.get("/api/v1/assets/{asset_id:path}/life", **gives(LifeView))
def get_life(asset_id: str, ledger: LedgerDep, principal: PrincipalDep, at: Moment = None) -> Response:
    """The life of an asset by any of its codes, up to now or to a moment."""
    moment = moment_of(at)
    found = ledger.lifecycles.asset(principal.tenant, canonical(asset_id), moment)
    if found is None:
        raise NoSuchAddress
    return reply(life_view(ledger.lifecycles, ledger.assets, found, moment))


def moment_of(at: datetime | None) -> int | None:
    """Microseconds of a moment that was asked for. Raises ``ParameterRefused`` without an offset."""
    if at is not None and at.tzinfo is None:
        raise ParameterRefused(name="at", why="the offset is missing, as in 2026-01-31T08:00:00+08:00")
    return None if at is None else microseconds(at)


@router.get("/api/v1/asset-anomalies", **gives(AnomalyPage))
def list_anomalies(
    ledger: LedgerDep, principal: PrincipalDep, before: Annotated[int | None, Query(ge=0)] = None, limit: Limit = 100
) -> Response:
    """Contradictions between events, the latest entry first. They are flagged; nothing was refused."""
    found = ledger.lifecycles.anomalies(principal.tenant, None, before, limit)
    more = found[-1].seq if len(found) == limit else None
    return reply(AnomalyPage(anomalies=[anomaly_view(one) for one in found], next_before=more))


@router.get("/api/v1/asset-categories", **gives(CategoryList))
def list_categories(ledger: LedgerDep) -> Response:
    """The categories with their attributes. The bundled table is this software's own; an operator may replace it."""
    return reply(CategoryList(categories=[category_view(one) for one in ledger.assets.categories().values()]))


@router.get("/api/v1/asset-kpis", **gives(KpiTable, or_text="text/csv"))
def get_kpis(
    ledger: LedgerDep,
    principal: PrincipalDep,
    idle_after_days: IdleAfter = "180",
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Tagged share, reuse rate by count and by mass, and idle stock by age and value, by category; exact."""
    now, days = microseconds(ledger.clock.now()), int(idle_after_days or IDLE_AFTER)
    found = figures(ledger.lifecycles, ledger.assets, principal.tenant, now)
    if form == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(kpi_lines(found | {"total": total(found)}, days))
        headers = {"Content-Disposition": 'attachment; filename="asset-kpis.csv"'}
        return Response("\ufeff" + out.getvalue(), headers=headers, media_type="text/csv; charset=utf-8")
    rows = [kpi_row(category, row, days) for category, row in found.items()]
    return reply(
        KpiTable(at=instant(now), idle_after_days=days, categories=rows, total=kpi_row("", total(found), days))
    )


@router.get("/api/v1/lifecycle", **gives(Lifecycle))
def get_lifecycle() -> Response:
    """The lifecycle of an asset as a table: stages, what may follow each, and the events that bring it there."""
    return reply(lifecycle())
