"""How far it is from one named place to another: names looked up, the way measured, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from ledger.errors import LedgerError, Place
from ledger.ports import Clock
from ledger.ports.distances import Basis, Distances, Measured, Mode, Spot

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
MOST_STOPS: Final = 10
"""Places on the way, ends included, at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was measured, and when."""

    measured: Measured
    computed_at: datetime

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {**self.measured.to_record(), "computed_at": self.computed_at.isoformat()}


def usual_basis(mode: Mode) -> Basis:
    """What activity of a mode rests on when nobody says: the shortest feasible distance; for air the great circle."""
    return "gcd" if mode == "air" else "sfd"


def measure(
    distances: Distances,
    clock: Clock,
    mode: Mode,
    names: Sequence[str],
    basis: Basis | None = None,
    *,
    unpublished: bool = False,
) -> Answer:
    """
    The distance along places in their order, two to ``MOST_STOPS``, by name or code.

    A refusal says by a pointer which of them it is about: ``/from``, ``/via/0`` ..., ``/to``. Raises leaves of
    ``ports.distances``. ``unpublished`` lets the operator's own unpublished places be named.
    """
    spots: list[Spot] = []
    for number, name in enumerate(names):
        try:
            spots.append(distances.find(name, mode, unpublished=unpublished))
        except LedgerError as error:
            raise error.at(Place(pointer=_pointer(number, len(names)))) from None
    return Answer(distances.measure(mode, basis or usual_basis(mode), spots), clock.now())


def _pointer(number: int, count: int) -> str:
    if number == 0:
        return "/from"
    return "/to" if number == count - 1 else f"/via/{number - 1}"
