"""
Uncertainty of a sum: independent parts in quadrature, parts that share a factor linearly first (IPCC 2006, volume 1,
chapter 3; ISO/IEC Guide 98-3:2008).

A product's relative variance is the sum of its parts': u^2 = u_activity^2 + u_factor^2 (+ u_distance^2). Errors of one
factor move all figures that use it together, so inside a factor's group E u is added before squaring. In a saving the
signs differ and a shared factor cancels by itself: give the terms of both plans, the baseline's positive.

Figures are decimals of ``DIGITS`` digits, so that every machine gives the same. They are statements about a total and
never enter one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text, total
from ledger.footprint.emission import Emission
from ledger.footprint.errors import UncertaintyUnusable
from ledger.units import decimal_text

DIGITS: Final = 12
NORMAL_95: Final = Decimal("1.959963984540054")
"""Half width of the 95 % interval of a normal distribution, in standard deviations."""
_WORKING: Final = Context(prec=40, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Term:
    """
    One part of a sum: ``kg`` [kg CO2e], negative where a saving subtracts it.

    ``own`` is the relative standard uncertainty of what is its alone (activity, distance), ``shared`` that of the
    factor named ``factor``, which other terms may use too.
    """

    kg: Fraction
    own: Decimal
    factor: str
    shared: Decimal


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """
    Of a sum: ``standard`` [kg CO2e], ``relative`` to it (``None`` for a sum of zero), and the 95 % interval.

    The interval is the normal one; for a wide spread of positive quantities ask for the lognormal.
    """

    kg: Fraction
    standard: Decimal
    relative: Decimal | None
    low: Decimal
    high: Decimal

    def to_record(self) -> dict[str, str | None]:
        """JSON-able."""
        return {
            "kg": exact_text(self.kg),
            "standard_kg": decimal_text(self.standard),
            "relative": None if self.relative is None else decimal_text(self.relative),
            "low_95_kg": decimal_text(self.low),
            "high_95_kg": decimal_text(self.high),
            "method": "analytic, factors correlated",
        }


def combined(*parts: Decimal) -> Decimal:
    """Relative standard uncertainty of a product of independent parts: their root sum of squares."""
    for part in parts:
        _check("relative uncertainty", part)
    with localcontext(_WORKING):
        return _kept(sum((part * part for part in parts), Decimal(0)).sqrt())


def uncertainty_of(terms: Sequence[Term]) -> Uncertainty:
    """
    The uncertainty of the terms' sum. Raises ``UncertaintyUnusable``.

    One factor has one uncertainty in all its terms.
    """
    groups: dict[str, Fraction] = defaultdict(Fraction)
    stated: dict[str, Decimal] = {}
    variance = Fraction(0)
    for term in terms:
        _check("relative uncertainty", term.own)
        _check(term.factor, term.shared)
        if stated.setdefault(term.factor, term.shared) != term.shared:
            raise UncertaintyUnusable(what=term.factor, got=str(term.shared), expected=str(stated[term.factor]))
        variance += (term.kg * Fraction(term.own)) ** 2
        groups[term.factor] += term.kg * Fraction(term.shared)
    variance += sum((part**2 for part in groups.values()), Fraction(0))
    kg = total(term.kg for term in terms)
    with localcontext(_WORKING):
        standard = _decimal(variance).sqrt()
        relative = _kept(standard / abs(_decimal(kg))) if kg else None
        low, high = (_kept(_decimal(kg) + side * NORMAL_95 * standard) for side in (-1, 1))
        return Uncertainty(kg, _kept(standard), relative, low, high)


def lognormal_interval(kg: Fraction, deviations: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """
    The 95 % interval E / GSD^2 to E x GSD^2 of a positive product with geometric standard deviations of its parts.

    ln^2 of the product's GSD is the sum of its parts'. Raises ``UncertaintyUnusable`` for one below 1.
    """
    for one in deviations:
        if not one.is_finite() or one < 1:
            raise UncertaintyUnusable(what="GSD", got=str(one), expected="1 or more")
    with localcontext(_WORKING):
        spread = (2 * sum((one.ln() ** 2 for one in deviations), Decimal(0)).sqrt()).exp()
        return _kept(_decimal(kg) / spread), _kept(_decimal(kg) * spread)


def terms_of(rows: Iterable[Emission], factors: Mapping[str, Decimal], activity: Decimal) -> list[Term]:
    """
    The terms of computed rows, from relative standard uncertainties of each factor by id and of all activity.

    A row of several factors takes them as one, as uncertain as its most uncertain. Declared footprints go by their
    record's id. Raises ``UncertaintyUnusable`` for a factor whose uncertainty nobody states.
    """
    found = []
    for row in rows:
        ids = row.trail.factors or (row.subject,)
        absent = [name for name in ids if name not in factors]
        if absent:
            raise UncertaintyUnusable(what=absent[0], got="-", expected="a relative standard uncertainty")
        found.append(Term(row.wtw, activity, "+".join(ids), max(factors[name] for name in ids)))
    return found


def _check(what: str, value: Decimal) -> None:
    if not value.is_finite() or value < 0:
        raise UncertaintyUnusable(what=what, got=str(value), expected="0 or more")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _kept(value: Decimal) -> Decimal:
    return Context(prec=DIGITS, rounding=ROUND_HALF_EVEN).plus(value)
