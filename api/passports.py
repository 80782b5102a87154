"""Passports for the readers of one server: cut to each reader; they and their footprints kept until something moves."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Any, Final, NamedTuple

from ledger.footprint.product import ProductTotal
from ledger.identity import Identity
from ledger.services.access import Principal, Role
from ledger.services.disclosure import Audience, disclosed
from ledger.services.passport import Passport, Sources, footprint_of, passport
from ledger.wiring import Ledger

AUDIENCE_OF: Final[Mapping[Role, Audience]] = {
    "public": "public",
    "procurement": "buyer",
    "auditor": "auditor",
    "admin": "owner",
    "manager": "buyer",
    "partner": "public",
    "supplier": "public",
    "warehouse": "owner",
}
"""
Of the tenant's own roles; for another tenant's things everyone is the public. A supplier is the public too: the thing
in its hand may be another supplier's, and what its own organisation recorded of it is among its entries.
"""
MOST_FOOTPRINTS: Final = 4096
MOST_PASSPORTS: Final = 512
"""Kept at a time, some tens of kilobytes each."""


class Shown(NamedTuple):
    """A passport as one reader may see it."""

    audience: Audience
    own: bool
    """Whether it is made of the reader's own tenant's records."""
    content: dict[str, Any]


class Passports:
    """Looks passports up; safe in any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._version: Hashable = None
        self._footprints: dict[tuple[str, str], ProductTotal | None] = {}
        self._passports: dict[tuple[str, str], Passport | None] = {}

    def version(self) -> Hashable:
        """A value that differs when any passport could."""
        ledger = self._ledger
        return ledger.changes.seen(), ledger.places.version(), ledger.photos.version(), ledger.assets.version()

    def of(self, identity: Identity, reader: Principal) -> Shown | None:
        """The passport of a thing or product; ``None`` when the log knows nothing of it."""
        ledger = self._ledger
        found = self._passport(identity, reader.tenant) if reader.tenant else None
        if found is None:
            found = self._passport(identity, ledger.settings.tenant)
        if found is None:
            return None
        own = found.tenant == reader.tenant
        audience = AUDIENCE_OF[reader.role] if own else "public"
        return Shown(audience, own, disclosed(found.content, audience))

    def _passport(self, identity: Identity, tenant: str) -> Passport | None:
        version, key = self.version(), (tenant, identity.text)
        with self._lock:
            self._renew(version)
            if key in self._passports:
                return self._passports[key]
        found = passport(self._sources(version), identity, tenant)
        with self._lock:
            if version == self._version:
                self._passports[key] = found
        return found

    def _sources(self, version: Hashable) -> Sources:
        ledger = self._ledger
        return Sources(
            entries=ledger.entries,
            checkpoints=ledger.checkpoints,
            projections=ledger.projections,
            lifecycles=ledger.lifecycles,
            assets=ledger.assets,
            places=ledger.places,
            photos=ledger.photos,
            domain=ledger.settings.domain,
            footprint=lambda tenant, product: self._footprint(version, tenant, product),
        )

    def _footprint(self, version: Hashable, tenant: str, product: str) -> ProductTotal | None:
        """Computed once for many pieces of a product, until the log moves on."""
        with self._lock:
            self._renew(version)
            if (tenant, product) in self._footprints:
                return self._footprints[tenant, product]
        total = footprint_of(self._ledger.projections, self._ledger.factors, tenant, product)
        with self._lock:
            if version == self._version:
                self._footprints[tenant, product] = total
        return total

    def _renew(self, version: Hashable) -> None:
        """Forget what is kept of another version, and all when there is too much of it. Under the lock."""
        if version != self._version:
            self._version, self._footprints, self._passports = version, {}, {}
        if len(self._footprints) >= MOST_FOOTPRINTS:
            self._footprints = {}
        if len(self._passports) >= MOST_PASSPORTS:
            self._passports = {}
