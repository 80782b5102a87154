"""
Lists as a tenant grows: the same requests with some of each thing, and with many.

``python -m bench lists``, some minutes. Shown is what a request costs with many over what it costs with some, of which
there is a full page already: what reads a page stays near one, what reads everything grows with the tenant.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import httpx
import msgspec
from fastapi import FastAPI

from api.app import create_app
from api.limits import LIMITS
from bench.databases import database
from bench.table import Line, show
from ledger.identity.text import check_digit
from ledger.programme.example_assessment import example
from ledger.programme.example_catalogue import example_rules
from ledger.programme.example_incentives import example_incentives
from ledger.records.assessment import assessment_id
from ledger.records.contract import Contract
from ledger.records.document import Document
from ledger.records.record import Record, decode
from ledger.records.sealed_bid import SealingKey, key_id
from ledger.scoring.award import score
from ledger.services.attempts import Limit
from ledger.services.keys import ensure_owner
from ledger.services.organisations import Organisation
from ledger.services.project import catch_up_all
from ledger.wiring import Ledger
from tests.builders import TENANT, captured, opened
from tests.unit.scoring.tender import full_bid, full_scheme

SOME, MANY, ROUNDS = 250, 5_000, 7
SUPPLIERS: Final = 40
"""Organisations that are entered; lists of these are short by nature."""
EACH: Final = 5
"""Of each thing of one supplier: a tenant grows by suppliers."""
AT_ONCE: Final = 50
NEAR: Final = 2.0
"""What a list that reads pages stays below."""
DAY: Final = datetime(2026, 3, 1, 8, tzinfo=UTC)
EDITION: Final = example(DAY)
PAGES: Final = (
    "/tenders", "/api/v1/tenders", "/schemes", "/bids", "/api/v1/open-tenders", "/desk", "/api/v1/pcf/requests", "/pcf",
    "/certificates", "/catalogue", "/api/v1/catalogue", "/incentives", "/api/v1/incentives", "/contracts",
    "/api/v1/contracts", "/assessments", "/api/v1/assessments", "/commitments", "/api/v1/commitments", "/shipments",
    "/2/ileap/tad",
)  # fmt: skip


def measure(kinds: list[str], many: int = MANY) -> list[dict[str, Any]]:
    """Ratios on each database."""
    found = []
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary, database(kind, Path(temporary)) as url:
            ratios = _on(kind, url, Path(temporary) / "home", many)
            found.append({"database": kind, "some": SOME, "many": many, "ratios": ratios})
    return found


def _on(kind: str, url: str, home: Path, many: int) -> dict[str, float]:
    with opened(home, database_url=url) as ledger:
        key = ensure_owner(ledger.principals, ledger.clock, ledger.random, TENANT)
        assert key is not None
        captured(ledger, [example_rules(), example_incentives(), EDITION])
        for number in range(SUPPLIERS):
            ledger.organisations.add(Organisation(f"s-{number}", TENANT, f"Supplier {number}", "supplier"))
        app = create_app(ledger, work=False)
        app.state.runtime.allowance.limits = dict.fromkeys(LIMITS, Limit(100_000, 60))
        _grow(ledger, 0, SOME)
        before = asyncio.run(_times(app, key))
        _grow(ledger, SOME, many)
        after = asyncio.run(_times(app, key))
    ratios = {path: after[path] / before[path] for path in PAGES}
    lines = [
        Line(path, ratio, "times", f"{before[path] * 1000:.0f} -> {after[path] * 1000:.0f} ms", reached=ratio < NEAR)
        for path, ratio in ratios.items()
    ]
    show(f"{kind}: lists with {many:,} of each thing over {SOME}", lines)
    return ratios


def _grow(ledger: Ledger, start: int, stop: int) -> None:
    for first in range(start, stop, AT_ONCE):
        captured(ledger, [one for number in range(first, min(stop, first + AT_ONCE)) for one in _things(number)])
    catch_up_all(ledger.entries, (ledger.projections, *ledger.further))


async def _times(app: FastAPI, key: str) -> dict[str, float]:
    """Medians in seconds, the first answer left out."""
    found = {}
    carried: dict[str, Any] = {"transport": httpx.ASGITransport(app=app), "headers": {"Authorization": f"Bearer {key}"}}
    async with httpx.AsyncClient(base_url="http://127.0.0.1", timeout=600, **carried) as client:
        for path in PAGES:
            times = []
            for _ in range(ROUNDS + 1):
                began = perf_counter()
                answer = await client.get(path)
                times.append(perf_counter() - began)
                assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
            found[path] = median(times[1:])
    return found


def _product(number: int) -> str:
    body = f"0950600{number:06d}"
    return f"https://id.gs1.org/01/{body}{check_digit(body)}"


def _starts(number: int) -> date:
    """No two assessments of a supplier begin on one day."""
    return DAY.date() - timedelta(days=number % EACH)


def _things(number: int) -> Iterator[Record]:
    """One of each thing that lists show."""
    supplier, product = f"s-{number // EACH}", _product(number)
    plain = {"occurred_at": DAY.isoformat(), "version": 1}

    def said(kind: str, **fields: Any) -> Record:
        return decode(msgspec.json.encode(plain | {"kind": kind} | fields), kind)

    own: dict[str, Any] = {"supplier": supplier}
    yield said("pcf_request", id=f"request-{number}", due="2027-06-01", product=product, round="round", **own)
    yield said(
        "product_footprint", id=f"pcf-{number}", boundary="cradle_to_gate", declared_unit="piece", name=f"p {number}",
        pcf_kg_co2e="412.75", primary_data_share_pct="61.5", product=product, valid_from="2026-01-01",
        valid_to="2027-12-31", **own,
    )  # fmt: skip
    yield said(
        "supplier_certificate", id=f"certificate-{number}", scheme="ISO 14001", number=str(number), issuer="Body",
        scope="all", valid_from="2025-01-01", valid_to="2028-01-31", **own,
    )  # fmt: skip
    yield said(
        "catalogue_product", catalogue="green", category="cable", id=f"catalogue-product:{number}", name=f"p {number}",
        product=product, **own,
    )  # fmt: skip
    yield said(
        "pledge", id=f"pledge-{number}", commitment="energy", indicator="kWh", unit="kWh", base_year=2024,
        base_value="10", target_year=2028, target_value="6", **own,
    )  # fmt: skip
    yield said(
        "assessment", id=assessment_id(supplier, EDITION.id, _starts(number)), scheme=EDITION.id,
        period_start=_starts(number).isoformat(), period_end="2026-12-31", due="2027-03-31", **own,
    )  # fmt: skip
    yield said("shipment_grant", id=f"grant:{number}", grantee="carrier", scope="consignment", value=f"CON-{number}")
    scheme, bid = full_scheme(id=f"T-{number:05d}"), full_bid(supplier, "1000000", "80", "95")
    documents: dict[Any, dict[str, Any]] = {
        "scheme": scheme.to_record(),
        "bid": bid.to_record(),
        "score_sheet": score(scheme, [bid]).to_record(),
    }
    for kind, content in documents.items():
        yield Document(content=content, id=f"{kind}:{number}", kind=kind, occurred_at=DAY, tender=scheme.id, version=1)
    yield SealingKey(
        holder="buyer", id=key_id(scheme.id, "buyer"), kind="sealing_key", occurred_at=DAY, public_key="ab" * 32,
        tender=scheme.id, version=1,
    )  # fmt: skip
    yield Contract(
        carbon_value="1", first_month="2026-07", id=f"contract-{number}", kind="contract", last_month="2026-08",
        occurred_at=DAY, product=product, sheet=f"score_sheet:{number}", supplier=supplier, tender=scheme.id, version=1,
    )  # fmt: skip
