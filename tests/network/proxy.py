"""What stands between a ledger and a node's RPC: honest, or silent, or lying, as it is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Said = dict[str, Any]
PATIENCE = 30


def _other_hashes(method: str, said: Said) -> Said:
    """Blocks that nobody has, the same ones each time."""
    found = said.get("result")
    if method in {"eth_getBlockByNumber", "eth_getTransactionReceipt"} and isinstance(found, dict):
        for name in ("hash", "blockHash"):
            if found.get(name):
                found[name] = "0x" + hashlib.sha256(found[name].encode()).hexdigest()
    return said


def _empty_contract(method: str, said: Said) -> Said:
    """The contract holds nothing."""
    if method == "eth_call" and isinstance(said.get("result"), str):
        said["result"] = "0x" + "0" * (len(said["result"]) - 2)
    return said


def _no_receipts(method: str, said: Said) -> Said:
    """No transaction was ever mined."""
    if method == "eth_getTransactionReceipt":
        said["result"] = None
    return said


def _swallows(method: str, said: Said) -> Said:
    """It took the transaction, it says; ``Proxy`` does not hand it on."""
    return said


def _other_chain(method: str, said: Said) -> Said:
    if method == "eth_chainId":
        said["result"] = "0x1"
    return said


LIES: dict[str, Callable[[str, Said], Said]] = {
    "other-hashes": _other_hashes,
    "empty-contract": _empty_contract,
    "no-receipts": _no_receipts,
    "swallows": _swallows,
    "other-chain": _other_chain,
}
SILENCES = ("refuse", "stall", "drop")
"""No connection; no reply; the request arrives and the reply does not."""


class Proxy:
    """A port of 127.0.0.1 in front of a node; ``mode`` is "honest", one of ``SILENCES`` or of ``LIES``."""

    def __init__(self, port: int) -> None:
        """``port`` of the node."""
        self.port = port
        self.mode = "honest"
        self.asked: dict[str, int] = {}
        self._changed = Event()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = proxy.reply(body)
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def handle(self) -> None:
                with suppress(OSError):
                    super().handle()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def become(self, mode: str) -> None:
        """Behave so from now on; who waits for a reply is let go."""
        assert mode == "honest" or mode in SILENCES or mode in LIES, mode
        self.mode = mode
        self._changed.set()
        self._changed = Event()

    def close(self) -> None:
        self.become("refuse")
        self._server.shutdown()
        self._server.server_close()

    def reply(self, body: bytes) -> bytes | None:
        """What goes back; None: nothing does."""
        mode, asked = self.mode, json.loads(body)
        method = asked["method"]
        self.asked[method] = self.asked.get(method, 0) + 1
        if mode == "refuse":
            return None
        if mode == "stall":
            self._changed.wait(PATIENCE)
            return None
        if mode == "swallows" and method == "eth_sendRawTransaction":
            return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": "0x" + "00" * 32}).encode()
        try:
            said = self._forward(body)
        except (OSError, HTTPException, ValueError):
            return None
        if mode == "drop":
            return None
        return json.dumps(LIES[mode](method, said) if mode in LIES else said).encode()

    def _forward(self, body: bytes) -> Said:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            said: Said = json.loads(connection.getresponse().read())
            return said
        finally:
            connection.close()
