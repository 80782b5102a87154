"""
Alternatives for one consignment, weighed against each other before anything moves.

An alternative is a chain of sections, each with a mode, a class of transport and a distance, as ISO 14083:2023 (clause
5, transport chain elements) has it. Sections are computed by the footprint's own methods from the factor set that is
pinned, so that legs driven exactly so come to the same digits. Handling between sections counts where somebody states
it; where nobody does, the alternative says that it is incomplete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.errors import LedgerError
from ledger.footprint.activity import ActivityCube, TransportCell, start_of
from ledger.footprint.amount import exact_text, total
from ledger.footprint.calculate import emissions_of
from ledger.footprint.emission import Emission
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.errors import DistanceMissing, MassNotPositive
from ledger.units import GRAM_METRES_PER_TONNE_KM, Grams

_GRAMS_PER_TONNE: Final = 10**6


class Section(NamedTuple):
    """
    A part of the way on one vehicle: ``metres`` [m] on ``basis`` (``sfd`` or ``gcd``), found by ``method``.

    ``vehicle`` names a class of transport of the factor set, ``mode`` is that class's.
    """

    start: str
    end: str
    mode: str
    vehicle: str
    metres: int
    basis: str
    method: str


class Way(NamedTuple):
    """An alternative. ``hours`` from door to door and ``cost``, in one currency, where they are known."""

    name: str
    sections: tuple[Section, ...]
    hours: Fraction | None = None
    cost: Fraction | None = None


class Weighed(NamedTuple):
    """
    An alternative with its emissions [kg CO2e, well to wheel].

    ``rows`` are one to a section, with their trail. ``handling`` is what the changes between sections emit; ``None``
    when there are changes and nobody stated it: then ``wtw`` is without, and ``complete`` is false. ``late`` is against
    the time allowed, ``None`` where that or the hours are not known. ``beaten`` when another is no worse in emissions,
    cost and hours, and better in one.
    """

    way: Way
    rows: tuple[Emission, ...]
    handling: Fraction | None
    late: bool | None
    beaten: bool

    @property
    def tonne_km(self) -> Fraction:
        """[t km] on the standard's distances."""
        metres = sum(row.cell.gram_metres for row in self.rows if isinstance(row.cell, TransportCell))
        return Fraction(metres, GRAM_METRES_PER_TONNE_KM)

    @property
    def wtw(self) -> Fraction:
        """Sections and stated handling [kg CO2e]."""
        return total(row.wtw for row in self.rows) + (self.handling or 0)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing from ``wtw``."""
        return self.handling is not None

    def to_record(self) -> dict[str, object]:
        """JSON-able: exact amounts, sections with their factors."""
        return {
            "name": self.way.name,
            "wtw_kg": exact_text(self.wtw),
            "tonne_km": exact_text(self.tonne_km),
            "handling_kg": None if self.handling is None else exact_text(self.handling),
            "complete": self.complete,
            "hours": None if self.way.hours is None else exact_text(self.way.hours),
            "cost": None if self.way.cost is None else exact_text(self.way.cost),
            "late": self.late,
            "beaten": self.beaten,
            "sections": [
                {**section._asdict(), "wtw_kg": exact_text(row.wtw), "trail": row.to_record()["trail"]}
                for section, row in zip(self.way.sections, self.rows, strict=True)
            ],
        }


class Unweighed(NamedTuple):
    """An alternative without a figure, and why."""

    name: str
    error: LedgerError


class Compared(NamedTuple):
    """Alternatives, the least emissions first; those that cannot be computed in ``refused``, with the reason."""

    mass_g: Grams
    weighed: tuple[Weighed, ...]
    refused: tuple[Unweighed, ...]
    factors: FactorSet

    @property
    def least(self) -> Weighed | None:
        """The one that emits least among those that are complete and not known to be late."""
        return next((one for one in self.weighed if one.complete and not one.late), None)


def compare(
    mass_g: Grams,
    day: date,
    ways: Iterable[Way],
    factors: FactorSet,
    *,
    allowed: Fraction | None = None,
    handling: Fraction | None = None,
) -> Compared:
    """
    Every alternative for goods of ``mass_g`` [g] that leave on ``day``, or the reason why it has no figure.

    ``allowed`` are the hours that it may take; ``handling`` [kg CO2e/t], 0 or more, what one change of vehicle emits.
    Raises ``MassNotPositive``.
    """
    if mass_g <= 0:
        raise MassNotPositive(what="mass_g", mass=str(mass_g))
    found: list[tuple[Way, tuple[Emission, ...]]] = []
    refused: list[Unweighed] = []
    for way in ways:
        try:
            found.append((way, tuple(_emitted(mass_g, day, way, factors))))
        except LedgerError as error:
            refused.append(Unweighed(way.name, error))
    tonnes = Fraction(mass_g, _GRAMS_PER_TONNE)
    weighed = [
        Weighed(
            way,
            rows,
            _handled(way, tonnes, handling),
            None if allowed is None or way.hours is None else way.hours > allowed,
            beaten=False,
        )
        for way, rows in found
    ]
    judged = (one._replace(beaten=any(_beats(other, one) for other in weighed)) for one in weighed)
    return Compared(mass_g, tuple(sorted(judged, key=lambda one: (one.wtw, one.way.name))), tuple(refused), factors)


def _emitted(mass_g: Grams, day: date, way: Way, factors: FactorSet) -> Iterator[Emission]:
    at = start_of(day)
    for section in way.sections:
        if section.metres <= 0:
            raise DistanceMissing(what=f"{section.start} → {section.end}")
        cell = TransportCell(
            route=way.name,
            product="",
            vehicle=section.vehicle,
            mode=section.mode,
            distance_basis=section.basis,
            grams=mass_g,
            gram_metres=mass_g * section.metres,
            driven_legs=0,
            driven_gram_metres=0,
            count=1,
            first_entry=0,
            last_entry=0,
            first_at=at,
            last_at=at,
        )
        yield from emissions_of(ActivityCube(transport=(cell,)), factors)


def _handled(way: Way, tonnes: Fraction, handling: Fraction | None) -> Fraction | None:
    changes = len(way.sections) - 1
    if not changes:
        return Fraction(0)
    return None if handling is None else changes * tonnes * handling


def _beats(one: Weighed, other: Weighed) -> bool:
    """No worse in all that both state, which has to be all that ``other`` states, and better in something."""
    if not (one.complete or one.complete == other.complete):
        return False
    pairs: Sequence[tuple[Fraction | None, Fraction | None]] = (
        (one.wtw, other.wtw),
        (one.way.cost, other.way.cost),
        (one.way.hours, other.way.hours),
    )
    if any((mine is None) != (theirs is None) for mine, theirs in pairs):
        return False
    both = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
    return all(mine <= theirs for mine, theirs in both) and any(mine < theirs for mine, theirs in both)
