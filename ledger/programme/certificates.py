"""How a certificate stood at a moment: computed from what was recorded, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from ledger.programme.schemes import last_day
from ledger.records.supplier_certificate import CertificateStatus, CertificateStep, SupplierCertificate

CertificateState = Literal["in_force", "recorded", "not_yet", "suspended", "expired", "superseded", "revoked"]
STATES: Final[tuple[CertificateState, ...]] = (
    "in_force",
    "recorded",
    "not_yet",
    "suspended",
    "expired",
    "superseded",
    "revoked",
)
WARNINGS: Final = (7, 30, 90)
"""Days before its last day from which a certificate is shown as running out."""


class Change(NamedTuple):
    """One thing that became of a certificate, from when on."""

    status: CertificateStep
    effective_at: datetime


class Held(NamedTuple):
    """A certificate with its entry and all that was said of it until a moment, in the order of the log."""

    entry: int
    certificate: SupplierCertificate
    statuses: tuple[tuple[int, CertificateStatus], ...]

    @property
    def changes(self) -> list[Change]:
        """What became of it."""
        return [Change(one.status, one.effective_at) for _, one in self.statuses]

    def until(self, at: datetime) -> Held | None:
        """The same as it was known at a moment; ``None`` before it was recorded."""
        if self.certificate.occurred_at > at:
            return None
        return self._replace(statuses=tuple(one for one in self.statuses if one[1].occurred_at <= at))

    def state(self, at: datetime, day: date) -> CertificateState:
        """How it stood at a moment, which is on ``day`` where it is judged."""
        one = self.certificate
        return state_at(one.scheme, (one.valid_from, one.valid_to), self.changes, at, day)


def state_at(
    scheme: str, valid: tuple[date, date], changes: Iterable[Change], at: datetime, day: date
) -> CertificateState:
    """
    The state by changes in effect at the moment ``at``; the first that is true of these.

    ``revoked``, for good; ``superseded``: its scheme was withdrawn; ``expired``; ``not_yet`` valid; ``suspended`` and
    not reinstated since; ``in_force`` when it was confirmed, else ``recorded``. Of changes that take effect at one
    moment, the one handed in last here counts last.
    """
    said = [one for one in sorted(changes, key=lambda one: one.effective_at) if one.effective_at <= at]
    known = {one.status for one in said}
    if "revoked" in known:
        return "revoked"
    last = last_day(scheme)
    if last is not None and day > last:
        return "superseded"
    if day > valid[1]:
        return "expired"
    if day < valid[0]:
        return "not_yet"
    paused = [one.status for one in said if one.status in {"suspended", "reinstated"}]
    if paused and paused[-1] == "suspended":
        return "suspended"
    return "in_force" if "confirmed" in known else "recorded"


def days_left(certificate: SupplierCertificate, day: date) -> int:
    """Days from ``day`` to the last one on which it counts; below zero when that is over."""
    last = last_day(certificate.scheme)
    end = certificate.valid_to if last is None else min(certificate.valid_to, last)
    return (end - day).days


def warning(days: int) -> int | None:
    """The nearest of ``WARNINGS`` that this many days are within; ``None`` when there is time, or when it is over."""
    return next((limit for limit in WARNINGS if 0 <= days <= limit), None)
