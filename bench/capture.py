"""
EPCIS documents of 500 events: from the bytes of a request to durable entries, beside the obvious way in the same run.

``python -m bench capture``. Ours is what ``POST /capture`` runs: typed decoding, every check, canonical bytes, salts,
commitments, one durable transaction a document. The obvious way reads with ``json``, validates with pydantic, looks
each event up by its id and adds it through SQLAlchemy's ORM, one durable transaction a document; it neither checks
codes, nor makes canonical bytes, nor hashes. The event hash is measured beside the reference implementation
(epcis-event-hash-generator 1.9.3) where that is installed; it is no dependency.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.databases import database
from bench.serve_events_reference import Base, Stored, Submitted, opened
from bench.table import Line, show
from bench.world import TENANT, shipment
from ledger.records.epcis import Event
from ledger.records.epcis.document import read_document
from ledger.records.epcis.event_hash import event_hash
from ledger.services.capture import Submission
from ledger.services.capture_document import capture_document
from ledger.settings import Settings
from ledger.wiring import open_ledger

EVENTS = 500
WANTED, AIMED = 20_000, 40_000
WANTED_HASHES = 30_000
_EVENTS = TypeAdapter(list[Submitted])


def documents(count: int, start: int = 0) -> list[bytes]:
    """Documents of the scans of a year, 500 events each."""
    made = []
    for number in range(start, start + count):
        lines = (shipment(number * EVENTS + at).splitlines()[-1] for at in range(EVENTS))
        events = ",".join(json.dumps(json.loads(line)["event"], separators=(",", ":")) for line in lines)
        made.append(
            (
                '{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument",'
                '"schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z","epcisBody":{"eventList":['
                + events
                + "]}}"
            ).encode()
        )
    return made


def measure(kinds: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Figures of each database, and of the hash."""
    found = []
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary:
            directory = Path(temporary)
            with database(kind, directory) as url:
                ours = _ours(directory / "home", url, documents(count))
            (directory / "other").mkdir()
            with database(kind, directory / "other") as url:
                theirs = _theirs(url, documents(max(1, count // 8)))
        ratio = ours["rate"] / theirs
        show(
            f"documents of {EVENTS} events, {kind}",
            [
                Line("captured", ours["rate"], "events/s", f">= {WANTED:,}", reached=ours["rate"] >= WANTED),
                Line("  per second of its process", ours["cpu_rate"], "events/s", f"aim {AIMED:,}"),
                Line("the obvious way", theirs, "events/s", f"{ratio:.1f} times slower"),
            ],
        )
        found.append({"database": kind, **ours, "baseline_rate": theirs})
    return [*found, _hashes(documents(4))]


def _ours(home: Path, url: str, given: list[bytes]) -> dict[str, float]:
    submission = Submission(TENANT, "bench")
    with open_ledger(Settings(home=home, database_url=url)) as ledger:
        warm = documents(2, start=len(given))
        for data in warm:
            capture_document(ledger, submission, read_document(data))
        started, used = perf_counter(), process_time()
        for data in given:
            captured = capture_document(ledger, submission, read_document(data))
            assert (captured.fresh, captured.faults) == (EVENTS, [])
        seconds, cpu = perf_counter() - started, process_time() - used
        assert ledger.entries.size() == (len(given) + len(warm)) * EVENTS
    events = len(given) * EVENTS
    return {"events": events, "rate": events / seconds, "cpu_rate": events / cpu}


def _theirs(url: str, given: list[bytes]) -> float:
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(exist_ok=True)
    engine = opened(url)
    Base.metadata.create_all(engine)
    started = perf_counter()
    for data in given:
        events = _EVENTS.validate_python(json.loads(data)["epcisBody"]["eventList"])
        with Session(engine) as session:
            for event in events:
                known = session.scalar(select(Stored).where(Stored.event_id == event.eventID))
                if known is None:
                    body = json.dumps(event.model_dump(mode="json"))
                    session.add(Stored(event_id=event.eventID, event_time=event.eventTime, body=body))
            session.commit()
    seconds = perf_counter() - started
    engine.dispose()
    return len(given) * EVENTS / seconds


def _hashes(given: list[bytes]) -> dict[str, Any]:
    events = [event for data in given for event in read_document(data).events if isinstance(event, Event)]
    started, used = perf_counter(), process_time()
    ours = [event_hash(event) for event in events]
    rate, cpu_rate = len(events) / (perf_counter() - started), len(events) / (process_time() - used)
    lines = [
        Line("event hash", rate, "events/s", f">= {WANTED_HASHES:,}", reached=rate >= WANTED_HASHES),
        Line("  per second of its process", cpu_rate, "events/s"),
    ]
    reference = _reference(given[:1], ours[:EVENTS])
    if reference:
        lines.append(
            Line("the reference implementation", reference, "events/s", f"{rate / reference:.0f} times slower")
        )
    show("event hash of CBV 2.0", lines)
    return {"hash_rate": rate, "hash_cpu_rate": cpu_rate, "hash_reference_rate": reference}


def _reference(given: list[bytes], expected: list[str]) -> float | None:
    """Events a second of the reference implementation, and whether it finds the same hashes; ``None`` without it."""
    try:
        from epcis_event_hash_generator import hash_generator, json_to_py
    except ImportError:
        return None
    started = perf_counter()
    found = hash_generator.epcis_hashes_from_events(json_to_py.event_list_from_epcis_document_str(given[0].decode()))
    seconds = perf_counter() - started
    assert found == expected
    return len(found) / seconds


if __name__ == "__main__":
    measure(("sqlite",), 20)
