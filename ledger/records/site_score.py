"""A published score of a site and a year: what its index came to by an edition, from the entries of a log this long."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.assessment_scheme import Key
from ledger.records.index_scheme import MOST_NODES, MeasureName
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Moment, Name
from ledger.records.warehouse_site import Year

Exact = Annotated[str, Meta(max_length=2_000, pattern=r"^(0|[1-9][0-9]*)(\.[0-9]*[1-9]|/[1-9][0-9]*)?\Z")]
"""As ``footprint.amount.exact_text`` writes it."""
Quality = Literal["metered", "recorded", "stated"]
WORST: Final[tuple[Quality, ...]] = ("stated", "recorded", "metered")


class LeafScore(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    An indicator: its value as ``part`` of ``whole``, the points of 100, how many entries it rests on and their digest.

    Without a value it has no points by its rule, and ``missing`` is the code of the reason. ``takes`` is ``events``
    where it was counted from events, and not taken from what was stated.
    """

    entries: Annotated[int, Meta(ge=0)] = 0
    entries_sha256: Digest | None = None
    key: Key
    measure: MeasureName
    missing: Name | None = None
    part: Exact | None = None
    points: Exact
    quality: Quality | None = None
    takes: Literal["events"] | None = None
    whole: Exact | None = None


class SiteScore(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    ``points`` of 100 of a ``site`` in a ``year`` by the edition ``scheme``, exact.

    It follows from the entries before ``size`` and from nothing else, so that it can be computed again.
    """

    id: Name
    kind: Literal["site_score"]
    leaves: Annotated[tuple[LeafScore, ...], Meta(min_length=1, max_length=MOST_NODES)]
    occurred_at: Moment
    points: Exact
    scheme: Name
    site: Name
    size: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    version: Literal[1]
    year: Year
