"""
The product at work on a file: from its bytes to entries that are stored, checkpointed, anchored, projected, provable.

``python -m bench.ours FILE HOME URL [long]`` in a process of its own; one JSON object comes out. The clock starts with
a ledger that is open and workers that wait, as on a server that runs, and stops when the proof of an entry has been
verified. What follows the log at its own pace (lives of things, the event index) is timed apart, and left out of a
``long`` run.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

from bench.memory import Memory
from bench.world import TENANT
from ledger.adapters.files.spans import spans
from ledger.adapters.workers import Processes, processes
from ledger.log.proof import verify
from ledger.services.check_ledger import check_ledger
from ledger.services.examine import settle_stored
from ledger.services.footprints import all_products, all_routes
from ledger.services.ingest import IngestReport, ingest
from ledger.services.project import catch_up_all
from ledger.services.prove import all_paths, prove
from ledger.services.worker import settle
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger

PROOFS = 1_000
Returned = TypeVar("Returned")


def timed(work: Callable[[], Returned]) -> tuple[Returned, float]:
    """What it returned, and how long it took [s]."""
    started = perf_counter()
    returned = work()
    return returned, perf_counter() - started


def run(path: Path, home: Path, url: str, *, long: bool) -> dict[str, Any]:
    """Every figure of one run. Raises ``AssertionError`` when anything did not hold."""
    with open_ledger(Settings(home=home, database_url=url)) as ledger, processes(url) as workers, Memory() as memory:
        ledger.chain.check()
        list(workers.run(_wait, range(workers.count * 2)))
        figures = _pipeline(ledger, workers, path)
        figures["peak_mb"] = memory.peak_mb
        figures |= _single_proofs(ledger, figures["records"])
        if not long:
            again, seconds = timed(lambda: _taken(workers, path))
            assert (again.fresh, again.already) == (0, figures["records"])
            figures["again_seconds"] = seconds
            figures |= _all_proofs(ledger, figures["records"]) | _footprints(ledger)
            _, figures["further_seconds"] = timed(lambda: catch_up_all(ledger.entries, ledger.further))
        report, figures["check_seconds"] = timed(
            lambda: check_ledger(
                ledger.entries, ledger.checkpoints, ledger.note_key.verifier, ledger.chain, workers=workers
            )
        )
        assert (report.verdict, report.entries) == (0, figures["records"])
    return figures


def _wait(place: object, _: int) -> None:
    """Nothing: the workers have started when this is done."""


def _taken(workers: Processes, path: Path) -> IngestReport:
    return ingest(workers, tenant=TENANT, submitter="bench", blocks=spans(path))


def _pipeline(ledger: Ledger, workers: Processes, path: Path) -> dict[str, Any]:
    started = perf_counter()
    report, ingested = timed(lambda: _taken(workers, path))
    _, settled = timed(lambda: settle_stored(ledger.worker(), workers))
    newest, anchored = timed(lambda: settle(replace(ledger.worker(), further=())))
    proof = prove(ledger.entries, ledger.checkpoints, report.fresh // 3)
    verify(proof, key=ledger.note_key.verifier)
    seconds = perf_counter() - started
    assert (report.refused_count, report.already) == (0, 0)
    assert newest is not None
    assert (newest.state, newest.checkpoint.size) == ("confirmed", report.fresh)
    assert proof.receipt is not None
    assert ledger.projections.watermark() == report.fresh
    return {
        "records": report.fresh,
        "seconds": seconds,
        "ingest_seconds": ingested,
        "settle_seconds": settled,
        "anchor_seconds": anchored,
    }


def _single_proofs(ledger: Ledger, size: int) -> dict[str, Any]:
    """One by one, as submitters ask for them."""
    picked = random.Random(631_200)
    times = []
    for _ in range(PROOFS):
        index = picked.randrange(size)
        _, seconds = timed(lambda index=index: prove(ledger.entries, ledger.checkpoints, index).to_bytes())  # type: ignore[misc]
        times.append(seconds * 1e3)
    times.sort()
    return {"proof_ms": median(times), "proof_p99_ms": times[PROOFS * 99 // 100]}


def _all_proofs(ledger: Ledger, size: int) -> dict[str, Any]:
    """Every path, as an archive has them."""
    count, seconds = timed(lambda: sum(1 for _ in all_paths(ledger.entries, size)))
    assert count == size
    return {"all_proofs_seconds": seconds}


def _footprints(ledger: Ledger) -> dict[str, Any]:
    products, product_seconds = timed(lambda: all_products(ledger.projections, ledger.factors, TENANT))
    routes, route_seconds = timed(lambda: all_routes(ledger.projections, ledger.factors, TENANT))
    return {
        "products": len(products),
        "products_seconds": product_seconds,
        "routes": len(routes),
        "routes_seconds": route_seconds,
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], long="long" in sys.argv[4:])))
