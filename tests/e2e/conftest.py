"""A served sample ledger and a browser, once for all tests here."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from api.app import create_app, server_config
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger
from tests.e2e.browser import FLAGS
from tests.e2e.browser import browser as find_browser
from tests.e2e.sample import Sample, fill

PHONE, DESKTOP = (390, 844), (1366, 768)


@dataclass(frozen=True)
class Served:
    """The sample, its ledger, and where it is served."""

    url: str
    ledger: Ledger
    sample: Sample


@dataclass
class Visit:
    """A browser page with everything it complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the server."""
        self.page.goto(self.url + path)
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        """Keep errors and policy violations."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample ledger behind a real server on a free port of 127.0.0.1. Its background work is not run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home: Path = tmp_path_factory.mktemp("ledger")
    settings = Settings(home=home, public_url=f"http://127.0.0.1:{port}", port=port, round_seconds=3600)
    with open_ledger(settings) as ledger:
        sample = fill(ledger)
        server = uvicorn.Server(server_config(_without_lifespan(create_app(ledger)), "127.0.0.1", port))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Served(settings.public_url, ledger, sample)
        server.should_exit = True
        thread.join(10)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once."""
    found = find_browser()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found.path), args=FLAGS, env=found.environment)
        yield started
        started.close()


@pytest.fixture(scope="session")
def cookies(browser: Browser, served: Served) -> list[Any]:
    """The session of the owner, who signed in by the form."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.url}/login?next=/products")
    page.fill("#key", served.sample.key)
    page.click("main button[type=submit]")
    assert page.url == f"{served.url}/products"
    found = context.cookies()
    context.close()
    return list(found)


def context_of(browser: Browser, cookies: list[Any], size: tuple[int, int], locale: str) -> BrowserContext:
    """A fresh context: window size, language, session."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme="light", reduced_motion="reduce"
    )
    context.add_cookies(cookies)
    return context


@pytest.fixture
def visit(browser: Browser, served: Served, cookies: list[Any]) -> Iterator[Visit]:
    """A signed-in page at desktop size in English."""
    context = context_of(browser, cookies, DESKTOP, "en")
    page = context.new_page()
    made = Visit(page, served.url)
    page.on("console", made.heard)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
