"""Wire shapes of warehouses: sites, a site's year by an edition of the index, certificates and what is left."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from ledger.records.index_scheme import IndexScheme, MeasureName
from ledger.records.product_footprint import DecimalText
from ledger.records.site_score import Quality, SiteScore
from ledger.records.transport_leg import Name
from ledger.records.warehouse_site import WarehouseSite, Year


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    """A site as it is stated now."""

    entry: int
    record: WarehouseSite


class SiteList(msgspec.Struct, frozen=True, kw_only=True):
    """Sites in the order they were first stated; ``next_after`` begins the next page."""

    sites: list[SiteView]
    next_after: int | None


class MissingView(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is not measured."""

    code: str
    message: str
    fix: str


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a working: an exact amount and the entries behind it."""

    what: str
    amount: str
    unit: str
    entries: list[int]


class BesideView(msgspec.Struct, frozen=True, kw_only=True):
    """The same indicator from what the edition does not take it from; in no score. Entries are those behind it."""

    source: Literal["events", "stated"]
    part: str | None
    whole: str | None
    entries: int
    missing: MissingView | None


class LeafView(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator: ``part`` of ``whole``, exact, or why nothing was measured; ``points`` of 100."""

    key: str
    measure: MeasureName
    weight: str
    unit: str
    part: str | None
    whole: str | None
    quality: Quality | None
    points: str | None
    lines: list[LineView]
    left_out: list[str]
    missing: MissingView | None
    takes: Literal["events", "stated"] | None
    """Of what can be stated and counted from events; nothing of any other."""
    beside: BesideView | None


class MonthView(msgspec.Struct, frozen=True, kw_only=True):
    """Electricity of a month [kWh], exact, or why it is not known."""

    month: str
    bought: str | None
    generated: str | None
    exported: str | None
    missing: MissingView | None


class SiteYearView(msgspec.Struct, frozen=True, kw_only=True):
    """A site's year by an edition; ``points`` of 100, ``null`` when the edition refuses a score."""

    site: str
    year: int
    scheme: str
    points: str | None
    leaves: list[LeafView]
    months: list[MonthView]


class SchemeView(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of an index."""

    entry: int
    record: IndexScheme


class SchemeList(msgspec.Struct, frozen=True, kw_only=True):
    """Editions, the newest first, at most 100."""

    schemes: list[SchemeView]


class NewScore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Publish the score of a year that is over, by an edition's id."""

    year: Year
    scheme: Name


class ScoreView(msgspec.Struct, frozen=True, kw_only=True):
    """A published score."""

    entry: int
    record: SiteScore


class ScoreList(msgspec.Struct, frozen=True, kw_only=True):
    """Published scores of a site, the newest first, at most 100."""

    scores: list[ScoreView]


class UseView(msgspec.Struct, frozen=True, kw_only=True):
    """MWh used for a site between two days."""

    entry: int
    site: str
    period_start: date
    period_end: date
    mwh: str


class HeldView(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate, what used it, and what is left [MWh]; ``taken``: its number was recorded before in this ledger."""

    certificate: str
    entry: int
    mwh: str
    left: str
    taken: bool
    uses: list[UseView]


class HeldList(msgspec.Struct, frozen=True, kw_only=True):
    """Certificates in the order of the log; ``next_after`` begins the next page."""

    certificates: list[HeldView]
    next_after: int | None


class NewUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Use ``mwh`` of the certificate record of that id for a site, between two days of one year."""

    certificate: Name
    site: Name
    period_start: date
    period_end: date
    mwh: DecimalText


class UseReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded use, and the certificate as it is now."""

    entry: int
    id: str
    certificate: HeldView
