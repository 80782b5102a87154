"""The work beside the rounds of whoever works in the background: a server that works too, or ``ledger worker``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from api.metrics import Metrics
from ledger.services.alone import Alone
from ledger.services.errand import Errand, Work
from ledger.services.reminders import Reminder, Reminders, Written
from ledger.wiring import Ledger

ALONE: Final = "errands"
"""The lease of the one worker that speaks with partners: each hears everything once."""


@dataclass(frozen=True, slots=True)
class Errands:
    """All of it; nothing is started by making it."""

    alone: Alone
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

        alone = Alone(ledger.leases, ALONE, ledger.holder)
        sealing, cosigning, stamping = ledger.sealing(), ledger.gathering(), ledger.stamping()
        return cls(
            alone=alone,
            deliveries=told("deliveries", lambda stopped: ledger.subscribing.deliver(stopped=stopped) > 0),
            exchanging=told("exchange", alone.only(ledger.exchange.work)),
            offering=told("offering", alone.only(ledger.offering.work)),
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
        self.alone.start()
        for errand in self._all:
            errand.start()

    def stop(self) -> None:
        """End each after what is under way."""
        for errand in reversed(self._all):
            errand.stop()
        self.alone.stop()


def _reminders(ledger: Ledger) -> Reminders:
    def write(one: Reminder) -> Written:
        from api.pages.letters import reminder_letter  # pages need the runtime: it is whole by the first letter

        return reminder_letter(one, ledger.settings.domain)

    return Reminders(ledger, (ledger.settings.tenant,), write)
