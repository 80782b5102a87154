"""
Pictures of every page, phone and desktop, Chinese and English, into docs/screenshots: small palette PNGs.

    .venv/bin/python -m tests.e2e.screenshots [NAME ...]
"""

from __future__ import annotations

import io
import sys
import tempfile
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.e2e.served import (
    DESKTOP,
    PHONE,
    Served,
    award_of,
    context_of,
    pages_of,
    serve,
    sign_in,
    started,
    supplier_pages_of,
)
from tests.e2e.station import KEYS

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LONGEST = 2400
"""Pixels of height kept of a long page."""
SIZES = {"desktop": DESKTOP, "phone": PHONE}


def take(only: list[str]) -> int:
    """Take the pictures; how many bytes they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = 0
    with tempfile.TemporaryDirectory() as home, serve(Path(home), hostile=False) as served, started() as browser:
        proof = Path(home) / "entry-12.proof.json"
        whose = (("", pages_of(served.sample)), (served.sample.supplier_key, supplier_pages_of(served.sample)))
        for key, pages in whose:
            wanted = {name: path for name, path in pages.items() if not only or name in only}
            cookies = sign_in(browser, served, key) if wanted else []
            for locale, (size, (width, height)) in product(("zh-CN", "en"), SIZES.items()):
                context = context_of(browser, cookies, (width, height), locale)
                page = context.new_page()
                for name, path in wanted.items():
                    page.goto(served.url + path)
                    _ready(page, served, name, proof)
                    written += keep(
                        page.screenshot(full_page=name != "scan"), FOLDER / f"{name}-{size}-{locale[:2]}.png"
                    )
                    if name == "scan":
                        page.goto("about:blank")  # before the network is back: what was scanned stays on the device
                        context.set_offline(False)
                context.close()
    return written


def _ready(page: Page, served: Served, name: str, proof: Path) -> None:
    """What is done on a page before its picture."""
    if name == "scan":
        _scan(page)
    if name == "verify":
        proof.write_bytes(page.request.get(f"{served.url}/entries/12/proof").body())
        page.set_input_files("#proof", proof)
        page.wait_for_selector(".verdict")
        page.evaluate("scrollTo(0, 0)")
    if name == "replay":
        _replay(page, served, proof.with_name("award.json"))


def _replay(page: Page, served: Served, award: Path) -> None:
    """The award of the sample, computed again where its file was dropped."""
    award.write_bytes(award_of(served))
    page.wait_for_selector("#engine[data-state=ready]", timeout=120_000)
    page.set_input_files("#sheet", award)
    page.wait_for_selector("[data-replay]")
    page.evaluate("scrollTo(0, 0)")


def _scan(page: Page) -> None:
    """A phone at work without a network: a place, a step, and scans that wait on the device."""
    page.wait_for_selector(".link[data-link=online]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(KEYS, "(414)9506000134376(254)A-01")
    page.wait_for_selector("[data-panel=step]:not([hidden]), [data-panel=items]:not([hidden])")
    page.locator(".now [data-show=step]").click()
    page.locator("[data-step=receiving]").click()
    page.context.set_offline(True)
    for serial in ("117", "118", "117"):
        page.evaluate(KEYS, f"(01)09506000134352(21)OC-2026-000{serial}")
        page.wait_for_timeout(400)
    page.wait_for_selector("#flash", state="hidden")


def keep(data: bytes, path: Path) -> int:
    """A picture of few colours, no longer than ``LONGEST``; how many bytes it is."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
    picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    print(take(sys.argv[1:]) // 1024, "KiB")  # noqa: T201
