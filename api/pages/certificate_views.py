"""What the pages of the registry show of certificates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from api.paging import text_of
from ledger.ports.listing import Place
from ledger.programme.certificates import CertificateState, Held, days_left, warning
from ledger.programme.schemes import SCHEMES
from ledger.records.supplier_certificate import CertificateStep
from ledger.services.certificates import Counted, state_now

CertificatesFound = tuple[list[Held], Place | None]
"""A page, and where the next begins."""
_LIVE: Final[frozenset[CertificateState]] = frozenset({"in_force", "recorded", "not_yet", "suspended"})


class CertificateRow(NamedTuple):
    """A certificate as it stands; ``within`` are the days of the warning it is within, 0 for none."""

    id: str
    entry: int
    supplier: str
    scheme: str
    subject: str
    number: str
    issuer: str
    scope: str
    valid_from: str
    valid_to: str
    state: CertificateState
    days: int
    within: int
    live: bool


class CertificatesView(NamedTuple):
    """Certificates that may count now or soon, by the day they run out, and those that do not any more: a page each."""

    counted: Counted
    live: list[CertificateRow]
    more_live: str | None
    over: list[CertificateRow]
    more_over: str | None
    may_write: bool


class StatusRow(NamedTuple):
    """What became of it."""

    entry: int
    status: CertificateStep
    effective_at: datetime
    stated_at: datetime
    by: str
    reason: str


class CertificatePage(NamedTuple):
    """One certificate with its history."""

    row: CertificateRow
    accreditation: str
    sites: tuple[str, ...]
    evidence: tuple[str, ...]
    recorded_at: datetime
    successor: str
    last_day: str
    history: list[StatusRow]
    steps: list[CertificateStep]


def certificates_view(
    counted: Counted, live: CertificatesFound, over: CertificatesFound, now: datetime, *, may_write: bool
) -> CertificatesView:
    """The registry as a party sees it."""
    shown, ended = ([_row(one, now) for one in found] for found, _ in (live, over))
    return CertificatesView(counted, shown, text_of(live[1]), ended, text_of(over[1]), may_write)


def certificate_page(held: Held, now: datetime, *, may_state: bool) -> CertificatePage:
    """One certificate; steps that it does not take are not offered."""
    one, row = held.certificate, _row(held, now)
    scheme = next(known for known in SCHEMES if known.name == one.scheme)
    return CertificatePage(
        row=row,
        accreditation=one.accreditation or "",
        sites=one.sites,
        evidence=one.evidence,
        recorded_at=one.occurred_at,
        successor=scheme.successor or "",
        last_day=scheme.last_day.isoformat() if scheme.last_day else "",
        history=[
            StatusRow(entry, said.status, said.effective_at, said.occurred_at, said.by, said.reason)
            for entry, said in held.statuses
        ],
        steps=_steps(held, row.state) if may_state else [],
    )


def _steps(held: Held, state: CertificateState) -> list[CertificateStep]:
    if state == "revoked":
        return []
    confirmed = any(one.status == "confirmed" for one in held.changes)
    steps: list[CertificateStep] = [] if confirmed else ["confirmed"]
    return [*steps, "reinstated" if state == "suspended" else "suspended", "revoked"]


def _row(held: Held, now: datetime) -> CertificateRow:
    one, state = held.certificate, state_now(held, now)
    days = days_left(one, now.astimezone(UTC).date())
    live = state in _LIVE
    return CertificateRow(
        id=one.id,
        entry=held.entry,
        supplier=one.supplier,
        scheme=one.scheme,
        subject=next(known.subject for known in SCHEMES if known.name == one.scheme),
        number=one.number,
        issuer=one.issuer,
        scope=one.scope,
        valid_from=one.valid_from.isoformat(),
        valid_to=one.valid_to.isoformat(),
        state=state,
        days=days,
        within=(warning(days) or 0) if live else 0,
        live=live,
    )
