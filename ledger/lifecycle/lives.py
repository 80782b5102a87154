"""
The fold: events in order of their time become the state of every asset they touch, and the flags on them.

``Lives.apply`` takes one event after the other, by event time, then by entry. A store folds what is new into the states
it keeps; ``replay`` folds everything from nothing. Both are this one function, so they cannot differ.

- A unit's event is an event of what is packed in it (EPCIS 2.0, 7.4.3): place, holder and the stages of logistics go
  down to its contents. A rack gives its contents its place alone.
- An event whose id an error declaration names is left out; the history keeps both.
- A further code of an asset (``aliasOf``) is another name of it: its events are the asset's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic

from ledger.lifecycle.aliases import aliases, renamed
from ledger.lifecycle.anomaly import CHECKS, Anomaly, Coming, Coordinates
from ledger.lifecycle.balance import balances
from ledger.lifecycle.event import NOTHING, Event, Key, Stated
from ledger.lifecycle.stage import ENDED, IN_STOCK, INHERITED, Role, follows, stage_after

NEVER = -(2**63)
"""A time before every event."""


@dataclass(slots=True)
class Life(Generic[Key]):
    """
    An asset as its events leave it. Times are microseconds, ``*_seq`` the entries that say so; -1 when none does.

    ``dismantled`` and ``reused`` count how often it came off a site, and went back into use after that.
    """

    stage: str = ""
    stage_at: int = NEVER
    stage_seq: int = -1
    step: str = ""
    disposition: str = ""
    place: str = ""
    place_at: int = NEVER
    place_seq: int = -1
    holder: str = ""
    parent: Key | None = None
    relation: str = ""
    """``packed`` or ``installed``: how it is in its parent."""
    parent_seq: int = -1
    tid: str = ""
    tid_seq: int = -1
    first_at: int = NEVER
    first_seq: int = -1
    last_at: int = NEVER
    last_seq: int = -1
    stock_at: int = NEVER
    """Since when it is held unused; ``NEVER`` while it is not."""
    dismantled: int = 0
    reused: int = 0
    removed: bool = False
    """Came off a site and is not back in use."""
    tagged: bool = False
    """A chip on it was encoded or read."""
    category: str = ""
    mass_g: int = 0
    length_mm: int = 0
    value_fen: int = 0

    @property
    def order(self) -> tuple[int, int]:
        """Of the last event that it felt."""
        return self.last_at, self.last_seq


def nowhere(_place: str) -> None:
    """Coordinates of no place."""


@dataclass(slots=True)
class Lives(Generic[Key]):
    """States by asset, what each contains now, and what was flagged."""

    coordinates: Coordinates = nowhere
    states: dict[Key, Life[Key]] = field(default_factory=dict)
    contents: dict[Key, dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    anomalies: list[Anomaly[Key]] = field(default_factory=list)
    watched: Key | None = None
    felt: dict[int, tuple[str, Key | None]] = field(default_factory=dict)
    """Entries that ``watched`` felt, each with its role; ``content``: through the unit that comes with it."""

    def hold(self, key: Key, life: Life[Key]) -> None:
        """Begin with a state that was folded before."""
        self.states[key] = life
        if life.parent is not None:
            self.contents[life.parent][key] = None

    def apply(self, event: Event[Key]) -> None:
        """Fold the next event in. Its codes are primary ones already; it declares no error."""
        for key in event.selves:
            self._felt(key, event, "self")
        self._pass_on(event.selves, event, set(event.selves))
        if event.parent is not None:
            self._related(event, event.parent)
        else:
            for key in event.children:
                self._felt(key, event, "child")
                self._leave(key, event)
        if event.inputs or event.outputs:
            self._transformed(event)

    def _related(self, event: Event[Key], parent: Key) -> None:
        """A parent and its children; a DELETE that names no child empties the parent."""
        relation = "installed" if event.type == "AssociationEvent" else "packed"
        held = self.contents.get(parent, {})
        children = event.children
        if event.empties:
            children = tuple(key for key in held if self.states[key].order < event.order)
        self._felt(parent, event, "parent")
        children = tuple(key for key in children if key != parent)
        for key in children:
            self._felt(key, event, "child", relation if event.action == "ADD" else "")
            if event.action == "DELETE":
                self._leave(key, event)
            elif event.action == "ADD":
                self._join(key, parent, relation, event)
        seen = {parent, *children}
        self._pass_on(children, event, seen)
        self._pass_on((parent,), event, seen, moves_only=True)

    def _felt(self, key: Key, event: Event[Key], role: Role, relation: str = "") -> None:
        """The event itself on an asset that it names."""
        life = self.states.get(key)
        if life is None:
            life = self.states[key] = Life(first_at=event.at, first_seq=event.seq)
        stage = stage_after(event.type, event.action, event.step, event.disposition, role)
        if event.alias_of is not None:
            stage = ""
        tid = event.tids.get(key, "") if event.tids else ""
        coming = Coming(event, stage, event.parent if relation else None, relation, tid, self.coordinates)
        self._check(key, life, coming)
        if event.unread and role != "parent":
            self._flag(key, "statement-unread", event, -1, {"fields": ", ".join(sorted(set(event.unread)))})
        if key == self.watched:
            self.felt[event.seq] = (role, None)
        self._move(life, event)
        if stage:
            self._stage(life, stage, event)
        if role != "parent":
            life.step, life.disposition = event.step or life.step, event.disposition or life.disposition
        if tid:
            life.tid, life.tid_seq = tid, event.seq
        life.tagged = life.tagged or bool(tid) or event.step == "encoding"
        if event.stated != NOTHING and role in ("self", "output"):
            _state(life, event.stated)
        life.last_at, life.last_seq = event.at, event.seq

    def _check(self, key: Key, life: Life[Key], coming: Coming[Key]) -> None:
        if life.last_seq < 0:
            return
        for code, check in CHECKS:
            found = check(life, coming)
            if found is not None:
                self._flag(key, code, coming.event, *found)

    def _pass_on(self, units: tuple[Key, ...], event: Event[Key], seen: set[Key], *, moves_only: bool = False) -> None:
        """What a unit goes through, its contents go through: down to the last box. ``seen`` ends circles."""
        waiting = [key for key in units if key in self.contents]
        while waiting:
            above = waiting.pop()
            for inner in list(self.contents.get(above, ())):
                life = self.states[inner]
                if inner in seen or life.order >= event.order:
                    continue
                seen.add(inner)
                if inner == self.watched:
                    self.felt[event.seq] = ("content", above)
                self._move(life, event)
                if not moves_only and life.relation == "packed":
                    stage = stage_after(event.type, event.action, event.step, event.disposition, "self")
                    if stage in INHERITED and follows(stage, life.stage):
                        self._stage(life, stage, event)
                    life.step, life.disposition = event.step or life.step, event.disposition or life.disposition
                life.last_at, life.last_seq = event.at, event.seq
                waiting.append(inner)

    def _move(self, life: Life[Key], event: Event[Key]) -> None:
        if event.place:
            life.place, life.place_at, life.place_seq = event.place, event.at, event.seq
        if event.holder:
            life.holder = event.holder

    def _stage(self, life: Life[Key], stage: str, event: Event[Key]) -> None:
        """Bring it to a stage; what has ended stays ended, and its later sightings are flags."""
        if life.stage in ENDED and not follows(stage, life.stage):
            return
        if stage == "installed" and life.removed:
            life.reused, life.removed = life.reused + 1, False
        elif stage == "dismantled" and not life.removed:
            life.dismantled, life.removed = life.dismantled + 1, True
        if stage not in IN_STOCK:
            life.stock_at = NEVER
        elif life.stock_at == NEVER:
            life.stock_at = event.at
        if stage != life.stage:
            life.stage, life.stage_at, life.stage_seq = stage, event.at, event.seq

    def _join(self, key: Key, parent: Key, relation: str, event: Event[Key]) -> None:
        life = self.states[key]
        if life.parent is not None:
            self.contents[life.parent].pop(key, None)
        life.parent, life.relation, life.parent_seq = parent, relation, event.seq
        self.contents[parent][key] = None

    def _leave(self, key: Key, event: Event[Key]) -> None:
        life = self.states[key]
        if life.parent is not None and event.action == "DELETE":
            self.contents[life.parent].pop(key, None)
            life.parent, life.relation, life.parent_seq = None, "", -1

    def _transformed(self, event: Event[Key]) -> None:
        """Inputs are used up, outputs are born; a thing on both sides (refurbished under its code) lives on."""
        stays = set(event.inputs) & set(event.outputs)
        for key in event.inputs:
            if key not in stays:
                self._felt(key, event, "input")
        into = [_first(event.amounts.get(key, NOTHING), _known(self.states.get(key))) for key in event.inputs]
        for key in event.outputs:
            self._felt(key, event, "self" if key in stays else "output")
            if key in event.amounts:
                _state(self.states[key], event.amounts[key])
        out = [_first(event.amounts.get(key, NOTHING), event.stated) for key in event.outputs]
        for balance in balances([*into, *event.taken], [*out, *event.given]):
            if balance.contradicts:
                detail = {"taken": str(balance.taken), "given": str(balance.given)}
                detail |= {"difference": str(balance.difference)}
                for key in event.inputs or event.outputs:
                    self._flag(key, f"{balance.dimension.partition('_')[0]}-imbalance", event, -1, detail)

    def _flag(self, key: Key, code: str, event: Event[Key], other: int, detail: dict[str, str]) -> None:
        self.anomalies.append(Anomaly(key, code, event.seq, other, event.at, detail))


def _state(life: Life[Key], stated: Stated) -> None:
    life.category = stated.category or life.category
    life.mass_g = stated.mass_g or life.mass_g
    life.length_mm = stated.length_mm or life.length_mm
    life.value_fen = stated.value_fen or life.value_fen


def _first(one: Stated, other: Stated) -> Stated:
    """What one says, and where it is silent, what the other says."""
    return Stated(
        one.category or other.category,
        one.mass_g or other.mass_g,
        one.length_mm or other.length_mm,
        one.value_fen or other.value_fen,
    )


def _known(life: Life[Key] | None) -> Stated:
    return Stated(mass_g=life.mass_g, length_mm=life.length_mm) if life else NOTHING


def valid(events: Iterable[Event[Key]]) -> list[Event[Key]]:
    """The events that no declaration voids, in the order in which they are folded."""
    given = list(events)
    voided = {event.id for event in given if event.voids}
    return sorted((e for e in given if not e.voids and e.id not in voided), key=lambda event: event.order)


def replay(
    events: Iterable[Event[str]], *, upto: int | None = None, coordinates: Coordinates = nowhere
) -> tuple[Lives[str], Mapping[str, str]]:
    """Everything from nothing: the states after the last event at or before ``upto``, and the primary of each code."""
    lives: Lives[str] = Lives(coordinates)
    taken = valid(events)
    primary, conflicts = aliases(taken)
    lives.anomalies += [found for found in conflicts if upto is None or found.at <= upto]
    for event in taken:
        if upto is None or event.at <= upto:
            lives.apply(renamed(event, primary))
    return lives, primary
