"""
What does not fit in the life of an asset: flagged with its evidence, never refused.

Each check is a function of the life so far and the event that comes, in the visible tuple ``CHECKS``. What is flagged
is a contradiction between statements; which of them is wrong is for people to find out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple

from ledger.lifecycle.event import Event, Key
from ledger.lifecycle.stage import ENDED, follows

if TYPE_CHECKING:
    from ledger.lifecycle.lives import Life

SPEED_LIMIT_KMH: Final = 900
"""Faster than a cargo aircraft cruises: between two places whose distance is known, no thing travels so."""
NEAR_KM: Final = 5
"""Places nearer than this are one for the speed check: clocks of two scanners differ by some seconds."""
EARTH_KM: Final = 6371
_GEO: Final = re.compile(r"geo:(-?[0-9]{1,2}(?:\.[0-9]+)?),(-?[0-9]{1,3}(?:\.[0-9]+)?)(?:[,;]|$)", re.ASCII)
_HOUR: Final = 3_600_000_000
Coordinates = Callable[[str], "tuple[float, float] | None"]
"""Latitude and longitude [degrees, WGS 84] of a place by its canonical text, ``None`` where not known."""


class Anomaly(NamedTuple, Generic[Key]):
    """
    A contradiction on an asset: the event that shows it (``seq``), what it contradicts (``other``, -1: itself).

    ``detail`` holds the words and numbers that a message needs (``code`` names the message).
    """

    key: Key
    code: str
    seq: int
    other: int
    at: int
    detail: dict[str, str]


class Coming(NamedTuple, Generic[Key]):
    """An event on its way to an asset: the stage it brings, the tag it read, and where places are."""

    event: Event[Key]
    stage: str
    parent: Key | None
    relation: str
    """``packed`` or ``installed`` where the event gives it a parent."""
    tid: str
    coordinates: Coordinates


Finding = tuple[int, dict[str, str]]
"""What the event contradicts, and the details."""


def after_end(life: Life[Any], coming: Coming[Any]) -> Finding | None:
    """Seen again after it was destroyed, recycled or used up."""
    if life.stage not in ENDED or (coming.stage and follows(coming.stage, life.stage)):
        return None
    return life.stage_seq, {"stage": life.stage}


def illegal_transition(life: Life[Any], coming: Coming[Any]) -> Finding | None:
    """A stage that cannot follow the one before."""
    if not coming.stage or life.stage in ENDED or follows(coming.stage, life.stage):
        return None
    return life.stage_seq, {"before": life.stage, "after": coming.stage}


def double_location(life: Life[Any], coming: Coming[Any]) -> Finding | None:
    """At two sites at the same moment; or somewhere else while it is installed and was not removed."""
    place, event = coming.event.place, coming.event
    if not _elsewhere(life.place, place):
        return None
    held = life.parent is not None and life.relation == "installed" and coming.stage != "dismantled"
    if event.at != life.place_at and not held:
        return None
    return life.place_seq, {"here": life.place, "there": place}


def impossible_travel(life: Life[Any], coming: Coming[Any]) -> Finding | None:
    """Between two places of known coordinates faster than ``SPEED_LIMIT_KMH``."""
    event = coming.event
    took = event.at - life.place_at
    if not _elsewhere(life.place, event.place) or took <= 0:
        return None
    here, there = coming.coordinates(life.place), coming.coordinates(event.place)
    if here is None or there is None:
        return None
    km = great_circle_km(here, there)
    if km <= NEAR_KM or km * _HOUR <= SPEED_LIMIT_KMH * took:
        return None
    minutes = took // (_HOUR // 60)
    detail = {"here": life.place, "there": event.place, "km": str(km), "minutes": str(minutes)}
    return life.place_seq, detail | {"limit": str(SPEED_LIMIT_KMH)}


def cloned_tag(life: Life[Any], coming: Coming[Any]) -> Finding | None:
    """
    One code on two chips: the chip's own number (TID, EPC Gen2 memory bank 2) is not the one read before.

    After an event with step ``tagging`` a new chip is expected.
    """
    if not coming.tid or not life.tid or coming.tid == life.tid or coming.event.step == "tagging":
        return None
    return life.tid_seq, {"before": life.tid, "now": coming.tid}


def two_parents(life: Life[Any], coming: Coming[Any]) -> Finding | None:
    """Packed in, or fixed to, something while it is still in something else."""
    if coming.parent is None or life.parent is None or coming.parent == life.parent:
        return None
    if coming.relation != life.relation:
        return None  # taken out of the box to be installed: nobody scans that
    return life.parent_seq, {}


CHECKS: Final[tuple[tuple[str, Callable[[Life[Any], Coming[Any]], Finding | None]], ...]] = (
    ("after-end", after_end),
    ("illegal-transition", illegal_transition),
    ("double-location", double_location),
    ("impossible-travel", impossible_travel),
    ("cloned-tag", cloned_tag),
    ("two-parents", two_parents),
)
OTHERS: Final = ("mass-imbalance", "length-imbalance", "alias-conflict", "statement-unread")
"""Found on events, not between them: by ``balance``, by ``aliases``, and by ``event.read``."""
CODES: Final = (*(code for code, _ in CHECKS), *OTHERS)


def _elsewhere(here: str, there: str) -> bool:
    return bool(here and there) and here != there and site(here) != site(there)


def site(place: str) -> str:
    """The location a place belongs to: a GLN without its extension (GS1 AI 254), else the place itself."""
    return place.partition("/254/")[0]


def geo(place: str) -> tuple[float, float] | None:
    """The position in a ``geo:`` URI (RFC 5870; CBV 2.0 allows it as a location); ``None`` for anything else."""
    found = _GEO.match(place)
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    return float(found[1]), float(found[2])


def great_circle_km(here: tuple[float, float], there: tuple[float, float]) -> int:
    """
    Whole kilometres between two points given in degrees, on a sphere of ``EARTH_KM``.

    The one place where binary fractions are used: a sphere is off by up to 0.5 %, the result is rounded to a kilometre,
    and nothing that is recorded or summed depends on it.
    """
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(min(1.0, half))))
