"""
A mail server on this machine: enough of RFC 5321 to take, refuse, put off, and hang up in the middle; with a context it
speaks TLS from the start or begins it (RFC 3207), and takes a login (RFC 4954, PLAIN).
"""

from __future__ import annotations

import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from typing import Any, Literal

Mood = Literal["takes", "refuses", "puts-off", "hangs-up"]


class MailServer(socketserver.ThreadingTCPServer):
    """``mood`` says what becomes of the next letters; those that were taken are in ``letters``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, host: str = "127.0.0.1", trust: ssl.SSLContext | None = None, *, begins: bool = False, login: str = ""
    ) -> None:
        super().__init__((host, 0), _Talk)
        self.trust, self.begins, self.login = trust, begins, login
        self.heard: list[tuple[str, bool]] = []
        """Commands by their first word, and whether they came under TLS."""
        self.logins: list[str] = []
        self.mood: Mood = "takes"
        self.letters: Queue[EmailMessage] = Queue()
        self.handed_over = 0

    @property
    def url(self) -> str:
        """Its address as a setting."""
        host, port = self.server_address[:2]
        scheme = "smtps" if self.trust and not self.begins else "smtp"
        return f"{scheme}://{self.login}{'@' if self.login else ''}{host!s}:{port}"


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        with suppress(OSError):  # a client that does not trust the certificate hangs up
            self._talk()

    def _talk(self) -> None:
        if self.server.trust and not self.server.begins:
            self._under_tls()
        self._say("220 test")
        while line := self.rfile.readline():
            word = line[:4].upper()
            self.server.heard.append((word.decode().strip(), isinstance(self.connection, ssl.SSLSocket)))
            if self._opened(word, line):
                continue
            if word == b"RCPT" and self.server.mood == "refuses":
                self._say("550 5.1.1 no such person here")
            elif word == b"RCPT" and self.server.mood == "puts-off":
                self._say("451 4.7.1 come again later")
            elif word == b"DATA":
                self._say("354 go on")
                data = b"".join(line.removeprefix(b".") for line in iter(self.rfile.readline, b".\r\n"))
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

    def _opened(self, word: bytes, line: bytes) -> bool:
        """Whether a command was one of those before any letter, and is answered."""
        if word == b"EHLO":
            begun = isinstance(self.connection, ssl.SSLSocket)
            offered = [*(["STARTTLS"] if self.server.begins and not begun else []), "AUTH PLAIN"]
            self._say("\r\n".join(["250-test", *(f"250-{one}" for one in offered), "250 8BITMIME"]))
        elif word == b"STAR":
            self._say("220 go on")
            self._under_tls()
        elif word == b"AUTH":
            said = b64decode(line.split()[2]).decode().split("\0")
            self.server.logins.append(":".join(said[1:]))
            self._say("235 welcome" if self.server.logins[-1] == self.server.login else "535 5.7.8 who are you")
        return word in {b"EHLO", b"STAR", b"AUTH"}

    def _under_tls(self) -> None:
        assert self.server.trust is not None
        self.connection = self.server.trust.wrap_socket(self.connection, server_side=True)
        self.request, self.rfile = self.connection, self.connection.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.connection)  # type: ignore[attr-defined]

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mail_server(made: MailServer | None = None) -> Iterator[MailServer]:
    """One that listens."""
    with made or MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
