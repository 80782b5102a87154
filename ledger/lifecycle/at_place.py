"""
What events say of one place in a period: what lay there at its end, what of it went back into use, what left.

Everything is the fold of ``lives`` over all events before the end, so that things in a unit are where the unit is. A
place is its text, and the extensions of a GLN. Times are microseconds since the Unix epoch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ledger.lifecycle.aliases import aliases, renamed
from ledger.lifecycle.event import Event
from ledger.lifecycle.lives import Life, Lives, valid
from ledger.lifecycle.stage import IN_STOCK

EXTENSION: Final = "/254/"
"""Behind a GLN in a canonical text: a part of that place."""
UNIT: Final = "/00/"
"""In the canonical text of a shipment unit (SSCC), which is no asset."""
RETURNABLE: Final = "/8003/"
"""In that of a returnable asset (GRAI)."""


class Lying(NamedTuple):
    """A thing in stock at the place at the end: its last event, and the entries that say where it is and since when."""

    id: str
    last_at: int
    entries: tuple[int, ...]


class CameOff(NamedTuple):
    """A thing that came off a site and was at the place in the period; ``reused`` is the entry of its next use."""

    id: str
    entries: tuple[int, ...]
    reused: int | None = None


class Felt(NamedTuple):
    """An event on a returnable asset, or on what it was in: as ``packaging.returns.Seen`` has it, with its entry."""

    seq: int
    at: int
    step: str
    disposition: str
    place: str


@dataclass(slots=True)
class AtPlace:
    """See the module. ``events`` is how many were folded; ``felt`` has those of each returnable asset, in order."""

    place: str
    start: int
    end: int
    events: int = 0
    lying: list[Lying] = field(default_factory=list)
    came_off: list[CameOff] = field(default_factory=list)
    felt: dict[str, list[Felt]] = field(default_factory=dict)

    def here(self, place: str) -> bool:
        """Whether a place is this one or a part of it."""
        return place == self.place or place.startswith(self.place + EXTENSION)


def at_place(events: Iterable[Event[str]], place: str, start: int, end: int) -> AtPlace:
    """What events before ``end`` say of a place from ``start`` on; void ones say nothing."""
    taken = [event for event in valid(events) if event.at < end]
    primary, _ = aliases(taken)
    fold = _Fold(AtPlace(place, start, end))
    for event in taken:
        fold.take(renamed(event, primary))
    return fold.done()


@dataclass(slots=True)
class _Fold:
    """Events one after the other; ``held`` are things that came off a site, were here, and are not back in use."""

    found: AtPlace
    lives: Lives[str] = field(default_factory=Lives)
    held: dict[str, tuple[int, ...]] = field(default_factory=dict)
    begun: bool = False

    def take(self, event: Event[str]) -> None:
        """The next event."""
        if not self.begun and event.at >= self.found.start:
            self._begin()
        reused = {key: self.lives.states[key].reused for key in _touched(self.lives, event)}
        self.lives.apply(event)
        self.found.events += 1
        for key in dict.fromkeys([*reused, *_touched(self.lives, event)]):
            life = self.lives.states[key]
            if life.last_seq == event.seq:
                self._felt(key, life, event, again=life.reused > reused.get(key, 0))

    def done(self) -> AtPlace:
        """What was found, at the end."""
        if not self.begun:
            self._begin()
        found = self.found
        found.came_off += [CameOff(key, entries) for key, entries in self.held.items()]
        found.lying = [
            Lying(key, life.last_at, (life.place_seq, life.stage_seq, life.last_seq))
            for key, life in self.lives.states.items()
            if UNIT not in key and life.stage in IN_STOCK and found.here(life.place)
        ]
        return found

    def _begin(self) -> None:
        self.begun = True
        for key, life in self.lives.states.items():
            self._hold(key, life)

    def _felt(self, key: str, life: Life[str], event: Event[str], *, again: bool) -> None:
        if again and key in self.held:
            self.found.came_off.append(CameOff(key, self.held.pop(key), event.seq))
        elif self.begun:
            self._hold(key, life)
        if RETURNABLE in key:
            felt = Felt(event.seq, event.at, event.step, event.disposition, event.place)
            self.found.felt.setdefault(key, []).append(felt)

    def _hold(self, key: str, life: Life[str]) -> None:
        if life.removed and UNIT not in key and key not in self.held and self.found.here(life.place):
            self.held[key] = (life.stage_seq, life.place_seq)


def _touched(lives: Lives[str], event: Event[str]) -> Iterator[str]:
    """What an event names, and all that is in it."""
    waiting = [key for key in event.named() if key in lives.states]
    seen = set(waiting)
    while waiting:
        key = waiting.pop()
        yield key
        inner = [one for one in lives.contents.get(key, ()) if one not in seen]
        seen.update(inner)
        waiting += inner
