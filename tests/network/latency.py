"""How long a record takes from capture to confirmation; after a third of the time one validator of four is killed."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass, field
from threading import Event, Thread

from ledger.wiring import Ledger, open_ledger
from tests.builders import captured, legs
from tests.network.labour import hired
from tests.network.world import World, world

BATCH = 10
NO_HASTE = 1


@dataclass
class Times:
    """Seconds: when entry ``n`` was acknowledged, and when so many entries were seen to be confirmed."""

    taken: list[float] = field(default_factory=list)
    confirmed: list[tuple[int, float]] = field(default_factory=list)

    def waits(self) -> list[float]:
        """Of every entry that is confirmed, how long it took, the shortest first."""
        sizes = [size for size, _ in self.confirmed]
        return sorted(self.confirmed[bisect_left(sizes, n + 1)][1] - at for n, at in enumerate(self.taken))


def measured(rate: int, seconds: int) -> dict[str, object]:
    """``rate`` records a second for ``seconds``; one validator is killed after a third, and back at the end."""
    with world(1) as made:
        home = made.homes[0]
        settings = made.settings(home, f"sqlite:///{home / 'ledger.db'}")
        with open_ledger(settings) as ledger:
            worker = hired(settings, NO_HASTE)
            try:
                return _measure(made, ledger, rate, seconds)
            finally:
                worker.kill()
                worker.join()


def _measure(world: World, ledger: Ledger, rate: int, seconds: int) -> dict[str, object]:
    times, done = Times(), Event()
    watching = Thread(target=_watch, args=(ledger, times, done), daemon=True)
    watching.start()
    victim = world.network.validators[0]
    began, late = time.monotonic(), 0.0
    for number in range(rate * seconds // BATCH):
        due = began + number * BATCH / rate
        late = max(late, time.monotonic() - due)
        time.sleep(max(0.0, due - time.monotonic()))
        captured(ledger, legs(BATCH, number * BATCH))
        times.taken += [time.monotonic()] * BATCH
        if victim.running and due - began >= seconds / 3:
            victim.kill()
    took = time.monotonic() - began
    back = time.monotonic()
    world.network.start(victim)
    world.network.agree()
    equal = time.monotonic() - back
    while not times.confirmed or times.confirmed[-1][0] < len(times.taken):
        time.sleep(0.1)
    done.set()
    watching.join()
    waits = times.waits()
    return {
        "records": len(waits),
        "rate": round(len(waits) / took, 1),
        "p50": round(waits[len(waits) // 2], 1),
        "p99": round(waits[len(waits) * 99 // 100], 1),
        "longest": round(waits[-1], 1),
        "started again and heads equal": round(equal, 1),
        "latest batch behind its time": round(late, 2),
    }


def _watch(ledger: Ledger, times: Times, done: Event) -> None:
    size = 0
    while not done.wait(0.1):
        while (stored := ledger.checkpoints.covering(size, "confirmed")) is not None:
            size = stored.checkpoint.size
            times.confirmed.append((size, time.monotonic()))
