"""
Great-circle distance by the haversine formula on a sphere of R = 6371.0088 km, in decimals.

A platform's sine may differ in its last bit from another's. These series are summed in 40 decimal digits and the result
is rounded half up to the metre, so that a verifier gets the same integer. R is the Earth's mean radius (IUGG).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import count
from typing import Final

from ledger.footprint.iso14083.distance import Distance
from ledger.footprint.iso14083.errors import CoordinateOutside

EARTH_RADIUS_M: Final = Decimal("6371008.8")
METHOD: Final = "great circle, haversine, R = 6371008.8 m"
VERSION: Final = "1"
_CONTEXT: Final = Context(prec=40)
_PI: Final = Decimal("3.1415926535897932384626433832795028841971693993751")


def great_circle(start: tuple[Decimal, Decimal], end: tuple[Decimal, Decimal]) -> Distance:
    """
    The GCD between two (latitude, longitude) in degrees, to the metre.

    Raises ``CoordinateOutside``. Two equal places are 0 m apart, which no activity can rest on.
    """
    for latitude, longitude in (start, end):
        known = latitude.is_finite() and longitude.is_finite()
        if not known or abs(latitude) > 90 or abs(longitude) > 180:
            raise CoordinateOutside(latitude=str(latitude), longitude=str(longitude))
    with localcontext(_CONTEXT):
        (lat1, lon1), (lat2, lon2) = [(_radians(a), _radians(b)) for a, b in (start, end)]
        across = _sin((lat2 - lat1) / 2) ** 2 + _cos(lat1) * _cos(lat2) * _sin((lon2 - lon1) / 2) ** 2
        metres = 2 * EARTH_RADIUS_M * _arcsin(min(across, Decimal(1)).sqrt())
    whole = int(metres.quantize(Decimal(1), ROUND_HALF_UP))
    return Distance(metres=whole, basis="gcd", method=METHOD, version=VERSION)


def _radians(degrees: Decimal) -> Decimal:
    return degrees * _PI / 180


def _sin(angle: Decimal) -> Decimal:
    return _series(_taylor(angle, angle, 1))


def _cos(angle: Decimal) -> Decimal:
    return _series(_taylor(Decimal(1), angle, 0))


def _taylor(term: Decimal, angle: Decimal, power: int) -> Iterator[Decimal]:
    """x^n/n! - x^(n+2)/(n+2)! + ..., from the term of ``power``."""
    for n in count(power, 2):
        yield term
        term = -term * angle * angle / ((n + 1) * (n + 2))


def _arcsin(ratio: Decimal) -> Decimal:
    """2 arctan(x / (1 + sqrt(1 - x^2))), the tangent's half angles taken until the series is short."""
    tangent, doublings = ratio / (1 + (1 - ratio * ratio).sqrt()), 1
    while tangent > Decimal("0.05"):
        tangent, doublings = tangent / (1 + (1 + tangent * tangent).sqrt()), doublings + 1
    return Decimal(2**doublings) * _series(_arctan_terms(tangent))


def _arctan_terms(tangent: Decimal) -> Iterator[Decimal]:
    power = tangent
    for n in count(1, 2):
        yield power / n
        power = -power * tangent * tangent


def _series(terms: Iterator[Decimal]) -> Decimal:
    """The sum until a term no longer changes it."""
    total = Decimal(0)
    for term in terms:
        before, total = total, total + term
        if total == before:
            break
    return total
