"""
A server for load tests of reading: ``python -m bench.serve_passports PORT HOME URL``.

Three hundred things (``BENCH_THINGS``) of ten products with four events each, declared and moved;
``BENCH_EVENTS`` more events of other things lie in the log besides. What to ask for is written to ``HOME/data.txt``,
``page.txt`` and ``find.txt``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec
import uvicorn

from api.app import create_app, server_config
from ledger.identity import check_digit
from ledger.records.record import Record, decode
from ledger.services.capture import capture
from ledger.services.project import catch_up_all
from ledger.services.worker import settle
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger

THINGS = int(os.environ.get("BENCH_THINGS", "300"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "0"))
PRODUCTS, BATCH = 10, 500
STEPS = ("commissioning", "shipping", "receiving", "installing")
START = datetime(2026, 1, 1, tzinfo=UTC)


def product(number: int) -> str:
    """Canonical text of a product."""
    body = f"0952114{number % PRODUCTS:06d}"
    return f"https://id.gs1.org/01/{body}{check_digit(body)}"


def records() -> Iterator[Record]:
    """Declarations, legs, and each thing's four events; then events of other things."""
    for number in range(PRODUCTS):
        yield _record(
            kind="product_footprint", id=f"pcf-{number}", name=f"Product {number}", product=product(number),
            supplier="Supplier", pcf_kg_co2e="412.75", boundary="cradle_to_gate", declared_unit="piece",
            valid_from="2026-01-01", valid_to="2026-12-31", verified_by="CQC",
        )  # fmt: skip
        yield _record(
            kind="transport_leg", id=f"leg-{number}", carrier="carrier", consignment="wb", destination="Nanjing",
            distance_basis="sfd", distance_m=302_000, mass_g=12_500, mode="road", origin="Shanghai",
            product=product(number), quantity=3, route="R", vehicle="road.hgv.artic-33t.diesel.avg",
        )  # fmt: skip
    for number in range(THINGS * len(STEPS)):
        yield _event(number, f"{product(number % THINGS)}/21/{number % THINGS}", STEPS[number // THINGS])
    for number in range(EVENTS):
        yield _event(THINGS * len(STEPS) + number, f"{product(number)}/21/other-{number // 4}", STEPS[number % 4])


def _event(number: int, thing: str, step: str) -> Record:
    at = (START + timedelta(seconds=number)).isoformat()
    name = f"urn:uuid:bench-{number}"
    event = {
        "type": "ObjectEvent", "eventID": name, "action": "OBSERVE", "eventTime": at, "eventTimeZoneOffset": "+08:00",
        "bizStep": step, "epcList": [thing], "readPoint": {"id": "https://id.gs1.org/414/9521141123454"},
    }  # fmt: skip
    return _record(kind="epcis_event", id=name, occurred_at=at, event=event)


def _record(**fields: object) -> Record:
    return decode(msgspec.json.encode({"version": 1, "occurred_at": START.isoformat(), **fields}))


def fill(ledger: Ledger) -> None:
    """Capture everything, fold, checkpoint and confirm it."""
    batch: list[Record] = []
    for record in records():
        batch.append(record)
        if len(batch) == BATCH:
            _take(ledger, batch)
            batch = []
    _take(ledger, batch)
    settle(ledger.worker())
    catch_up_all(ledger.entries, (ledger.projections, *ledger.further))


def _take(ledger: Ledger, batch: list[Record]) -> None:
    outcomes = capture(
        ledger.entries, ledger.clock, ledger.random, tenant=ledger.settings.tenant, submitter="bench", records=batch
    )
    assert not [one for one in outcomes if isinstance(one, Exception)]


def serve(port: int, home: Path, url: str) -> None:
    """The product's own server."""
    with open_ledger(Settings(home=home, port=port, database_url=url)) as ledger:
        fill(ledger)
        paths = [f"{product(n)}/21/{n}".removeprefix("https://id.gs1.org") for n in range(THINGS)]
        (home / "data.txt").write_text("\n".join(f"/api/v1/passports{path}" for path in paths))
        (home / "page.txt").write_text("\n".join(f"/passport{path}" for path in paths))
        (home / "find.txt").write_text("\n".join(f"/find?code={quote('https://id.gs1.org' + path)}" for path in paths))
        with suppress(OSError, AttributeError):
            os.sched_setaffinity(0, {0})
        uvicorn.Server(server_config(create_app(ledger, work=False), "127.0.0.1", port)).run()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
