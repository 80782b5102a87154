"""A label printer on 127.0.0.1 that keeps what it is sent and answers as it is told to."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WRITTEN = re.compile(rb"\^RFW,H(?:,1,\d+,1\^FD[0-9A-F]{4}|\^FD)([0-9A-F]+)\^FS")


@dataclass
class FakePrinter:
    """Formats that came, whole; ``answer`` makes the line that a tag reads back as, from the EPC written."""

    answer: Callable[[bytes], bytes | None] = lambda epc: b"EPC[" + epc + b"]\r\n"
    most: int = 10_000
    """Formats after which it hangs up."""
    formats: list[bytes] = field(default_factory=list)
    port: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[FakePrinter]:
        """Listen until the block ends."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
            server.settimeout(0.05)
            self._ended.clear()
            thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self._ended.set()
                thread.join(5)

    def _serve(self, server: socket.socket) -> None:
        while not self._ended.is_set():
            try:
                line, _ = server.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(5)
                self._take(line)

    def _take(self, line: socket.socket) -> None:
        data = b""
        while part := line.recv(65_536):
            data += part
            while b"^XZ" in data:
                whole, _, data = data.partition(b"^XZ")
                self.formats.append(whole + b"^XZ")
                if len(self.formats) > self.most:
                    return
                written = WRITTEN.search(whole)
                said = self.answer(written[1]) if written else None
                if said is not None:
                    line.sendall(said)
