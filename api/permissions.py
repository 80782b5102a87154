"""Who may do what, as data: every permission with its roles. Which address needs which, ``api.operations`` says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

from ledger.services.access import Principal, Role
from ledger.services.keys import KeyTermsRefused

Permission = Literal[
    "public",
    "capture",
    "entries.read",
    "events.read",
    "scans.read",
    "basis.read",
    "assets.read",
    "prices.read",
    "tenders.read",
    "tenders.write",
    "tenders.examine",
    "tenders.score",
    "panel.mark",
    "schemes.design",
    "bids.read",
    "bids.seal",
    "bids.open",
    "contracts.read",
    "contracts.write",
    "footprints.read",
    "shipments.read",
    "shipments.offered",
    "claims.read",
    "claims.write",
    "plans.read",
    "plans.write",
    "correct",
    "targets.write",
    "runs.start",
    "runs.replay",
    "tasks.answer",
    "pcf.read",
    "pcf.ask",
    "pcf.step",
    "pcf.review",
    "pcf.share",
    "certificates.read",
    "certificates.write",
    "certificates.state",
    "audit.read",
    "consortium.read",
    "segments.read",
    "assessments.read",
    "assessments.open",
    "assessments.answer",
    "assessments.score",
    "commitments.read",
    "commitments.write",
    "catalogue.read",
    "catalogue.nominate",
    "catalogue.write",
    "packaging.read",
    "packaging.write",
    "packaging.rule",
    "incentives.read",
    "incentives.write",
    "verifications.read",
    "verifications.sign",
    "verifications.restate",
    "warehouses.read",
    "warehouses.write",
    "warehouses.score",
    "keys.manage",
    "metrics.read",
    "people.manage",
    "organisations.read",
    "organisations.write",
    "supplier.start",
    "queries.write",
    "labels.print",
    "subscriptions",
    "session",
    "work",
    "exchange.read",
    "exchange.read-all",
    "exchange.events",
    "partners.manage",
]

_EVERYONE: Final[frozenset[Role]] = frozenset(get_args(Role))
_SIGNED_IN: Final = _EVERYONE - {"public", "partner"}
"""Everyone who signs in here; a partner's system speaks the protocols of exchange and nothing else."""
_HOUSE: Final = _SIGNED_IN - {"supplier"}

