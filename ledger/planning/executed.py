"""
What came of a plan: baseline, plan and what was driven, side by side; a saving only where the same goods were moved.

Over all journeys of one side, with D metres driven, L grams of goods on board on average, the share w of packaging on
top of them, A and B the mean rates by metres and by gram-metres, emissions are ``D x (A + B x L x (1 + w))`` exactly,
and the making of packaging on top. Where it is told how goods are packed, ``D = V / f x R``: the goods fill V vehicles
by mass or by volume, whichever comes first, those that drove are filled to the share f, and each drove R metres.
Distance (R), load (L and f), mode (A and B), packaging mass (w, the making, the mass in V) and packaging volume (the
volume in V) are the causes; each gets its Shapley value, so that they sum to the saving without a rest. Room that
lighter or smaller packages free and that stays empty is a saving by packaging and a loss by load.

A saving is baseline less driven, with the baseline's orders all delivered and no others. What was planned and not
driven is named, and nothing is booked then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.errors import PlanningError
from ledger.footprint.shapley import shapley
from ledger.planning.errors import GoodsDiffer, PlanNotDriven
from ledger.planning.routes.plan import Plan
from ledger.planning.routes.rates import Rates
from ledger.units import GramMetres, Grams, Metres

Cause = Literal["distance", "load", "mode", "packaging_mass", "packaging_volume"]
CAUSES: Final[tuple[Cause, ...]] = ("distance", "load", "mode", "packaging_mass", "packaging_volume")
_SHOWN: Final = 5


class Carried(NamedTuple):
    """An order that was, or would be, served: all its mass, packaging inside; the packaging, and the packed volume."""

    order: str
    mass_g: Grams
    packaging_g: Grams = Grams(0)
    volume_cm3: int = 0


class Journey(NamedTuple):
    """A vehicle's way: what it drove, load x distance over it, whom it served; packaging's part of load x distance."""

    rates: Rates
    metres: Metres
    gram_metres: GramMetres
    carried: tuple[Carried, ...]
    packaging_gram_metres: GramMetres = GramMetres(0)

    @property
    def grams(self) -> Fraction:
        """[g CO2e]"""
        return self.rates.grams(self.metres, self.gram_metres)


class Packing(NamedTuple):
    """What a vehicle takes [g, cm3], and the making of packaging [g CO2e/g], 0 when it is outside the boundary."""

    payload_g: Grams
    hold_cm3: int
    making: Fraction


class Verified(NamedTuple):
    """The three sides [g CO2e], and what stands in the way of a saving; ``parts`` are of baseline less driven."""

    baseline: Fraction
    planned: Fraction
    driven: Fraction
    avoided_metres: int
    avoided_gram_metres: int
    avoided_cm3: int
    parts: Mapping[Cause, Fraction]
    planned_parts: Mapping[Cause, Fraction]
    """Of baseline less planned: what was meant to be, by cause."""
    not_driven: tuple[str, ...]
    """Orders of the plan that nothing shows to be delivered."""
    faults: tuple[PlanningError, ...]

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


def verify(
    baseline: Sequence[Journey],
    planned: Sequence[Journey],
    driven: Sequence[Journey],
    *,
    packing: Packing | None = None,
    faults: Iterable[PlanningError] = (),
    named: Collection[str] = (),
) -> Verified:
    """
    Compare what was driven with the plan and with the frozen baseline; all three at the same factors.

    ``faults`` are those found on the way here, and stand in the way of a saving as well; orders ``named`` by them are
    not called not driven.
    """
    wanted, promised, done = (_goods(side) for side in (baseline, planned, driven))
    found = list(faults)
    came = {order for order, _ in done}
    waiting = Counter({goods: count for goods, count in promised.items() if goods[0] not in came})
    not_driven = tuple(sorted({order for order, _ in waiting} - set(named)))
    if not_driven:
        found.append(PlanNotDriven(count=len(not_driven), orders=some(not_driven)))
    served = done + waiting  # what is only not driven yet is no other goods
    unlike = sorted({order for order, _ in (wanted - served) + (served - wanted)})
    if unlike:
        found.append(GoodsDiffer(count=len(unlike), orders=some(unlike)))
    before, after, meant = (_Side.of(side, packing) for side in (baseline, driven, planned))
    return Verified(
        baseline=before.grams,
        planned=meant.grams,
        driven=after.grams,
        avoided_metres=sum(one.metres for one in baseline) - sum(one.metres for one in driven),
        avoided_gram_metres=sum(one.gram_metres for one in baseline) - sum(one.gram_metres for one in driven),
        avoided_cm3=before.volume - after.volume,
        parts=_parts(before, after),
        planned_parts=_parts(before, meant),
        not_driven=not_driven,
        faults=tuple(found),
    )


def some(orders: Sequence[str]) -> str:
    """The first of many names, for a sentence."""
    return ", ".join(orders[:_SHOWN]) + (" …" if len(orders) > _SHOWN else "")


class _Side(NamedTuple):
    """Journeys of a side; ``way`` metres of each, ``fill``, ``load`` g of goods, ``wrapped`` packaging to goods."""

    way: Fraction
    fill: Fraction
    load: Fraction
    wrapped: Fraction
    empty: Fraction
    loaded: Fraction
    goods: int
    packaging: int
    volume: int
    packing: Packing | None

    @classmethod
    def of(cls, journeys: Sequence[Journey], packing: Packing | None) -> _Side:
        metres = sum(one.metres for one in journeys)
        gram_metres = sum(one.gram_metres for one in journeys)
        wrapping = sum(one.packaging_gram_metres for one in journeys)
        held = gram_metres - wrapping
        if not held:
            held, wrapping = gram_metres, 0
        carried = [one for journey in journeys for one in journey.carried]
        packaging = sum(one.packaging_g for one in carried)
        side = cls(
            way=Fraction(metres),
            fill=Fraction(1),
            load=Fraction(held, metres or 1),
            wrapped=Fraction(wrapping, held or 1),
            empty=sum((one.rates.grams(one.metres, 0) for one in journeys), Fraction(0)) / (metres or 1),
            loaded=sum((one.rates.grams(0, one.gram_metres) for one in journeys), Fraction(0)) / (gram_metres or 1),
            goods=sum(one.mass_g for one in carried) - packaging,
            packaging=packaging,
            volume=sum(one.volume_cm3 for one in carried),
            packing=packing,
        )
        if packing is None or not journeys:
            return side
        return side._replace(way=Fraction(metres, len(journeys)), fill=side.full / len(journeys))

    @property
    def full(self) -> Fraction:
        """How many vehicles the goods fill; one, where it is not told how they are packed."""
        if self.packing is None:
            return Fraction(1)
        by_mass = Fraction(self.goods + self.packaging, self.packing.payload_g)
        return max(by_mass, Fraction(self.volume, self.packing.hold_cm3)) or Fraction(1)

    @property
    def grams(self) -> Fraction:
        carrying = self.empty + self.loaded * self.load * (1 + self.wrapped)
        made = self.packaging * self.packing.making if self.packing else Fraction(0)
        return self.full / self.fill * self.way * carrying + made

    def changed(self, causes: frozenset[Cause], to: _Side) -> _Side:
        """The same side in which only these causes are as on the other."""
        names = [name for cause in causes for name in _FIELDS[cause]]
        return self._replace(**{name: getattr(to, name) for name in names})


_FIELDS: Final[Mapping[Cause, tuple[str, ...]]] = {
    "distance": ("way",),
    "load": ("load", "goods", "fill"),
    "mode": ("empty", "loaded"),
    "packaging_mass": ("wrapped", "packaging"),
    "packaging_volume": ("volume",),
}


def _parts(before: _Side, after: _Side) -> dict[Cause, Fraction]:
    return shapley(CAUSES, lambda changed: before.grams - before.changed(changed, after).grams)


def _goods(journeys: Iterable[Journey]) -> Counter[tuple[str, int]]:
    """Orders with the mass of their goods, however they are packed."""
    return Counter((one.order, one.mass_g - one.packaging_g) for journey in journeys for one in journey.carried)
