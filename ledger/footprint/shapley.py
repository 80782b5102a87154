"""
A difference split by cause: Shapley values, which depend on no order and sum to the whole without a rest.

Each cause gets the mean, over every order in which the causes could have changed one after another, of what its own
change was worth (L. S. Shapley, A value for n-person games, 1953; for emissions J. Albrecht, D. François, K. Schoors,
A Shapley decomposition of carbon emissions without residuals, Energy Policy 30 (2002) 727-736).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, lcm
from typing import TypeVar

Cause = TypeVar("Cause", bound=str)


def shapley(causes: Sequence[Cause], worth: Callable[[frozenset[Cause]], Fraction]) -> dict[Cause, Fraction]:
    """The value of each cause; ``worth`` of a set of changed causes is asked once for each of the 2^n sets."""
    count = len(causes)
    sets = [frozenset(changed) for size in range(count + 1) for changed in combinations(causes, size)]
    found = [worth(changed) for changed in sets]
    common = lcm(*(value.denominator for value in found))
    known = {
        changed: value.numerator * (common // value.denominator) for changed, value in zip(sets, found, strict=True)
    }
    orders = [factorial(size) * factorial(count - size - 1) for size in range(count)]
    return {
        cause: Fraction(
            sum(
                orders[len(others)] * (known[others | {cause}] - known[others])
                for others in sets
                if cause not in others
            ),
            common * factorial(count),
        )
        for cause in causes
    }
