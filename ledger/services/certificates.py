"""The registry of suppliers' certificates: what a party sees of it, how it stood, and what became of a certificate."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple, Protocol

from ledger.log.proof import record_of
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.programme.certificates import CertificateState, Held
from ledger.programme.errors import CertificateStepRefused, CertificateUnknown, OwnCertificate
from ledger.records.record import check, decode_body
from ledger.records.supplier_certificate import CertificateStatus, CertificateStep, SupplierCertificate
from ledger.services.capture import Submission, capture_one
from ledger.services.corrections import withdrawal_of
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up


class Registry(Protocol):
    """What reading the registry needs of a ledger."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...


class Registering(Registry, Protocol):
    """What stating something in it needs; ``ledger.wiring.Ledger`` has it."""

    @property
    def clock(self) -> Clock:
        """When it is stated."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class Become(NamedTuple):
    """What became of a certificate from when on, and why."""

    status: CertificateStep
    effective_at: datetime
    reason: str


def held_by(ledger: Registry, tenant: str, supplier: str | None, at: datetime) -> list[Held]:
    """Certificates of one supplier, or of all, as the registry had them at a moment, in the order of the log."""
    statuses: dict[str, list[tuple[int, CertificateStatus]]] = {}
    for index, record in _records(ledger, tenant, "certificate_status", supplier):
        if isinstance(record, CertificateStatus) and record.occurred_at <= at:
            statuses.setdefault(record.certificate, []).append((index, record))
    return [
        Held(index, record, tuple(statuses.get(record.id, ())))
        for index, record in _records(ledger, tenant, "supplier_certificate", supplier)
        if isinstance(record, SupplierCertificate) and record.occurred_at <= at
    ]


def certificates_seen(ledger: Registering, party: Party) -> list[Held]:
    """The certificates a party may see, as they stand now: all of the tenant for the house, else its own."""
    catch_up(ledger.entries, ledger.projections)
    return held_by(ledger, party.tenant, None if party.sees_all else party.organisation, ledger.clock.now())


def certificate_seen(ledger: Registering, party: Party, name: str) -> Held:
    """One of them. Raises ``CertificateUnknown`` alike for absent, withdrawn and foreign ones."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    if entry is None or record_of(entry).get("kind") != "supplier_certificate":
        raise CertificateUnknown(certificate=name[:200])
    if withdrawal_of(ledger.entries, party.tenant, name, "supplier_certificate") is not None:
        raise CertificateUnknown(certificate=name)
    supplier = record_of(entry)["supplier"]
    if not (party.sees_all or supplier == party.organisation):
        raise CertificateUnknown(certificate=name)
    found = held_by(ledger, party.tenant, supplier, ledger.clock.now())
    held = next((one for one in found if one.certificate.id == name), None)
    if held is None:  # it is dated after now
        raise CertificateUnknown(certificate=name)
    return held


def state_now(held: Held, now: datetime) -> CertificateState:
    """How a certificate stands at this moment, by the day in UTC."""
    return held.state(now, now.astimezone(UTC).date())


def state_step(
    ledger: Registering, party: Party, name: str, become: Become, at: datetime | None = None
) -> tuple[CertificateStatus, Receipt]:
    """
    Record what became of a certificate, in the name of the party's organisation or of the house.

    Raises ``CertificateUnknown``, ``OwnCertificate``, and ``CertificateStepRefused`` for a revoked one, for reinstating
    one that is not suspended, and for a time ahead.
    """
    held, moment = certificate_seen(ledger, party, name), at or ledger.clock.now()
    by = party.organisation or party.tenant
    if by == held.certificate.supplier or not party.sees_all:
        raise OwnCertificate(organisation=held.certificate.supplier)
    last = max((one.effective_at for one in held.changes), default=become.effective_at)
    state = state_now(held, max(last, become.effective_at))
    fits = state != "revoked" and (become.status != "reinstated" or state == "suspended")
    if not fits or become.effective_at > moment:
        raise CertificateStepRefused(certificate=name, step=become.status, state=state)
    made = CertificateStatus(
        by=by,
        certificate=name,
        effective_at=become.effective_at,
        id=f"certificate-status:{len(held.statuses) + 1}:{sha256(name.encode()).hexdigest()[:40]}",
        kind="certificate_status",
        occurred_at=moment,
        reason=become.reason,
        status=become.status,
        supplier=held.certificate.supplier,
        version=1,
    )
    check(made)
    outcome = capture_one(ledger, Submission(party.tenant, party.submitter), made)
    return made, outcome


def _records(
    ledger: Registry, tenant: str, kind: str, supplier: str | None
) -> list[tuple[int, SupplierCertificate | CertificateStatus]]:
    facts = ledger.projections.facts(tenant, kind, supplier)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((index, decode_body(entries[index].body, kind)) for index in sorted(entries))
    return [(index, one) for index, one in found if isinstance(one, SupplierCertificate | CertificateStatus)]
