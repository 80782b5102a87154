"""Figures for Prometheus. No tenant, key or record is named in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """One registry per app, so that two apps in a process do not mix."""

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
        self.worker_failures = Counter(
            "onecode_worker_failures_total", "Failed runs of the background worker", registry=self.registry
        )
        self.waiting = Gauge(
            "onecode_appends_waiting", "Events waiting for the next transaction", registry=self.registry
        )
        self.entries = Gauge("onecode_entries", "Entries in the log", registry=self.registry)
        self.lag = Gauge("onecode_unanchored_entries", "Entries beyond the last anchored", registry=self.registry)
        self.age = Gauge(
            "onecode_unanchored_age_seconds", "Age of the oldest entry that is not anchored", registry=self.registry
        )

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

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
