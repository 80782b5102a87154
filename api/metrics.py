"""Figures for Prometheus. No tenant, key or record is named in them."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server

from ledger.errors import ChainError, LedgerError
from ledger.ports import Chain
from ledger.services.errand import Work

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """One registry per app or worker, so that two in a process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "onecode_requests_total",
            "Requests by route, method and status",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "onecode_request_seconds",
            "Time from request to answer",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.rounds = Counter(
            "onecode_worker_rounds_total", "Rounds of the background work", ("outcome",), registry=self.registry
        )
        self.worker_failures = Counter(
            "onecode_worker_failures_total", "Failed runs of the background worker", registry=self.registry
        )
        self.trouble = Gauge(
            "onecode_worker_trouble",
            "1 for what keeps the background work of this process from going through, by its code",
            ("code",),
            registry=self.registry,
        )
        self.last_round = Gauge(
            "onecode_worker_round_timestamp_seconds", "When the last round ended", ("outcome",), registry=self.registry
        )
        self.errands = Counter(
            "onecode_errand_turns_total",
            "Turns of the work beside the rounds: done, idle or failed",
            ("errand", "outcome"),
            registry=self.registry,
        )
        self.block = Gauge(
            "onecode_chain_block_number", "Newest block of the chain", ("chain",), registry=self.registry
        )
        self.block_time = Gauge(
            "onecode_chain_block_timestamp_seconds",
            "When the newest block of the chain says it was made",
            ("chain",),
            registry=self.registry,
        )

    def waiting(self, count: Callable[[], int]) -> None:
        """How many events wait for their transaction, asked when the figures are."""
        gauge = Gauge("onecode_appends_waiting", "Events waiting for the next transaction", registry=self.registry)
        gauge.set_function(count)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One answered request; ``route`` is the path's template, never the path."""
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def for_route(self, route: str, method: str) -> Callable[[int, float], None]:
        """``count`` for one route, its labels looked up once per status."""
        counters: dict[int, Counter] = {}
        observe = self.seconds.labels(route).observe

        def count(status: int, seconds: float) -> None:
            counter = counters.get(status)
            if counter is None:
                counter = counters[status] = self.requests.labels(route, method, str(status))
            counter.inc()
            observe(seconds)

        return count

    def round(self, trouble: str) -> None:
        """A round of the background work ended; ``trouble`` is the code of what kept it from going on, or empty."""
        outcome = "trouble" if trouble else "done"
        self.rounds.labels(outcome).inc()
        self.last_round.labels(outcome).set(time())
        self.trouble.clear()
        if trouble:
            self.worker_failures.inc()
            self.trouble.labels(trouble).set(1)

    def told(self, errand: str, work: Work) -> Work:
        """``work`` with each of its turns counted, for an errand's name."""

        def turn(stopped: Callable[[], bool]) -> bool:
            outcome = "failed"
            try:
                done = work(stopped)
                outcome = "done" if done else "idle"
                return done
            finally:
                self.errands.labels(errand, outcome).inc()

        return turn

    def look_at(self, chain: Chain) -> None:
        """Note the chain's newest block; nothing changes while it does not answer, so that its age grows."""
        try:
            tip, kind = chain.tip(), chain.identity().kind
        except (ChainError, LedgerError):
            return
        self.block.labels(kind).set(tip.number)
        self.block_time.labels(kind).set(tip.time)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)

    def listen(self, host: str, port: int) -> Callable[[], None]:
        """Serve them on a port of their own, in a thread; what is returned ends that."""
        server, thread = start_http_server(port, host, self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop
