"""The registry of suppliers' certificates: what a party sees of it, how it stood, and what became of a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

from ledger.log.proof import record_of
from ledger.ports import Clock, EntryStore, Fact, Projections, Random, Receipt
from ledger.ports.listing import EVER, Among, Listing, Place
from ledger.programme.certificates import WARNINGS, CertificateState, Held
from ledger.programme.errors import CertificateStepRefused, CertificateUnknown, OwnCertificate
from ledger.records.record import Record, check, decode_body
from ledger.records.supplier_certificate import CertificateStatus, CertificateStep, SupplierCertificate
from ledger.services.capture import Submission, capture_one
from ledger.services.corrections import withdrawal_of
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up

PAGE: Final = 100


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

    @property
    def listing(self) -> Listing:
        """Rows of lists."""
        ...


class Become(NamedTuple):
    """What became of a certificate from when on, and why."""

    status: CertificateStep
    effective_at: datetime
    reason: str


class Counted(NamedTuple):
    """How many certificates are in force or valid without a confirmation, and run out within days, by the warning."""

    in_force: int
    unconfirmed: int
    within: dict[int, int]


def held_by(ledger: Registry, tenant: str, supplier: str, at: datetime) -> list[Held]:
    """Certificates of one supplier as the registry had them at a moment, in the order of the log."""
    return [one for held in held_of(ledger, tenant, [supplier]) if (one := held.until(at)) is not None]


def held_of(ledger: Registry, tenant: str, suppliers: Sequence[str]) -> list[Held]:
    """Certificates of some suppliers, read at once, with all that was said of them, in the order of the log."""
    said = ledger.projections.facts_of(tenant, "certificate_status", suppliers)
    return _held(ledger, ledger.projections.facts_of(tenant, "supplier_certificate", suppliers), said)


def certificates_page(
    ledger: Registering, party: Party, after: Place | None = None, limit: int = PAGE, *, live: bool = True
) -> tuple[list[Held], Place | None]:
    """
    At most ``limit`` certificates a party may see behind a place, as they stand now; and the last one's place, where
    more follow. All of the tenant for the house, else its own.

    Those that may count today or later, the ones that run out first at the front; or else those that are over, the
    ones that ended last at the front.
    """
    catch_up(ledger.entries, ledger.listing)
    now = ledger.clock.now()
    today = now.astimezone(UTC).date().toordinal()
    span = (today, EVER[1]) if live else (0, today - 1)
    rows, more = ledger.listing.page(party.tenant, _among(party)._replace(at=span), after, limit, descending=not live)
    facts = [Fact(row.seq, party.tenant, "supplier_certificate", row.supplier, 0) for row in rows]
    said = ledger.projections.facts_of(party.tenant, "certificate_status", sorted({row.supplier for row in rows}))
    found = {one.entry: one.until(now) for one in _held(ledger, facts, said)}
    return [one for row in rows if (one := found[row.seq]) is not None], more  # one dated after now is not there yet


def certificates_counted(ledger: Registering, party: Party) -> Counted:
    """Of all that a party may see: how many count today, and run out soon."""
    catch_up(ledger.entries, ledger.listing)
    today, among = ledger.clock.now().astimezone(UTC).date().toordinal(), _among(party)
    valid = among._replace(at=(today, EVER[1]), begins=(0, today))
    return Counted(
        ledger.listing.count(party.tenant, valid._replace(states=("in_force",))),
        ledger.listing.count(party.tenant, valid._replace(states=("recorded",))),
        {days: ledger.listing.count(party.tenant, among._replace(at=(today, today + days))) for days in WARNINGS},
    )


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
    fact = Fact(entry.index, party.tenant, "supplier_certificate", supplier, 0)
    said = ledger.projections.facts(party.tenant, "certificate_status", supplier)
    found = _held(ledger, [fact], said)[0].until(ledger.clock.now())
    if found is None:  # it is dated after now
        raise CertificateUnknown(certificate=name)
    return found


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


def _among(party: Party) -> Among:
    return Among("supplier_certificate", None if party.sees_all else party.organisation)


def _held(ledger: Registry, facts: Sequence[Fact], said: Sequence[Fact]) -> list[Held]:
    statuses: dict[str, list[tuple[int, CertificateStatus]]] = {}
    for index, record in _records(ledger, said):
        if isinstance(record, CertificateStatus):
            statuses.setdefault(record.certificate, []).append((index, record))
    return [
        Held(index, record, tuple(statuses.get(record.id, ())))
        for index, record in _records(ledger, facts)
        if isinstance(record, SupplierCertificate)
    ]


def _records(ledger: Registry, facts: Sequence[Fact]) -> list[tuple[int, Record]]:
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(fact.seq, decode_body(entries[fact.seq].body, fact.kind)) for fact in facts]
