"""
What is done here that concerns security, recorded in the log: the one way in for every such deed.

``record`` is for what must not happen unrecorded, beside the act in one transaction. ``Gathering`` is for everything
else: it takes a deed in memory, tells its caller nothing, and writes it soon after. Repeated refusals become one entry
a minute, however many there are, so that whoever is refused cannot fill the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, NamedTuple

from ledger.errors import LedgerError
from ledger.ports import Clock, EntryStore, Random
from ledger.records.audit import NOBODY, Act, Audit, AuditOutcome
from ledger.records.record import check
from ledger.services.capture import capture

SUBMITTER: Final = "audit"
"""In whose name deeds are recorded: no key and no person has this id."""
OPERATOR: Final = "operator"
"""The principal of what is done on the command line: whoever may read the ledger's directory."""
WAIT: Final[Mapping[AuditOutcome, timedelta]] = {
    "done": timedelta(seconds=1),
    "locked": timedelta(minutes=1),
    "refused": timedelta(minutes=1),
}
"""How long a deed is kept back for others like it."""
MOST_KINDS: Final = 1_000
"""Deeds that are told apart while they wait; beyond it, what they were done to is left out."""
_LONGEST: Final = 200


class Deed(NamedTuple):
    """Somebody's act, as ``records.audit.Audit`` says it. ``reason`` is an error's code, empty for what was done."""

    act: Act
    tenant: str
    principal: str = NOBODY
    object: str = ""
    outcome: AuditOutcome = "done"
    reason: str = ""
    role: str = ""


def by_operator(act: Act, tenant: str, about: str, *, role: str = "") -> Deed:
    """A deed of the command line."""
    return Deed(act, tenant, OPERATOR, about, role=role)


class Span(NamedTuple):
    """How often, from when to when, and the id of the first request."""

    times: int
    first: datetime
    last: datetime
    request: str = ""


Known = Callable[[str], tuple[str, str] | None]
"""Tenant and id of the principal that a key's id or an address names; ``None`` for what names nobody."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The log, as deeds go into it."""

    entries: EntryStore
    clock: Clock
    random: Random
    together: Callable[[], AbstractContextManager[None]]
    """One transaction for all that is stored in the block (``adapters.sql.database.Database.together``)."""

    def record(self, *deeds: Deed, request: str = "") -> None:
        """Record deeds now; raises what the store raises, and then they must not have happened."""
        now = self.clock.now()
        self.append([(deed, Span(1, now, now, request)) for deed in deeds])

    def append(self, found: Sequence[tuple[Deed, Span]]) -> None:
        """An entry for each, all of them or none."""
        by_tenant: dict[str, list[Audit]] = {}
        for deed, span in found:
            by_tenant.setdefault(deed.tenant, []).append(self._record_of(deed, span))
        with self.together():
            for tenant, records in by_tenant.items():
                self._capture(tenant, records)

    def _capture(self, tenant: str, records: Sequence[Audit]) -> None:
        outcomes = capture(self.entries, self.clock, self.random, tenant=tenant, submitter=SUBMITTER, records=records)
        for outcome in outcomes:
            if isinstance(outcome, LedgerError):
                raise outcome

    def _record_of(self, deed: Deed, span: Span) -> Audit:
        made = Audit(
            act=deed.act,
            count=span.times,
            id=f"audit:{self.random.token(12).hex()}",
            kind="audit",
            object=deed.object[:_LONGEST] or None,
            occurred_at=span.first,
            outcome=deed.outcome,
            principal=deed.principal[:_LONGEST],
            reason=deed.reason or None,
            request=span.request or None,
            role=deed.role or None,
            until=span.last if span.times > 1 else None,
            version=1,
        )
        check(made)
        return made


@dataclass(slots=True)
class Gathering:
    """Deeds on their way to the log. Safe to call from any thread; memory is bounded by ``MOST_KINDS``."""

    recording: Recording
    known: Known
    waits: Mapping[AuditOutcome, timedelta] = field(default_factory=lambda: WAIT)
    _waiting: dict[tuple[Deed, str], Span] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    def note(self, deed: Deed, *, claimed: str = "", request: str = "") -> None:
        """
        Keep a deed. ``claimed`` is who somebody unknown said to be: written down only if that is a principal.

        Never fails, and asks neither database nor network.
        """
        now = self.recording.clock.now()
        with self._turn:
            self._add((deed, claimed[:_LONGEST]), Span(1, now, now, request))

    def write(self, *, whole: bool = False) -> int:
        """Record what has waited long enough, or everything: how many entries. Raises what the store raises."""
        now = self.recording.clock.now()
        with self._turn:
            due = [
                key
                for key, span in self._waiting.items()
                if whole or not timedelta(0) <= now - span.first < self.waits[key[0].outcome]
            ]
            taken = {key: self._waiting.pop(key) for key in due}
        if not taken:
            return 0
        try:
            resolved = self._resolved(taken)
            self.recording.append(list(resolved.items()))
        except Exception:
            with self._turn:
                for key, span in taken.items():
                    self._add(key, span)
            raise
        return len(resolved)

    def _add(self, key: tuple[Deed, str], span: Span) -> None:
        if len(self._waiting) >= MOST_KINDS and key not in self._waiting:
            key = (key[0]._replace(object=""), "")
        before = self._waiting.get(key)
        self._waiting[key] = span if before is None else _summed(before, span)

    def _resolved(self, taken: Mapping[tuple[Deed, str], Span]) -> dict[Deed, Span]:
        """What was claimed becomes a principal's id in its tenant, or nothing."""
        found: dict[Deed, Span] = {}
        for (deed, claimed), span in taken.items():
            who = self.known(claimed) if claimed else None
            named = deed._replace(tenant=who[0], object=who[1]) if who else deed
            found[named] = _summed(found[named], span) if named in found else span
        return found


def _summed(one: Span, other: Span) -> Span:
    first = min(one, other, key=lambda span: span.first)
    return Span(one.times + other.times, first.first, max(one.last, other.last), first.request)
