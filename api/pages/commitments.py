"""The six commitments: who signed which, by which indicator, and how far each is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.charts.path import PathChart, path_chart
from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import Figure, figure
from api.paging import After, place_of, text_of
from api.parties import party_names, party_of
from api.permissions import may
from ledger.errors import Locale
from ledger.programme.commitments import COMMITMENTS, Commitment, Pledged, PledgeState
from ledger.records.pledge import Pledge, PledgeValue
from ledger.services.commitments import Signed, pledge_seen, pledges_page, signatories, signed

router = APIRouter(include_in_schema=False)
_WIDTH = 1000


class PledgeRow(NamedTuple):
    """A pledge with its last value; ``width`` is the share of its way in thousandths, 0 to 1000."""

    pledge: Pledge
    supplier: str
    state: PledgeState
    year: int
    value: Figure | None
    base: Figure
    target: Figure
    way: Figure | None
    width: int


class CommitmentRow(NamedTuple):
    """
    A commitment with its pledges on this page: how many there are in all, how many signed, how many stand how, and the
    widths of those in thousandths.
    """

    commitment: Commitment
    text: str
    shown: list[PledgeRow]
    pledges: int
    signatories: int
    counts: list[tuple[PledgeState, int, int, int]]


class CommitmentsView(NamedTuple):
    """The board."""

    rows: list[CommitmentRow]
    signatories: int
    pledges: int
    more: str | None
    may_write: bool


class ValueRow(NamedTuple):
    """A year: the line, the value, and how it was stated."""

    year: int
    line: Figure
    value: Figure | None
    entry: int
    stated: PledgeValue | None


class PledgePage(NamedTuple):
    """One pledge with its picture."""

    row: PledgeRow
    entry: int
    text: str
    chart: PathChart
    years: list[tuple[int, str]]
    scale: list[tuple[int, str]]
    values: list[ValueRow]
    may_write: bool


@router.get("/commitments")
def commitments(request: Request, scope: ScopeDep, after: After = None) -> Response:
    """All of the house, or the reader's organisation's own: the counts of all, and pledges page by page."""
    locale, party = locale_for(request), party_of(scope.principal)
    names = party_names(scope.ledger, scope.tenant)
    page_of, more = pledges_page(scope.ledger, party, place_of(after))
    found, counted = [_row(one, names) for one in page_of], signed(scope.ledger, party)
    view = CommitmentsView(
        rows=[
            _commitment(one, states, [row for row in found if row.pledge.commitment == one.name], locale)
            for one, states in zip(COMMITMENTS, counted, strict=True)
        ],
        signatories=signatories(scope.ledger, party),
        pledges=sum(one.pledges for one in counted),
        more=text_of(more),
        may_write=may(scope.principal, "commitments.write"),
    )
    return page(request, "commitments.html", view, crumbs=((translator(locale)("nav.commitments"), ""),))


@router.get("/commitments/{pledge_id:path}")
def pledge(request: Request, pledge_id: str, scope: ScopeDep) -> Response:
    """One pledge: its line, its values, what shows them."""
    locale = locale_for(request)
    one = pledge_seen(scope.ledger, party_of(scope.principal), pledge_id)
    said = one.pledge
    text = next(_worded(each, locale) for each in COMMITMENTS if each.name == said.commitment)
    line = {year: one.line(year) for year in range(said.base_year, said.target_year + 1)}
    shown = {year: Fraction(value.value) for year, (_, value) in one.values.items() if year in line}
    chart = path_chart(line, shown)
    view = PledgePage(
        row=_row(one, party_names(scope.ledger, scope.tenant)),
        entry=one.entry,
        text=text,
        chart=chart,
        years=[(mark.at, str(mark.value)) for mark in chart.years],
        scale=[(mark.at, figure(mark.value, 1).shown) for mark in chart.scale],
        values=[_value(one, year) for year in sorted({*line, *one.values})],
        may_write=may(scope.principal, "commitments.write"),
    )
    crumbs = ((translator(locale)("nav.commitments"), "/commitments"), (said.indicator, ""))
    return page(request, "commitment.html", view, crumbs=crumbs)


def _worded(one: Commitment, locale: Locale) -> str:
    return one.zh if locale == "zh-CN" else one.en


def _row(one: Pledged, names: Mapping[str, str]) -> PledgeRow:
    said, latest, way = one.pledge, one.latest, one.way
    return PledgeRow(
        pledge=said,
        supplier=names.get(said.supplier, said.supplier),
        state=one.state,
        year=latest[0] if latest else 0,
        value=figure(latest[1], 1) if latest else None,
        base=figure(Fraction(said.base_value), 1),
        target=figure(Fraction(said.target_value), 1),
        way=figure(way * 100, 1) if way is not None else None,
        width=round(min(max(way or Fraction(0), Fraction(0)), Fraction(1)) * _WIDTH),
    )


def _commitment(one: Commitment, counted: Signed, rows: list[PledgeRow], locale: Locale) -> CommitmentRow:
    counts, at, passed = list[tuple[PledgeState, int, int, int]](), 0, 0
    for state, count in counted.states.items():
        passed += count
        upto = passed * _WIDTH // counted.pledges if counted.pledges else 0
        counts.append((state, count, at, upto - at))
        at = upto
    return CommitmentRow(one, _worded(one, locale), rows, counted.pledges, counted.signatories, counts)


def _value(one: Pledged, year: int) -> ValueRow:
    told = one.values.get(year)
    return ValueRow(
        year=year,
        line=figure(one.line(year), 1),
        value=figure(Fraction(told[1].value), 1) if told else None,
        entry=told[0] if told else 0,
        stated=told[1] if told else None,
    )
