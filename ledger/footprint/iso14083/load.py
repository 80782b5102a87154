"""
Load factor, empty running and a vehicle's consumption curve: the modelled intensity (GLEC v3.0, modelling; p. 112).

Consumption per km is f(x) = f0 + (f1 - f0) x at the payload share x. Over loaded and empty km together::

    use per t km = (f(LF) (1 - ER) + f0 ER) / (capacity x LF x (1 - ER))

LF is loaded t km over capacity x *loaded* km; ER is empty km over *total* km. Defaults of factor tables hold both
inside already; this model starts from a vehicle's consumption and never from such a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text
from ledger.footprint.iso14083.errors import EvidenceMissing, LoadImpossible
from ledger.footprint.iso14083.working import Step, Steps

RULE: Final = "GLEC v3.0, p. 112"


@dataclass(frozen=True, slots=True)
class Use:
    """How a vehicle is used: ``load`` factor above 0 to 1 on loaded km, ``empty`` running 0 to below 1 of all km."""

    load: Fraction
    empty: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.load <= 1:
            raise LoadImpossible(what="load factor", value=exact_text(self.load))
        if not 0 <= self.empty < 1:
            raise LoadImpossible(what="empty running", value=exact_text(self.empty))


EUROPEAN_ROAD: Final = Use(Fraction(60, 100), Fraction(17, 100))
"""The default of road haulage in Europe; other figures need a measurement."""


def load_factor(loaded_tkm: Fraction, capacity_t: Fraction, loaded_km: Fraction) -> Fraction:
    """Loaded t km over what the capacity would have carried on the loaded km. Raises ``LoadImpossible``."""
    if capacity_t <= 0 or loaded_km <= 0:
        raise LoadImpossible(what="capacity x loaded km", value=exact_text(capacity_t * loaded_km))
    return Use(loaded_tkm / (capacity_t * loaded_km), Fraction(0)).load


def empty_running(empty_km: Fraction, total_km: Fraction) -> Fraction:
    """Share of all km driven empty. Raises ``LoadImpossible``."""
    if total_km <= 0:
        raise LoadImpossible(what="total km", value=exact_text(total_km))
    return Use(Fraction(1), empty_km / total_km).empty


def evidenced(use: Use, evidence: str, default: Use = EUROPEAN_ROAD) -> Use:
    """The use, if it is the default or ``evidence`` names its measurement. Raises ``EvidenceMissing``."""
    if use != default and not evidence.strip():
        said = [f"{exact_text(u.load)} / {exact_text(u.empty)}" for u in (default, use)]
        raise EvidenceMissing(what="load factor / empty running", default=said[0], got=said[1])
    return use


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Consumption [energy unit per km] empty and full, ``capacity_t`` [t]."""

    empty_per_km: Decimal
    full_per_km: Decimal
    capacity_t: Fraction

    def __post_init__(self) -> None:
        if self.capacity_t <= 0:
            raise LoadImpossible(what="capacity [t]", value=exact_text(self.capacity_t))
        if not 0 <= self.empty_per_km <= self.full_per_km:
            raise LoadImpossible(what="consumption empty / full", value=f"{self.empty_per_km} / {self.full_per_km}")

    def per_km(self, payload: Fraction) -> Fraction:
        """Consumption per km at a payload share, 0 to 1."""
        if not 0 <= payload <= 1:
            raise LoadImpossible(what="payload share", value=exact_text(payload))
        empty = Fraction(self.empty_per_km)
        return empty + (Fraction(self.full_per_km) - empty) * payload

    def per_tonne_km(self, use: Use) -> Fraction:
        """Consumption per t km, empty running inside."""
        moving = self.per_km(use.load) * (1 - use.empty) + Fraction(self.empty_per_km) * use.empty
        return moving / (self.capacity_t * use.load * (1 - use.empty))

    def working(self, use: Use, unit: str) -> Steps:
        """The figures on the way to the consumption per t km."""
        return (
            Step("load_factor", use.load, "1", RULE),
            Step("empty_running", use.empty, "1", RULE),
            Step("use_per_loaded_km", self.per_km(use.load), f"{unit}/km", RULE),
            Step("use_per_empty_km", Fraction(self.empty_per_km), f"{unit}/km", RULE),
            Step("use_per_tonne_km", self.per_tonne_km(use), f"{unit}/(t km)", RULE),
        )
