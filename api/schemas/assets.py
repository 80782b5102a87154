"""Shapes of assets. Shares are exact fractions as text (``3/4``) with a rounded percentage beside, null of nothing."""

from __future__ import annotations

from msgspec import Struct


class AssetSummary(Struct, frozen=True, kw_only=True):
    """An asset and its state; ``stage`` is empty while no event says which. Mass in grams, value in 0.01 CNY."""

    id: str
    product: str
    category: str
    stage: str
    since: str | None
    step: str
    disposition: str
    place: str
    place_since: str | None
    holder: str
    parent: str | None
    relation: str
    tagged: bool
    dismantled: int
    reused: int
    mass_g: int
    value_fen: int
    last_at: str
    last_entry: int


class AssetPage(Struct, frozen=True, kw_only=True):
    """Assets by code; ask again with ``after`` = ``next_after`` until it is null."""

    assets: list[AssetSummary]
    next_after: str | None


class LifeEventView(Struct, frozen=True, kw_only=True):
    """An event of an asset. ``role`` is ``content`` for an event of ``unit``, which it was in at that time."""

    entry: int
    event_id: str
    at: str
    type: str
    action: str
    step: str
    disposition: str
    place: str
    role: str
    unit: str
    voided: bool
    declares_error: bool


class AliasView(Struct, frozen=True, kw_only=True):
    """A further code of an asset and the entry that gave it."""

    code: str
    entry: int
    at: str


class AnomalyView(Struct, frozen=True, kw_only=True):
    """A contradiction: the entry that shows it, the entry it contradicts, and the words a message needs."""

    asset: str
    code: str
    entry: int
    other_entry: int | None
    at: str
    detail: dict[str, str]


class AnomalyPage(Struct, frozen=True, kw_only=True):
    """Anomalies, the latest entry first; ask again with ``before`` = ``next_before`` until it is null."""

    anomalies: list[AnomalyView]
    next_before: int | None


class StepView(Struct, frozen=True, kw_only=True):
    """An event that may come next: what to write into it, and the stage it brings the asset to (empty: none)."""

    stage: str
    type: str
    action: str
    biz_step: str
    disposition: str


class LifeView(Struct, frozen=True, kw_only=True):
    """The life of an asset up to a moment: state, history, contents, further codes, anomalies, possible next events."""

    asset: AssetSummary
    at: str | None
    history: list[LifeEventView]
    contents: list[str]
    aliases: list[AliasView]
    anomalies: list[AnomalyView]
    next_steps: list[StepView]


class StageView(Struct, frozen=True, kw_only=True):
    """A stage, which may follow it, and the events that bring an asset to it."""

    stage: str
    next: list[str]
    events: list[StepView]


class Lifecycle(Struct, frozen=True, kw_only=True):
    """The state machine."""

    stages: list[StageView]
    looking: list[StepView]


class AttributeView(Struct, frozen=True, kw_only=True):
    """A property that things of a category have."""

    name: str
    unit: str


class CategoryView(Struct, frozen=True, kw_only=True):
    """A category. ``unit`` is a UN/ECE Recommendation 20 code; ``gpc_brick`` is empty where it is not known."""

    code: str
    zh: str
    en: str
    gpc_brick: str
    unit: str
    mass_needed: bool
    disposal: str
    hazardous: bool
    attributes: list[AttributeView]


class CategoryList(Struct, frozen=True, kw_only=True):
    """Every category, in the order of the table."""

    categories: list[CategoryView]


class Share(Struct, frozen=True, kw_only=True):
    """An exact share and its percentage with one decimal."""

    exact: str
    percent: str


class StockAge(Struct, frozen=True, kw_only=True):
    """Stock held for at least ``from_days``, up to the next limit."""

    from_days: int
    things: int
    valued: int
    value_fen: int


class KpiRow(Struct, frozen=True, kw_only=True):
    """Figures of a category; ``total`` over all. Mass in grams, value in 0.01 CNY."""

    category: str
    assets: int
    tagged: int
    tagged_share: Share | None
    in_use: int
    in_stock: int
    ended: int
    dismantled: int
    reused: int
    reuse_by_count: Share | None
    dismantled_g: int
    reused_g: int
    reuse_by_mass: Share | None
    unweighed: int
    stock: list[StockAge]
    stock_value_fen: int
    idle_things: int
    idle_value_fen: int
    idle_ratio: Share | None
    unvalued: int


class KpiTable(Struct, frozen=True, kw_only=True):
    """Figures by category, what the rule for idle stock is, and when they were taken."""

    at: str
    idle_after_days: int
    categories: list[KpiRow]
    total: KpiRow
