"""Assets on the wire: from the ledger's values to the shapes of ``api.schemas.assets``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

import msgspec

from api.schemas.assets import (
    AliasView,
    AnomalyView,
    AssetSummary,
    CategoryView,
    KpiRow,
    Lifecycle,
    LifeEventView,
    LifeView,
    Share,
    StageView,
    StepView,
    StockAge,
)
from api.wire import instant
from ledger.lifecycle.anomaly import Anomaly
from ledger.lifecycle.category import NO_PRODUCT, Category, MasterData, category_of
from ledger.lifecycle.kpi import AGE_LIMITS, Figures
from ledger.lifecycle.lives import NEVER
from ledger.lifecycle.stage import NEXT, STEPS, Step, next_steps
from ledger.lifecycle.vocabulary import step_uri
from ledger.ports import AssetLife, HistoryRow, Lifecycles
from ledger.units import shown

HISTORY: Final = 1000
"""Events, contents and anomalies of one asset in one answer at most."""


def asset_view(found: AssetLife, master: MasterData) -> AssetSummary:
    """An asset."""
    life = found.life
    product = master.products().get(found.product, NO_PRODUCT)
    return AssetSummary(
        id=found.id,
        product=found.product,
        category=category_of(life, product),
        stage=life.stage,
        since=_instant(life.stage_at),
        step=life.step,
        disposition=life.disposition,
        place=life.place,
        place_since=_instant(life.place_at),
        holder=life.holder,
        parent=life.parent,
        relation=life.relation,
        tagged=life.tagged,
        dismantled=life.dismantled,
        reused=life.reused,
        mass_g=life.mass_g or product.mass_g,
        value_fen=life.value_fen or product.value_fen,
        last_at=instant(life.last_at),
        last_entry=life.last_seq,
    )


def _instant(moment: int) -> str | None:
    return None if moment == NEVER else instant(moment)


def life_view(lifecycles: Lifecycles, master: MasterData, found: AssetLife, at: int | None) -> LifeView:
    """The life of an asset up to ``at``."""
    tenant, code = found.tenant, found.id
    return LifeView(
        asset=asset_view(found, master),
        at=None if at is None else instant(at),
        history=[event_view(row) for row in lifecycles.history(tenant, code, at, HISTORY)],
        contents=[inside.id for inside in lifecycles.contents(tenant, code, at, HISTORY)],
        aliases=[AliasView(code=a.code, entry=a.seq, at=instant(a.at)) for a in lifecycles.aliases(tenant, code)],
        anomalies=[
            anomaly_view(one) for one in lifecycles.anomalies(tenant, code, limit=HISTORY) if at is None or one.at <= at
        ],
        next_steps=[step_view(step) for step in next_steps(found.life.stage)],
    )


def event_view(row: HistoryRow) -> LifeEventView:
    """An event of an asset."""
    event = row.event
    return LifeEventView(
        entry=event.seq,
        event_id=event.id,
        at=instant(event.at),
        type=event.type,
        action=event.action,
        step=event.step,
        disposition=event.disposition,
        place=event.place,
        role=row.role,
        unit=row.unit,
        voided=row.voided,
        declares_error=event.voids,
    )


def anomaly_view(one: Anomaly[str]) -> AnomalyView:
    """A contradiction."""
    other = None if one.other < 0 else one.other
    return AnomalyView(
        asset=one.key, code=one.code, entry=one.seq, other_entry=other, at=instant(one.at), detail=one.detail
    )


def step_view(step: Step) -> StepView:
    """A row of the lifecycle, its first step and disposition as they are written in an event."""
    return StepView(
        stage=step.stage,
        type=step.type,
        action=step.action,
        biz_step=step_uri(step.steps[0]) if step.steps else "",
        disposition=step.dispositions[0] if step.dispositions else "",
    )


def lifecycle() -> Lifecycle:
    """The whole state machine."""
    rows = [(step.stage, step_view(step)) for step in STEPS]
    stages = [
        StageView(
            stage=stage,
            next=[name for name in NEXT if name in following],
            events=[view for name, view in rows if name == stage],
        )
        for stage, following in NEXT.items()
    ]
    return Lifecycle(stages=stages, looking=[view for name, view in rows if not name])


def category_view(category: Category) -> CategoryView:
    """A category."""
    return msgspec.convert(
        category._asdict() | {"attributes": [a._asdict() for a in category.attributes]}, CategoryView
    )


def percent(value: Fraction, places: int = 1) -> str:
    """A share in per cent, rounded half up."""
    return shown(value * 100, places)


def _share(value: Fraction | None) -> Share | None:
    return None if value is None else Share(exact=f"{value.numerator}/{value.denominator}", percent=percent(value))


def kpi_row(category: str, figures: Figures, idle_after: int) -> KpiRow:
    """Figures of a category."""
    froms = (0, *AGE_LIMITS)
    plain = ("assets", "tagged", "in_use", "in_stock", "ended", "dismantled", "reused", "dismantled_g", "reused_g")
    sums: dict[str, Any] = {name: getattr(figures, name) for name in plain}
    return KpiRow(
        category=category,
        **sums,
        tagged_share=_share(figures.tagged_share),
        reuse_by_count=_share(figures.reuse_by_count),
        reuse_by_mass=_share(figures.reuse_by_mass),
        unweighed=figures.unweighed,
        stock=[
            StockAge(from_days=days, things=things, valued=valued, value_fen=value)
            for days, (things, valued, value) in zip(froms, figures.ages, strict=True)
        ],
        stock_value_fen=figures.stock_value,
        idle_things=figures.idle_things(idle_after),
        idle_value_fen=figures.idle_value(idle_after),
        idle_ratio=_share(figures.idle_ratio(idle_after)),
        unvalued=figures.unvalued,
    )


def kpi_lines(rows: Mapping[str, Figures], idle_after: int) -> Iterable[list[str]]:
    """The same as lines of a table; exact fractions, so that a spreadsheet rounds and not we."""
    yield [
        *("category", "assets", "tagged", "tagged_share", "in_use", "in_stock", "ended", "dismantled", "reused"),
        *("reuse_by_count", "dismantled_g", "reused_g", "reuse_by_mass", "unweighed"),
        *(f"stock_value_fen_from_{days}_days" for days in (0, *AGE_LIMITS)),
        *("stock_value_fen", "idle_things", "idle_value_fen", "idle_ratio", "unvalued", "idle_after_days"),
    ]
    for category, figures in rows.items():
        row = kpi_row(category, figures, idle_after)
        head = (row.category, row.assets, row.tagged, _exact(row.tagged_share), row.in_use, row.in_stock, row.ended)
        middle = (row.dismantled, row.reused, _exact(row.reuse_by_count), row.dismantled_g, row.reused_g)
        tail = (row.stock_value_fen, row.idle_things, row.idle_value_fen, _exact(row.idle_ratio), row.unvalued)
        ages = (age.value_fen for age in row.stock)
        line = (*head, *middle, _exact(row.reuse_by_mass), row.unweighed, *ages, *tail, idle_after)
        yield [str(value) for value in line]


def _exact(share: Share | None) -> str:
    return share.exact if share else ""
