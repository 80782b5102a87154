"""The sample ledger behind a real server, and browser windows on it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from api.app import create_app, server_config
from ledger.services.prove import prove
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger
from tests.e2e.assessments import ASSESSED, TO_SCORE
from tests.e2e.browser import FLAGS
from tests.e2e.browser import browser as find_browser
from tests.e2e.claims import SAVING
from tests.e2e.compared_modes import MODES
from tests.e2e.deliveries import CONTRACT
from tests.e2e.drafted import SCHEME_DRAFT
from tests.e2e.listed import LISTED
from tests.e2e.pledges import PLEDGE
from tests.e2e.sample import ASSET, PRODUCT, ROUTE, Sample, fill
from tests.e2e.sampled import VERIFIED
from tests.e2e.sealing import JUDGED, SEALED
from tests.e2e.stocked import SITE
from tests.e2e.supplied import DRAFT, OWN

PHONE, DESKTOP = (390, 844), (1366, 768)


@dataclass(frozen=True)
class Served:
    """The sample, its ledger, and where it is served."""

    url: str
    ledger: Ledger
    sample: Sample


BY_LORRY = "factor=DEFRA25-27_304_3128_14_1&load_kg=10000&hold_m3=80&fill=0.8&km=500"
"""How volume packed is turned into trips."""


def pages_of(sample: Sample) -> dict[str, str]:
    """Every page by a name for its picture."""
    return {
        "home": "/",
        "scan": "/scan",
        "readers": "/readers",
        "entries": "/entries",
        "entry": "/entries/12",
        "entry-fresh": f"/entries/{sample.unanchored}",
        "record-kinds": "/records/new",
        "record-form": "/records/new/transport_leg",
        "intake": "/intake",
        "evidence": "/evidence",
        "checkpoints": "/checkpoints",
        "checkpoint": f"/checkpoints/{sample.confirmed}",
        "assets": "/assets",
        "asset": f"/assets/life/{ASSET}",
        "asset-figures": "/assets/figures",
        "anomalies": "/assets/anomalies",
        "passport": "/passport" + ASSET.removeprefix("https://id.gs1.org"),
        "passport-product": "/passport" + PRODUCT.removeprefix("https://id.gs1.org"),
        "passport-unknown": "/passport/01/09506000134369/21/NEW-1",
        "routes": "/routes",
        "route": f"/routes/{quote(ROUTE, safe='')}",
        "products": "/products",
        "factors": "/factors",
        "factor-set": "/factors/onecode-cn-2026.1?q=%E6%9F%B4%E6%B2%B9",
        "factor": "/factors/onecode-cn-2026.1/DEFRA25-27_304_3128_14_1",
        "factor-compare": "/factors/compare?old=onecode-cn-2026.1&new=onecode-cn-2026.1",
        "report": f"/reports/products/{quote(PRODUCT, safe='')}",
        "report-route": f"/reports/routes/{quote(ROUTE, safe='')}",
        "product": f"/products/{quote(PRODUCT, safe='')}",
        "run-changes": "/runs/compare",
        "distances": f"/distances?from={quote('武汉')}&to={quote('溧水')}&mode=road",
        "inventory": "/inventory?first=2026-03&last=2026-03",
        "runs": "/runs",
        "run": f"/runs/{sample.run}",
        "targets": "/targets",
        "desk": "/desk",
        "desk-request": f"/desk/requests/{quote(sample.request, safe='')}",
        "desk-footprints": "/pcf",
        "desk-footprint": "/pcf/pcf-anhe",
        "pcf-form": "/pcf/form",
        "pcf-new": "/pcf/new",
        "desk-review": f"/statements/{quote(sample.review, safe='')}",
        "certificates": "/certificates",
        "certificate": "/certificates/supplier-certificate%3A1",
        "assessments": "/assessments",
        "assessment": f"/assessments/{ASSESSED}",
        "commitments": "/commitments",
        "commitment": f"/commitments/{quote(PLEDGE.id, safe='')}",
        "assessment-scheme": "/assessments/schemes/assessment-scheme:green-supplier:1",
        "assessment-score": f"/assessments/{TO_SCORE}",
        "claims": "/claims",
        "claim": f"/claims/{quote('claim:年报 2023:D1', safe='')}",
        "claim-saving": f"/claims/{quote(SAVING, safe='')}",
        "modes": MODES,
        "plans": "/plans",
        "savings": "/savings",
        "cartons": "/cartons",
        "carton-mix": f"/cartons/{sample.mix}?k=3",
        "drum": "/cartons/drum",
        "plan-day": f"/plans/days/{sample.day}",
        "plan-draft": f"/plans/drafts/{sample.plan}?vehicle=1",
        "plan-loads": f"/plans/drafts/{sample.plan}/loads",
        "tenders": "/tenders",
        "schemes": "/schemes",
        "scheme": f"/schemes/{SCHEME_DRAFT}",
        "scheme-lab": f"/schemes/{SCHEME_DRAFT}/lab",
        "tender": f"/tenders/{sample.tender}",
        "tender-card": f"/tenders/{sample.tender}/card",
        "tender-what-if": f"/tenders/{sample.tender}/what-if?w0=10&w1=60&w2=30&carbon=500",
        "tender-unscored": f"/tenders/{quote(JUDGED)}",
        "tender-panel": f"/tenders/{quote(JUDGED)}/panel",
        "tender-gaming": f"/tenders/{sample.tender}/gaming",
        "catalogue": "/catalogue",
        "packaging": "/packaging",
        "packaging-rules": "/packaging/rules",
        "packaging-product": f"/packaging/of/{quote(PRODUCT, safe='')}?{BY_LORRY}",
        "incentives": "/incentives",
        "incentive-rules": "/incentives/rules",
        "warehouses": "/warehouses",
        "warehouse": f"/warehouses/{quote(SITE)}?year=2025",
        "warehouse-index": "/warehouses/index",
        "verifications": "/verifications",
        "verification": f"/verifications/{VERIFIED}",
        "catalogue-product": f"/catalogue/{LISTED}",
        "bids": "/bids",
        "bid": f"/bids/{quote(SEALED)}",
        "contracts": "/contracts",
        "contract": f"/contracts/{CONTRACT}",
        "labels": "/labels",
        "label-jobs": "/labels/jobs",
        "partners": "/partners",
        "partner": "/partners/hafen",
        "shipments": "/shipments",
        "replay": "/replay",
        "verify": "/verify",
        "disclosures": "/disclosures",
        "login": "/login",
        "organisations": "/organisations",
        "people": "/people",
        "audit": "/audit",
        "letters": "/letters",
        "account": "/account",
        "not-found": "/nowhere",
    }


def supplier_pages_of(sample: Sample) -> dict[str, str]:
    """Pages as a supplier's account sees them, by a name for their picture."""
    own = quote(OWN, safe="")
    return {
        "supplier-desk": "/desk",
        "pcf-shares": f"/pcf/shares?pcf={own}",
        "pcf-preview": f"/pcf/shares/preview?pcf={own}&reader=organisation:hafen",
        "pcf-draft": f"/pcf/form?draft={DRAFT}",
        "supplier-request": f"/desk/requests/{quote(sample.request, safe='')}",
    }


