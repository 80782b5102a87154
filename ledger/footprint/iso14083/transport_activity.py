"""
Transport activity: mass times distance per consignment, then summed (ISO 14083:2023, 3.1.25; GLEC v3.0, p. 21-23).

Mass is the goods with the shipper's packaging; the carrier's pallets, cages and containers are left out, and so is any
chargeable or volumetric weight. Coolant travels as cargo. A repositioned empty container is freight itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text
from ledger.footprint.iso14083.distance import Distance
from ledger.footprint.iso14083.errors import EvidenceMissing, MassNotPositive

TEU_MASS: Final = {
    "average": Decimal(10),
    "light": Decimal(6),
    "heavy": Decimal("14.5"),
    "empty": Decimal(2),
}
"""Tonnes of cargo per TEU where only containers were counted (GLEC v3.0, p. 153)."""

CONTAINER_TEU: Final = {"20": Decimal(1), "40": Decimal(2), "40HC": Decimal("2.25")}
"""TEU of a container by its length in feet; HC is high cube (GLEC v3.0, p. 153)."""

SHORT_TON_T: Final = Decimal("0.90718474")
MILE_KM: Final = Decimal("1.609344")
NAUTICAL_MILE_KM: Final = Decimal("1.852")
"""Exact by definition [t, km, km]."""

SHORT_TON_MILE_TKM: Final = Fraction(SHORT_TON_T) * Fraction(MILE_KM)
"""1.46 t km in print; exact here."""


def tonne_km(what: str, mass_t: Fraction, distance: Distance) -> Fraction:
    """Transport activity of one consignment [t km]. Raises ``MassNotPositive``; ``what`` names it for the reader."""
    if mass_t <= 0:
        raise MassNotPositive(what=what, mass=exact_text(mass_t))
    return mass_t * distance.km


def total_tonne_km(parts: Iterable[tuple[str, Fraction, Distance]]) -> Fraction:
    """Summed over (name, mass [t], distance) of each consignment; masses are never summed first (GLEC v3.0, p. 23)."""
    return sum((tonne_km(*part) for part in parts), Fraction(0))


def teu_of(containers: Iterable[tuple[str, int]]) -> Fraction:
    """TEU of (size, number) pairs, sizes of ``CONTAINER_TEU``. Raises ``KeyError`` for another size."""
    return sum((Fraction(CONTAINER_TEU[size]) * number for size, number in containers), Fraction(0))


def teu_mass_t(teu: Fraction, cargo: str = "average", justification: str = "") -> Fraction:
    """
    Mass [t] of so many TEU when nobody weighed them.

    Any class but ``average`` needs a justification, kept with the figure. Raises ``EvidenceMissing``.
    """
    if cargo != "average" and not justification.strip():
        raise EvidenceMissing(what="t/TEU", default=str(TEU_MASS["average"]), got=f"{TEU_MASS[cargo]} ({cargo})")
    return teu * Fraction(TEU_MASS[cargo])


def teu_km(teu: Fraction, distance: Distance) -> Fraction:
    """Activity [TEU km], for intensities that sea and inland waterway carriers publish per TEU km."""
    if teu <= 0:
        raise MassNotPositive(what="TEU", mass=exact_text(teu))
    return teu * distance.km
