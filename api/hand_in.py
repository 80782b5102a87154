"""Who may hand in which kinds of records, however they come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.parties import party_of
from api.permissions import GRANTS, Permission, may
from api.scope import PRICED
from ledger.errors import Place
from ledger.programme.errors import OtherOrganisation
from ledger.records.errors import MadeByLedger
from ledger.records.green_catalogue import CatalogueProduct
from ledger.records.packaging import PackagingBill
from ledger.records.pledge import Pledge, PledgeValue
from ledger.records.record import Record
from ledger.records.supplier_certificate import SupplierCertificate
from ledger.services.access import Principal, require
from ledger.services.claims import is_booked

_CLAIMED: Final = frozenset({"claim", "route_plan", "transport_plan"})
_STEERED: Final = frozenset(
    {"inventory_boundary", "target", "target_actual", "scenario", "task", "ets_quarter", "energy_measure"}
)
"""What decides how figures are read: who belongs to the company, what it aims at."""
_MADE: Final = frozenset(
    {
        "assessment",
        "assessment_step",
        "audit",
        "calculation_run",
        "certificate_use",
        "certificate_status",
        "consortium_change",
        "contract",
        "evidence_file",
        "logistics_footprint",
        "panel_marks",
        "pcf_answer",
        "pcf_request",
        "key_release",
        "pcf_review",
        "pcf_share",
        "robustness_card",
        "sealed_bid",
        "sealing_key",
        "site_score",
        "verification_plan",
        "verification_sample",
        "verification_step",
        "witness_policy",
    }
)
"""What the ledger records itself: what it computes, that a file was kept, steps with an address of their own."""


_NEEDED: Final[Mapping[str, Permission]] = {
    **dict.fromkeys(PRICED, "tenders.write"),
    **dict.fromkeys(_STEERED, "targets.write"),
    **dict.fromkeys(_CLAIMED, "claims.write"),
    "supplier_certificate": "certificates.write",
    "pledge": "commitments.write",
    "pledge_value": "commitments.write",
    "assessment_scheme": "assessments.open",
    "catalogue_product": "catalogue.nominate",
    "catalogue_rules": "catalogue.write",
    "incentive_rules": "incentives.write",
    "incentive_exception": "incentives.write",
    "packaging_bill": "packaging.write",
    "packaging_rules": "packaging.rule",
    "index_scheme": "warehouses.score",
    "site_statement": "warehouses.write",
    "warehouse_site": "warehouses.write",
    "site_meter": "warehouses.write",
}
"""What a kind needs; all others need ``capture``."""
_OF_SUPPLIER: Final = (CatalogueProduct, PackagingBill, Pledge, PledgeValue, SupplierCertificate)
"""Kinds that a supplier hands in for itself alone."""


def permit(record: Record, principal: Principal) -> None:
    """
    Raise unless a principal may write records of this kind.

    Raises ``RoleNotAllowed`` or ``ScopeTooNarrow``, ``MadeByLedger`` for a kind that is nobody's to write, and
    ``OtherOrganisation`` when a supplier hands in another's certificate, pledge or product.

    Tenders' records are written by those who run or answer tenders, claims by those who may claim, boundaries and
    targets by those who answer for the company.
    """
    if record.kind in _MADE or is_booked(record):
        raise MadeByLedger(kind=record.kind)
    needed = _needed(record.kind)
    require(principal, needed, GRANTS[needed])
    if isinstance(record, _OF_SUPPLIER) and not _acts_for(principal, record.supplier):
        raise OtherOrganisation(supplier=record.supplier).at(Place(pointer="/supplier"))


def may_hand_in(kind: str, principal: Principal) -> bool:
    """Whether a principal may write records of a kind."""
    return kind not in _MADE and may(principal, _needed(kind))


def _acts_for(principal: Principal, supplier: str) -> bool:
    party = party_of(principal)
    return party.sees_all or party.organisation == supplier


def _needed(kind: str) -> Permission:
    return _NEEDED.get(kind, "capture")
