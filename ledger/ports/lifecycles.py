"""
The lives of assets, computed from EPCIS events: state, place, holder, parent and contents at any time, and flags.

Everything is within one tenant: a code that two tenants scan has two lives, and neither moves the other's. Codes go in
as canonical text (``identity.canonical``) and may be any code of an asset; what comes out stands under the asset's
first code, its primary one. Times are microseconds since the Unix epoch.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ledger.lifecycle.anomaly import Anomaly
from ledger.lifecycle.event import Event
from ledger.lifecycle.lives import Life
from ledger.ports.projections import Folding


class AssetLife(NamedTuple):
    """An asset and its state (``life.stage`` is a row of ``lifecycle.stage.NEXT``; empty: none known yet)."""

    id: str
    tenant: str
    product: str
    """Canonical GTIN of a SGTIN; empty for any other key."""
    life: Life[str]


class HistoryRow(NamedTuple):
    """
    An event of an asset: ``role`` is ``self``, ``parent``, ``child``, ``input``, ``output``, or ``content``.

    ``content`` is an event of ``unit``, which it was in at that time; else ``unit`` is the event's parent, if any. A
    ``voided`` event did not happen as stated, an ``event.voids`` one says so; neither moves the asset. Of the things
    that the event names it holds this one alone: a pallet's event may name thousands.
    """

    event: Event[str]
    role: str
    voided: bool
    unit: str


class Alias(NamedTuple):
    """A further code of an asset, and the entry that gave it."""

    code: str
    seq: int
    at: int


class AssetFilter(NamedTuple):
    """Which assets; an empty field asks for nothing. ``place`` takes in the extensions of a GLN."""

    category: str = ""
    products: tuple[str, ...] = ()
    """With ``category``: products of it, for assets that state no category themselves."""
    stage: str = ""
    place: str = ""
    kind: str = "asset"
    """``asset``: all but shipment units (SSCC); ``unit``: these; empty: both."""


class Tally(NamedTuple):
    """
    Sums over the assets (not units) of one category, product and stage.

    ``bucket`` is the number of limits of age that stock has passed, -1 for what is not in stock. ``weighed`` and
    ``valued`` count those that state a mass [g] or a book value [0.01 CNY], which the sums are over. ``dismantled`` and
    ``reused`` count times, ``*_weighed`` those of things of known mass, ``*_g`` their mass.
    """

    category: str
    product: str
    stage: str
    bucket: int
    things: int
    tagged: int
    weighed: int
    mass_g: int
    valued: int
    value_fen: int
    dismantled: int
    reused: int
    dismantled_weighed: int
    reused_weighed: int
    dismantled_g: int
    reused_g: int


class Lifecycles(Folding, Protocol):
    """Lives of assets; see the module. A code nobody scanned in the tenant has none: ``None`` or an empty list."""

    def tenants(self, code: str) -> list[str]:
        """The tenants whose events name this code, the first to name it first: for public pages."""
        ...

    def asset(self, tenant: str, code: str, at: int | None = None) -> AssetLife | None:
        """The state of an asset now, or after everything that happened at or before ``at``."""
        ...

    def history(self, tenant: str, code: str, upto: int | None = None, limit: int = 1000) -> list[HistoryRow]:
        """The events of an asset, its units' events among them, by time; the latest ``limit``."""
        ...

    def contents(self, tenant: str, code: str, at: int | None = None, limit: int = 1000) -> list[AssetLife]:
        """What is in or on an asset now, or was at a time; by code."""
        ...

    def aliases(self, tenant: str, code: str) -> list[Alias]:
        """The further codes of an asset, by entry."""
        ...

    def assets(
        self, tenant: str, wanted: AssetFilter | None = None, after: str = "", limit: int = 100
    ) -> list[AssetLife]:
        """Assets of a tenant by primary code, those with a code > ``after``."""
        ...

    def anomalies(
        self, tenant: str, code: str | None = None, before: int | None = None, limit: int = 100
    ) -> list[Anomaly[str]]:
        """What is flagged, on an asset or at all: the latest entry first, those of entries < ``before``."""
        ...

    def tallies(self, tenant: str, limits: tuple[int, ...]) -> list[Tally]:
        """Sums for figures. ``limits`` are times, latest first: stock held since before one is past it."""
        ...

    def counts(self, tenant: str) -> dict[str, int]:
        """``assets``, ``units``, ``events`` and ``anomalies``."""
        ...
