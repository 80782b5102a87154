"""
What came of a plan: baseline, plan and what was driven, side by side; a saving only where the same goods were moved.

Over all journeys of one side, with D metres driven, L grams on board on average, A and B the mean rates by metres and
by gram-metres, emissions are ``D x (A + B x L)`` exactly. Distance (D), load (L) and mode (A and B) are the causes;
each gets its Shapley value, the mean over all orders in which they could have changed, so that they sum to the saving
without a rest.

A saving is baseline less driven, with the baseline's orders all delivered and no others. What was planned and not
driven is named, and nothing is booked then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Final, Literal, NamedTuple

from ledger.planning.errors import GoodsDiffer, PlanNotDriven
from ledger.planning.routes.plan import Plan
from ledger.planning.routes.problem import Rates
from ledger.units import GramMetres, Grams, Metres

Cause = Literal["distance", "load", "mode"]
CAUSES: Final[tuple[Cause, ...]] = ("distance", "load", "mode")
_SHOWN: Final = 5


class Carried(NamedTuple):
    """An order that was, or would be, served."""

    order: str
    mass_g: Grams


class Journey(NamedTuple):
    """A vehicle's way: what it drove, load x distance over it, whom it served."""

    rates: Rates
    metres: Metres
    gram_metres: GramMetres
    carried: tuple[Carried, ...]

    @property
    def grams(self) -> Fraction:
        """[g CO2e]"""
        return self.rates.grams(self.metres, self.gram_metres)


class Verified(NamedTuple):
    """The three sides [g CO2e], and what stands in the way of a saving; ``parts`` are of baseline less driven."""

    baseline: Fraction
    planned: Fraction
    driven: Fraction
    avoided_gram_metres: int
    parts: Mapping[Cause, Fraction]
    planned_parts: Mapping[Cause, Fraction]
    """Of baseline less planned: what was meant to be, by cause."""
    not_driven: tuple[str, ...]
    """Orders of the plan that nothing shows to be delivered."""
    faults: tuple[PlanNotDriven | GoodsDiffer, ...]

    @property
    def difference(self) -> Fraction:
        """Baseline less driven, whether or not it counts."""
        return self.baseline - self.driven

    @property
    def booked(self) -> Fraction | None:
        """The saving [g CO2e], which may be below 0; ``None`` while something stands in its way."""
        return None if self.faults else self.difference

    @property
    def missed(self) -> Fraction:
        """Driven less planned [g CO2e]: what the road took back of the plan."""
        return self.driven - self.planned


def journeys_of(plan: Plan) -> tuple[Journey, ...]:
    """The routes of a plan."""
    return tuple(
        Journey(
            route.fleet.rates,
            route.metres,
            route.gram_metres,
            tuple(Carried(stop.order.name, stop.order.mass_g) for stop in route.stops),
        )
        for route in plan.routes
    )


def verify(baseline: Sequence[Journey], planned: Sequence[Journey], driven: Sequence[Journey]) -> Verified:
    """Compare what was driven with the plan and with the frozen baseline; all three at the same factors."""
    wanted, promised, done = (_goods(side) for side in (baseline, planned, driven))
    faults: list[PlanNotDriven | GoodsDiffer] = []
    not_driven = tuple(sorted({one.order for one in promised - done}))
    if not_driven:
        faults.append(PlanNotDriven(count=len(not_driven), orders=_some(not_driven)))
    served = done + (promised - done)  # what is only not driven yet is no other goods
    unlike = sorted({one.order for one in (wanted - served) + (served - wanted)})
    if unlike:
        faults.append(GoodsDiffer(count=len(unlike), orders=_some(unlike)))
    before, after = _Side.of(baseline), _Side.of(driven)
    return Verified(
        baseline=before.grams,
        planned=sum((one.grams for one in planned), Fraction(0)),
        driven=after.grams,
        avoided_gram_metres=sum(one.gram_metres for one in baseline) - sum(one.gram_metres for one in driven),
        parts=_parts(before, after),
        planned_parts=_parts(before, _Side.of(planned)),
        not_driven=not_driven,
        faults=tuple(faults),
    )


class _Side(NamedTuple):
    """Metres, mean load [g], mean rates [g CO2e/m and g CO2e/(g m)] of all journeys."""

    metres: Fraction
    load: Fraction
    empty: Fraction
    loaded: Fraction

    @classmethod
    def of(cls, journeys: Sequence[Journey]) -> _Side:
        metres = sum(one.metres for one in journeys)
        gram_metres = sum(one.gram_metres for one in journeys)
        empty = sum((one.rates.grams(one.metres, 0) for one in journeys), Fraction(0))
        loaded = sum((one.rates.grams(0, one.gram_metres) for one in journeys), Fraction(0))
        return cls(
            Fraction(metres),
            Fraction(gram_metres, metres or 1),
            empty / (metres or 1),
            loaded / (gram_metres or 1),
        )

    @property
    def grams(self) -> Fraction:
        return self.metres * (self.empty + self.loaded * self.load)

    def changed(self, cause: Cause, to: _Side) -> _Side:
        if cause == "distance":
            return self._replace(metres=to.metres)
        if cause == "load":
            return self._replace(load=to.load)
        return self._replace(empty=to.empty, loaded=to.loaded)


def _parts(before: _Side, after: _Side) -> dict[Cause, Fraction]:
    parts = dict.fromkeys(CAUSES, Fraction(0))
    orders = list(permutations(CAUSES))
    for order in orders:
        side = before
        for cause in order:
            changed = side.changed(cause, after)
            parts[cause] += (side.grams - changed.grams) / len(orders)
            side = changed
    return parts


def _goods(journeys: Iterable[Journey]) -> Counter[Carried]:
    return Counter(one for journey in journeys for one in journey.carried)


def _some(orders: Sequence[str]) -> str:
    return ", ".join(orders[:_SHOWN]) + (" …" if len(orders) > _SHOWN else "")
