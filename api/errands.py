"""The work beside the rounds of whoever works in the background: a server that works too, or ``ledger worker``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, Self

from api.metrics import Metrics, Work
from ledger.services.errand import Errand
from ledger.services.reminders import Reminder, Reminders, Written
from ledger.wiring import Ledger

ALONE: Final = "errands"
"""The lease of the one worker that speaks with partners and writes letters: each hears everything once."""
ALONE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Errands:
    """All of it; nothing is started by making it."""

    deliveries: Errand
    exchanging: Errand
    offering: Errand
    reminding: Errand
    sealing: Errand | None
    witnesses: Errand | None
    stamping: Errand | None

    @classmethod
    def of(cls, ledger: Ledger, metrics: Metrics) -> Self:
        """What a ledger has to do beside its rounds; each turn is counted in ``metrics``."""

        def told(name: str, work: Work) -> Errand:
            return Errand(name, metrics.told(name, work))

        sealing, cosigning, stamping = ledger.sealing(), ledger.gathering(), ledger.stamping()
        return cls(
            deliveries=told("deliveries", lambda stopped: ledger.subscribing.deliver(stopped=stopped) > 0),
            exchanging=told("exchange", alone(ledger, ledger.exchange.work)),
            offering=told("offering", alone(ledger, ledger.offering.work)),
            reminding=told("letters", _reminders(ledger).work),
            sealing=told("sealing", sealing.work) if sealing else None,
            witnesses=told("witnesses", cosigning.work) if cosigning else None,
            stamping=told("time stamps", stamping.work) if stamping else None,
        )

    @property
    def _all(self) -> tuple[Errand, ...]:
        always = (self.deliveries, self.exchanging, self.offering, self.reminding)
        return (*always, *filter(None, (self.sealing, self.witnesses, self.stamping)))

    def start(self) -> None:
        """Begin with each."""
        for errand in self._all:
            errand.start()

    def stop(self) -> None:
        """End each after what is under way."""
        for errand in reversed(self._all):
            errand.stop()


def alone(ledger: Ledger, work: Work) -> Work:
    """``work`` for the one process that holds the lease; for the others there is nothing to do."""
    renew = 0.0

    def turn(stopped: Callable[[], bool]) -> bool:
        nonlocal renew
        if monotonic() >= renew:
            if ledger.leases.acquire(ALONE, ledger.holder, ALONE_SECONDS) is None:
                return False
            renew = monotonic() + ALONE_SECONDS / 3
        return work(stopped)

    return turn


def _reminders(ledger: Ledger) -> Reminders:
    def write(one: Reminder) -> Written:
        from api.pages.letters import reminder_letter  # pages need the runtime: it is whole by the first letter

        return reminder_letter(one, ledger.settings.domain)

    return Reminders(ledger, (ledger.settings.tenant,), write)