GRANTS: Final[Mapping[Permission, frozenset[Role]]] = {
    "public": _EVERYONE,
    "capture": frozenset({"admin", "manager", "supplier", "warehouse"}),
    # Entries one by one: ``api.scope`` shows a supplier its own and what names it, and nothing of another supplier.
    "entries.read": _SIGNED_IN,
    # What is answered from all of the tenant's records is the house's.
    "events.read": _HOUSE,
    "scans.read": frozenset({"admin", "manager", "warehouse"}),
    "assets.read": _HOUSE,
    "footprints.read": _HOUSE,
    # An organisation sees those that it was granted (``services.shipments``).
    "shipments.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor", "partner"}),
    "shipments.offered": frozenset({"admin", "manager", "auditor"}),
    "claims.read": _HOUSE,
    "claims.write": frozenset({"admin", "manager", "procurement"}),
    # Plans of routes, loads and cartons: who drives where is the house's.
    "plans.read": _HOUSE,
    "plans.write": frozenset({"admin", "manager", "warehouse"}),
    # Factors, places and distances are the same for everyone.
    "basis.read": _SIGNED_IN,
    # Who handed a record in may withdraw it, and the owner any: the service decides which (``access.manages``).
    "correct": frozenset({"admin", "manager", "supplier", "warehouse", "procurement"}),
    "targets.write": frozenset({"admin", "manager"}),
    # A run is an entry for good; replaying one reads the whole log again.
    "runs.start": frozenset({"admin", "manager"}),
    "runs.replay": frozenset({"admin", "manager", "auditor"}),
    "tasks.answer": frozenset({"admin", "manager", "warehouse", "procurement"}),
    # Prices, bids and score sheets: not for those who scan.
    "prices.read": frozenset({"admin", "procurement", "auditor"}),
    "tenders.read": frozenset({"admin", "procurement", "auditor"}),
    "schemes.design": frozenset({"admin", "procurement"}),
    "tenders.write": frozenset({"admin", "procurement", "supplier"}),
    # The panel marks quality before prices are displayed; scoring follows both.
    "tenders.score": frozenset({"admin", "procurement"}),
    "panel.mark": frozenset({"admin", "procurement"}),
    # Robustness cards are entries, and take a while to compute.
    "tenders.examine": frozenset({"admin", "procurement", "auditor"}),
    # Sealed bids: suppliers seal their own; buyer and auditor publish and release one key each (``api.bidding``).
    "bids.read": frozenset({"admin", "procurement", "auditor", "supplier"}),
    "bids.seal": frozenset({"supplier"}),
    "bids.open": frozenset({"admin", "procurement", "auditor"}),
    # A supplier sees its own contracts, and nothing of who else bid.
    "contracts.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "contracts.write": frozenset({"admin", "procurement"}),
    # Footprints of suppliers: the house sees all, a supplier its own (``api.parties``).
    "pcf.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "pcf.ask": frozenset({"admin", "manager", "procurement"}),
    # Each step of a request is the house's or the supplier's; the service tells which.
    "pcf.step": frozenset({"admin", "manager", "supplier", "procurement"}),
    # Not even the admin verifies: a statement is a verifier's.
    "pcf.review": frozenset({"auditor"}),
    # Who sees a footprint is its supplier's to say, and nobody else's.
    "pcf.share": frozenset({"supplier"}),
    # Certificates of suppliers: as with footprints, a supplier sees and hands in its own.
    "certificates.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "certificates.write": frozenset({"admin", "manager", "supplier", "procurement"}),
    # What became of one is for those who compared it with its issuer's register.
    "certificates.state": frozenset({"admin", "manager", "procurement", "auditor"}),
    # Who signed in, who was refused, who was given what.
    "audit.read": frozenset({"admin", "auditor"}),
    # Who may anchor, witness and pause: for everyone who is asked to rely on it.
    "consortium.read": _SIGNED_IN,
    # Whole ranges of the log; ``api.scope`` gives those alone in which the reader sees every entry.
    "segments.read": frozenset({"admin", "auditor"}),
    # Assessments: suppliers read and answer their own, whose score is somebody else's.
    "assessments.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "assessments.open": frozenset({"admin", "manager", "procurement"}),
    "assessments.answer": frozenset({"supplier"}),
    "assessments.score": frozenset({"admin", "manager", "procurement", "auditor"}),
    # Pledges are the supplier's to sign; the house enters those on paper.
    "commitments.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "commitments.write": frozenset({"admin", "manager", "supplier"}),
    # The green catalogue: suppliers put their own products forward, the house publishes the rules.
    "catalogue.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "catalogue.nominate": frozenset({"admin", "manager", "supplier"}),
    "catalogue.write": frozenset({"admin", "manager"}),
    # Packaging: a supplier states and sees that of its own products; the house says by which rules it is green.
    "packaging.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "packaging.write": frozenset({"admin", "manager", "supplier", "procurement"}),
    "packaging.rule": frozenset({"admin", "manager"}),
    # Incentives: the house publishes the rules and decides exceptions, a supplier sees its own.
    "incentives.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "incentives.write": frozenset({"admin", "manager"}),
    # Internal verification: auditors plan, draw, find and sign; the house restates, and finds nothing about itself.
    "verifications.read": frozenset({"admin", "manager", "auditor"}),
    "verifications.sign": frozenset({"auditor"}),
    "verifications.restate": frozenset({"admin", "manager"}),
    # Warehouses: those who run them state facts, meters and uses of certificates; the index is the house's to publish.
    "warehouses.read": _HOUSE,
    "warehouses.write": frozenset({"admin", "manager", "warehouse"}),
    "warehouses.score": frozenset({"admin", "manager"}),
    "keys.manage": frozenset({"admin"}),
    # Figures of the whole installation; whoever scrapes them has a key narrowed to this.
    "metrics.read": frozenset({"admin"}),
    "people.manage": frozenset({"admin"}),
    "organisations.read": frozenset({"admin", "manager", "procurement", "auditor"}),
    "organisations.write": frozenset({"admin", "procurement"}),
    "supplier.start": frozenset({"supplier"}),
    # It sends events out of the house.
    "subscriptions": frozenset({"admin"}),
    "queries.write": frozenset({"admin", "warehouse", "procurement"}),
    # The desk shows the tenant's things and jobs.
    "labels.print": frozenset({"admin", "warehouse"}),
    "session": _SIGNED_IN,
    # Whoever writes something may use the pages that prepare it.
    "work": frozenset({"admin", "manager", "supplier", "warehouse", "procurement"}),
    # Which footprints each of them sees, the shelf decides (``services.pcf``).
    "exchange.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor", "partner"}),
    "exchange.read-all": frozenset({"admin", "manager", "procurement", "auditor"}),
    "exchange.events": frozenset({"partner"}),
    "partners.manage": frozenset({"admin"}),
}


def may(principal: Principal, permission: Permission) -> bool:
    """Whether a principal's role has a permission, and its scope, where it has one, does not leave it out."""
    if principal.role not in GRANTS[permission]:
        return False
    return not principal.scope or permission in principal.scope or permission == "public"


def permissions_of(principal: Principal) -> frozenset[str]:
    """Everything a principal may do, beside what is public."""
    return frozenset(name for name in GRANTS if name != "public" and may(principal, name))


def scope_of(role: str, names: Collection[str]) -> frozenset[str]:
    """The permissions a key of a role is to be narrowed to. Raises ``KeyTermsRefused`` for one the role has not."""
    had = {name for name, roles in GRANTS.items() if role in roles and name != "public"}
    for name in names:
        if name not in had:
            known = ", ".join(sorted(had))
            raise KeyTermsRefused(why=f"{name!r} is none of {known}", why_zh=f"{name!r} 不在 {known} 之中")
    return frozenset(names)


def ensure_within(issuer: Principal, role: str, scope: frozenset[str]) -> None:
    """Raise ``KeyTermsRefused`` when an issuer that was narrowed would hand out more than it has."""
    if not issuer.scope:
        return
    wanted = scope or frozenset(name for name, roles in GRANTS.items() if role in roles and name != "public")
    beyond = sorted(wanted - permissions_of(issuer))
    if beyond:
        raise KeyTermsRefused(why=f"the issuer has no {beyond[0]}", why_zh=f"签发者没有权限 {beyond[0]}")
