"""A scanning station: a ledger behind a server that can be away, and a browser that can be killed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import psutil
import uvicorn
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright
from playwright.sync_api import Error as BrowserError

from api.app import create_app, server_config
from labels.symbol import gs1_datamatrix, qr
from ledger.services.keys import ensure_owner
from ledger.wiring import Ledger
from tests.builders import opened
from tests.e2e.browser import FLAGS, browser
from tests.e2e.served import PHONE

KEYS = """(text) => {
  for (const c of [...text, "Enter"]) {
    const code = /[0-9]/.test(c) ? "Digit" + c : /[a-z]/i.test(c) && c.length === 1 ? "Key" + c.toUpperCase() : c;
    const how = {key: c, code, shiftKey: /^[A-Z]$/.test(c), bubbles: true, cancelable: true};
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", how));
  }
}"""
"""A scanner that types: keys as fast as they go, then Enter."""
STATES = """() => new Promise((resolve) => {
  const opening = indexedDB.open("onecode-scan");
  opening.onsuccess = () => {
    const all = opening.result.transaction("scans").objectStore("scans").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
  };
})"""


class _Record(msgspec.Struct):
    kind: str
    event: dict[str, Any] = {}


class _Body(msgspec.Struct):
    record: _Record


@dataclass
class Station:
    """The parts of it; ``hold`` makes answers to scans wait, so that a browser can die before it hears one."""

    ledger: Ledger
    folder: Path
    key: str
    port: int
    playwright: Playwright
    flags: list[str] = field(default_factory=list)
    hold: threading.Event | None = None
    held: threading.Event = field(default_factory=threading.Event)
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    context: BrowserContext | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_server(self) -> None:
        """Serve, on the same port as before."""
        self._server = uvicorn.Server(server_config(self._app(create_app(self.ledger)), "127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.01)

    def stop_server(self) -> None:
        """Be away."""
        assert self._server
        assert self._thread
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(20)

    def _app(self, app: Any) -> Any:
        async def served(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["path"] == "/api/v1/scans" and self.hold is not None:

                async def late(message: Any) -> None:
                    self.held.set()
                    if self.hold is not None:
                        await asyncio.to_thread(self.hold.wait, 10)
                    await send(message)

                await app(scope, receive, late)
                return
            await app(scope, receive, send)

        return served

    def open(self, path: str = "/scan") -> Page:
        """The page in a browser whose data outlive it."""
        if self.context is None:
            found = browser()
            self.context = self.playwright.chromium.launch_persistent_context(
                self.folder / "profile",
                executable_path=str(found.path),
                args=[*FLAGS, *self.flags],
                env=found.environment,
                viewport={"width": PHONE[0], "height": PHONE[1]},
                locale="en",
                reduced_motion="reduce",
            )
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(self.url + path)
        if path == "/scan":
            page.wait_for_selector("body[data-started]")
        return page

    def enter(self) -> Page:
        """Sign in, and have the page and its service worker in place."""
        page = self.open("/login?next=/scan")
        page.click(".with-key summary")
        page.fill("#key", self.key)
        page.click(".with-key button")
        page.wait_for_selector("body[data-started]")
        page.wait_for_selector(".link[data-link=online]")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return page

    def kill_browser(self) -> None:
        """End the browser as a dead battery does."""
        assert self.context
        mine = str(self.folder / "profile")
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # the kill of one ends others
                if any(mine in part for part in child.cmdline()):
                    child.kill()
        self.context = None

    def close(self) -> None:
        if self.context:
            with suppress(BrowserError):
                self.context.close()
        if self._server and self._thread and self._thread.is_alive():
            self.stop_server()

    def events(self) -> list[dict[str, Any]]:
        """The events of the log; signing in is an entry too, and none of them."""
        rows = [row for batch in self.ledger.entries.rows(0, self.ledger.entries.size()) for row in batch]
        found = [msgspec.json.decode(row.body, type=_Body).record for row in rows]
        return [record.event for record in found if record.kind == "epcis_event"]


@contextmanager
def station(folder: Path, port: int, playwright: Playwright, *flags: str) -> Iterator[Station]:
    """A station in a folder of its own."""
    with opened(folder / "home", port=port, public_url=f"http://127.0.0.1:{port}", round_seconds=3600) as ledger:
        key = ensure_owner(ledger.principals, ledger.clock, ledger.random, ledger.settings.tenant)
        assert key
        made = Station(ledger, folder, key, port, playwright, list(flags))
        made.start_server()
        try:
            yield made
        finally:
            made.close()


def count(page: Page) -> int:
    """The figure of unsent scans in the bar."""
    return int(page.inner_text(".unsent b"))


def wait(page: Page, what: str, seconds: float = 40) -> None:
    """Until an expression holds. Asked from here, because the page's policy forbids waiting by ``eval`` inside it."""
    end = time.monotonic() + seconds
    while not page.evaluate(what):
        assert time.monotonic() < end, what
        page.wait_for_timeout(100)


def comes(page: Page, what: Callable[[], object], wanted: object, seconds: float = 40) -> None:
    """Until it gives what is wanted: the page counts a scan a moment before it shows it, and the log has it."""
    end = time.monotonic() + seconds
    while (found := what()) != wanted:
        assert time.monotonic() < end, found
        page.wait_for_timeout(100)


def until(page: Page, wanted: int) -> None:
    """Until so many scans are unsent."""
    wait(page, f"document.querySelector('.unsent b').textContent === '{wanted}'")


def film(path: Path, codes: list[str], *, seconds: float = 1.0, tail: float = 30.0) -> None:
    """What a camera sees: labels four at a time, then an empty table. YUV4MPEG2, grey, 4 frames a second."""
    width, height, fps = 960, 720, 4
    grey = bytes([128]) * (width * height // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for start in range(0, len(codes), 4):
            frame = _frame(codes[start : start + 4], width, height)
            for _ in range(int(seconds * fps)):
                file.write(b"FRAME\n" + frame + grey)
        empty = bytes([200]) * (width * height)
        for _ in range(int(tail * fps)):
            file.write(b"FRAME\n" + empty + grey)


def _frame(codes: list[str], width: int, height: int) -> bytes:
    table = Image.new("L", (width, height), 200)
    for at, code in enumerate(codes):
        modules = gs1_datamatrix(code) if code.startswith("(") else qr(code)
        plain = Image.frombytes("L", (modules.width, modules.height), modules.cells)
        symbol = Image.new("L", (modules.width + 8, modules.height + 8), 255)
        symbol.paste(plain, (4, 4))
        symbol = symbol.resize((210, 210), Image.Resampling.NEAREST)
        table.paste(symbol, (width // 2 - 225 + 240 * (at % 2), height // 2 - 225 + 240 * (at // 2)))
    return table.tobytes()
