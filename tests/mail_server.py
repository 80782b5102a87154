"""A mail server on this machine: enough of RFC 5321 to take, refuse, put off, and hang up in the middle."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from typing import Any, Literal

Mood = Literal["takes", "refuses", "puts-off", "hangs-up"]


class MailServer(socketserver.ThreadingTCPServer):
    """``mood`` says what becomes of the next letters; those that were taken are in ``letters``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mood: Mood = "takes"
        self.letters: Queue[EmailMessage] = Queue()
        self.handed_over = 0

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 test")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT" and self.server.mood == "refuses":
                self._say("550 5.1.1 no such person here")
            elif word == b"RCPT" and self.server.mood == "puts-off":
                self._say("451 4.7.1 come again later")
            elif word == b"DATA":
                self._say("354 go on")
                data = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.handed_over += 1
                if self.server.mood == "hangs-up":
                    return
                read: Any = message_from_bytes(data, policy=policy.default)  # type: ignore[arg-type]
                self.server.letters.put(read)
                self._say("250 taken")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that listens."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
