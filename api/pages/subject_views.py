"""The lists of routes and products: what each emits, the largest first, and a picture of where it flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from api.names import readable
from api.pages.catalogue import Translate
from api.pages.footprint_pictures import Column, FlowPicture, picture
from api.pages.words import Figure, figure
from ledger.adapters.files.written_table import Cell, WrittenTable
from ledger.errors import Locale
from ledger.footprint.activity import TransportCell
from ledger.footprint.amount import exact_text
from ledger.footprint.emission import Emission
from ledger.footprint.product import ProductTotal
from ledger.footprint.route import RouteFootprint
from ledger.units import GRAM_METRES_PER_TONNE_KM

GRAMS_PER_TONNE: Final = 10**6
LONGEST_LIST: Final = 200
BAR: Final = 1000


class SubjectRow(NamedTuple):
    """A route or product: its activity as recorded, and its emissions; ``None`` where nothing can be computed."""

    id: str
    name: str
    said: str
    legs: int
    mass: Fraction
    """[t]"""
    activity: Fraction
    """[t km]"""
    emissions: Fraction | None
    """[kg CO2e]"""
    gaps: int
    bar: int
    """Its emissions beside the largest's, of ``BAR``."""

    @property
    def mass_shown(self) -> Figure:
        """Mass for people."""
        return figure(self.mass)

    @property
    def activity_shown(self) -> Figure:
        """Activity for people."""
        return figure(self.activity, 1)

    @property
    def emissions_shown(self) -> Figure | None:
        """Emissions for people."""
        return None if self.emissions is None else figure(self.emissions)


class SubjectsView(NamedTuple):
    """The list: the first ``LONGEST_LIST`` rows of ``total`` that hold what was ``sought``."""

    kind: str
    rows: list[SubjectRow]
    total: int
    sought: str
    flow: FlowPicture | None


class _Moved(NamedTuple):
    """What rows and gaps say was moved."""

    legs: int
    grams: int
    gram_metres: int


def _moved(cells: Iterable[object]) -> _Moved:
    legs = [cell for cell in cells if isinstance(cell, TransportCell)]
    return _Moved(sum(c.count for c in legs), sum(c.grams for c in legs), sum(c.gram_metres for c in legs))


def route_list(found: Mapping[str, RouteFootprint], sought: str, t: Translate, locale: Locale) -> SubjectsView:
    """Routes, and the flow from classes of transport and hubs into them."""
    rows, said, paths = [], dict[str, str](), []
    for name, one in found.items():
        emitted = [row for part in one.parts for row in part.rows]
        moved = _moved([*(row.cell for row in emitted), *(gap.cell for gap in one.gaps)])
        rows.append(_row(name, name, "", moved, one.wtw if emitted else None, len(one.gaps)))
        paths += [((row.subject, name), row.wtw) for row in emitted]
        said |= _classes(emitted, one, locale)
    columns = (Column(t("footprint.subject"), said), Column(t("route.one"), {}, "/routes/{}"))
    return _list("route", rows, sought, picture(paths, columns, t))


def _classes(rows: list[Emission], found: RouteFootprint, locale: Locale) -> dict[str, str]:
    classes = {row.subject: found.factors.classes.get(row.subject) for row in rows}
    return {name: one.zh if locale == "zh-CN" else one.en for name, one in classes.items() if one is not None}


def product_list(
    found: Mapping[str, ProductTotal], names: Mapping[str, str], sought: str, t: Translate
) -> SubjectsView:
    """Products by ``names``, and the flow from stages into them."""
    rows, paths = [], []
    for name, said in names.items():
        one = found.get(name)
        if one is None:
            rows.append(_row(name, readable(name), said, _Moved(0, 0, 0), None, 0))
            continue
        every = [row.cell for stage in one.stages for row in stage.rows]
        moved = _moved([*every, *(gap.cell for gap in one.gaps)])
        rows.append(_row(name, readable(name), said, moved, one.wtw if every else None, len(one.gaps)))
        paths += [((stage.stage, name), stage.wtw) for stage in one.stages if stage.counted]
    stages = {path[0] for path, _ in paths}
    columns = (
        Column(t("footprint.stage"), {stage: t(f"stage.{stage}") for stage in stages}),
        Column(t("product.one"), {name: said or readable(name) for name, said in names.items()}, "/products/{}"),
    )
    return _list("product", rows, sought, picture(paths, columns, t))


def _row(name: str, shown: str, said: str, moved: _Moved, emissions: Fraction | None, gaps: int) -> SubjectRow:  # noqa: PLR0917 - a line of the list
    mass = Fraction(moved.grams, GRAMS_PER_TONNE)
    activity = Fraction(moved.gram_metres, GRAM_METRES_PER_TONNE_KM)
    return SubjectRow(name, shown, said, moved.legs, mass, activity, emissions, gaps, 0)


def _list(kind: str, rows: list[SubjectRow], sought: str, flow: FlowPicture | None) -> SubjectsView:
    rows.sort(key=lambda row: (row.emissions is None, -(row.emissions or 0), row.name))
    most = max((row.emissions or Fraction(0) for row in rows), default=Fraction(0))
    drawn = [row._replace(bar=round((row.emissions or 0) / most * BAR) if most > 0 else 0) for row in rows]
    return SubjectsView(kind, drawn, len(rows), sought, flow)


def subjects_table(view: SubjectsView, t: Translate) -> WrittenTable:
    """The whole list for a spreadsheet."""
    words = ("legs", "mass", "activity", "total")
    headings = [t(f"{view.kind}.one"), t("export.name"), *(t(f"footprint.{word}") for word in words)]
    rows: list[list[Cell]] = [
        [
            row.name,
            row.said,
            row.legs,
            row.mass,
            row.activity,
            row.emissions,
            "" if row.emissions is None else exact_text(row.emissions),
            row.gaps,
        ]
        for row in view.rows
    ]
    return WrittenTable(t(f"nav.{view.kind}s"), [*headings, t("export.exact"), t("export.gaps")], rows)
