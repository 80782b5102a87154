"""Who may hand in which kinds of records, however they come in."""

from __future__ import annotations

from typing import Final

from api.permissions import GRANTS, Permission
from api.scope import PRICED
from ledger.records.record import Record
from ledger.services.access import Principal, Role, RoleNotAllowed

_CLAIMED: Final = frozenset({"claim", "transport_plan"})


def permit(record: Record, principal: Principal) -> None:
    """
    Raise ``RoleNotAllowed`` for a kind that is not this role's to write.

    Tenders' records are written by those who run or answer tenders, claims by those who may claim.
    """
    if not may_hand_in(record.kind, principal.role):
        raise RoleNotAllowed(role=principal.role, permission=_needed(record.kind))


def may_hand_in(kind: str, role: Role) -> bool:
    """Whether a role may write records of a kind."""
    return role in GRANTS[_needed(kind)]


def _needed(kind: str) -> Permission:
    if kind in PRICED:
        return "tenders.write"
    return "claims.write" if kind in _CLAIMED else "capture"
