"""What one app holds while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from api import capture_work, intake_work, plan_work
from api.background import Background
from api.background_runs import Runs
from api.card_runs import MOST_CARDS, CardsBusy
from api.errands import Errands
from api.label_runs import LabelRuns
from api.limits import LIMITS
from api.metrics import Metrics
from api.passports import Passports
from api.permissions import permissions_of
from api.session import Sessions, session_key
from api.standing_figures import StandingFigures
from ledger.adapters.group_commit import GroupCommit
from ledger.adapters.openid_provider import OpenIdProvider
from ledger.services.attempts import Allowance, Attempts, Counting
from ledger.services.audit import Gathering
from ledger.services.errand import Errand
from ledger.services.event_query.answer import Answering
from ledger.services.gate import Gate
from ledger.services.openid import RelyingParty
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
    planning: Errand
    labels: LabelRuns
    cards: Runs
    """Robustness cards on their way."""
    errands: Errands
    """The work beside the rounds, where this process does it."""
    auditing: Errand
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
        gate, metrics = Gate(ledger.principals, clock), Metrics()
        metrics.registry.register(StandingFigures(ledger))
        counting = Counting(ledger.windows, clock)
        gathering = Gathering(ledger.recording, lambda claimed: _principal(ledger, claimed))
        commits = GroupCommit(ledger.entries, clock)
        metrics.waiting(lambda: commits.waiting)
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
            commits=commits,
            background=Background(ledger.worker(), settings.round_seconds, metrics),
            metrics=metrics,
            captures=Errand("captures", lambda stopped: capture_work.work(ledger, stopped)),
            intake=Errand("intake", lambda stopped: intake_work.work(ledger, stopped)),
            planning=Errand("plans", lambda stopped: plan_work.work(ledger, stopped)),
            labels=LabelRuns(),
            cards=Runs("cards", MOST_CARDS, lambda waiting: CardsBusy(waiting=waiting)),
            errands=Errands.of(ledger, metrics),
            auditing=Errand("audit", lambda _: gathering.write() > 0),
            passports=Passports(ledger),
            openid=_openid(ledger),
        )


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
