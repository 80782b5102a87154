"""A day's workbook opened for its drafts: read once for many pages, its distances stated, or measured once for all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from api.faults import ParameterRefused
from api.plan_asks import ask_of
from ledger.adapters.files.plan_rates import Rating
from ledger.adapters.files.plan_refused import located
from ledger.adapters.files.plan_workbook import DayBook, read_day
from ledger.errors import FootprintError
from ledger.footprint.factor import FactorSet
from ledger.planning.loads.kept import KeptLoad
from ledger.planning.refusal import Refusal
from ledger.planning.routes.kept import KeptPlan, restored
from ledger.planning.routes.plan import Plan
from ledger.planning.routes.problem import Distances, Problem
from ledger.planning.routes.what_if import changed
from ledger.ports.distances import PlaceNotFound
from ledger.ports.plan_drafts import PlanDraft
from ledger.services.plan_drafts import PlanDraftAbsent, PlanNotReady
from ledger.services.plan_routes import Measured, measured_table
from ledger.wiring import Ledger

_KEPT = 6
DAY: Final = "day"
FACTOR_SET: Final = "factor_set"
PINNED: Final = (DAY, FACTOR_SET)
"""What every draft of a file keeps of how it is read: the day, and the hash of the factor set."""
_KEPT_MEASURED = 2
"""A table of the most places has about 150 megabytes."""


class KeptDraft(NamedTuple):
    """What came of a draft: the plan, and the load of each of its vehicles that could be laid in."""

    plan: KeptPlan
    loads: tuple[KeptLoad | None, ...] = ()


_RESULT = msgspec.json.Decoder(KeptDraft)


class Table(NamedTuple):
    """Measured distances as they are kept: [m], [s] by place, and the places that are on no road, in words."""

    places: tuple[str, ...]
    metres: tuple[tuple[int, ...], ...]
    seconds: tuple[tuple[int, ...], ...]
    unknown: tuple[str, ...]


class Day(NamedTuple):
    """What a file says, as a problem; ``faults`` say why places were not measured."""

    book: DayBook
    problem: Problem
    faults: dict[str, FootprintError]
    file: str

    def left_out(self, plan: Plan) -> list[Refusal]:
        """Rows of the file that cannot be read, then those that the plan leaves out, each with its place."""
        return [*self.book.refused, *(located(one, self.book, self.faults, self.file) for one in plan.refused)]


def open_day(ledger: Ledger, draft: PlanDraft) -> Day:
    """
    The day of a draft of routes whose distances are known.

    Raises ``PlanDraftAbsent`` for another kind, ``PlanNotReady``, and what reading raises.
    """
    if draft.kind != "routes":
        raise PlanDraftAbsent(draft=draft.id)
    book = book_of(ledger, draft)
    if book.legs:
        return Day(book, _problem(book, _stated(ledger, draft)), {}, draft.file)
    if not draft.table:
        raise PlanNotReady(draft=draft.name, stage=draft.stage)
    distances, unknown = _measured(ledger.contents.read, draft.table)
    return Day(book, _problem(book, distances), {name: _fault(ledger, name) for name in unknown}, draft.file)


def measure(ledger: Ledger, draft: PlanDraft, told: Callable[[int, int], None]) -> str:
    """Measure the distances of a draft's day where its file states none; the hash they are kept under, or nothing."""
    book = book_of(ledger, draft)
    if book.legs or draft.table:
        return draft.table
    found: Measured = measured_table(book.places, ledger.distances, ask_of(draft.said).speed, told)
    metres, seconds = (tuple(tuple(map(int, row)) for row in one) for one in (found.table.metres, found.table.seconds))
    table = Table(found.table.places, metres, seconds, tuple(found.faults))
    return ledger.contents.keep(msgspec.json.encode(table))


def problem_of(day: Day, draft: PlanDraft) -> Problem:
    """The day as this draft asks it."""
    return changed(day.problem, ask_of(draft.said).changes)


def result_of(ledger: Ledger, draft: PlanDraft) -> KeptDraft:
    """What came of a draft, as it is kept."""
    return _RESULT.decode(ledger.plans.result(draft.tenant, draft.id))


def plan_of(day: Day, draft: PlanDraft, result: KeptDraft) -> Plan:
    """The plan that came of a draft, every figure worked out anew."""
    return restored(problem_of(day, draft), result.plan)


def positions_of(ledger: Ledger, day: Day) -> dict[str, tuple[Decimal, Decimal]]:
    """Where places are [degrees]: as the file states it, else as its distances were measured."""
    found = dict(day.book.positions)
    if not day.book.legs:
        for place in day.problem.distances.index:
            if place not in found:
                with suppress(FootprintError):
                    spot = ledger.distances.find(place, "road", unpublished=True)
                    found[place] = (spot.latitude, spot.longitude)
    return found


def _fault(ledger: Ledger, place: str) -> FootprintError:
    try:
        ledger.distances.find(place, "road", unpublished=True)
    except FootprintError as error:
        return error
    return PlaceNotFound(text=place, nearest="-")


def book_of(ledger: Ledger, draft: PlanDraft) -> DayBook:
    """The workbook of a draft. Raises leaves of ``FileError``, ``SheetMissing``."""
    return _read(ledger.contents.read, ledger.factors.factor_set, draft.sha256, draft.file, _rated_by(draft))


def _rated_by(draft: PlanDraft) -> tuple[str, str]:
    """The hash of the set and the day that its file is read with."""
    return draft.said.get(FACTOR_SET, ""), draft.said.get(DAY, "")


@lru_cache(_KEPT)
def _read(
    content: Callable[[str], bytes], sets: Callable[[str], FactorSet], sha256: str, file: str, said: tuple[str, str]
) -> DayBook:
    factor_set, day = said
    rating = Rating(sets(factor_set), date.fromisoformat(day)) if factor_set and day else None
    return read_day(content(sha256), file, rating)


def pinned(ledger: Ledger, file: tuple[str, bytes], day: str) -> tuple[DayBook, dict[str, str]]:
    """
    A file (name, content) as it is read at first, and what its drafts keep: the day, and the set in force by its hash.

    Raises ``ParameterRefused`` for a day that is none, ``PlanDayMissing``, and what reading raises.
    """
    name, data = file
    if not day:
        return read_day(data, name), {}
    try:
        when = date.fromisoformat(day)
    except ValueError as error:
        raise ParameterRefused(name=DAY, why=str(error)) from None
    rating = Rating(ledger.factors.current(), when)
    return read_day(data, name, rating), {DAY: day, FACTOR_SET: rating.factors.hash}


def _stated(ledger: Ledger, draft: PlanDraft) -> Distances:
    return _distances(ledger.contents.read, ledger.factors.factor_set, draft.sha256, draft.file, _rated_by(draft))


@lru_cache(_KEPT)
def _distances(
    content: Callable[[str], bytes], sets: Callable[[str], FactorSet], sha256: str, file: str, said: tuple[str, str]
) -> Distances:
    return _read(content, sets, sha256, file, said).distances()


@lru_cache(_KEPT_MEASURED)
def _measured(content: Callable[[str], bytes], sha256: str) -> tuple[Distances, tuple[str, ...]]:
    """The distances, and the places that are on no road."""
    table = msgspec.json.decode(content(sha256), type=Table)
    return Distances.of(table.places, table.metres, table.seconds), table.unknown


def _problem(book: DayBook, distances: Distances) -> Problem:
    return Problem(book.depots, book.fleets, book.orders, distances)
