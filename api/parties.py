"""A principal as a party of the desk: whom it acts for, and whether it sees more than its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.services.access import Principal, Role
from ledger.services.pcf_requests import Party
from ledger.wiring import Ledger

SEES_ALL: Final[frozenset[Role]] = frozenset({"admin", "manager", "procurement", "auditor"})
"""Roles that see every footprint and request of the tenant."""


def party_of(principal: Principal) -> Party:
    """
    The party a principal acts as.

    Accounts of suppliers and the like see their organisation's own alone; without an organisation they stand for nobody
    but themselves.
    """
    if principal.role not in SEES_ALL:
        own = principal.organisation or f"account:{principal.id}"
        return Party(principal.tenant, principal.id, own, sees_all=False)
    verifies = principal.role == "auditor"
    return Party(principal.tenant, principal.id, principal.organisation, verifies=verifies)


def party_names(ledger: Ledger, tenant: str) -> Mapping[str, str]:
    """What the tenant's organisations are called, by their ids."""
    return {one.id: one.name for one in ledger.organisations.listed(tenant)}
