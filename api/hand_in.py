"""Who may hand in which kinds of records, however they come in."""

from __future__ import annotations

from typing import Final

from api.permissions import GRANTS, Permission
from api.scope import PRICED
from ledger.records.errors import MadeByLedger
from ledger.records.record import Record
from ledger.services.access import Principal, Role, RoleNotAllowed

_CLAIMED: Final = frozenset({"claim", "transport_plan"})
_STEERED: Final = frozenset(
    {"inventory_boundary", "target", "target_actual", "scenario", "task", "ets_quarter", "energy_measure"}
)
"""What decides how figures are read: who belongs to the company, what it aims at."""
_MADE: Final = frozenset({"calculation_run"})
"""What the ledger computes and records itself."""


def permit(record: Record, principal: Principal) -> None:
    """
    Raise ``RoleNotAllowed`` for a kind that is not this role's to write, ``MadeByLedger`` for one that is nobody's.

    Tenders' records are written by those who run or answer tenders, claims by those who may claim, boundaries and
    targets by those who answer for the company.
    """
    if record.kind in _MADE:
        raise MadeByLedger(kind=record.kind)
    if not may_hand_in(record.kind, principal.role):
        raise RoleNotAllowed(role=principal.role, permission=_needed(record.kind))


def may_hand_in(kind: str, role: Role) -> bool:
    """Whether a role may write records of a kind."""
    return kind not in _MADE and role in GRANTS[_needed(kind)]


def _needed(kind: str) -> Permission:
    if kind in PRICED:
        return "tenders.write"
    if kind in _STEERED:
        return "targets.write"
    return "claims.write" if kind in _CLAIMED else "capture"
