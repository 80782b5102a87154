"""Goods between two named places by several modes: the chain of each put together, its distances measured, weighed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.errors import LedgerError, Place
from ledger.footprint.alternatives import Compared, Section, Unweighed, Way, compare
from ledger.footprint.factor import FactorSet
from ledger.ports.distances import Distances, Mode, ModeNotMeasured, Spot
from ledger.services.measure_distance import usual_basis
from ledger.units import Grams

STATED: Final = "stated"


class Choice(NamedTuple):
    """
    One mode as somebody would use it.

    ``vehicle`` is the class of transport of its main section, which runs from ``start`` to ``end``, stations, ports or
    airports by name or code; empty is the consignment's own place. ``metres`` [m] is the carrier's distance, where the
    carrier states it.
    """

    mode: Mode
    vehicle: str
    start: str = ""
    end: str = ""
    metres: int | None = None
    hours: Fraction | None = None
    cost: Fraction | None = None


class Question(NamedTuple):
    """
    Goods of ``mass_g`` [g] from ``origin`` to ``destination``, leaving on ``day``.

    ``access`` is the class of road transport to and from stations; ``allowed`` [h] and ``handling`` [kg CO2e/t] as in
    ``compare``.
    """

    origin: str
    destination: str
    mass_g: Grams
    day: date
    access: str
    choices: tuple[Choice, ...]
    allowed: Fraction | None = None
    handling: Fraction | None = None


def compare_modes(
    question: Question, distances: Distances, factors: FactorSet, *, unpublished: bool = False
) -> Compared:
    """
    Every choice weighed; one whose places, distance or factor are not known is refused by its mode, the rest stand.

    Rail and inland water without a stated distance rest on the great circle, which the standard allows, and say so in
    their sections. Raises ``PlaceNotFound`` and ``PlaceAmbiguous`` for the ends (pointers ``/from``, ``/to``), and what
    ``compare`` raises.
    """
    ends = [
        _spot(distances, name, "road", pointer, unpublished=unpublished)
        for name, pointer in ((question.origin, "/from"), (question.destination, "/to"))
    ]
    ways: list[Way] = []
    refused: list[Unweighed] = []
    for choice in question.choices:
        try:
            sections = tuple(_sections(choice, question.access, ends, distances, unpublished=unpublished))
            ways.append(Way(choice.mode, sections, choice.hours, choice.cost))
        except LedgerError as error:
            refused.append(Unweighed(choice.mode, error))
    found = compare(question.mass_g, question.day, ways, factors, allowed=question.allowed, handling=question.handling)
    return found._replace(refused=(*refused, *found.refused))


def _sections(
    choice: Choice, access: str, ends: list[Spot], distances: Distances, *, unpublished: bool
) -> Iterator[Section]:
    """The main section, and by road to where it begins and from where it ends, unless it begins or ends at the door."""
    here, there = (
        _spot(distances, name, choice.mode, f"/{choice.mode}/{side}", unpublished=unpublished) if name else end
        for name, end, side in zip((choice.start, choice.end), ends, ("from", "to"), strict=True)
    )
    if here.code != ends[0].code:
        yield _measured(distances, "road", access, ends[0], here)
    yield _main(choice, distances, here, there)
    if there.code != ends[1].code:
        yield _measured(distances, "road", access, there, ends[1])


def _main(choice: Choice, distances: Distances, here: Spot, there: Spot) -> Section:
    if choice.metres is not None:
        basis = usual_basis(choice.mode)
        return Section(here.told(), there.told(), choice.mode, choice.vehicle, choice.metres, basis, STATED)
    return _measured(distances, choice.mode, choice.vehicle, here, there)


def _measured(distances: Distances, mode: Mode, vehicle: str, start: Spot, end: Spot) -> Section:
    try:
        found = distances.measure(mode, usual_basis(mode), (start, end))
    except ModeNotMeasured:
        found = distances.measure(mode, "gcd", (start, end))
    return Section(
        start.told(), end.told(), mode, vehicle, found.metres, found.basis, f"{found.method} {found.version}"
    )


def _spot(distances: Distances, name: str, mode: Mode, pointer: str, *, unpublished: bool) -> Spot:
    try:
        return distances.find(name, mode, unpublished=unpublished)
    except LedgerError as error:
        raise error.at(Place(pointer=pointer)) from None
