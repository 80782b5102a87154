"""
The embedded node for other processes of this machine: JSON-RPC over HTTP on 127.0.0.1.

Whoever reaches the port can read, and can send transactions that are signed already; there are no keys here. Pages of
other origins are kept out by asking for a JSON content type and a local ``Host``.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from ledger.adapters.chain.embedded.rpc import JsonRpc

MAX_BODY = 256 * 1024
MAX_BATCH = 100
LOCAL_NAMES = ("127.0.0.1", "localhost")


class RpcServer:
    """Serves in a thread of its own until ``close``."""

    def __init__(self, rpc: JsonRpc, port: int) -> None:
        """Listen on ``port``, any free one when 0. Raises OSError when it is taken."""
        handler = type("BoundHandler", (_Handler,), {"rpc": rpc})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), name="chain-rpc", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    rpc: JsonRpc
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    server_version = "OneCodeLedger"
    sys_version = ""

    def do_POST(self) -> None:
        refusal = self._refusal()
        if refusal:
            self.close_connection = True
            self._reply(refusal, {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "refused"}})
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            self._reply(400, {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "not JSON"}})
            return
        if isinstance(request, list) and 0 < len(request) <= MAX_BATCH:
            self._reply(200, [self._one(part) for part in request])
        else:
            self._reply(200, self._one(request))

    def _refusal(self) -> int | None:
        """HTTP status for a request that is not even read."""
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        length = self.headers.get("Content-Length", "")
        if host not in LOCAL_NAMES:
            return 403
        if self.headers.get_content_type() != "application/json":
            return 415
        if not length.isascii() or not length.isdigit():
            return 411
        return 413 if int(length) > MAX_BODY else None

    def _one(self, request: Any) -> dict[str, Any]:
        if not isinstance(request, dict):
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "not a request"}}
        method, params = request.get("method"), request.get("params", [])
        head = {"jsonrpc": "2.0", "id": request.get("id")}
        if not isinstance(method, str) or not isinstance(params, list):
            return head | {"error": {"code": -32600, "message": "not a request"}}
        return head | self.rpc.answer(method, params)

    def _reply(self, status: int, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Requests are not logged: they may come many a second."""
