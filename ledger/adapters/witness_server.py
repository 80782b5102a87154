"""
A witness's own small server: ``POST /add-checkpoint`` as C2SP tlog-witness has it, and its public key at ``/``.

It reads nothing but a request's length and body, both bounded, and answers what ``services.witness`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from typing import Any, Final

from ledger.services.witness import LARGEST_REQUEST, Answer, Witness

SECONDS: Final = 15
"""How long a caller may take to send, and may leave a connection idle."""
MOST_AT_ONCE: Final = 32
_PATH: Final = "/add-checkpoint"


class WitnessServer(ThreadingHTTPServer):
    """Listens on one address; ``serve_forever`` runs it, ``shutdown`` ends it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], witness: Witness, told: Callable[[Answer], object]) -> None:
        super().__init__(address, _Handler)
        self.witness, self.told = witness, told
        self.room = BoundedSemaphore(MOST_AT_ONCE)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One caller; those beyond ``MOST_AT_ONCE`` are not answered."""
        if not self.room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "witness"
    sys_version = ""
    timeout = SECONDS

    def do_POST(self) -> None:
        if self.path != _PATH:
            self._answer(Answer(404), last=True)  # its body is not read
            return
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or len(length) > 9 or "Transfer-Encoding" in self.headers:
            self._answer(Answer(411), last=True)
        elif int(length) > LARGEST_REQUEST:
            self._answer(Answer(413), last=True)
        else:
            self._judge(self.rfile.read(int(length)))

    def _judge(self, data: bytes) -> None:
        try:
            answer = self.server.witness.add_checkpoint(data.decode())
        except UnicodeDecodeError:
            answer = Answer(400)
        self.server.told(answer)
        self._answer(answer)

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(Answer(200, f"{self.server.witness.key.public}\n"))
        else:
            self._answer(Answer(405 if self.path == _PATH else 404))

    def _answer(self, answer: Answer, *, last: bool = False) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(data)))
        if answer.status == 405:
            self.send_header("Allow", "POST")
        if last:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing of a caller is kept."""
