"""
The order of one vehicle's stops by true grams: what it carries over each leg counts, not only how far it drives.

Up to ``EXACT`` stops the best order there is, by dynamic programming over sets of served stops (Held and Karp 1962):
what is on board follows from the set, so a leg has one price. Beyond, a bounded local search on the same integers.
Neither ever returns an order that emits more than the one it was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from ledger.planning.routes.tour import Tour

EXACT: Final = 10
MOST_TRIES: Final = 40_000
"""Orders that the local search looks at for one vehicle."""
_LONGEST_PIECE: Final = 3
Method = Literal["optimal", "local"]


class Ordered(NamedTuple):
    """An order of stops: what it costs and what the given one cost, in the tour's units; how it was found."""

    order: tuple[int, ...]
    cost: int
    before: int
    method: Method


class _Label(NamedTuple):
    """A way through a set of stops: cost, the time it is left at, and the way before its last stop."""

    cost: int
    leaves: int
    stop: int
    before: _Label | None


def finish(tour: Tour, given: Sequence[int]) -> Ordered:
    """
    The given order or a better one. ``given`` names every stop once and can be driven.

    Raises ``ValueError`` when it does not or cannot.
    """
    before = tour.cost(given)
    if before is None or sorted(given) != list(range(tour.size)):
        raise ValueError("the given order cannot be driven")
    if tour.size <= EXACT:
        best = _without_times(tour)
        cost = tour.cost(best) if best is not None else None
        if cost is None:
            best, cost = _with_times(tour)
        method: Method = "optimal"
    else:
        best, cost = _improved(tour, list(given), before)
        method = "local"
    if best is None or cost is None or cost >= before:
        return Ordered(tuple(given), before, before, method)
    return Ordered(tuple(best), cost, before, method)


def _aboard(tour: Tour) -> list[tuple[int, int, bool]]:
    """For each set of served stops: mass [g] and volume [cm3] on board, and whether the vehicle can carry it."""
    found = [(tour.mass_out, tour.volume_out, tour.fits(tour.mass_out, tour.volume_out))]
    for served in range(1, 1 << tour.size):
        lowest = (served & -served).bit_length() - 1
        mass, volume, _ = found[served & (served - 1)]
        mass, volume = mass - tour.mass[lowest], volume - tour.volume[lowest]
        found.append((mass, volume, tour.fits(mass, volume)))
    return found


def _without_times(tour: Tour) -> list[int] | None:
    """The best order if there were no windows; when its times hold, it is the best one with them too."""
    size, aboard = tour.size, _aboard(tour)
    everything = (1 << size) - 1
    first = tour.metres[size]
    best: list[dict[int, tuple[int, int]]] = [{} for _ in range(everything + 1)]
    for stop in range(size):
        best[1 << stop][stop] = (first[stop] * (tour.per_metre + tour.per_gram_metre * tour.mass_out), -1)
    for served in range(1, everything):
        mass, _, fits = aboard[served]
        if fits:
            _longer(best, served, tour, tour.per_metre + tour.per_gram_metre * mass)
    price = tour.per_metre + tour.per_gram_metre * aboard[everything][0]
    ends = [(cost + tour.metres[last][size] * price, last) for last, (cost, _) in best[everything].items()]
    if not ends:
        return None
    order, served, last = [], everything, min(ends)[1]
    while last >= 0:
        order.append(last)
        served, last = served ^ 1 << last, best[served][last][1]
    return order[::-1]


def _longer(best: list[dict[int, tuple[int, int]]], served: int, tour: Tour, price: int) -> None:
    """Every way through one set of stops, one stop further: cost and the stop before."""
    for stop in range(tour.size):
        if not served >> stop & 1:
            there = best[served | 1 << stop]
            for last, (cost, _) in best[served].items():
                further = cost + tour.metres[last][stop] * price
                if stop not in there or further < there[stop][0]:
                    there[stop] = (further, last)


def _with_times(tour: Tour) -> tuple[list[int] | None, int | None]:
    """The best order that keeps the windows: for each set and last stop, every way that is cheaper or earlier."""
    size, aboard = tour.size, _aboard(tour)
    everything = (1 << size) - 1
    ways: list[dict[int, list[_Label]]] = [{} for _ in range(everything + 1)]
    start = _Label(0, tour.fleet.start, size, None)
    ways[0][size] = [start]
    for served in range(everything):
        mass, _, fits = aboard[served]
        if not fits:
            continue
        price = tour.per_metre + tour.per_gram_metre * mass
        for last, labels in ways[served].items():
            for stop in range(size):
                if served >> stop & 1:
                    continue
                there = ways[served | 1 << stop].setdefault(stop, [])
                for label in labels:
                    begins = max(label.leaves + tour.seconds[last][stop], tour.opens[stop])
                    if begins <= tour.closes[stop]:
                        cost = label.cost + tour.metres[last][stop] * price
                        _keep(there, _Label(cost, begins + tour.service[stop], stop, label))
    price = tour.per_metre + tour.per_gram_metre * aboard[everything][0]
    ends = [
        (label.cost + tour.metres[last][size] * price, label)
        for last, labels in ways[everything].items()
        for label in labels
        if label.leaves + tour.seconds[last][size] <= tour.fleet.end
    ]
    if not ends:
        return None, None
    cost, label = min(ends, key=lambda end: end[0])
    order = []
    while label.before is not None:
        order.append(label.stop)
        label = label.before
    return order[::-1], cost


def _keep(labels: list[_Label], new: _Label) -> None:
    """Add a way unless another is neither dearer nor later; drop those that it makes useless."""
    if any(old.cost <= new.cost and old.leaves <= new.leaves for old in labels):
        return
    labels[:] = [old for old in labels if not (new.cost <= old.cost and new.leaves <= old.leaves)]
    labels.append(new)


def _improved(tour: Tour, order: list[int], cost: int) -> tuple[list[int], int]:
    """The first better neighbour again and again, until there is none or enough were tried."""
    tries = 0
    going = True
    while going:
        going = False
        for other in _neighbours(order):
            tries += 1
            if tries > MOST_TRIES:
                return order, cost
            new = tour.cost(other)
            if new is not None and new < cost:
                order, cost, going = other, new, True
                break
    return order, cost


def _neighbours(order: list[int]) -> Iterator[list[int]]:
    """The other direction; then a piece turned around; then up to three stops put elsewhere."""
    size = len(order)
    yield order[::-1]
    for start in range(size - 1):
        for end in range(start + 2, size + 1):
            yield order[:start] + order[start:end][::-1] + order[end:]
    for length in range(1, _LONGEST_PIECE + 1):
        for start in range(size - length + 1):
            piece, rest = order[start : start + length], order[:start] + order[start + length :]
            for to in range(len(rest) + 1):
                if to != start:
                    yield rest[:to] + piece + rest[to:]
