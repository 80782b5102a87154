"""
Parts of energy certificates used for the electricity of sites, and no part twice.

The uses of one certificate are numbered through (``records.certificate_use``). Whoever states one reads those
before it, checks what is left, and takes the next number; the log gives a number to one of two, and the other one looks
again.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from ledger.errors import Place
from ledger.log.errors import RecordConflict
from ledger.log.proof import record_of
from ledger.ports import Receipt
from ledger.programme.warehouse.certificates import Held, ensure_usable, held
from ledger.programme.warehouse.errors import CertificateAbsent, CertificateNotUsable
from ledger.records.certificate_use import CertificateUse, use_id
from ledger.records.energy_certificate import EnergyCertificate
from ledger.records.record import check, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.corrections import withdrawal_of
from ledger.services.project import catch_up, catch_up_all
from ledger.services.warehouse_sites import PAGE, Warehouses, ensure_site

MOST_USES: Final = 1_000
"""Of one certificate, those withdrawn among them."""


class Asked(NamedTuple):
    """``mwh`` of a certificate for a site between two days."""

    certificate: str
    site: str
    period_start: date
    period_end: date
    mwh: str


def use_certificate(ledger: Warehouses, submission: Submission, asked: Asked) -> tuple[CertificateUse, Receipt]:
    """
    Record a use, when so much is left.

    Raises ``SiteUnknown``, ``CertificateAbsent``, ``CertificateNotUsable``, ``CertificateOverdrawn``, and what
    recording refuses.
    """
    ensure_site(ledger, submission.tenant, asked.site)
    while True:
        one, number = _held(ledger, submission.tenant, asked.certificate)
        made = CertificateUse(
            id=use_id(asked.certificate, number),
            kind="certificate_use",
            occurred_at=ledger.clock.now(),
            version=1,
            **asked._asdict(),
        )
        check(made)
        ensure_usable(one, made)
        if number > MOST_USES:
            why = {"why": f"it has {MOST_USES} uses", "why_zh": f"已有 {MOST_USES} 次使用"}
            raise CertificateNotUsable(certificate=asked.certificate, **why).at(Place(pointer="/certificate"))
        try:
            return made, capture_one(ledger, submission, made)
        except RecordConflict:
            continue  # another took the number: look again at what is left


def held_certificate(ledger: Warehouses, tenant: str, certificate: str) -> Held:
    """A certificate with its uses. Raises ``CertificateAbsent``."""
    return _held(ledger, tenant, certificate)[0]


def certificates_page(
    ledger: Warehouses, tenant: str, after: int = -1, limit: int = PAGE
) -> tuple[list[Held], int | None]:
    """At most ``limit`` certificates that stand behind an entry; and the last one's entry, where more may follow."""
    catch_up_all(ledger.entries, (ledger.projections, ledger.certificate_numbers))
    page = ledger.projections.facts(tenant, "energy_certificate", after=after, limit=limit)
    places = [fact.seq for fact in page]
    entries, taken = ledger.entries.gathered(places), ledger.certificate_numbers.taken(places)
    found = list[Held]()
    for at in places:
        record = decode_body(entries[at].body, "energy_certificate")
        assert isinstance(record, EnergyCertificate)
        found.append(held(at, record, _uses(ledger, tenant, record.id)[0], taken=at in taken))
    return found, page[-1].seq if len(page) == limit else None


def _held(ledger: Warehouses, tenant: str, certificate: str) -> tuple[Held, int]:
    """It as the log has it, read by ids, and the number of its next use."""
    entry = ledger.entries.find(tenant, certificate)
    if entry is None or record_of(entry)["kind"] != "energy_certificate":
        raise CertificateAbsent(certificate=certificate[:200]).at(Place(pointer="/certificate"))
    if withdrawal_of(ledger.entries, tenant, certificate, "energy_certificate") is not None:
        raise CertificateAbsent(certificate=certificate).at(Place(pointer="/certificate"))
    record = decode_body(entry.body, "energy_certificate")
    assert isinstance(record, EnergyCertificate)
    stated, number = _uses(ledger, tenant, certificate)
    catch_up(ledger.entries, ledger.certificate_numbers)
    taken = entry.index in ledger.certificate_numbers.taken([entry.index])
    return held(entry.index, record, stated, taken=taken), number


def _uses(ledger: Warehouses, tenant: str, certificate: str) -> tuple[list[tuple[int, CertificateUse]], int]:
    """Its uses that stand, with their entries, and the number of the next one."""
    stated, number = list[tuple[int, CertificateUse]](), 1
    while (found := ledger.entries.find(tenant, use_id(certificate, number))) is not None:
        number += 1
        if record_of(found)["kind"] != "certificate_use":
            continue  # a record of another kind took the id: the next number is free all the same
        use = decode_body(found.body, "certificate_use")
        assert isinstance(use, CertificateUse)
        if withdrawal_of(ledger.entries, tenant, use.id, "certificate_use") is None:
            stated.append((found.index, use))
    return stated, number
