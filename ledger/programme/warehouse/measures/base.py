"""What a measure is, and what it finds: a part of a whole, line by line, with every entry behind it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, Protocol

from ledger.programme.warehouse.errors import EvidenceMissing, SiteLocationMissing, StatementMissing
from ledger.programme.warehouse.site_year import Amount, Counted, SiteEvents, SiteYear
from ledger.records.index_scheme import MeasureName
from ledger.records.site_score import WORST, Quality
from ledger.records.warehouse_site import StatedMeasure


class Line(NamedTuple):
    """A line of a working: what it is (a word of the message catalogue), how much, in which unit."""

    what: str
    amount: Amount
    unit: str


class Measured(NamedTuple):
    """``part`` / ``whole``, with the working; ``left_out`` names what could not be counted."""

    part: Fraction
    whole: Fraction
    lines: tuple[Line, ...]
    left_out: tuple[str, ...] = ()

    @property
    def value(self) -> Fraction:
        """What the scale reads."""
        return self.part / self.whole

    @property
    def entries(self) -> tuple[int, ...]:
        """Every entry it follows from, in order."""
        return tuple(sorted({entry for line in self.lines for entry in line.amount.entries}))

    @property
    def quality(self) -> Quality:
        """That of its weakest line; a line without entries says nothing."""
        told = [line.amount.quality for line in self.lines if line.amount.entries]
        return min(told, key=WORST.index, default="recorded")


class Measure(Protocol):
    """One measure: its name, the unit of its value, and how it is found."""

    @property
    def name(self) -> MeasureName:
        """As a scheme names it."""
        ...

    @property
    def unit(self) -> str:
        """``kWh/m²``, or ``%`` for shares."""
        ...

    def of(self, year: SiteYear) -> Measured:
        """The measure of a site in a year. Raises ``ProgrammeError`` where data are missing or contradict."""
        ...


class Observable(Measure, Protocol):
    """A measure that is stated, and that events can be counted for as well."""

    def counted(self, year: SiteYear, days: int) -> Measured:
        """From events; ``days`` is the limit of idle stock. Raises ``ProgrammeError``."""
        ...


def counted(year: SiteYear, name: MeasureName, words: tuple[str, str], found: tuple[Counted, Counted]) -> Measured:
    """Pieces of pieces, by events. Raises ``NothingCounted`` of nothing."""
    part, whole = found
    lines = (Line(words[0], part.amount, "pieces"), Line(words[1], whole.amount, "pieces"))
    return Measured(Fraction(part.things), year.whole(Fraction(whole.things), name), lines)


def events_of(year: SiteYear) -> SiteEvents:
    """What events say. Raises ``SiteLocationMissing``."""
    if year.events is None:
        raise SiteLocationMissing(site=year.site)
    return year.events


def stated(year: SiteYear, measure: StatedMeasure, part: str, whole: str, unit: str) -> Measured:
    """
    What somebody stated, with evidence that was handed in about the site before.

    Raises ``StatementMissing``, ``EvidenceMissing``.
    """
    found = year.statements.get(measure)
    if found is None:
        raise StatementMissing(site=year.site, measure=measure, year=year.year)
    entry, said = found
    shown = [year.files[one] for one in said.evidence if one in year.files]
    if not shown:
        raise EvidenceMissing(site=year.site, measure=measure, entry=entry)
    entries = (entry, *sorted(shown))
    lines = (
        Line(part, Amount(Fraction(said.part), entries, "stated"), unit),
        Line(whole, Amount(Fraction(said.whole), (entry,), "stated"), unit),
    )
    return Measured(Fraction(said.part), Fraction(said.whole), lines)
