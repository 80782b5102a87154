"""Pictures of a footprint: what its stages add up to, and where it flows from. Every part leads to its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.charts.flow import REST, Band, Node, Path, flow
from api.charts.waterfall import Segment, waterfall
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure, segment
from ledger.footprint.emission import Emission
from ledger.units import shown

TTW: Final = "1"
WTT: Final = "3"
UNSPLIT: Final = "4"
"""Colours of the style sheet."""


class FallView(NamedTuple):
    """A bar of the waterfall: what it is, its amount and share, its drawn parts, and where it leads."""

    label: str
    value: Figure
    percent: str
    segments: tuple[Segment, ...]
    href: str


class NodeView(NamedTuple):
    """A node of the flow with its words."""

    node: Node
    label: str
    value: Figure


class BandView(NamedTuple):
    """A band of the flow, and the sentence that says it."""

    band: Band
    said: str


class FlowPicture(NamedTuple):
    """A flow to draw; ``left_out`` says whether amounts below zero, which cannot flow, are missing from it."""

    height: int
    columns: tuple[str, ...]
    nodes: list[NodeView]
    bands: list[BandView]
    left_out: bool


def falls_of(rows: Sequence[Emission], t: Translate) -> list[FallView]:
    """The waterfall of a footprint's stages, in the order of its rows, and their sum; empty without emissions."""
    stages = list(dict.fromkeys(row.stage for row in rows))
    parts = [_parts([row for row in rows if row.stage == stage]) for stage in stages]
    whole = sum((amount for step in parts for amount, _ in step), Fraction(0))
    drawn = waterfall(parts)
    if not drawn:
        return []
    sums = [sum((amount for amount, _ in step), Fraction(0)) for step in parts]
    labels = [(t(f"stage.{stage}"), f"#stage-{stage}") for stage in stages]
    return [
        FallView(label, figure(value), shown(value / whole * 100, 1) if whole else "", fall.segments, href)
        for (label, href), value, fall in zip([*labels, (t("footprint.total"), "")], [*sums, whole], drawn, strict=True)
    ]


def _parts(rows: Sequence[Emission]) -> list[tuple[Fraction, str]]:
    """TTW, WTT and what is not split: together the rows' WTW."""
    ttw = sum((row.ttw or Fraction(0) for row in rows), Fraction(0))
    wtt = sum((row.wtt or Fraction(0) for row in rows), Fraction(0))
    wtw = sum((row.wtw for row in rows), Fraction(0))
    return [(ttw, TTW), (wtt, WTT), (wtw - ttw - wtt, UNSPLIT)]


class Column(NamedTuple):
    """A column of a flow: its heading, how its names are said, and the address each leads to ({} in its place)."""

    heading: str
    said: dict[str, str]
    href: str = ""


def picture(amounts: Iterable[tuple[Path, Fraction]], columns: Sequence[Column], t: Translate) -> FlowPicture | None:
    """The flow of amounts [kg CO2e] through columns; ``None`` when nothing flows."""
    given = list(amounts)

    def leads(at: int, name: str) -> str:
        return columns[at].href.replace("{}", segment(name))

    drawn = flow(given, leads)
    if drawn is None:
        return None
    at = {x: number for number, x in enumerate(sorted({node.x for node in drawn.nodes}))}
    nodes = [NodeView(node, _label(node, columns[at[node.x]], t), figure(node.value)) for node in drawn.nodes]
    names = {view.node.name: view.label for view in nodes}
    bands = [
        BandView(band, f"{names[band.source]} → {names[band.target]}: {figure(band.value).shown} kg CO₂e")
        for band in drawn.bands
    ]
    headings = tuple(column.heading for column in columns)
    return FlowPicture(drawn.height, headings, nodes, bands, any(amount < 0 for _, amount in given))


def _label(node: Node, column: Column, t: Translate) -> str:
    return t("flow.others", count=node.stands_for) if node.name == REST else column.said.get(node.name, node.name)


def split(row: Emission) -> list[tuple[str, Fraction]]:
    """A row's emissions as (part, amount): operation and energy provision, or the whole where it is not split."""
    if row.ttw is None or row.wtt is None:
        return [("unsplit", row.wtw)]
    return [("ttw", row.ttw), ("wtt", row.wtt)]
