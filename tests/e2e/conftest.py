"""A served sample ledger and a browser, once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

from tests.e2e.served import DESKTOP, Served, context_of, serve, sign_in, started


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
    """The sample ledger behind a real server."""
    with serve(tmp_path_factory.mktemp("ledger")) as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; a process has one."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser, started once."""
    with started(playwright) as found:
        yield found


@pytest.fixture(scope="session")
def cookies(browser: Browser, served: Served) -> list[Any]:
    """The owner's session."""
    return sign_in(browser, served)


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
