"""What one app holds while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from api import capture_work, intake_work
from api.background import Background
from api.background_runs import Runs
from api.card_runs import MOST_CARDS, CardsBusy
from api.label_runs import LabelRuns
from api.limits import LIMITS
from api.metrics import Metrics
from api.passports import Passports
from api.permissions import permissions_of
from api.session import Sessions, session_key
from ledger.adapters.group_commit import GroupCommit
from ledger.adapters.openid_provider import OpenIdProvider
from ledger.services.attempts import Allowance, Attempts, Counting
from ledger.services.audit import Gathering
from ledger.services.errand import Errand
from ledger.services.event_query.answer import Answering
from ledger.services.gate import Gate
from ledger.services.openid import RelyingParty
from ledger.services.reminders import Reminder, Reminders, Written
from ledger.services.tokens import Tokens
from ledger.wiring import Ledger


@dataclass(frozen=True, slots=True)
class Runtime:
    """The ledger and what the interface adds to it: doors, sessions, the single-event appender, figures."""

    ledger: Ledger
    gate: Gate
    tokens: Tokens
    sessions: Sessions
    attempts: Attempts
    allowance: Allowance
    gathering: Gathering
    """Deeds on their way to the log."""
    commits: GroupCommit
    background: Background
    metrics: Metrics
    captures: Errand
    intake: Errand
    labels: LabelRuns
    cards: Runs
    """Robustness cards on their way."""
    deliveries: Errand
    exchanging: Errand
    offering: Errand
    reminding: Errand
    auditing: Errand
    sealing: Errand | None
    passports: Passports
    openid: RelyingParty | None
    """Signing in by an OpenID provider, where one is configured."""

    @property
    def answering(self) -> Answering:
        """Answers queries for events."""
        return self.ledger.answering

    @classmethod
    def of(cls, ledger: Ledger) -> Self:
        """Everything an app needs around a ledger; nothing is started."""
        settings, clock = ledger.settings, ledger.clock
        sealing = ledger.sealing()
        gate, metrics = Gate(ledger.principals, clock), Metrics()
        counting = Counting(ledger.windows, clock)
        gathering = Gathering(ledger.recording, lambda claimed: _principal(ledger, claimed))
        return cls(
            ledger=ledger,
            gate=gate,
            tokens=Tokens(ledger.token_keys, gate, clock, ledger.random, settings.domain, permissions_of),
            sessions=Sessions(
                session_key(settings.home), gate, clock, secure=settings.public_url.startswith("https://")
            ),
            attempts=Attempts(counting),
            allowance=Allowance(counting, LIMITS),
            gathering=gathering,
            commits=GroupCommit(ledger.entries, clock),
            background=Background(ledger.worker(), settings.round_seconds, metrics),
            metrics=metrics,
            captures=Errand("captures", lambda stopped: capture_work.work(ledger, stopped)),
            intake=Errand("intake", lambda stopped: intake_work.work(ledger, stopped)),
            labels=LabelRuns(),
            cards=Runs("cards", MOST_CARDS, lambda waiting: CardsBusy(waiting=waiting)),
            deliveries=Errand("deliveries", lambda stopped: ledger.subscribing.deliver(stopped=stopped) > 0),
            exchanging=Errand("exchange", ledger.exchange.work),
            offering=Errand("offering", ledger.offering.work),
            reminding=Errand("letters", _reminders(ledger).work),
            auditing=Errand("audit", lambda _: gathering.write() > 0),
            sealing=Errand("sealing", sealing.work) if sealing else None,
            passports=Passports(ledger),
            openid=_openid(ledger),
        )


def _reminders(ledger: Ledger) -> Reminders:
    def write(one: Reminder) -> Written:
        from api.pages.letters import reminder_letter  # pages need the runtime: it is whole by the first letter

        return reminder_letter(one, ledger.settings.domain)

    return Reminders(ledger, (ledger.settings.tenant,), write)


def _principal(ledger: Ledger, claimed: str) -> tuple[str, str] | None:
    """Tenant and id of the key or person that somebody said to be."""
    person = ledger.people.by_email(claimed) if "@" in claimed else None
    stored = ledger.principals.get(person.person.id if person else claimed)
    return (stored.principal.tenant, stored.principal.id) if stored else None


def _openid(ledger: Ledger) -> RelyingParty | None:
    settings = ledger.settings
    if not settings.oidc_issuer:
        return None
    return RelyingParty(
        OpenIdProvider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret),
        settings.oidc_client_id,
        f"{settings.domain}/login/oidc/callback",
        session_key(settings.home),
        ledger.clock,
        ledger.random,
    )
