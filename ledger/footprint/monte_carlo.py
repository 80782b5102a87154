"""
Monte Carlo of a sum: the same terms as ``uncertainty``, drawn at random from a stored seed.

Draws are binary floats, as no footprint is: a simulation describes the spread of a total, and no figure of it is ever
summed, hashed with a footprint or claimed. Random bits are SHAKE-256 of the seed and of the name of what is drawn, so
that a seed gives the same draws everywhere and a further term leaves those of the others alone. A platform's logarithm
may differ in its last bit; results are kept to ``DIGITS`` digits, far above that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from hashlib import shake_256
from math import exp, fsum, log1p, sqrt
from statistics import NormalDist
from typing import Final, Literal

from ledger.footprint.errors import UncertaintyUnusable
from ledger.footprint.uncertainty import Term, uncertainty_of
from ledger.units import decimal_text

LEAST_DRAWS: Final = 10_000
MOST_DRAWS: Final = 100_000
DIGITS: Final = 6
_DOMAIN: Final = b"onecode/monte-carlo/1\n"
_BITS: Final = 53

Distribution = Literal["lognormal", "normal"]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a seed gave: mean, standard deviation and the 95 % interval [kg CO2e] of ``draws`` draws."""

    seed: int
    draws: int
    distribution: Distribution
    mean: Decimal
    standard: Decimal
    low: Decimal
    high: Decimal

    def to_record(self) -> dict[str, str | int]:
        """JSON-able: integers and decimals; seed and draws give it again."""
        return {
            "method": "monte-carlo/1",
            "seed": self.seed,
            "draws": self.draws,
            "distribution": self.distribution,
            "mean_kg": decimal_text(self.mean),
            "standard_kg": decimal_text(self.standard),
            "low_95_kg": decimal_text(self.low),
            "high_95_kg": decimal_text(self.high),
        }


def simulate(
    terms: Sequence[Term], seed: int, draws: int = LEAST_DRAWS, distribution: Distribution = "lognormal"
) -> Simulation:
    """
    The spread of the terms' sum. A factor is drawn once per draw for all its terms; each term's own part apart.

    Multipliers have mean 1. ``seed`` is 0 to 2^64 - 1. Raises ``UncertaintyUnusable``.
    """
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise UncertaintyUnusable(what="draws", got=str(draws), expected=f"{LEAST_DRAWS} to {MOST_DRAWS}")
    if not 0 <= seed < 2**64:
        raise UncertaintyUnusable(what="seed", got=str(seed), expected="0 to 2^64 - 1")
    uncertainty_of(terms)
    shared = {
        term.factor: _multipliers(seed, f"factor {term.factor}", term.shared, draws, distribution) for term in terms
    }
    sums = [0.0] * draws
    for number, term in enumerate(terms):
        kg = float(term.kg)
        own = _multipliers(seed, f"term {number}", term.own, draws, distribution)
        sums = [held + kg * a * b for held, a, b in zip(sums, own, shared[term.factor], strict=True)]
    mean = fsum(sums) / draws
    standard = sqrt(fsum((value - mean) ** 2 for value in sums) / (draws - 1))
    sums.sort()
    low, high = sums[round(draws * 0.025)], sums[round(draws * 0.975) - 1]
    return Simulation(seed, draws, distribution, *map(_kept, (mean, standard, low, high)))


def _multipliers(seed: int, name: str, relative: Decimal, draws: int, distribution: Distribution) -> list[float]:
    if not relative:
        return [1.0] * draws
    bits = shake_256(_DOMAIN + seed.to_bytes(8, "big") + name.encode()).digest(8 * draws)
    places = (int.from_bytes(bits[at : at + 8], "big") >> (64 - _BITS) for at in range(0, 8 * draws, 8))
    quantile = NormalDist().inv_cdf
    normal = (quantile((place + 0.5) / 2**_BITS) for place in places)
    spread = float(relative)
    if distribution == "normal":
        return [1 + spread * z for z in normal]
    sigma = sqrt(log1p(spread * spread))
    return [exp(sigma * z - sigma * sigma / 2) for z in normal]


def _kept(value: float) -> Decimal:
    return Context(prec=DIGITS).create_decimal_from_float(value)
