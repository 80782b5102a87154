"""
Questions to the event index with many events stored: how long the slowest of a hundred takes.

Events are made in chunks and appended as the log takes them; each thing is seen four times on its way.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.databases import database
from bench.table import Line, show
from ledger.adapters.clock import SystemClock
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.event_index import SqlEventIndex
from ledger.adapters.sql.queries import SqlQueries
from ledger.identity.text import check_digit
from ledger.log.entry import commitment
from ledger.ports import Draft
from ledger.records.record import KIND_NUMBERS
from ledger.services.event_query.answer import Answering, Wish
from ledger.services.event_query.page_token import PageTokens
from ledger.services.event_query.parameters import asked
from ledger.services.project import catch_up

TENANT = "bench"
CHUNK = 20_000
PIECES = 500
STEPS = ("commissioning", "shipping", "receiving", "storing")
TARGET_MS = 30


def gtin(number: int) -> str:
    """One of the products."""
    body = f"0950600{number:06d}"
    return body + check_digit(body)


def thing(number: int) -> str:
    """A piece; there are ``PIECES`` of each product."""
    return f"https://id.gs1.org/01/{gtin(number // PIECES)}/21/{number % PIECES}"


def drafts(start: int, stop: int) -> list[Draft]:
    """Events as the log takes them; a thing's four events are far apart, as in life."""
    made, salt, kind = [], hashlib.sha256(b"bench").digest(), KIND_NUMBERS["epcis_event"]
    for number in range(start, stop):
        step, minute = number % 4, number // 4 % 525_600
        at = f"2026-{1 + minute // 44_640:02}-{1 + minute // 1_440 % 28:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
        name = f"urn:uuid:{number:032x}"
        body = (
            f'{{"record":{{"event":{{"action":"OBSERVE","bizLocation":{{"id":"https://id.gs1.org/414/9521141123454/254/'
            f'{number % 199}"}},"bizStep":"{STEPS[step]}","disposition":"active","epcList":["{thing(number // 4)}"],'
            f'"eventID":"{name}","eventTime":"{at}","eventTimeZoneOffset":"+00:00","type":"ObjectEvent"}},"id":"{name}",'
            f'"kind":"epcis_event","occurred_at":"{at}","version":1}},"submitter":"bench"}}'
        ).encode()
        made.append(
            Draft(TENANT, kind, name, 1_767_225_600_000_000 + minute * 60_000_000, body, salt, commitment(salt, body))
        )
    return made


def questions(things: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A hundred of each kind."""
    some = [number * 7_919 % things for number in range(100)]
    yield "one thing, by Digital Link", [{"MATCH_anyEPC": thing(number)} for number in some]
    urns = [f"urn:epc:id:sgtin:9506000.0{gtin(n // PIECES)[8:13]}.{n % PIECES}" for n in some]
    yield "one thing, by URN", [{"MATCH_epc": urn} for urn in urns]
    yield "all pieces of a product", [{"MATCH_anyEPC": f"https://id.gs1.org/01/{gtin(n // PIECES)}"} for n in some]
    yield (
        "two steps at a place",
        [
            {
                "EQ_bizStep": "shipping|receiving",
                "EQ_bizLocation": f"https://id.gs1.org/414/9521141123454/254/{n % 199}",
            }
            for n in some
        ],
    )
    yield "a step, newest first", [{"EQ_bizStep": STEPS[n % 4], "orderBy": "eventTime"} for n in some[:25]] * 4
    yield (
        "a day",
        [
            {"GE_eventTime": f"2026-01-{1 + n % 14:02}T00:00:00Z", "LT_eventTime": f"2026-01-{2 + n % 14:02}T00:00:00Z"}
            for n in some
        ],
    )
    yield "no condition", [{} for _ in some]


def measure(kinds: list[str], events: int) -> list[dict[str, Any]]:
    """Figures on each database."""
    found = []
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary, database(kind, Path(temporary)) as url:
            found.append({"database": kind, "events": events, **_on(url, kind, events)})
    return found


def _on(url: str, kind: str, events: int) -> dict[str, Any]:
    store = Database(open_engine(url))
    entries, index = SqlEntries(store), SqlEventIndex(store)
    fold_seconds = 0.0
    for start in range(0, events, CHUNK):
        entries.append(drafts(start, min(events, start + CHUNK)), 1_800_000_000_000_000 + start)
        began = perf_counter()
        catch_up(entries, index)
        fold_seconds += perf_counter() - began
    answering = Answering(entries, index, SqlQueries(store), SystemClock(), PageTokens(b"bench"))
    figures: dict[str, Any] = {"fold_rate": events / fold_seconds}
    lines = [Line("events indexed", events / fold_seconds, "events/s")]
    for name, asking in questions(events // 4):
        times = []
        for given in asking:
            began = perf_counter()
            page = answering.page(TENANT, asked(given), Wish(given, 30), "Always_GS1_Digital_Link")
            times.append((perf_counter() - began) * 1000)
            assert page.events, given
        times.sort()
        figures[name] = {"median_ms": times[len(times) // 2], "p99_ms": times[-2]}
        rate = f"median {times[len(times) // 2]:.1f} ms, {1000 * len(times) / sum(times):,.0f} a second"
        lines.append(Line(f"{name}, 99 of 100", times[-2], "ms", rate, reached=times[-2] < TARGET_MS))
    show(f"{kind}, {events:,} events", lines)
    store.engine.dispose()
    return figures
