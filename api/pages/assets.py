"""Assets for people: the list, one life at any time, what was flagged, and figures by category."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.asset_views import HISTORY
from api.deps import LedgerDep, PrincipalDep, locale_for
from api.faults import NoSuchAddress
from api.pages.catalogue import translator
from api.pages.life_views import (
    AnomalyRow,
    AssetRow,
    EventRow,
    FigureBar,
    FigureRow,
    Tile,
    age_bars,
    anomaly_row,
    asset_row,
    bars,
    category_name,
    event_row,
    figure_row,
    mass_text,
    next_stages,
    tiles,
    value_text,
)
from api.pages.shell import page
from ledger.errors import IdentityError
from ledger.identity import canonical
from ledger.lifecycle.kpi import AGE_LIMITS, total
from ledger.lifecycle.stage import NEXT
from ledger.ports import AssetLife
from ledger.records.record import microseconds
from ledger.services.assets import figures, wanted

router = APIRouter(include_in_schema=False)
ROWS = 50
Text = Annotated[str, Query(max_length=2048)]


class AssetsView(NamedTuple):
    """The list with what was asked for; ``stages`` and ``categories`` are the choices (code, words)."""

    rows: list[AssetRow]
    total: int
    flagged: int
    category: str
    stage: str
    place: str
    categories: list[tuple[str, str]]
    stages: list[str]
    next_after: str
    filtered: bool


class LifeView(NamedTuple):
    """A life, now or at a moment."""

    row: AssetRow
    code: str
    category: str
    holder: str
    parent: AssetRow | None
    relation: str
    mass: str
    value: str
    at: str
    moment: datetime | None
    events: list[EventRow]
    contents: list[AssetRow]
    aliases: list[tuple[str, int]]
    anomalies: list[AnomalyRow]
    next_stages: list[str]


class AnomaliesView(NamedTuple):
    """What was flagged, the latest entry first."""

    rows: list[AnomalyRow]
    total: int
    next_before: int | None


class FiguresView(NamedTuple):
    """Figures by category."""

    tiles: list[Tile]
    reuse: list[FigureBar]
    ages: list[FigureBar]
    rows: list[FigureRow]
    idle_after: int
    limits: tuple[int, ...]
    unvalued: int
    unweighed: int
    ours: bool


@router.get("/assets")
def assets(
    *,
    request: Request,
    ledger: LedgerDep,
    principal: PrincipalDep,
    category: Text = "",
    stage: Text = "",
    place: Text = "",
    after: Text = "",
) -> Response:
    """Assets of the reader's tenant."""
    locale = locale_for(request)
    counts = ledger.lifecycles.counts(principal.tenant)
    chosen = wanted(ledger.assets, category, stage, _known_place(place))
    found = ledger.lifecycles.assets(principal.tenant, chosen, after, ROWS + 1)
    categories = [(code, category_name(ledger.assets, code, locale)) for code in ledger.assets.categories()]
    view = AssetsView(
        rows=[asset_row(ledger, one, locale) for one in found[:ROWS]],
        total=counts["assets"],
        flagged=counts["anomalies"],
        category=category,
        stage=stage,
        place=place,
        categories=categories,
        stages=list(NEXT),
        next_after=found[ROWS - 1].id if len(found) > ROWS else "",
        filtered=bool(category or stage or place),
    )
    return page(request, "assets.html", view, crumbs=((translator(locale)("nav.assets"), ""),))


def _known_place(text: str) -> str:
    try:
        return canonical(text.strip()) if text.strip() else ""
    except IdentityError:
        return text.strip()


@router.get("/assets/anomalies")
def anomalies(
    request: Request,
    ledger: LedgerDep,
    principal: PrincipalDep,
    before: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """What was flagged."""
    locale = locale_for(request)
    found = ledger.lifecycles.anomalies(principal.tenant, None, before, ROWS)
    more = found[-1].seq if len(found) == ROWS else None
    rows = [anomaly_row(ledger.places, one, locale) for one in found]
    view = AnomaliesView(rows, ledger.lifecycles.counts(principal.tenant)["anomalies"], more)
    t = translator(locale)
    return page(request, "anomalies.html", view, crumbs=((t("nav.assets"), "/assets"), (t("life.anomalies"), "")))


@router.get("/assets/figures")
def asset_figures(
    request: Request,
    ledger: LedgerDep,
    principal: PrincipalDep,
    idle: Literal["30", "90", "180", "365"] = "180",
) -> Response:
    """Figures by category."""
    locale, days = locale_for(request), int(idle)
    found = figures(ledger.lifecycles, ledger.assets, principal.tenant, microseconds(ledger.clock.now()))
    whole = total(found)
    t = translator(locale)
    view = FiguresView(
        tiles=tiles(whole, days),
        reuse=bars(ledger.assets, found, locale),
        ages=age_bars(whole.ages, t),
        rows=[figure_row(ledger.assets, code, row, days, locale) for code, row in found.items()],
        idle_after=days,
        limits=AGE_LIMITS,
        unvalued=whole.unvalued,
        unweighed=whole.unweighed,
        ours=getattr(ledger.assets, "bundled", True),
    )
    return page(request, "asset-figures.html", view, crumbs=((t("nav.assets"), "/assets"), (t("life.figures"), "")))


@router.get("/assets/life/{asset_id:path}")
def life(
    request: Request,
    asset_id: str,
    ledger: LedgerDep,
    principal: PrincipalDep,
    at: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The life of an asset by any of its codes, now or at a moment (UTC where no offset is given)."""
    locale, tenant, store = locale_for(request), principal.tenant, ledger.lifecycles
    when = _moment(at)
    moment = None if when is None else microseconds(when)
    found = store.asset(tenant, _known_place(asset_id), moment)
    now = found or store.asset(tenant, _known_place(asset_id))
    if now is None:
        raise NoSuchAddress
    shown = found or AssetLife(now.id, tenant, now.product, type(now.life)())
    parent = store.asset(tenant, shown.life.parent, moment) if shown.life.parent else None
    row = asset_row(ledger, shown, locale)
    flagged = store.anomalies(tenant, now.id, limit=HISTORY)
    view = LifeView(
        row=row,
        code=now.id,
        category=row.category,
        holder=shown.life.holder,
        parent=asset_row(ledger, parent, locale) if parent else None,
        relation=shown.life.relation,
        mass=mass_text(shown.life.mass_g),
        value=value_text(shown.life.value_fen),
        at=when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if when else "",
        moment=when,
        events=[
            event_row(ledger.places, one, locale) for one in reversed(store.history(tenant, now.id, moment, HISTORY))
        ],
        contents=[asset_row(ledger, one, locale) for one in store.contents(tenant, now.id, moment, ROWS)],
        aliases=[(alias.code, alias.seq) for alias in store.aliases(tenant, now.id)],
        anomalies=[anomaly_row(ledger.places, one, locale) for one in flagged if moment is None or one.at <= moment],
        next_stages=next_stages(shown.life.stage),
    )
    crumbs = ((translator(locale)("nav.assets"), "/assets"), (row.name, ""))
    return page(request, "asset.html", view, crumbs=crumbs)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
