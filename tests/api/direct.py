"""A served app asked without a network: for tests of thousands of requests whose way through a socket says nothing."""

from __future__ import annotations

import asyncio
import json as text
from collections.abc import Coroutine, Mapping
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

import httpx

from tests.api.house import House

Answered = TypeVar("Answered")


class Direct:
    """``httpx.Client.request`` for one holder's key, answered by the app without a socket; answers are read whole."""

    def __init__(self, house: House, holder: str) -> None:
        self._app = house.app
        key = house.keys.get(holder)
        self._headers = [(b"authorization", f"Bearer {key}".encode())] if key else []
        # In a thread of its own: a browser that a test drives keeps a loop running in the thread of all tests.
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, awaited: Coroutine[Any, Any, Answered]) -> Answered:
        return asyncio.run_coroutine_threadsafe(awaited, self._loop).result()

    def get(self, path: str) -> httpx.Response:
        """A GET."""
        return self.request("GET", path)

    def request(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """The app's answer to one request; ``json`` is its body, where it has one."""
        body = b"" if json is None else text.dumps(json).encode()
        kind = [] if json is None else [(b"content-type", b"application/json")]
        length = [(b"content-length", str(len(body)).encode())]
        split = urlsplit(path)
        scope: Mapping[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(split.path),
            "raw_path": split.path.encode(),
            "query_string": split.query.encode(),
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), (b"accept", b"*/*"), *self._headers, *kind, *length],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        return self._run(self._answer(scope, body))

    async def _answer(self, scope: Mapping[str, Any], body: bytes) -> httpx.Response:
        sent, parts, head = False, list[bytes](), dict[str, Any]()

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:  # the client stays until it is answered
                await asyncio.Event().wait()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return httpx.Response(head["status"], headers=head["headers"], content=b"".join(parts))
