"""
Distances: the three bases, how one was found, and the distance adjustment factor (ISO 14083:2023, clause 6).

Transport activity rests on the shortest feasible (SFD) or great-circle distance (GCD). An intensity may rest on the
distance driven; DAF = d_intensity / d_activity then corrects it, once: E = T x g x DAF.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from ledger.footprint.errors import DistanceBasisMismatch, DoubleDistanceAdjustment
from ledger.footprint.iso14083.errors import DistanceMissing

Basis = Literal["actual", "gcd", "sfd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """
    A distance [m] on one basis and how it was found: ``method`` such as ``odometer``, ``great circle R=6371008.8 m``
    or a router's name, ``version`` of the router or table, ``found_at`` when.
    """

    metres: int
    basis: Basis
    method: str
    version: str = ""
    found_at: datetime | None = None

    @property
    def km(self) -> Fraction:
        """[km], exact."""
        return Fraction(self.metres, 1000)

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "metres": self.metres,
            "basis": self.basis,
            "method": self.method,
            "version": self.version,
            "found_at": self.found_at.isoformat() if self.found_at else None,
        }


def activity_distance(what: str, mode: str, distance: Distance | None) -> Distance:
    """
    The distance as fit for transport activity: SFD or GCD, for air GCD alone, above zero (GLEC v3.0, distance rules).

    ``what`` names the leg for the reader. Raises ``DistanceMissing``, ``DistanceBasisMismatch``.
    """
    if distance is None or distance.metres <= 0:
        raise DistanceMissing(what=what)
    if mode == "air" and distance.basis != "gcd":
        raise DistanceBasisMismatch(vehicle=what, expected="gcd", got=distance.basis)
    if distance.basis == "actual":
        raise DistanceBasisMismatch(vehicle=what, expected="sfd, gcd", got="actual")
    return distance


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A driven distance from the standard's d: ``scale`` x d + ``offset_m`` [m]; ``source`` says who publishes it."""

    scale: Decimal
    offset_m: int
    source: str

    @property
    def adjusts(self) -> bool:
        """Whether it changes a distance at all."""
        return self.scale != 1 or self.offset_m != 0

    def factor(self, distance: Distance) -> Fraction:
        """DAF of one distance: (scale x d + offset) / d."""
        return (Fraction(self.scale) * distance.metres + self.offset_m) / distance.metres


UNADJUSTED: Final = Adjustment(Decimal(1), 0, "none")
AIR: Final = Adjustment(Decimal(1), 95_000, "GLEC Framework v3.0: (GCD + 95 km) / GCD per flight leg")
CONTAINER_SEA: Final = Adjustment(Decimal("1.15"), 0, "GLEC Framework v3.0: container shipping, 15 %")


def checked_adjustment(
    what: str, factor: str, adjustment: Adjustment, *, intensity: Basis, activity: Basis, included: bool
) -> Adjustment:
    """
    The adjustment, if an intensity on ``intensity`` may take it for activity on ``activity``.

    ``included`` says that the intensity holds one already. Raises ``DoubleDistanceAdjustment``,
    ``DistanceBasisMismatch`` for SFD against GCD, which no adjustment links.
    """
    if adjustment.adjusts and (included or intensity == activity):
        why = "the factor contains one" if included else f"it rests on {intensity} already"
        raise DoubleDistanceAdjustment(vehicle=what, factor=factor, reason=why)
    if intensity not in {"actual", activity}:
        raise DistanceBasisMismatch(vehicle=what, expected=intensity, got=activity)
    if adjustment.offset_m and activity != "gcd":
        raise DistanceBasisMismatch(vehicle=what, expected="gcd", got=activity)
    return adjustment