@contextmanager
def serve(home: Path, *, hostile: bool = True) -> Iterator[Served]:
    """A fresh sample on a free port of 127.0.0.1. Its background work is not run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home=home, public_url=f"http://127.0.0.1:{port}", port=port, round_seconds=3600)
    with open_ledger(settings) as ledger:
        sample = fill(ledger, hostile=hostile)
        server = uvicorn.Server(server_config(_without_lifespan(create_app(ledger)), "127.0.0.1", port))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Served(settings.public_url, ledger, sample)
        finally:
            server.should_exit = True
            thread.join(10)


def award_of(served: Served) -> bytes:
    """The award file of the sample's tender: the proof of its score sheet's entry."""
    ledger = served.ledger
    seq = ledger.projections.facts(ledger.settings.tenant, "score_sheet", served.sample.tender)[-1].seq
    return prove(ledger.entries, ledger.checkpoints, seq).to_bytes()


def _without_lifespan(app: Any) -> Any:
    """The app with its background work left out: the last entry stays unconfirmed while the tests look."""

    async def served_app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for answer in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{answer}.complete"})
            return
        await app(scope, receive, send)

    return served_app


@contextmanager
def started(playwright: Playwright | None = None) -> Iterator[Browser]:
    """The browser, driven by ``playwright`` where the process has one."""
    found = find_browser()
    with nullcontext(playwright) if playwright else sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(found.path), args=FLAGS, env=found.environment)
        yield browser
        browser.close()


def sign_in(browser: Browser, served: Served, key: str = "") -> list[Any]:
    """The cookies of the owner, or of another key's holder, who signed in by the form."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.url}/login?next=/products")
    page.click(".with-key summary")
    page.fill("#key", key or served.sample.key)
    page.click(".with-key button")
    assert page.url == f"{served.url}/products"
    found = context.cookies()
    context.close()
    return list(found)


def context_of(
    browser: Browser, cookies: list[Any], size: tuple[int, int], locale: str, scheme: Literal["light", "dark"] = "light"
) -> BrowserContext:
    """A fresh context: window size, language, session."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme=scheme, reduced_motion="reduce"
    )
    context.add_cookies(cookies)
    return context
