"""Shapes that scanning devices exchange. Moments are RFC 3339."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.schemas.problem import Problem

AT_ONCE = 500


class SessionView(Struct, frozen=True, kw_only=True):
    """Who is signed in. ``form_token`` goes with every change as X-CSRF-Token; it is empty for a key."""

    tenant: str
    who: str
    name: str
    role: str
    may_scan: bool
    form_token: str
    server_time: str


class Scans(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Scans in the order they were made: EPCIS events with an eventID each, in which codes may stand as they were scanned.

    ``device_time`` is the device's clock as it sends.
    """

    events: Annotated[list[Any], Meta(max_length=AT_ONCE)]
    device_time: Annotated[str, Meta(max_length=40)] = ""


class Repeat(Struct, frozen=True, kw_only=True):
    """A thing of this scan that an earlier one showed for the same step at the same place."""

    code: str
    event_id: str
    at: str


class ScanOutcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What became of one scan. ``duplicate`` is recorded too, and flagged; ``rejected`` is not, and ``problem`` says why.

    The same event sent again has the outcome it had.
    """

    event_id: str
    state: Literal["accepted", "duplicate", "rejected"]
    index: int | None = None
    repeats: list[Repeat] = []
    problem: Problem | None = None


class ScansOutcome(Struct, frozen=True, kw_only=True):
    """One outcome per scan, in order. ``clock_skew_ms``: the device's clock minus the server's, as far as it shows."""

    server_time: str
    clock_skew_ms: int | None
    outcomes: list[ScanOutcome]


class KnownThing(Struct, frozen=True, kw_only=True):
    """A thing as its latest event leaves it, with the steps that may follow, for a device to keep."""

    id: str
    name: str
    category: str
    step: str
    disposition: str
    place: str
    at: str
    next: list[str]


class KnownPage(Struct, frozen=True, kw_only=True):
    """Things by id; ask again with ``after`` = ``next_after`` until it is null."""

    things: list[KnownThing]
    next_after: str | None


class ExpectedList(Struct, frozen=True, kw_only=True):
    """What should be inside a logistic unit: the things last packed into it and not taken out."""

    parent: str
    children: list[str]


class ReadsOutcome(Struct, frozen=True, kw_only=True):
    """
    How many reads were what: ``taken`` count; ``weak`` are below the least signal, ``elsewhere`` of another antenna,
    ``foreign`` another company's, ``unknown`` name nothing, ``other`` were no reads (heartbeats and the like).
    """

    reader: str
    taken: int = 0
    weak: int = 0
    elsewhere: int = 0
    foreign: int = 0
    unknown: int = 0
    other: int = 0
