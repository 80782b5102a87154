"""A principal as a party of the desk: whom it acts for, and whether it sees more than its own."""

from __future__ import annotations

from ledger.services.access import Principal
from ledger.services.pcf_requests import Party


def party_of(principal: Principal) -> Party:
    """
    The party a principal acts as.

    A supplier's account sees its organisation's own alone; without an organisation it stands for nobody but itself.
    """
    if principal.role == "supplier":
        own = principal.organisation or f"account:{principal.id}"
        return Party(principal.tenant, principal.id, own, sees_all=False)
    return Party(principal.tenant, principal.id, principal.organisation)
